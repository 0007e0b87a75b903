"""From an understanding to the SPARQL that finds the facts: words, meaning and graph pattern in one query."""

import re
from collections.abc import Iterator

from kg.terms import IRI, PREFIXES, text
from kg.vocabulary import Concept, Vocabulary
from search.understanding import NUMBER_KINDS, Understanding

FACTS = 200  # facts that the search passes on to the graph pattern
PASSAGES = 60  # passages whose facts gain by the company they keep
ROWS = 20

# A fact ranks by its own words and meaning, by those of the passage that it stands in, and by what of the graph fits
# the question exactly. On the 23 questions for a number in bench/ the fact alone puts 17 right answers first, with its
# passage 22; weights of a half and of two for the passage do no better. What fits exactly decides between facts that
# are worded alike, so it weighs as little as a word does.
METRIC, UNIT, YEAR, SCOPE, KIND = 0.05, 0.05, 0.05, 0.05, 0.1
REPORT = 0.2  # of the report of a year that the question names
NAMED = 0.3  # a question that asks for risks and gets risks of the company that it names needs no likeness of words

_CLASSES = {kind: f"o:{kind.capitalize()}" for kind in ("observation", "target", "risk", "opportunity")}
_CLASSES |= {"initiative": "o:Initiative", "technology": "o:TechnologyMention"}


def queries(understanding: Understanding, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield queries for a question, the strictest first; the first that has rows is the one to show.

    Every query is plain SPARQL 1.1 that the endpoint runs as it stands.
    """
    build = _number_query if understanding.kinds <= NUMBER_KINDS else _named_query
    companies, units = understanding.companies, understanding.units
    yield build(understanding, vocabulary, companies, units)
    if units:
        yield build(understanding, vocabulary, companies, frozenset())
    if companies and units:
        yield build(understanding, vocabulary, (), units)


def _number_query(
    understanding: Understanding, vocabulary: Vocabulary, companies: tuple[Concept, ...], units: frozenset[str]
) -> str:
    lines = [
        *_search(understanding.question),
        *_neighbourhood(understanding.question),
        *_companies(companies),
        "  ?fact a ?kind ; o:company ?company ; o:metric ?metric ; o:asWritten ?written ;",
        "        qudt:hasUnit ?unit ; o:scope ?scope .",
        "  VALUES ?kind { o:Observation o:Target }",
    ]
    if units:
        codes = ", ".join(text(unit).n3 for unit in sorted(units))
        lines += ["  ?unit skos:notation ?code .", f"  FILTER(?code IN ({codes}))"]
    lines.append("  OPTIONAL { ?fact o:period|o:duePeriod ?period }")
    lines.append(f"  BIND(\n    {_fit(understanding, vocabulary)}\n  AS ?fit)")
    return _query("?fact ?company ?metric ?written ?unit ?period", lines)


def _named_query(
    understanding: Understanding, vocabulary: Vocabulary, companies: tuple[Concept, ...], units: frozenset[str]
) -> str:
    classes = " ".join(_CLASSES[kind] for kind in sorted(understanding.kinds) if kind in _CLASSES)
    lines = [
        *_search(understanding.question),
        *_companies(companies),
        f"  VALUES ?kind {{ {classes} }}",
        "  ?fact a ?kind ; o:company ?company ; rdfs:label ?name ; prov:wasDerivedFrom/o:reportYear ?year .",
        f"  FILTER(langMatches(lang(?name), {text(understanding.language).n3}))",
        f"  BIND({_named_fit(understanding)} AS ?fit)",
    ]
    return _query("?fact ?company ?kind ?name", lines)


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
    metrics = _with_narrower(understanding.metrics, vocabulary)
    if metrics:
        parts.append(f"IF(?metric IN ({', '.join(metrics)}), {METRIC}, 0)")
    units = {_short(unit, "u") for metric in understanding.metrics for unit in metric.values("canonicalUnit")}
    if units:
        parts.append(f"IF(?unit IN ({', '.join(sorted(units))}), {UNIT}, 0)")
    if understanding.years:
        periods = ", ".join(f"p:{year}" for year in understanding.years)
        parts.append(f"COALESCE(IF(?period IN ({periods}), {YEAR}, 0), 0)")
    # Without a place in the question it is the whole company that is meant, all the more where companies are compared.
    if not understanding.places:
        whole = 2 * SCOPE if understanding.shape == "comparison" else SCOPE
        parts.append(f"IF(?scope = c:company, {whole}, IF(?scope = c:other, -{SCOPE}, 0))")
    if understanding.kinds == {"target"}:
        parts.append(f"IF(?kind = o:Target, {KIND}, 0)")
    return "\n    + ".join(parts)


def _named_fit(understanding: Understanding) -> str:
    years = ", ".join(f'"{year}"^^xsd:gYear' for year in understanding.years)
    return f"{NAMED} + IF(?year IN ({years}), {REPORT}, 0)" if years else str(NAMED)


def _with_narrower(metrics: tuple[Concept, ...], vocabulary: Vocabulary) -> list[str]:
    wanted = {metric.iri for metric in metrics}
    below = (
        metric.iri
        for metric in vocabulary.of_type("Metric")
        if any(above.iri in wanted for above in vocabulary.ancestors(metric.iri))
    )
    return [_short(iri, "m") for iri in sorted({*wanted, *below})]


def _short(iri: str, prefix: str) -> str:
    """Return an IRI as a prefixed name, or in full where the prefix does not fit."""
    local = iri.removeprefix(PREFIXES[prefix])
    return f"{prefix}:{local}" if re.fullmatch(r"[\w-]+", local) else IRI(iri).n3


def _query(variables: str, lines: list[str]) -> str:
    body = "\n".join(lines)
    used = [name for name in PREFIXES if re.search(rf"[\s(|/^]{name}:", body)]
    prologue = "\n".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in used)
    ending = f"ORDER BY DESC(?score + ?fit) ?fact\nLIMIT {ROWS}"
    return f"{prologue}\nSELECT {variables} (?score + ?fit AS ?rank) WHERE {{\n{body}\n}}\n{ending}"
