"""What stands around any thing of the graph: a drawing, the list that says the same, and rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from kg import ids
from kg.errors import NotFound
from kg.model import Fact, NumberFact
from kg.terms import IRI
from web import addresses, numbers
from web.identifiers import nearest
from web.names import short
from web.parts import Link, Page, Phrase
from web.studies.branches import Branch, Leaf, branches
from web.studies.contexts import GraphContext
from web.studies.frames import Desk, query, study

KINDS = (
    "Company",
    "Initiative",
    "Metric",
    "Target",
    "Technology",
    "Observation",
    "RiskCategory",
    "Risk",
    "OpportunityCategory",
    "Opportunity",
    "OrganisationPart",
    "Facility",
    "Place",
    "Period",
    "Document",
)
DRAWN = 6  # of each kind beside one another; a company has 15 kinds, and 90 lines still fit a screen and a half
ALONE = 60  # of the one kind that is asked for, half of them on each side
COLUMNS = ("kind", "thing", "iri", "count", "properties")


@dataclass(frozen=True, slots=True)
class Around:
    """A thing around the one in the middle: how many facts name both, and by which properties."""

    kind: str
    iri: str
    facts: int
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the middle, and the one kind that is asked for or nothing."""

    iri: str
    kind: str = ""

    @property
    def parameters(self) -> dict[str, str]:
        """What the address of the page says."""
        return {"iri": self.iri.removeprefix(ids.BASE), "kind": self.kind}


def asked(desk: Desk, iri: str | None, kind: str | None) -> Asked:
    """Return what is asked for: an IRI or its path, else the chosen company, else the first one that has a report.

    :raises NotFound: if the graph says nothing of it, or has no such kind; with the nearest.
    """
    full = ids.BASE + iri if iri and "://" not in iri else iri or desk.company or next(iter(desk.reporting()), "")
    if not desk.library.store.ask(f"ASK {{ {IRI(full).n3} ?p ?o }}"):
        of_a_kind = "/" in full.removeprefix(ids.BASE) and full.startswith(ids.BASE)
        raise NotFound("resource", full, nearest(desk.library, full) if of_a_kind else [])
    if kind and kind not in KINDS:
        raise NotFound("resource", kind, [])
    return Asked(full, kind or "")


def _found(desk: Desk, asked: Asked) -> Mapping[str, list[Around]]:
    """Return what stands around a thing by kind, what most facts name first, then the newest numbers."""
    found: defaultdict[str, list[Around]] = defaultdict(list)
    for row in desk.rows(query(desk, "neighbours", entities=[asked.iri])):
        kind = str(row["kind"]).removeprefix(ids.ONTOLOGY)
        if asked.kind in ("", kind):
            ways = tuple(str(row["ways"]).split())
            found[kind].append(Around(kind, str(row["thing"]), int(str(row["facts"])), ways))
    for own in found.values():
        own.sort(key=lambda one: _rank(desk, one))
    return found


def _rank(desk: Desk, one: Around) -> tuple[int, int, float, str]:
    fact = _fact(desk, one.iri)
    year = getattr(fact, "year", None) or 0
    return (-one.facts, -year, -fact.confidence if fact else 0.0, one.iri)


def _fact(desk: Desk, iri: str) -> Fact | None:
    return desk.fact(IRI(iri)) if iri.startswith(f"{ids.BASE}fact/") else None


def graph_context(desk: Desk, page: Page, wanted: Asked) -> GraphContext:
    """Return the page of what stands around a thing."""
    found = _found(desk, wanted)
    drawn = tuple(_branches(desk, wanted, found, listed=True))
    sparql = query(desk, "neighbours", entities=[wanted.iri])
    told = [fact for own in found.values() for one in own if (fact := _fact(desk, one.iri))]
    own = replace(desk, company=wanted.iri if wanted.iri in desk.reporting() else None)
    return GraphContext(
        page=page,
        study=study(own, "graph", told, sparql, asked=wanted.parameters),
        middle=Link(named(desk, wanted.iri), addresses.opening(wanted.iri)),
        kind=_title(desk, wanted.kind) if wanted.kind else Phrase(""),
        chart=_drawn(desk, wanted, found),
        branches=drawn,
    )


