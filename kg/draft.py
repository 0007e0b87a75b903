"""The team's catalogue as it will be: reports put in and taken out beside the one that is in use, then all at once.

What arrives lies in a folder of its own until it is committed. A commit is the renaming of one file, the catalogue;
``changing.json`` names the files that come and go with it, so that the next writer can clear up after one that died.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg import ids
from kg.catalogue import DOCUMENT, NAME, file_of
from kg.durable import replace, sync_path
from kg.model import Report
from kg.terms import IRI, LANGUAGE_STRING, PREFIXES, STRING, XSD, Literal
from kg.turtle import Node, Triple, read_turtle
from kg.vocabulary import RDF_TYPE, SKOS, Concept

JOURNAL, ORIGINALS = "changing.json", "originals"
TERMS = PREFIXES["dcterms"]
PUBLISHER, REPLACES, IDENTIFIER = f"{TERMS}publisher", f"{TERMS}replaces", f"{TERMS}identifier"
SHA256 = f"{ids.ONTOLOGY}sha256"
HEAD = """# The reports that were added here, one block each, and the companies that came with them. `tantu add` and
# `tantu remove` write this file anew: labels and titles may be changed by hand, comments are not kept.
"""
_SINGLE = (PUBLISHER, SHA256, f"{TERMS}language", f"{ids.ONTOLOGY}reportYear")
_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_USED = ("o", "d", "org_", "dcterms", "skos", "xsd", "rdf")


class Draft:
    """A change of the team's reports; only the one writer of the data directory may make one."""

    def __init__(self, own: Path, aside: Path, tidy: bool = True) -> None:
        """Begin with what is there; a ``tidy`` one clears up first, after a writer that died.

        :raises VocabularyError: if the catalogue is no Turtle.
        """
        if tidy:
            clear_up(own)
        self.own, self.aside = own, aside
        self.said = said(own / NAME)
        self._arriving: list[Path] = []
        self._leaving: list[Path] = []

    @property
    def documents(self) -> dict[str, str]:
        """The ids of the team's reports with the SHA-256 of their texts."""
        return {self._value(iri, IDENTIFIER): self._value(iri, SHA256) for iri in self._iris()}

    def put(
        self,
        report: Report,
        company: Concept | None,
        about: Mapping[str, Any] | None = None,
        original: bytes | None = None,
    ) -> None:
        """Put a report in, in place of one with the same id.

        ``company`` is its publisher where that is new; ``about`` becomes the JSON file beside the text, None where both
        are there already; ``original`` are the bytes of the file that it came in.
        """
        if self.documents.get(report.id, report.sha256) != report.sha256:
            self._leave(report.id)
        self.said[report.iri] = [*_of_report(report), *self._triples(report.iri, REPLACES)]
        if company is not None:
            self.said[company.iri] = list(_of_company(company))
        if about is not None:
            stem = report.id if not (self.own / f"{report.id}.txt").exists() else f"{report.id}.{report.sha256[:8]}"
            self._arrive(f"{stem}.txt", report.text.encode())
            self._arrive(f"{stem}.json", json.dumps({**about, "pages": report.pages}, ensure_ascii=False).encode())
            if original is not None:
                self._arrive(f"{ORIGINALS}/{stem}{about['ending']}", original)

    def replaces(self, report: Report, older: str) -> None:
        """Say that a report is a newer edition of another."""
        link = Triple(report.iri, REPLACES, Node(ids.document_iri(older)))
        self.said[report.iri] = [*(triple for triple in self.said[report.iri] if triple != link), link]

    def drop(self, id: str) -> None:
        """Take a report out, with the links of others to it."""
        iri = ids.document_iri(id)
        self._leave(id)
        del self.said[iri]
        for subject, triples in self.said.items():
            self.said[subject] = [triple for triple in triples if triple.object != Node(iri)]

    def write(self) -> None:
        """Write the catalogue as it will be into the folder aside, or none where no report is left.

        Companies without a report are left out.
        """
        documents = set(self._iris())
        if not documents:
            return
        publishers = {self._value(iri, PUBLISHER) for iri in documents}
        kept = sorted(iri for iri in self.said if iri in documents or iri in publishers)
        prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in _USED)
        blocks = "".join(f"\n{_block(self.said[iri])}" for iri in kept)
        replace(self.aside / NAME, HEAD + prefixes + blocks)

    def commit(self) -> None:
        """Put what was written in its place, and remove what nothing names any more."""
        (self.own / ORIGINALS).mkdir(parents=True, exist_ok=True)
        going = [str(path.relative_to(self.own)) for path in self._leaving]
        coming = [str(path.relative_to(self.aside)) for path in self._arriving]
        replace(self.own / JOURNAL, json.dumps([*coming, *going], ensure_ascii=False))
        for path, name in zip(self._arriving, coming, strict=True):
            path.rename(self.own / name)
        for folder in (self.own / ORIGINALS, self.own):
            sync_path(folder)
        if (self.aside / NAME).is_file():
            (self.aside / NAME).rename(self.own / NAME)
        else:
            (self.own / NAME).unlink(missing_ok=True)
        sync_path(self.own)
        clear_up(self.own)

    def _arrive(self, name: str, content: bytes) -> None:
        path = self.aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        sync_path(path)
        self._arriving.append(path)

    def _leave(self, id: str) -> None:
        """Have the files of a report go with this change: its text, what is known of it, its original."""
        stem = file_of(id, self.documents[id], [self.own]).stem
        folders = [folder for folder in (self.own, self.own / ORIGINALS) if folder.is_dir()]
        self._leaving += [path for folder in folders for path in folder.glob(f"{stem}.*") if path.stem == stem]

    def _iris(self) -> Iterator[str]:
        is_document = (RDF_TYPE, Node(DOCUMENT))
        for iri, triples in self.said.items():
            if any((triple.predicate, triple.object) == is_document for triple in triples):
                yield iri

    def _triples(self, iri: str, predicate: str) -> list[Triple]:
        return [triple for triple in self.said.get(iri, ()) if triple.predicate == predicate]

    def _value(self, iri: str, predicate: str) -> str:
        return next((triple.object.value for triple in self._triples(iri, predicate)), "")


