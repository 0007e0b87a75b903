"""What a collection holds: the reports that Tantu ships, and those that a team has added to its data directory.

::

    DATA/reports/catalogue.ttl       the same form as seeds/catalogue.ttl: a block for each report and each new company
    DATA/reports/organisations.ttl   more companies and names of companies, written by people; there need be none
    DATA/reports/ID.txt              the text that is cited; ID.json says where its pages begin
    DATA/reports/originals/ID.pdf    the file as it came
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import orjson

from kg.catalogue import DOCUMENT, NAME, Listed, list_catalogue
from kg.errors import CatalogueError
from kg.model import Report
from kg.turtle import Node, Triple, read_turtle_once
from kg.vocabulary import RDF_TYPE, Concept, Vocabulary

OWN = "reports"  # the folder in the data directory
ORGANISATIONS = "organisations.ttl"
SHARDS = "shards"  # the folder in a generation that has a folder for each shard
REPORTS, TEXTS = "reports.jsonl", "texts.jsonl"  # of a shard
COMPANIES = "companies.json"  # of a generation


@dataclass(frozen=True, slots=True)
class Holdings:
    """Reports by id; what the team's files say of companies; and the files that the graph of the catalogue is made of.

    ``own`` are the ids of the reports that the team added.
    """

    reports: tuple[Listed, ...]
    companies: tuple[Triple, ...]
    catalogues: tuple[Path, ...]
    own: frozenset[str]

    def publishers(self) -> Mapping[str, tuple[Triple, ...]]:
        """Return what the files say of each company.

        A report is read with the ontology and its own publisher: so a company that joins later changes no other report.
        """
        found: dict[str, list[Triple]] = defaultdict(list)
        for triple in self.companies:
            found[triple.subject].append(triple)
        return {company: tuple(triples) for company, triples in found.items()}


def read_holdings(seeds: Path, own: Path, arriving: Path | None = None) -> Holdings:
    """Read both catalogues; where something is ``arriving``, its folder has the catalogue as it will be.

    :raises CatalogueError: as :func:`kg.catalogue.read_catalogue` does, or if a report of the team's has the id of
        one that Tantu ships.
    """
    shipped = list_catalogue(seeds)
    folder = arriving or own
    files = [path for path in (folder / NAME, own / ORGANISATIONS) if path.is_file()]
    added = list_catalogue(folder, own, least=0) if folder / NAME in files else ()
    reports = tuple(sorted((*shipped, *added), key=lambda report: report.id))
    for report, following in pairwise(reports):
        if report.id == following.id:
            raise CatalogueError(f"{folder / NAME}: {report.id} is the id of a report in {seeds}; choose another")
    catalogues = (seeds / NAME, *files)
    companies = tuple(triple for path in catalogues for triple in _of_others(path))
    return Holdings(reports, companies, catalogues, frozenset(report.id for report in added))


def write_reports(folder: Path, reports: Iterable[Report]) -> None:
    """Write into a shard what readers need to know of its reports: a line for each, and where the line of its text is.

    ``place`` is where a line of ``texts.jsonl`` begins and how long it is, in bytes.
    """
    start = 0
    with (folder / REPORTS).open("wb") as file, (folder / TEXTS).open("wb") as texts:
        for report in reports:
            about = asdict(report)
            text = orjson.dumps({name: about.pop(name) for name in ("text", "pages")}) + b"\n"
            about |= {"characters": report.characters, "place": [start, len(text)]}
            file.write(orjson.dumps(about) + b"\n")
            texts.write(text)
            start += len(text)


def read_reports(generation: Path) -> tuple[Report, ...]:
    """Return the reports of a generation with their texts, sorted by id."""
    found = []
    for folder in (generation / SHARDS).iterdir():
        with (folder / REPORTS).open("rb") as file, (folder / TEXTS).open("rb") as texts:
            for about, line in zip(map(orjson.loads, file), map(orjson.loads, texts), strict=True):
                del about["place"], about["characters"]
                found.append(Report(**about, text=line["text"], pages=tuple(line["pages"])))
    return tuple(sorted(found, key=lambda report: report.id))


def write_companies(generation: Path, holdings: Holdings) -> None:
    """Write into a generation what its readers need to know of its companies."""
    (generation / COMPANIES).write_text(json.dumps(holdings.companies, ensure_ascii=False), "utf-8")


def read_companies(folder: Path) -> tuple[Triple, ...]:
    """Return what a generation's own reports say of companies, beside the ontology."""
    found = json.loads((folder / COMPANIES).read_text("utf-8"))
    return tuple(Triple(subject, predicate, Node(*node)) for subject, predicate, node in found)


def _of_others(path: Path) -> Iterable[Triple]:
    """Return the triples of a file whose subjects are no reports."""
    triples = read_turtle_once(path)
    documents = {subject for subject, predicate, node in triples if (predicate, node.value) == (RDF_TYPE, DOCUMENT)}
    for triple in triples:
        if triple.subject.startswith("_:") or triple.object.value.startswith("_:"):
            raise CatalogueError(f"{path}: has a blank node at {triple.predicate}; give it an IRI")
    return [triple for triple in triples if triple.subject not in documents]


def enlarged(vocabulary: Vocabulary, companies: Sequence[Triple]) -> Vocabulary:
    """Return a vocabulary with what a team says of companies; known ones get more names, new ones are added."""
    return vocabulary.plus(*(_joined(concept, vocabulary) for concept in Vocabulary(companies).concepts.values()))


def _joined(concept: Concept, vocabulary: Vocabulary) -> Concept:
    """Return a concept with all that a vocabulary knows of it already."""
    if concept.iri not in vocabulary:
        return concept
    known = vocabulary.concept(concept.iri)
    types, labels = known.types | concept.types, (*known.labels, *concept.labels)
    return Concept(concept.iri, types, tuple(dict.fromkeys(labels)), {**known.properties, **concept.properties})


@lru_cache(maxsize=4)  # the reports of a company often come together; each vocabulary has automata of its own
def enlarged_once(vocabulary: Vocabulary, companies: tuple[Triple, ...]) -> Vocabulary:
    """Return :func:`enlarged`, the same object for the same companies."""
    return enlarged(vocabulary, companies) if companies else vocabulary
