"""From an understanding to the SPARQL that finds the facts: words, meaning and graph pattern in one query."""

import re
from collections.abc import Iterable

from kg.terms import IRI, PREFIXES, text
from kg.vocabulary import Vocabulary
from search.answering.asked import narrower
from search.answering.conditions import Conditions
from search.answering.understanding import MENTIONS, Understanding

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

_REPORT_YEAR = ("  ?fact prov:wasDerivedFrom/o:reportYear ?reportYear .",)
_PREFIXED = re.compile(r"[\s(|/^](\w+):")
_CLASSES = {kind: f"o:{kind.capitalize()}" for kind in ("observation", "target", "risk", "opportunity")}
_CLASSES |= {"initiative": "o:Initiative", "technology": "o:TechnologyMention", "mention": "o:Mention"}


def number_query(understanding: Understanding, conditions: Conditions, vocabulary: Vocabulary, rows: int = ROWS) -> str:
    """Return SPARQL for the numbers that meet some conditions, best first, as many as ``rows``.

    What every fact has stands in one pattern right behind the search, what it may lack behind that: the engine joins a
    pattern behind an OPTIONAL, and one whose variables have VALUES, with all facts that fit it, not with those found.
    """
    lines = [
        *_search(understanding.question),
        *_companies(conditions.companies),
        "  ?fact a ?kind ; o:company ?company ; o:metric ?metric ; o:asWritten ?written ;",
        "        qudt:hasUnit ?unit ; o:scope ?scope ; o:form ?form .",
        *(_REPORT_YEAR if conditions.years or conditions.set_in else ()),
        "  FILTER(?kind IN (o:Observation, o:Target))",
    ]
    if conditions.metrics:
        lines.append(f"  FILTER(?metric IN ({_listed(conditions.metrics)}))")
    if conditions.units:
        lines += ["  ?unit skos:notation ?code .", f"  FILTER(?code IN ({_texts(conditions.units)}))"]
    if conditions.words:
        lines += ["  ?fact o:unitText ?counted .", f"  FILTER(STR(?counted) IN ({_texts(conditions.words)}))"]
    lines += ["  OPTIONAL { ?fact o:period|o:duePeriod ?period }", *_years(conditions)]
    lines += _neighbourhood(understanding.question)
    lines.append(f"  BIND(\n    {_fit(understanding, vocabulary)}\n  AS ?fit)")
    return _query("?fact ?company ?metric ?written ?unit ?period", lines, rows)


def _texts(values: Iterable[str]) -> str:
    return ", ".join(text(value).n3 for value in sorted(values))


def _years(conditions: Conditions) -> list[str]:
    """Keep figures of the years, and undated ones of a report about such a year or published right after it."""
    lines = []
    if conditions.set_in:
        lines.append(f"  FILTER(?reportYear IN ({_years_of(conditions.set_in)}))")
    if conditions.years:
        periods = ", ".join(f"p:{year}" for year in conditions.years)
        reports = _years_of({*conditions.years, *(year + 1 for year in conditions.years)})
        lines.append(f"  FILTER(IF(BOUND(?period), ?period IN ({periods}), ?reportYear IN ({reports})))")
    return lines


def _years_of(years: Iterable[int]) -> str:
    return ", ".join(f'"{year}"^^xsd:gYear' for year in sorted(years))


def named_query(understanding: Understanding, vocabulary: Vocabulary, narrowed: bool = True) -> str:
    """Return SPARQL for the risks, measures, technologies or things that a question asks for, best first."""
    classes = ", ".join(_CLASSES[kind] for kind in sorted(understanding.kinds) if kind in _CLASSES)
    lines = [
        *_search(understanding.question),
        *_companies(company.iri for company in understanding.companies),
        "  ?fact a ?kind ; o:company ?company ; rdfs:label ?name ; prov:wasDerivedFrom/o:reportYear ?year .",
        f"  FILTER(?kind IN ({classes}))",
        *_mentions(understanding),
        *(_narrowed(understanding, vocabulary) if narrowed else ()),
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


def _narrowed(understanding: Understanding, vocabulary: Vocabulary) -> list[str]:
    """Ask for risks of the levels, the times and the categories that a question names."""
    lines = []
    for property, concepts in (
        ("o:level", understanding.levels),
        ("o:horizon", understanding.horizons),
        ("o:riskCategory|o:opportunityCategory", understanding.categories),
    ):
        named = {concept.iri for concept in concepts}
        if named:
            every = vocabulary.concepts.values()
            below = {c.iri for c in every if any(up.iri in named for up in vocabulary.ancestors(c.iri))}
            variable = f"?{re.search('o:([a-z]+)', property).group(1)}"  # type: ignore[union-attr]
            values = " ".join(_short(iri, "c") for iri in sorted(named | below))
            lines += [f"  VALUES {variable} {{ {values} }}", f"  ?fact {property} {variable} ."]
    return lines


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


def _companies(companies: Iterable[str]) -> list[str]:
    named = " ".join(_short(iri, "org_") for iri in sorted(companies))
    return [f"  VALUES ?company {{ {named} }}"] if named else []


def _fit(understanding: Understanding, vocabulary: Vocabulary) -> str:
    """Return the SPARQL expression for what an exact match of the graph adds."""
    parts = ["COALESCE(?near, 0)"]
    named = {metric.iri for metric in understanding.asked or understanding.metrics}
    if named:
        exact, below = _listed(named), _listed(narrower(named, vocabulary) - named)
        other = f"IF(?metric IN ({below}), {NARROWER}, 0)" if below else "0"
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


def _listed(iris: Iterable[str]) -> str:
    return ", ".join(_short(iri, "m") for iri in sorted(iris))


def _short(iri: str, prefix: str) -> str:
    """Return an IRI as a prefixed name, or in full where the prefix does not fit."""
    local = iri.removeprefix(PREFIXES[prefix])
    return f"{prefix}:{local}" if re.fullmatch(r"[\w-]+", local) else IRI(iri).n3


def _query(variables: str, lines: list[str], rows: int = ROWS) -> str:
    body = "\n".join(lines)
    used = set(_PREFIXED.findall(body))
    prologue = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if name in used)
    ending = f"ORDER BY DESC(?score + ?fit) ?fact\nLIMIT {rows}"
    return f"{prologue}\nSELECT DISTINCT {variables} (?score + ?fit AS ?rank) WHERE {{\n{body}\n}}\n{ending}"