def said(path: Path) -> dict[str, list[Triple]]:
    """Return what a catalogue says, by subject; nothing where there is none.

    :raises VocabularyError: if it is no Turtle.
    """
    found: dict[str, list[Triple]] = defaultdict(list)
    for triple in read_turtle(path) if path.is_file() else ():
        found[triple.subject].append(triple)
    return found


def clear_up(own: Path) -> None:
    """Remove what a change that was begun named and the catalogue does not; only the one writer may ask."""
    try:
        named = json.loads((own / JOURNAL).read_text("utf-8"))
    except (OSError, ValueError):
        return
    documents = Draft(own, own, tidy=False).documents
    needed = {file_of(id, digest, [own]).stem for id, digest in documents.items()}
    for path in (own / name for name in named):
        if path.stem not in needed:
            path.unlink(missing_ok=True)
    (own / JOURNAL).unlink()


def _of_report(report: Report) -> Iterator[Triple]:
    """Yield what a catalogue says of a report, as ``kg.catalogue`` reads it."""
    said = [
        (RDF_TYPE, Node(DOCUMENT)),
        (IDENTIFIER, Node(report.id, STRING)),
        *((f"{TERMS}title", Node(title, LANGUAGE_STRING, tag)) for tag, title in sorted(report.title.items())),
        (PUBLISHER, Node(report.company)),
        (f"{ids.ONTOLOGY}reportYear", Node(f"{report.year:04d}", f"{XSD}gYear")),
        (f"{TERMS}language", Node(report.language, STRING)),
        (SHA256, Node(report.sha256, STRING)),
    ]
    return (Triple(report.iri, predicate, node) for predicate, node in said)


def told(predicate: str, node: Node, titles: Mapping[str, str]) -> bool:
    """Say whether a report's own graph has what a catalogue says of it: all that has one value, and the titles."""
    if predicate == f"{TERMS}title":
        return node.language is not None and titles.get(node.language) == node.value
    return predicate in _SINGLE or (predicate, node) == (RDF_TYPE, Node(DOCUMENT))


def _of_company(company: Concept) -> Iterator[Triple]:
    """Yield what is known of a new company."""
    yield Triple(company.iri, RDF_TYPE, Node(f"{ids.ONTOLOGY}Company"))
    for label in company.labels:
        yield Triple(company.iri, f"{SKOS}{label.role}Label", Node(label.text, LANGUAGE_STRING, label.language))


def _block(triples: Sequence[Triple]) -> str:
    """Return what is said of one thing as Turtle, a line for each statement."""
    lines = [f"{_verb(triple.predicate)} {_written(triple.object)}" for triple in triples]
    return f"{_name(triples[0].subject)} " + " ;\n  ".join(lines) + " .\n"


def _verb(iri: str) -> str:
    return "a" if iri == RDF_TYPE else _name(iri)


def _name(iri: str) -> str:
    """Return an IRI with a prefix of ours where it can have one."""
    for prefix in _USED:
        local = iri.removeprefix(PREFIXES[prefix])
        if local != iri and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return IRI(iri).n3


def _written(node: Node) -> str:
    if node.datatype is None:
        return _name(node.value)
    if node.language or node.datatype == STRING:
        return Literal(node.value, node.datatype, node.language).n3
    return f"{Literal(node.value).n3}^^{_name(node.datatype)}"
