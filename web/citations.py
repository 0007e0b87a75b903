"""How a report is cited: BibTeX, and the Chinese standard GB/T 7714-2015."""

import re

from kg.model import Report

_SPECIAL = re.compile(r"([&%$#_{}])")


def title_of(report: Report) -> str:
    """Return the title of a report in its own language, else in another, else its id."""
    return report.title.get(report.language) or next(iter(report.title.values()), report.id)


def gbt7714(report: Report, publisher: str, page: int | None = None) -> str:
    """Return a report in the style of GB/T 7714-2015: author, title, kind of document, publisher, year, page.

    >>> report = Report("zte-2024", "", "en", "", 2024, {"en": "Zero-carbon strategy"}, "")
    >>> gbt7714(report, "ZTE")
    'ZTE. Zero-carbon strategy[R]. ZTE, 2024. https://w3id.org/tantu/doc/zte-2024.'
    >>> gbt7714(report, "ZTE", 12)
    'ZTE. Zero-carbon strategy[R]. ZTE, 2024: 12. https://w3id.org/tantu/doc/zte-2024.'
    """
    place = f"{report.year}: {page}" if page else f"{report.year}"
    return f"{publisher}. {title_of(report)}[R]. {publisher}, {place}. {report.iri}."


def bibtex(report: Report, publisher: str, page: int | None = None) -> str:
    r"""Return a report as a BibTeX entry, its checksum in the note; ``page`` is the one that is cited.

    >>> report = Report("zte-2024", "", "en", "", 2024, {"en": "Costs & benefits"}, "9f0a")
    >>> print(bibtex(report, "ZTE"))
    @techreport{zte-2024,
      author = {{ZTE}},
      title = {Costs \& benefits},
      institution = {ZTE},
      year = {2024},
      url = {https://w3id.org/tantu/doc/zte-2024},
      note = {sha256 9f0a}
    }
    """
    fields = {
        "author": f"{{{_escaped(publisher)}}}",
        "title": _escaped(title_of(report)),
        "institution": _escaped(publisher),
        "year": str(report.year),
        **({"pages": str(page)} if page else {}),
        "url": report.iri,
        "note": f"sha256 {report.sha256}",
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@techreport{{{report.id},\n{body}\n}}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
