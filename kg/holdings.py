"""What a collection holds: the reports that Tantu ships, and those that a team has added to its data directory.

::

    DATA/reports/catalogue.ttl       the same form as seeds/catalogue.ttl: a block for each report and each new company
    DATA/reports/organisations.ttl   more companies and names of companies, written by people; there need be none
    DATA/reports/ID.txt              the text that is cited; ID.json says where its pages begin
    DATA/reports/originals/ID.pdf    the file as it came
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import orjson

from kg.catalogue import DOCUMENT, NAME, read_catalogue
from kg.errors import CatalogueError
from kg.model import Report
from kg.turtle import Node, Triple, read_turtle
from kg.vocabulary import RDF_TYPE, Concept, Vocabulary

OWN = "reports"  # the folder in the data directory
ORGANISATIONS = "organisations.ttl"
REPORTS, COMPANIES = "reports.jsonl", "companies.json"  # of a generation


@dataclass(frozen=True, slots=True)
class Holdings:
    """Reports by id; what the team's files say of companies; and the files that the graph of the catalogue is made of.

    ``own`` are the ids of the reports that the team added.
    """

    reports: tuple[Report, ...]
    companies: tuple[Triple, ...]
    catalogues: tuple[Path, ...]
    own: frozenset[str]

    def publisher(self, report: Report) -> tuple[Triple, ...]:
        """Return what the team's files say of a report's publisher.

        A report is read with the ontology and its own publisher: so a company that joins later changes no other report.
        """
        return tuple(triple for triple in self.companies if triple.subject == report.company)


def read_holdings(seeds: Path, own: Path, arriving: Path | None = None) -> Holdings:
    """Read both catalogues; where something is ``arriving``, its folder has the catalogue as it will be.

    :raises CatalogueError: as :func:`kg.catalogue.read_catalogue` does, or if a report of the team's has the id of
        one that Tantu ships.
    """
    shipped = read_catalogue(seeds)
    folder = arriving or own
    files = [path for path in (folder / NAME, own / ORGANISATIONS) if path.is_file()]
    added = read_catalogue(folder, own, least=0) if folder / NAME in files else ()
    reports = tuple(sorted((*shipped, *added), key=lambda report: report.id))
    for report, following in pairwise(reports):
        if report.id == following.id:
            raise CatalogueError(f"{folder / NAME}: {report.id} is the id of a report in {seeds}; choose another")
    catalogues = (seeds / NAME, *files)
    companies = tuple(triple for path in catalogues for triple in _of_others(path))
    return Holdings(reports, companies, catalogues, frozenset(report.id for report in added))


def write_reports(folder: Path, holdings: Holdings) -> None:
    """Write into a generation what its readers need to know of its reports and companies."""
    with (folder / REPORTS).open("wb") as file:
        for report in holdings.reports:
            file.write(orjson.dumps(asdict(report)) + b"\n")
    (folder / COMPANIES).write_text(json.dumps(holdings.companies, ensure_ascii=False), "utf-8")


def read_reports(folder: Path) -> tuple[Report, ...]:
    """Return the reports of a generation, sorted by id."""
    with (folder / REPORTS).open("rb") as file:
        lines = map(orjson.loads, file)
        return tuple(Report(**{**line, "pages": tuple(line["pages"])}) for line in lines)


def read_companies(folder: Path) -> tuple[Triple, ...]:
    """Return what a generation's own reports say of companies, beside the ontology."""
    found = json.loads((folder / COMPANIES).read_text("utf-8"))
    return tuple(Triple(subject, predicate, Node(*node)) for subject, predicate, node in found)


def _of_others(path: Path) -> Iterable[Triple]:
    """Return the triples of a file whose subjects are no reports."""
    triples = list(read_turtle(path))
    documents = {subject for subject, predicate, node in triples if (predicate, node.value) == (RDF_TYPE, DOCUMENT)}
    for triple in triples:
        if triple.subject.startswith("_:") or triple.object.value.startswith("_:"):
            raise CatalogueError(f"{path}: has a blank node at {triple.predicate}; give it an IRI")
    return [triple for triple in triples if triple.subject not in documents]


def enlarged(vocabulary: Vocabulary, companies: Sequence[Triple]) -> Vocabulary:
    """Return a vocabulary with what a team says of companies; known ones get more names, new ones are added."""
    for concept in Vocabulary(companies).concepts.values():
        if concept.iri in vocabulary:
            known = vocabulary.concept(concept.iri)
            properties = {**known.properties, **concept.properties}
            types, labels = known.types | concept.types, (*known.labels, *concept.labels)
            concept = Concept(concept.iri, types, tuple(dict.fromkeys(labels)), properties)
        vocabulary = vocabulary.plus(concept)
    return vocabulary


@lru_cache(maxsize=4)  # the reports of a company often come together; each vocabulary has automata of its own
def enlarged_once(vocabulary: Vocabulary, companies: tuple[Triple, ...]) -> Vocabulary:
    """Return :func:`enlarged`, the same object for the same companies."""
    return enlarged(vocabulary, companies) if companies else vocabulary
