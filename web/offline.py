"""The ontology as a folder of pages that need no server and no script: the templates of the site, other addresses."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any

from kg import ids
from kg.errors import SettingsError
from kg.fields import CLASSES
from kg.model import Fact, Initiative, Mention, NumberFact, Report, RiskFact, Technology
from kg.reading.folding import HAN
from kg.vocabulary import Concept
from web import addresses
from web.contexts import FactsContext, LabelGroup, LabelsContext, NamedTerm, ReportsContext, ToldFact
from web.evidence import Evidence
from web.names import RDFS_LABEL, Names, short
from web.ontology import OWN_TERMS, ontology_context
from web.parts import Link, Page, Phrase
from web.rendering import FOLDER, environment, rendered
from web.resources import Resources
from web.shelf import LANGUAGE_NAMES, report_row
from web.uses import Uses, uses
from web.words import LANGUAGES, Words, words_for

INDEX, LABELS, REPORTS = "/ontology", "/labels", "/reports"
SHARED = {"/static/dist/app.css": "style.css", "/static/seal.svg": "seal.svg"}
_FIRST_HAN = HAN.partition("-")[0]


def write_pages(library: Any, folder: Path, languages: Sequence[str] = LANGUAGES) -> int:
    """Write the pages of the ontology in some languages and return how many there are.

    :raises SettingsError: if the style sheet was not built, or the folder cannot be written.
    """
    files = dict(_files(library))
    spoken = uses(library)
    number = 1
    try:
        for address, name in SHARED.items():
            folder.mkdir(parents=True, exist_ok=True)
            copyfile(FOLDER / address.lstrip("/"), folder / name)
        (folder / "index.html").write_text(_choice(languages), "utf-8")
        for language in languages:
            site = Site(library, language, languages, files, spoken)
            for name, text in site.pages():
                path = folder / language / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
                number += 1
    except FileNotFoundError as error:
        raise SettingsError(f"{error.filename}: is not there; `make frontend` makes the style sheet") from error
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be written ({error.strerror})") from error
    return number


def _choice(languages: Sequence[str]) -> str:
    names = [Link(Phrase(words_for(tag)(LANGUAGE_NAMES[tag]), tag), f"{tag}/index.html") for tag in languages]
    han = words_for("zh-Hans")("site.han")
    return environment().get_template("languages.html").render(languages=names, han=han)


def _files(library: Any) -> Iterator[tuple[str, str]]:
    """Yield for each address of the site that has a page here the file that it is in, the same for every language."""
    yield from ((INDEX, "index.html"), ("/o", "index.html"), (LABELS, "labels.html"), (REPORTS, "reports.html"))
    for concept in _terms(library):
        yield addresses.local(concept.iri) or "", _file(concept)
    for report in library.reports:
        yield addresses.reader(report), f"report/{report}.html"
    for fact in library.facts():
        place = f"report/{fact.report}.html#{fact.iri.rsplit('/', 1)[-1]}"
        yield addresses.local(fact.iri) or "", place
        yield addresses.reader(fact.report, fact.quote.start, fact.quote.end), place


def _terms(library: Any) -> list[Concept]:
    """Return the terms of ours, the ontology itself left out: its page is the index."""
    concepts = library.vocabulary.concepts.values()
    return [one for one in concepts if one.iri.startswith(ids.BASE) and one.iri != ids.ONTOLOGY.rstrip("#")]


def _file(concept: Concept) -> str:
    """Return the file of a term; ``o:Metric`` and ``o:metric`` are kept apart where the case of names does not count.

    >>> _file(Concept("https://w3id.org/tantu/metric/pue", frozenset(), (), {}))
    'metric/pue.html'
    """
    if concept.iri.startswith(ids.ONTOLOGY):
        kind = next((name for name, types in OWN_TERMS if concept.types & types), "terms")
        return f"{kind}/{concept.iri.removeprefix(ids.ONTOLOGY)}.html"
    path = concept.iri.removeprefix(ids.BASE)
    return f"{path}index.html" if path.endswith("/") else f"{path}.html"


@dataclass(frozen=True, slots=True)
class Site:
    """The pages in one language.

    ``files`` has the file of each address of the site that has a page here, ``uses`` the facts of each term.
    """

    library: Any
    language: str
    languages: Sequence[str]
    files: Mapping[str, str]
    uses: Uses
    words: Words = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        """Look up the words and names of the language."""
        object.__setattr__(self, "words", words_for(self.language))
        object.__setattr__(self, "names", Names(self.library.vocabulary, self.language))

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield each file with its text."""
        evidence = Evidence(self.library.reports, self.names, self.words)
        resources = Resources(self.library, evidence, self.uses)
        front = self._page("index.html", self.words("nav.ontology"), "ontology")
        yield self._made("index.html", ontology_context(front, self.names, self.uses))
        yield self._made("labels.html", self._labels())
        yield self._made("reports.html", self._reports())
        for report in self.library.reports.values():
            yield self._made(f"report/{report.id}.html", self._facts(report, resources))
        for concept in _terms(self.library):
            file = _file(concept)
            yield self._made(file, resources.context(concept.iri, partial(self._page, file, section="resource")))

    def _made(self, file: str, context: Any) -> tuple[str, str]:
        return file, rendered(context)

    def _page(self, file: str, title: str, section: str) -> Page:
        switches = (
            Link(Phrase(words_for(tag)("nav.short"), tag), f"{_up(file)}../{tag}/{file}", tag == self.language)
            for tag in self.languages
        )
        return Page(
            words=self.words,
            title=title,
            section=section,
            question="",
            theme="",
            languages=tuple(switches),
            version="",
            origin="",
            frame="offline.html",
            resolve=partial(self._resolve, file),
            served=False,
        )

    def _resolve(self, file: str, address: str) -> str:
        """Return an address as a page in ``file`` can use it; what has no page here is named by its IRI."""
        if address in SHARED:
            return f"{_up(file)}../{SHARED[address]}"
        if address in self.files:
            return f"{_up(file)}{self.files[address]}"
        return ids.BASE + address.lstrip("/") if address.startswith("/") else address

    def _labels(self) -> LabelsContext:
        """Return every label with the term that it names, by script and by first character."""
        languages: dict[tuple[str, str], str] = {}
        for text, tag, iri in (one for concept in _terms(self.library) for one in _named(concept)):
            languages.setdefault((text, iri), tag)
        found = sorted(languages, key=lambda one: (one[0].casefold(), one))
        times = Counter(text for text, _ in found)
        groups: dict[str, dict[str, list[NamedTerm]]] = {script: {} for script in ("latin", "han", "signs")}
        for text, iri in found:
            link = Link(Phrase(text, languages[text, iri]), addresses.local(iri))
            hint = short(iri) if times[text] > 1 else ""
            groups[_script(text)].setdefault(text[0].upper(), []).append(NamedTerm(link, hint))
        made = tuple(
            LabelGroup(
                key=key,
                title=self.words(f"ontology.{key}"),
                count=sum(map(len, runs.values())),
                runs=tuple((first, tuple(entries)) for first, entries in runs.items()),
            )
            for key, runs in groups.items()
        )
        return LabelsContext(self._page("labels.html", self.words("ontology.labels"), "labels"), made)

    def _reports(self) -> ReportsContext:
        rows = (
            report_row(self.words, self.names, report, sum(1 for _ in self.library.facts(report.id)))
            for report in self.library.reports.values()
        )
        return ReportsContext(self._page("reports.html", self.words("nav.reports"), "reports"), tuple(rows))

    def _facts(self, report: Report, resources: Resources) -> FactsContext:
        title = self.names.pick(report.title) or Phrase(report.id, "en")
        rows = (ToldFact(resources.row(fact.iri), _about(fact)) for fact in self.library.facts(report.id))
        page = self._page(f"report/{report.id}.html", title.text, "report")
        return FactsContext(page, title, self.names.of(report.company), str(report.year), tuple(rows))


def _up(file: str) -> str:
    """Return the way from a file to the folder of its language."""
    return "../" * file.count("/")


def _named(concept: Concept) -> Iterator[tuple[str, str, str]]:
    """Yield the labels of a term that are shown, with their languages."""
    for label in concept.labels:
        if label.role != "hidden":
            yield label.text, label.language, concept.iri
    for node in concept.properties.get(RDFS_LABEL, ()):
        yield node.value, node.language or "", concept.iri


def _script(text: str) -> str:
    first = text[0]
    return "han" if first >= _FIRST_HAN else "latin" if first.isalpha() else "signs"


def _about(fact: Fact) -> str:
    """Return the address of the term that a fact is about: its metric, category or technology, else its class."""
    iri: str | None = None
    if isinstance(fact, NumberFact):
        iri = fact.metric
    elif isinstance(fact, RiskFact):
        iri = next(iter(fact.categories), None)
    elif isinstance(fact, Initiative):
        iri = next(iter(fact.technologies), None)
    elif isinstance(fact, Technology):
        iri = fact.technology
    elif isinstance(fact, Mention):
        iri = fact.concept
    return addresses.local(iri or CLASSES[type(fact)].value) or ""
