"""The library: everything that a request needs, opened once and never changed."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kg import ids, media
from kg.catalogue import find
from kg.errors import BuildNeeded, NotFound
from kg.facts import as_json
from kg.generations import DataDirectory, Manifest, inputs
from kg.holdings import enlarged, read_companies
from kg.model import FACT_KINDS, Fact, Report
from kg.pieces import GRAPH
from kg.pool import Pool
from kg.progress import Step, silent
from kg.reading.blocks import Document, read_blocks
from kg.settings import Settings
from kg.shelves import KEPT, Shelves
from kg.stores import checked, opened
from kg.terms import Triple
from kg.tsv import cells
from kg.verbalise import sentence
from kg.vocabulary import Vocabulary
from kg.writer import Hold
from search.answering.answer import AS_ASKED, Answer, Given, Sources, answer
from search.answering.queries import FACTS
from search.answering.readings import Readings
from search.concepts import Concepts
from search.encoder import Encoder, Remembering, load_question_encoder
from search.endpoint import ANSWER, Endpoint
from search.entries import PASSAGE, Entries, Where
from search.facts import Facts
from search.filters import Filters
from search.index import Hit, Index
from search.meaning import Meaning
from search.questions import plain
from search.seeking import Found, Sought
from search.service import rewrite
from search.shards import folders_of, quality
from search.similarity import Similarity

SEARCHES = 64  # searches whose hits are kept: the queries for one question all search for the same words


class Library:
    """The reports with their facts, graph and index; safe to use from any thread.

    ``reports`` by id; ``store`` the graph for trusted queries in this process; ``sparql`` runs everybody else's queries
    in the workers of ``pool``. The embedding model is loaded by the first search, or in the background after
    :meth:`warm`: half a second for a static model such as ours, seconds for any other.
    """

    def __init__(self, settings: Settings, folder: Path, manifest: Manifest, hold: Hold) -> None:
        """Open a generation; closing it gives it free."""
        self.settings, self.folder, self.manifest = settings, folder, manifest
        self._hold = hold
        self._threads = ThreadPoolExecutor(1)
        self.pool = Pool(
            settings.store or folder / "store",
            workers=settings.workers,
            memory=settings.query_memory << 20,
            seconds=settings.query_seconds,
            rows=settings.query_rows,
        )
        self.sought = lru_cache(maxsize=SEARCHES)(self._sought)
        self.sparql = Endpoint(self.pool, self.sought, lambda: Similarity(self.index, self.concepts))
        self.store = opened(settings, folder)
        self.vocabulary = enlarged(Vocabulary.load(settings.ontology), read_companies(folder))
        self._document = lru_cache(maxsize=KEPT)(lambda id: read_blocks(self.report(id)))
        self.reports: Mapping[str, Report] = Shelves(folder)

    @classmethod
    def open(cls, settings: Settings) -> "Library":
        """Open what was built before.

        :raises BuildNeeded: if nothing was built, or from other inputs.
        """
        return cls(settings, *checked(settings, DataDirectory(settings.data).held(inputs(settings))))

    @classmethod
    def open_or_build(cls, settings: Settings, step: Step = silent) -> "Library":
        """Open the library, built first where that is needed.

        :raises KgError: if it cannot be built; what was built before stays as it is.
        """
        try:
            return cls.open(settings)
        except BuildNeeded:
            from search.building import build  # late: a warm start does without the SHACL validator's imports

            build(settings, step)
            return cls.open(settings)

    def successor(self) -> "Library":
        """Open the generation that is current now, with the same embedding model, ready for its first question.

        :raises BuildNeeded: if it was built from other inputs than this server has.
        """
        found = type(self).open(self.settings)
        found.__dict__["_encoder"] = self._encoder
        found.told, found.index  # noqa: B018 - what the first question would wait for
        found.warm()
        return found

    def close(self) -> None:
        """Stop the workers and let go of the files."""
        self.pool.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.store.close()
        self._hold.close()

    @cached_property
    def _encoder(self) -> Future[Encoder]:
        return self._threads.submit(load_question_encoder, self.settings.model)

    def warm(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin to load what the first question needs, and return at once; ``then`` is called when all is there."""
        graph = (self.folder / GRAPH, self.settings.store_memory)
        self.pool.keep(*graph)
        for step in (self._encoder.result, lambda: (self.told, self.index), lambda: self.store.keep(*graph), then):
            self._threads.submit(step)

    @cached_property
    def index(self) -> Index:
        """The index; the first use waits for the embedding model."""
        encoder = Remembering(self._encoder.result())
        return Index.open(self.folder, encoder, self.vocabulary, self.entries, self.settings)

    @cached_property
    def quality(self) -> dict[str, Any]:
        """How many vectors there are, how they are compared, and the recall of that, measured by the build."""
        return asdict(quality(self.folder))

    @cached_property
    def entries(self) -> Entries:
        """Passages and facts as the index has them; open without the embedding model."""
        return Entries(folders_of(self.folder))

    @cached_property
    def told(self) -> Facts:
        """All facts, in the order of the reports and of their texts."""
        return Facts(folders_of(self.folder), self.entries)

    def facts(self, report: str | None = None) -> Iterator[Fact]:
        """Yield the facts of one report or of all, in the order of the text.

        :raises NotFound: if there is no such report.
        """
        return iter(self.told) if report is None else self.told.at(self.told.of_report(self.report(report).id))

    def fact(self, iri: str) -> Fact:
        """Return a fact by its IRI or by the last part of it.

        :raises NotFound: with the nearest ids.
        """
        full = iri if iri.startswith("http") else f"{ids.BASE}fact/{iri}"
        found = self.told.find(full)
        if found is None:
            name = full.rsplit("/", 1)[-1]
            report = get_close_matches(name.rpartition("-")[0] or name, self.reports, n=1, cutoff=0)
            near = (fact.iri.rsplit("/", 1)[-1] for id in report for fact in self.told.at(self.told.of_report(id)))
            raise NotFound("fact", name, get_close_matches(name, list(near), n=3, cutoff=0))
        return found

    def report(self, id: str) -> Report:
        """Return a report.

        :raises NotFound: with the nearest ids.
        """
        return self.reports.get(id) or find(self.reports.values(), id)

    def fact_lines(self, report: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield facts as the JSON objects of ``GET /api/facts``."""
        return (self.fact_line(fact) for fact in self.facts(report))

    def fact_line(self, fact: Fact) -> dict[str, Any]:
        """Return a fact as the JSON object of ``GET /api/facts``."""
        return as_json(fact, self.reports[fact.report], self.vocabulary)

    def sentence(self, fact: Fact, language: str) -> str:
        """Say a fact in words."""
        return sentence(fact, self.reports[fact.report], self.vocabulary, language)

    def search(self, question: str, k: int = 10, *, where: Where | None = None) -> list[Hit]:
        """Find passages, best first.

        :raises QuestionError: if the question is empty or too long.
        """
        return self.index.search(self.plain(question), k, where=where or Where(kinds=frozenset({PASSAGE})))

    def ask(self, question: str, given: Given = AS_ASKED) -> Answer:
        """Answer a question in Chinese or English; what is given goes before what it names.

        :raises QuestionError: if the question is empty or too long.
        :raises NotFound: if something is given that there is not.
        """
        return answer(self.plain(question), self.sources, given)

    def document(self, id: str) -> Document:
        """Return a report cut into blocks.

        :raises NotFound: if there is no such report.
        """
        return self._document(id)

    def _sought(self, sought: Sought) -> list[Found]:
        """Return what a search block finds."""
        checked = replace(sought, text=self.plain(sought.text))
        if sought.kind == "concepts":
            return self.concepts.search(checked)
        kinds = {PASSAGE} if sought.kind == "passages" else {fact.kind for fact in FACT_KINDS}
        where = self.filters.where(kinds, technology=sought.technology, risk=sought.risk)
        return self.index.found(checked, replace(where, candidates=sought.candidates, language=sought.language))

    @cached_property
    def filters(self) -> Filters:
        """What a search can be narrowed by, as people name it."""
        return Filters(self.vocabulary, self.reports)

    def choices(self) -> Mapping[str, list[str | int]]:
        """Return what :meth:`filters` can narrow a search by so that something is left, in order."""
        held, above = self.index.entries.values, self.filters.with_broader
        columns = {"company": "company", "year": "year", "type": "kind", "report": "report"}
        found = {name: [value for value in held(column) if value is not None] for name, column in columns.items()}
        return found | {
            "technology": [*sorted(above(map(str, held("technologies"))))],
            "risk": [*sorted(above(map(str, held("risks"))))],
        }

    @cached_property
    def concepts(self) -> Concepts:
        """The concepts of the ontology, to be found by words and meaning."""
        return Concepts(self.vocabulary, self.index.encoder)

    def query(self, query: str, form: str | None = None) -> Iterator[bytes]:
        """Return the result of anybody's query in a form of ``kg.media``, JSON or Turtle where None is named.

        :raises QueryError: if it cannot be parsed, is refused, or needs too much time or memory.
        """
        return iter(self.sparql.run(query, media.accepting(form) if form else ANSWER)[1])

    def select(self, query: str) -> list[tuple[str, float]]:
        """Run one of our own queries here; return each fact once, with its rank."""
        ranks: dict[str, float] = {}
        rewritten = rewrite(query, self.sought, lambda part: cells(self.query(part, "text/tab-separated-values")))
        for row in self.store.select(rewritten.query):
            ranks.setdefault(str(row["fact"]), float(str(row["rank"])))
        return list(ranks.items())

    def describe(self, iri: str) -> list[Triple]:
        """Return what the graph says of an IRI; empty for an unknown one."""
        return self.store.describe(iri)

    def health(self) -> dict[str, Any]:
        """Return what is open, and whether the model has been loaded."""
        ready = self._encoder.done() and self._encoder.exception() is None
        return {
            "status": "ok" if ready or not self._encoder.done() else "failing",
            "model": "ready" if ready else "loading" if not self._encoder.done() else str(self._encoder.exception()),
            "generation": self.manifest.key,
            **self.manifest.counts,
            "vectors": self.quality,
        }

    def plain(self, question: str) -> str:
        """Return a question on one line, without control characters.

        :raises QuestionError: if nothing is left, or too much.
        """
        return plain(question, self.settings.question_length)

    @cached_property
    def sources(self) -> Sources:
        """What answers are made from."""
        meaning = Meaning(lambda: self.index.encoder)
        return Sources(
            vocabulary=self.vocabulary,
            reports=self.reports,
            select=self.select,
            fact=self.fact,
            passages=self.search,
            readings=Readings(self.vocabulary, self.reports, self.document, self.index.told),
            likeness=meaning.likeness,
            aligned=meaning.aligned,
            sentence=self.sentence,
            candidates=lambda question: [found.iri for found in self.sought(Sought("facts", question, FACTS))],
            words=self.index.weighed,
            known=self.index.holds,
            figures=self.told.figures,
            company=lambda name: self.filters.company(name),
        )
