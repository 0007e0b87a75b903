"""Building: from the reports and the ontology to one generation with graph and index, under one manifest.

What each report adds is kept (:mod:`search.parts`), so a build makes what has changed and puts all together anew.
"""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg import ids
from kg.draft import clear_up
from kg.durable import replace
from kg.generations import DataDirectory, Manifest, checksum, inputs, tools
from kg.holdings import COMPANIES, OWN, REPORTS, Holdings, read_holdings, write_reports
from kg.pipeline import nquads, turtle_quads
from kg.progress import Step, silent
from kg.pushing import Piece, Target
from kg.settings import Settings
from kg.shapes import Rejection
from kg.store import Store
from kg.terms import Quad
from kg.triples import quads_of_document
from kg.turtle import example_files, turtle_files
from kg.writer import writing
from search.assembling import assemble
from search.makers import Tools, make_all
from search.parts import FACTS, Part, Task, key_of, whole

GRAPH, STORE, INDEX, PARTS = "graph.nq", "store", "index", "parts"
Commit = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A generation: its folder, its manifest, what this build turned down, and the reports that it read anew."""

    folder: Path
    manifest: Manifest
    rejections: tuple[Rejection, ...] = ()
    read: tuple[str, ...] = ()


def build(settings: Settings, step: Step = silent) -> Built:
    """Build a generation, whether or not there is one already.

    :raises KgError: if something is missing or wrong, or somebody else is at it; what was built before stays as it is.
    """
    with writing(settings.data):
        return renew(settings, step)


def renew(
    settings: Settings, step: Step = silent, arriving: Path | None = None, commit: Commit = lambda: None
) -> Built:
    """Build a generation as the one writer of the data directory.

    ``arriving`` has the catalogue as it will be, and the texts that come with it; ``commit`` puts them in their place.

    :raises KgError: if something is missing or wrong; what was built before stays as it is.
    """
    clear_up(settings.data / OWN)
    found = inputs(settings, arriving)
    holdings = read_holdings(settings.seeds, settings.data / OWN, arriving)
    directory = DataDirectory(settings.data)
    with directory.building() as aside, Tools(settings) as means:
        tasks = _tasks(holdings, tools(settings))
        missing = _make_missing(settings, tasks, means, step)
        parts = [Part(settings.data / PARTS / task.key) for task in tasks]
        ontology = _ontology(settings, found)
        _write_graph(aside, [ontology, *(part.folder / FACTS for part in parts)], _catalogue(holdings))
        _write_store(aside, step) if not settings.store else None
        step("index", 0, 1)
        entries = assemble(aside / INDEX, parts, means.encoder)
        step("index", 1, 1)
        write_reports(aside, holdings)
        counts = {"reports": len(parts), "facts": sum(part.about["facts"] for part in parts), "entries": entries}
        held = [name for name in (GRAPH, STORE, INDEX, REPORTS, COMPANIES) if name != STORE or not settings.store]
        checksums = {name: checksum(aside / name) for name in held}
        manifest = Manifest(found, checksums, counts)
        if settings.store:
            Target(settings).push(manifest.key, _pieces(aside, ontology, tasks, parts), step)
        folder = directory.publish(aside, manifest, commit)
        _forget_others(settings.data / PARTS, {ontology.name, *(task.key for task in tasks)})
    rejections = tuple(rejection for part in parts for rejection in part.rejections)
    return Built(folder, manifest, rejections, missing)


def _tasks(holdings: Holdings, found: Mapping[str, str]) -> list[Task]:
    """Return what has to be there of each report, in the order of the ids."""
    told = ((report, holdings.publisher(report)) for report in holdings.reports)
    return [Task(key_of(report, companies, found), report, companies) for report, companies in told]


def _make_missing(settings: Settings, tasks: Sequence[Task], means: Tools, step: Step) -> tuple[str, ...]:
    """Make the parts that are not there; return their reports."""
    home = settings.data / PARTS
    missing = [task for task in tasks if not whole(home / task.key)]
    made: list[str] = []

    def done(task: Task) -> None:
        made.append(task.report.id)
        step("reports", len(made), len(missing))

    step("reports", 0, len(missing))
    make_all(home, missing, settings, means, done)
    return tuple(sorted(made))


def _forget_others(home: Path, needed: Collection[str]) -> None:
    """Remove the parts that the current generation is not made of, and what broken builds left."""
    for path in home.iterdir():
        if path.name not in needed:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _write_graph(folder: Path, parts: Sequence[Path], catalogue: bytes) -> None:
    """Write the whole graph: the ontology, the facts report by report, and what only catalogues say."""
    with (folder / GRAPH).open("wb") as graph:
        for part in parts:
            with part.open("rb") as facts:
                shutil.copyfileobj(facts, graph)
        graph.write(catalogue)
    (folder / "catalogue.nq").write_bytes(catalogue)


def _pieces(folder: Path, ontology: Path, tasks: Sequence[Task], parts: Sequence[Part]) -> list[Piece]:
    """Return the named graphs, each with a key of what it holds."""
    told = [(f"{ids.graph_iri(name)}", ontology.stem, ontology) for name in ("ontology", "examples")]
    told += [
        (ids.graph_iri(task.report.id), task.key, part.folder / FACTS) for task, part in zip(tasks, parts, strict=True)
    ]
    catalogue = checksum(folder / "catalogue.nq")
    told.append((ids.graph_iri("catalogue"), catalogue, folder / "catalogue.nq"))
    return [Piece(graph, key, (path,)) for graph, key, path in told]


def _write_store(folder: Path, step: Step) -> None:
    """Write the graph into a store of our own."""
    step("graph", 0, 1)
    with Store.create(folder / STORE) as store, (folder / GRAPH).open("rb") as graph:
        store.load(graph)
        store.optimize()
    step("graph", 1, 1)


def _catalogue(holdings: Holdings) -> bytes:
    """Return what catalogues say and no report says itself.

    A triple of a report stands in its own graph alone: the engine answers from the union of all graphs, and one that
    stood in two of them would give every solution twice.
    """
    told = {
        (quad.subject, quad.predicate, quad.object) for report in holdings.reports for quad in quads_of_document(report)
    }
    said = {quad for path in holdings.catalogues for quad in turtle_quads(path, ids.graph_iri("catalogue"))}
    return nquads({quad for quad in said if (quad.subject, quad.predicate, quad.object) not in told})


def _ontology(settings: Settings, found: Mapping[str, str]) -> Path:
    """Return the file of the ontology's quads, written if it is not there: a second of work for 38,000 of them."""
    key = sha256(repr([found["ontology"], found["code of kg"]]).encode()).hexdigest()[:32]
    target = settings.data / PARTS / f"{key}.nq"
    if not target.is_file():
        quads: set[Quad] = set()
        for graph, files in (("ontology", turtle_files), ("examples", example_files)):
            quads = quads.union(*(turtle_quads(path, ids.graph_iri(graph)) for path in files(settings.ontology)))
        replace(target, nquads(quads))
    return target
