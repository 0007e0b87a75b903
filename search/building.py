"""Building: from the reports and the ontology to one generation with graph and index, under one manifest.

What each report adds is kept (:mod:`search.parts`), so a build makes what has changed and puts all together anew.
"""

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from kg import ids
from kg.draft import clear_up, told
from kg.durable import replace
from kg.generations import DataDirectory, Manifest, inputs, read_manifest, tools
from kg.holdings import COMPANIES, OWN, SHARDS, Holdings, read_holdings, write_companies
from kg.listings import LISTING, checksum, link_file, read_listing, seal
from kg.loading import STORE, load
from kg.pieces import CATALOGUE, GRAPH, ONTOLOGY, graphs
from kg.pieces import REPORTS as GRAPHS
from kg.pipeline import as_quads, nquads, turtle_quads
from kg.progress import Step, silent
from kg.pushing import Piece, Target
from kg.settings import Settings
from kg.shapes import Rejection
from kg.terms import Quad
from kg.turtle import example_files, read_turtle_once, turtle_files
from kg.writer import writing
from search.cluster import spread, worth
from search.makers import Tools, cores_of, make_all
from search.milvus.generations import Elsewhere
from search.parts import FACTS, Part, Task, Wanted, key_of, whole
from search.sharding import Group, grouped, rejected, totals, write_lexicon, write_shards
from search.shards import LEXICON

PARTS = "parts"
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
    settings: Settings,
    step: Step = silent,
    arriving: Path | None = None,
    commit: Commit = lambda: None,
    *,
    anew: bool = False,
) -> Built:
    """Build a generation as the one writer of the data directory.

    ``arriving`` has the catalogue as it will be, and the texts that come with it; ``commit`` puts them in their place.
    What the current generation has of it already is taken from there, unless all is wanted ``anew``.

    :raises KgError: if something is missing or wrong; what was built before stays as it is.
    """
    clear_up(settings.data / OWN)
    found = inputs(settings, arriving)
    holdings = read_holdings(settings.seeds, settings.data / OWN, arriving)
    directory, elsewhere = DataDirectory(settings.data), Elsewhere(settings) if settings.vectors else None
    made_with = tools(settings)
    kept = nullcontext() if anew else directory.kept(made_with)
    with directory.building() as aside, kept as before, Tools(settings) as means:
        groups = grouped(_wanted(holdings, made_with), before, found.get("vectors", ""))
        if before is None or read_manifest(before).inputs.get("seeds") != found["seeds"]:
            _check_texts(groups)
        missing = _make_missing(settings, groups, means, step, checked=before is None)
        home = settings.data / PARTS
        ontology = _ontology(settings, found)
        _write_graph(aside, home, ontology, groups, _catalogue(holdings), before)
        with ThreadPoolExecutor(1) as beside:  # the store is loaded while the index is assembled
            loaded = beside.submit(_load, settings, aside, before, step)
            abouts = write_shards(aside, home, groups, before, means, cores_of(settings), step, elsewhere)
            loaded.result()
        write_lexicon(aside, before, means.encoder)
        write_companies(aside, holdings)
        counts = {"reports": len(holdings.reports), **totals(abouts)}
        manifest = Manifest(found, _checksums(settings, aside, before, groups), counts)
        if settings.store:
            Target(settings).push(manifest.key, _named_graphs(aside), step)
        folder = directory.publish(aside, manifest, commit)
        _forget_others(home, {ontology.name, *(wanted.key for group in groups for wanted in group.wanted)})
    directory.forget()  # what parts were taken from, too
    if elsewhere:
        elsewhere.forget()
    return Built(folder, manifest, tuple(rejected(abouts)), missing)


def _wanted(holdings: Holdings, found: Mapping[str, str]) -> list[Wanted]:
    """Return what has to be there of each report, in the order of the ids."""
    companies = holdings.publishers()
    told = ((listed, companies.get(listed.about.company, ())) for listed in holdings.reports)
    return [Wanted(key_of(listed.about, said, found), listed, said) for listed, said in told]


def _check_texts(groups: Sequence[Group]) -> None:
    """Read the texts of shards that are there already, which nobody will read otherwise.

    :raises CatalogueError: if one is not what the catalogue says.
    """
    for group in groups:
        for wanted in group.wanted if group.there else ():
            wanted.listed.read()