def graph_drawing(desk: Desk, wanted: Asked, origin: str) -> Markup:
    """Return the drawing as a file of its own, whose links lead to this server."""
    return _drawn(desk, wanted, _found(desk, wanted), origin)


def _drawn(desk: Desk, wanted: Asked, found: Mapping[str, list[Around]], origin: str = "") -> Markup:
    groups = list(_branches(desk, wanted, found))
    name = named(desk, wanted.iri)
    return branches(f"{desk.words('studies.graph')}: {name.text}", name, groups, origin) if groups else Markup()


def _branches(desk: Desk, wanted: Asked, found: Mapping[str, list[Around]], listed: bool = False) -> Iterator[Branch]:
    """Yield a group for each kind; the one kind that is asked for is listed whole, and drawn in two halves."""
    for kind in KINDS:
        own = found.get(kind, [])
        shown = own[: DRAWN if not wanted.kind else None if listed else ALONE]
        half = (len(shown) + 1) // 2 if wanted.kind and not listed else len(shown)
        left = len(own) - len(shown)
        for part in filter(None, (shown[:half], shown[half:])):
            rest = _rest(desk, wanted, kind, left) if left and part[-1] is shown[-1] else None
            leaves = tuple(_leaf(desk, one, wanted.iri) for one in part)
            yield Branch(_title(desk, kind), len(own), leaves, rest)


def _title(desk: Desk, kind: str) -> Phrase:
    name = desk.names.of(ids.ONTOLOGY + kind)
    return Phrase(name.text[:1].upper() + name.text[1:], name.language)


def _rest(desk: Desk, wanted: Asked, kind: str, left: int) -> Link:
    words = Phrase(desk.words("studies.more", n=left), desk.words.language)
    return Link(words, addresses.with_query("/graph", **Asked(wanted.iri, kind).parameters))


def _leaf(desk: Desk, one: Around, beside: str) -> Leaf:
    fact = _fact(desk, one.iri)
    href = addresses.reader(fact.report, fact.quote.start, fact.quote.end) if fact else addresses.opening(one.iri)
    ways = ", ".join(desk.names.of(way).text for way in one.ways if way in desk.library.vocabulary)
    walk = addresses.with_query("/graph", **Asked(one.iri).parameters)
    return Leaf(Link(named(desk, one.iri, beside), href), one.facts, ways, walk)


def named(desk: Desk, iri: str, beside: str = "") -> Phrase:
    """Return what a thing is called: a report by its title, a number with its metric, company and year.

    ``beside`` is the thing in the middle; where that is the company it need not be said again.
    """
    fact = _fact(desk, iri)
    if fact:
        language = desk.library.reports[fact.report].language
        name = desk.names.fact(fact, language)
        if not isinstance(fact, NumberFact):
            return name
        company = "" if fact.company == beside else desk.names.of(fact.company).text
        whose = " ".join(filter(None, (company, str(fact.year or ""))))
        return Phrase(f"{name.text} {numbers.brief(fact)}{f' ({whose})' if whose else ''}", name.language)
    report = desk.library.reports.get(iri.removeprefix(f"{ids.BASE}doc/"))
    if report:
        return desk.names.pick(report.title) or Phrase(report.id, "en")
    return desk.names.of(iri) if iri in desk.library.vocabulary else Phrase(short(iri), "en")


def graph_rows(desk: Desk, wanted: Asked) -> Iterator[tuple[object, ...]]:
    """Yield what stands around a thing as rows of ``COLUMNS``."""
    found = _found(desk, wanted)
    for kind in KINDS:
        for one in found.get(kind, ()):
            ways = " ".join(short(way) for way in one.ways)
            yield desk.names.of(ids.ONTOLOGY + kind).text, named(desk, one.iri).text, one.iri, one.facts, ways
