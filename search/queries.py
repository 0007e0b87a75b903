"""From an understanding to the SPARQL that finds the facts: words, meaning and graph pattern in one query."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from kg.terms import IRI, PREFIXES, text
from kg.vocabulary import Concept, Vocabulary
from search.understanding import MENTIONS, NUMBER_KINDS, Understanding

FACTS = 200  # facts that the search passes on to the graph pattern
PASSAGES = 60  # passages whose facts gain by the company they keep
ROWS = 20

# A fact ranks by its own words and meaning, by those of the passage that it stands in, and by what of the graph fits
# the question exactly. On the 23 questions for a number in bench/ the fact alone puts 17 right answers first, with its
# passage 22; weights of a half and of two for the passage do no better. What fits exactly decides between facts that
# are worded alike, so it weighs as little as a word does. The year and the company that a question names, and the
# unit that it asks for, are no matter of degree: a figure of another year or company is no answer.
METRIC, NARROWER, UNIT, YEAR, SCOPE, FORM, KIND = 0.1, 0.05, 0.05, 0.05, 0.05, 0.05, 0.1
LATER = 0.01  # a year later; where a question names no year, the latest figure is meant
REPORT = 0.2  # of the report of a year that the question names
NAMED = 0.3  # a question that asks for risks and gets risks of the company that it names needs no likeness of words

_CLASSES = {kind: f"o:{kind.capitalize()}" for kind in ("observation", "target", "risk", "opportunity")}
_CLASSES |= {"initiative": "o:Initiative", "technology": "o:TechnologyMention", "mention": "o:Mention"}


@dataclass(frozen=True, slots=True)
class Query:
    """SPARQL 1.1 that the endpoint runs as it stands; ``exact`` says whether what it finds answers the question.

    What an inexact query finds is only the nearest that there is, such as the figure of another year.
    """

    text: str
    exact: bool


def queries(understanding: Understanding, vocabulary: Vocabulary) -> Iterator[Query]:
    """Yield queries for a question, the strictest first; the first that has rows is the one to show.

    Where a question names a metric and no unit ("revenue 2023"), only that metric answers it. A unit ("how many kWh")
    says as much, and what is named beside it is often the occasion and not the metric; but words for a share are part
    of the name of a metric that is one ("share of green packaging").
    """
    if not understanding.kinds <= NUMBER_KINDS:
        yield Query(_named_query(understanding), True)
        return
    asked = understanding.metrics if understanding.shape == "number" and _by_metric(understanding, vocabulary) else ()
    yield Query(_number_query(understanding, vocabulary, asked), True)
    without_unit = replace(understanding, units=frozenset())
    if understanding.units and not asked:
        yield Query(_number_query(without_unit, vocabulary), True)
    if understanding.years:
        yield Query(_number_query(replace(without_unit, years=()), vocabulary, asked), False)
    if asked:
        yield Query(_number_query(without_unit, vocabulary), False)


def _by_metric(understanding: Understanding, vocabulary: Vocabulary) -> bool:
    units = {unit for metric in understanding.metrics for unit in metric.values("canonicalUnit")}
    return not understanding.units or understanding.units == {"percent"} == {
        vocabulary.concept(unit).notation for unit in units
    }


def _number_query(understanding: Understanding, vocabulary: Vocabulary, asked: Sequence[Concept] = ()) -> str:
    lines = [
        *_search(understanding.question),
        *_neighbourhood(understanding.question),
        *_companies(understanding.companies),
        "  ?fact a ?kind ; o:company ?company ; o:metric ?metric ; o:asWritten ?written ;",
        "        qudt:hasUnit ?unit ; o:scope ?scope ; o:form ?form .",
        "  VALUES ?kind { o:Observation o:Target }",
    ]
    if asked:
        named = {metric.iri for metric in asked}
        lines.append(f"  FILTER(?metric IN ({_listed(named | _narrower(named, vocabulary))}))")
    if understanding.units:
        codes = ", ".join(text(unit).n3 for unit in sorted(understanding.units))
        lines += ["  ?unit skos:notation ?code .", f"  FILTER(?code IN ({codes}))"]
    lines += ["  OPTIONAL { ?fact o:period|o:duePeriod ?period }", *_years(understanding)]
    lines.append(f"  BIND(\n    {_fit(understanding, vocabulary)}\n  AS ?fit)")
    return _query("?fact ?company ?metric ?written ?unit ?period", lines)


def _years(understanding: Understanding) -> list[str]:
    """Keep figures of the years, and undated ones of a report about such a year or published right after it.

    A comparison may name a year for one side only, so there it counts in favour and no more.
    """
    years = understanding.years
    if not years or understanding.shape == "comparison":
        return []
    periods = ", ".join(f"p:{year}" for year in years)
    reports = ", ".join(f'"{year}"^^xsd:gYear' for year in sorted({*years, *(year + 1 for year in years)}))
    return [
        "  ?fact prov:wasDerivedFrom/o:reportYear ?reportYear .",
        f"  FILTER(IF(BOUND(?period), ?period IN ({periods}), ?reportYear IN ({reports})))",
    ]


def _named_query(understanding: Understanding) -> str:
    classes = " ".join(_CLASSES[kind] for kind in sorted(understanding.kinds) if kind in _CLASSES)
    lines = [
        *_search(understanding.question),
        *_companies(understanding.companies),
        f"  VALUES ?kind {{ {classes} }}",
        "  ?fact a ?kind ; o:company ?company ; rdfs:label ?name ; prov:wasDerivedFrom/o:reportYear ?year .",
        *_mentions(understanding),
        f"  FILTER(langMatches(lang(?name), {text(understanding.language).n3}))",
        f"  BIND({_named_fit(understanding)} AS ?fit)",
    ]
    return _query("?fact ?company ?kind ?name", lines)


def _mentions(understanding: Understanding) -> list[str]:
    """Ask for mentions of the things that a question names, where mentions are what it asks for."""
    if understanding.kinds != MENTIONS:
        return []
    named = " ".join(IRI(concept.iri).n3 for concept in understanding.things)
    return [f"  VALUES ?thing {{ {named} }}", "  ?fact o:mentions ?thing ."]


def _search(question: str) -> list[str]:
    quoted = text(" ".join(question.split())).n3
    options = f"search:score ?score ; search:limit {FACTS}"
    return [f"  SERVICE search:facts {{ ?fact search:query {quoted} ; {options} }}"]


def _neighbourhood(question: str) -> list[str]:
    quoted = text(" ".join(question.split())).n3
    options = f"search:score ?near ; search:limit {PASSAGES}"
    return [
        "  OPTIONAL {",
        f"    SERVICE search:passages {{ ?passage search:query {quoted} ; {options} }}",
        "    ?fact o:passage ?passage",
        "  }",
    ]


def _companies(companies: tuple[Concept, ...]) -> list[str]:
    named = " ".join(_short(concept.iri, "org_") for concept in companies)
    return [f"  VALUES ?company {{ {named} }}"] if companies else []


def _fit(understanding: Understanding, vocabulary: Vocabulary) -> str:
    """Return the SPARQL expression for what an exact match of the graph adds."""
    parts = ["COALESCE(?near, 0)"]
    named = {metric.iri for metric in understanding.metrics}
    if named:
        exact, narrower = _listed(named), _listed(_narrower(named, vocabulary) - named)
        other = f"IF(?metric IN ({narrower}), {NARROWER}, 0)" if narrower else "0"
        parts.append(f"IF(?metric IN ({exact}), {METRIC}, {other})")
    units = {_short(unit, "u") for metric in understanding.metrics for unit in metric.values("canonicalUnit")}
    if units:
        parts.append(f"IF(?unit IN ({', '.join(sorted(units))}), {UNIT}, 0)")
    if understanding.years:
        periods = ", ".join(f"p:{year}" for year in understanding.years)
        parts.append(f"COALESCE(IF(?period IN ({periods}), {YEAR}, 0), 0)")
    else:
        year = 'xsd:integer(STRAFTER(STR(?period), "period/"))'
        parts.append(f"COALESCE(IF(?kind = o:Observation, ({year} - 2020) * {LATER}, 0), 0)")
    # Without a place in the question it is the whole company that is meant, all the more where companies are compared.
    if not understanding.places:
        whole = 2 * SCOPE if understanding.shape == "comparison" else SCOPE
        parts.append(f"IF(?scope = c:company, {whole}, IF(?scope = c:other, -{SCOPE}, 0))")
    if understanding.cumulative or understanding.years:  # who names a year means that year's figure
        parts.append(f"IF(?form = c:cumulative, {FORM if understanding.cumulative else -FORM}, 0)")
    parts.append(f"IF(?kind = o:Target, {KIND if understanding.kinds == {'target'} else -KIND / 2}, 0)")
    return "\n    + ".join(parts)


def _named_fit(understanding: Understanding) -> str:
    years = ", ".join(f'"{year}"^^xsd:gYear' for year in understanding.years)
    return f"{NAMED} + IF(?year IN ({years}), {REPORT}, 0)" if years else str(NAMED)


def _narrower(iris: Set[str], vocabulary: Vocabulary) -> set[str]:
    """Return the metrics below some metrics."""
    metrics = (metric.iri for metric in vocabulary.of_type("Metric"))
    return {iri for iri in metrics if any(above.iri in iris for above in vocabulary.ancestors(iri))}


def _listed(iris: Iterable[str]) -> str:
    return ", ".join(_short(iri, "m") for iri in sorted(iris))


def _short(iri: str, prefix: str) -> str:
    """Return an IRI as a prefixed name, or in full where the prefix does not fit."""
    local = iri.removeprefix(PREFIXES[prefix])
    return f"{prefix}:{local}" if re.fullmatch(r"[\w-]+", local) else IRI(iri).n3


def _query(variables: str, lines: list[str]) -> str:
    body = "\n".join(lines)
    used = [name for name in PREFIXES if re.search(rf"[\s(|/^]{name}:", body)]
    prologue = "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in used)
    ending = f"ORDER BY DESC(?score + ?fit) ?fact\nLIMIT {ROWS}"
    return f"{prologue}\nSELECT DISTINCT {variables} (?score + ?fit AS ?rank) WHERE {{\n{body}\n}}\n{ending}"