def _make_missing(
    settings: Settings, groups: Sequence[Group], means: Tools, step: Step, *, checked: bool
) -> tuple[str, ...]:
    """Make the parts that are not there, of shards that are not there; return their reports."""
    home = settings.data / PARTS
    wanted = [each for group in groups if not group.there for each in group.wanted]
    missing = [each for each in wanted if not whole(home / each.key, checked=checked)]
    made: list[str] = []

    def done(task: Task) -> None:
        made.append(task.report.id)
        step("reports", len(made), len(missing))

    step("reports", 0, len(missing))
    if worth(settings, missing):
        spread(home, missing, settings, done)
    else:
        make_all(home, missing, settings, means, done)
    return tuple(sorted(made))


def _checksums(settings: Settings, aside: Path, before: Path | None, groups: Sequence[Group]) -> dict[str, str]:
    """Return the checksum of each part of a generation; a store elsewhere is none of them."""
    names = [GRAPH, *([] if settings.store else [STORE]), LEXICON, *(f"{SHARDS}/{group.key}" for group in groups)]
    return {name: _sealed(aside, before, name) for name in names} | {COMPANIES: checksum(aside / COMPANIES)}


def _sealed(aside: Path, before: Path | None, name: str) -> str:
    """Return the checksum of a part; a shard that was taken over has its list already."""
    listed = aside / name / LISTING
    return checksum(listed) if listed.is_file() else seal(aside / name, before and before / name)


def _forget_others(home: Path, needed: Collection[str]) -> None:
    """Remove the parts that the current generation is not made of, and what broken builds left."""
    for path in home.iterdir():
        if path.name not in needed:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _write_graph(
    aside: Path, home: Path, ontology: Path, groups: Sequence[Group], catalogue: bytes, before: Path | None
) -> None:
    """Put the graph together: the ontology, the facts report by report, and what only catalogues say."""
    graph, known = aside / GRAPH, dict[str, str]()
    (graph / GRAPHS).mkdir(parents=True)
    link_file(ontology, graph / ONTOLOGY)
    (graph / CATALOGUE).write_bytes(catalogue)
    for group in groups:
        for wanted in group.wanted:
            name = f"{GRAPHS}/{wanted.id}.nq"
            if before and group.there:
                link_file(before / GRAPH / name, graph / name)
            else:
                part = Part(home / wanted.key)
                link_file(part.folder / FACTS, graph / name)
                known[name] = part.about["files"][FACTS][1]
    seal(graph, before and before / GRAPH, known)


def _load(settings: Settings, aside: Path, before: Path | None, step: Step) -> None:
    """Write the store, unless the graph is to be pushed into one elsewhere."""
    if not settings.store:
        step("graph", 0, 1)
        load(aside, before)
        step("graph", 1, 1)


def _named_graphs(generation: Path) -> list[Piece]:
    """Return the named graphs, each with a key of what it holds."""
    listed = read_listing(generation / GRAPH).items()
    return [Piece(graph, key, (generation / GRAPH / name,)) for name, (_, key) in listed for graph in graphs(name)]


def _catalogue(holdings: Holdings) -> bytes:
    """Return what catalogues say and no report says itself.

    A triple of a report stands in its own graph alone: the engine answers from the union of all graphs, and one that
    stood in two of them would give every solution twice.
    """
    titles = {listed.about.iri: listed.about.title for listed in holdings.reports}
    said = {
        triple
        for path in holdings.catalogues
        for triple in read_turtle_once(path)
        if triple.subject not in titles or not told(triple.predicate, triple.object, titles[triple.subject])
    }
    return nquads(set(as_quads(said, ids.graph_iri("catalogue"))))


def _ontology(settings: Settings, found: Mapping[str, str]) -> Path:
    """Return the file of the ontology's quads, written if it is not there: a second of work for 38,000 of them."""
    key = sha256(repr([found["ontology"], found["code of kg"]]).encode()).hexdigest()[:32]
    home = settings.data / PARTS
    for path in home.glob(f"{key}-*.nq"):
        if path.stem == f"{key}-{checksum(path)[:16]}":
            return path
    quads: set[Quad] = set()
    for graph, files in (("ontology", turtle_files), ("examples", example_files)):
        quads = quads.union(*(turtle_quads(path, ids.graph_iri(graph)) for path in files(settings.ontology)))
    aside = home / f"{key}.nq"
    replace(aside, nquads(quads))
    return aside.rename(home / f"{key}-{checksum(aside)[:16]}.nq")
