"""Building: from seeds and ontology to one generation with the graph and the index, under one manifest."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kg import ids
from kg.catalogue import NAME, read_catalogue
from kg.generations import DataDirectory, Manifest, checksum, inputs
from kg.model import Report
from kg.pipeline import Extracted, Pipeline, nquads, turtle_quads
from kg.progress import Step, silent
from kg.settings import Settings
from kg.shapes import Rejection
from kg.store import Store
from kg.terms import Quad
from kg.triples import quads_of_document
from kg.turtle import example_files, turtle_files
from kg.vocabulary import Vocabulary
from search.encoder import Encoder, load_encoder
from search.findable import entries
from search.index import build_index


@dataclass(frozen=True, slots=True)
class Built:
    """A generation: its folder, its manifest, and what this build turned down ."""

    folder: Path
    manifest: Manifest
    rejections: tuple[Rejection, ...] = ()


def build(settings: Settings, step: Step = silent) -> Built:
    """Build a generation, whether or not there is one already.

    :raises KgError: if something is missing or wrong; what was built before stays as it is.
    """
    found = inputs(settings)
    reports = read_catalogue(settings.seeds)
    directory = DataDirectory(settings.data)
    with directory.building() as aside, ThreadPoolExecutor(1) as background:
        encoder = background.submit(load_encoder, settings.model)  # seconds of imports, while reports are read
        pipeline = Pipeline(settings.ontology)
        results = list(_extracted(reports, pipeline, step))
        _write_graph(aside, _graph(results, settings), step)
        written = _write_index(aside / "index", results, pipeline.vocabulary, encoder, step)
        counts = {"reports": len(reports), "facts": sum(len(result.facts) for result in results), "entries": written}
        manifest = Manifest(found, {name: checksum(aside / name) for name in ("graph.nq", "index")}, counts)
        folder = directory.publish(aside, manifest)
    return Built(folder, manifest, tuple(rejection for result in results for rejection in result.rejections))


def _extracted(reports: Sequence[Report], pipeline: Pipeline, step: Step) -> Iterator[Extracted]:
    step("reports", 0, len(reports))
    for done, report in enumerate(reports, 1):
        yield pipeline.extract(report)
        step("reports", done, len(reports))


def _graph(results: Sequence[Extracted], settings: Settings) -> bytes:
    """Return the whole graph: the reports' facts, what only the catalogue says of them, and the ontology.

    A triple of a report stands in its own graph alone: the engine answers from the union of all graphs, and one that
    stood in two of them would give every solution twice.
    """
    told = {(quad.subject, quad.predicate, quad.object) for one in results for quad in quads_of_document(one.report)}
    catalogue = turtle_quads(settings.seeds / NAME, ids.graph_iri("catalogue"))
    others: set[Quad] = {quad for quad in catalogue if (quad.subject, quad.predicate, quad.object) not in told}
    for path in turtle_files(settings.ontology):
        others |= turtle_quads(path, ids.graph_iri("ontology"))
    for path in example_files(settings.ontology):
        others |= turtle_quads(path, ids.graph_iri("examples"))
    return nquads(others) + b"".join(result.nquads for result in results)


def _write_graph(folder: Path, graph: bytes, step: Step) -> None:
    step("graph", 0, 1)
    (folder / "graph.nq").write_bytes(graph)
    with Store.create(folder / "store") as store:
        store.load(graph)
        store.optimize()
    step("graph", 1, 1)


def _write_index(
    folder: Path, results: Sequence[Extracted], vocabulary: Vocabulary, encoder: Future[Encoder], step: Step
) -> int:
    """Write the index and return how many entries it has."""
    found = [entry for result in results for entry in entries(result, vocabulary)]
    step("index", 0, len(found))
    build_index(folder, found, encoder.result(), vocabulary, lambda done, total: step("index", done, total))
    return len(found)
