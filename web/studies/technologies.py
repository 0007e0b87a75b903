"""Who uses which technology, where, with what result."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from markupsafe import Markup

from kg.model import Fact, Initiative, NumberFact
from kg.vocabulary import Concept
from web import addresses, numbers
from web.parts import Link, Page, Phrase
from web.studies.contexts import TechnologiesContext, TechnologyRow, Told
from web.studies.frames import Desk, nested, query, study
from web.studies.grids import GridRow, Point, grid

ROLES = ("mention", "initiative", "result")
USES = ROLES[1:]
COLUMNS = ("technology", "role", "company", "text", "place", "report", "start", "end", "fact")
Found = Mapping[str, Mapping[str, list[Fact]]]


def _found(desk: Desk, sparql: str) -> Found:
    """Return the facts of each technology by their role."""
    found: dict[str, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for row in desk.rows(sparql):
        found[str(row["technology"])][str(row["role"])].append(desk.fact(row["fact"]))
    return found


def technologies_context(desk: Desk, page: Page) -> TechnologiesContext:
    """Return the table of technologies, each below the broader one that is in use too."""
    sparql = query(desk, "technologies")
    found = _found(desk, sparql)
    facts = [fact for roles in found.values() for own in roles.values() for fact in own]
    rows = tuple(_rows(desk, found))
    return TechnologiesContext(page, study(desk, "technologies", facts, sparql), rows)


def _in_order(desk: Desk, found: Found) -> Iterator[tuple[Concept, int]]:
    """Yield the technologies with their depth, those that most is said of first."""
    concepts = [desk.library.vocabulary.concept(iri) for iri in found]
    concepts.sort(key=lambda concept: (-sum(map(len, found[concept.iri].values())), concept.iri))
    return nested(concepts)


def technologies_drawing(desk: Desk) -> Markup:
    """Return the technologies that are put to use by company: a point for their initiatives and results."""
    found, companies = _found(desk, query(desk, "technologies")), desk.chosen()
    rows = []
    for concept, depth in _in_order(desk, found):
        used = [fact.company for role in USES for fact in found[concept.iri].get(role, ())]
        points = tuple(Point("full", used.count(iri)) if iri in used else None for iri in companies)
        if used:
            rows.append(GridRow(desk.names.concept(concept).text, points, depth))
    return grid(desk.words("studies.technologies"), [desk.names.of(iri).text for iri in companies], rows)


def _rows(desk: Desk, found: Found) -> Iterator[TechnologyRow]:
    for concept, depth in _in_order(desk, found):
        told = {role: tuple(_told(desk, fact) for fact in found[concept.iri].get(role, ())) for role in ROLES}
        link = Link(desk.names.concept(concept), addresses.local(concept.iri))
        yield TechnologyRow(link, depth, told["mention"], told["initiative"], told["result"])


def _told(desk: Desk, fact: Fact) -> Told:
    href = addresses.reader(fact.report, fact.quote.start, fact.quote.end)
    company, year = desk.names.of(fact.company), desk.library.reports[fact.report].year
    return Told(_phrase(desk, fact), href, Phrase(f"{company.text} {year}", company.language))


def _phrase(desk: Desk, fact: Fact) -> Phrase:
    language = desk.library.reports[fact.report].language
    if isinstance(fact, NumberFact):
        metric = desk.names.fact(fact, language).text
        return Phrase(f"{metric} {numbers.brief(fact)}", desk.words.language)
    if isinstance(fact, Initiative):
        return Phrase(f"{fact.name} ({fact.place})" if fact.place else fact.name, language)
    return Phrase(fact.quote.of(desk.library.reports[fact.report].text), language)


def technology_rows(desk: Desk) -> Iterator[tuple[object, ...]]:
    """Yield what is said of technologies as rows of ``COLUMNS``."""
    for technology, roles in _found(desk, query(desk, "technologies")).items():
        for role in ROLES:
            for fact in roles.get(role, ()):
                names = (desk.names.of(technology).text, role, desk.names.of(fact.company).text)
                place = (fact.report, fact.quote.start, fact.quote.end, fact.iri)
                yield (*names, _phrase(desk, fact).text, getattr(fact, "place", None), *place)
