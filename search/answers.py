"""Answers and hits as the JSON of ``GET /api/ask`` and ``GET /api/search``."""

from typing import Any

from kg.model import NumberFact
from search.answering.answer import Answer, Citation
from search.answering.understanding import Understanding
from search.explanation import Matched, Why
from search.index import Hit
from search.library import Library


def hit_json(hit: Hit, library: Library) -> dict[str, Any]:
    """Return a hit: its place and text, a fact's being its quote, its score from 0 to 1, and why it was found."""
    entry = hit.entry
    return {
        "report": entry.report,
        "start": entry.start,
        "end": entry.end,
        "text": library.reports[entry.report].text[entry.start : entry.end],
        "score": round(hit.score, 4),
        "why": why_json(hit.why),
        "highlights": [{"start": span.start, "end": span.end} for span in hit.highlights],
        "iri": entry.iri,
        "company": entry.company,
        "language": entry.language,
    }


def why_json(why: Why) -> dict[str, Any]:
    """Return why something was found; offsets are those of the report."""
    nearest = why.nearest
    return {
        "words": [_word(match) for match in why.matched],
        "concepts": [
            {"iri": name.iri, "label": name.label, "text": name.text, "start": name.start, "end": name.end}
            for name in why.named
        ],
        "meaning": nearest and {"similarity": round(nearest.similarity, 4), "start": nearest.start, "end": nearest.end},
        "similarity": round(why.similarity, 4),
    }


def _word(match: Matched) -> dict[str, Any]:
    return {
        "text": match.text,
        "start": match.start,
        "end": match.end,
        "via": match.via,
        "how": match.how,
        "likeness": round(match.likeness, 4),
    }


def as_json(answer: Answer, library: Library) -> dict[str, Any]:
    """Return an answer as the JSON of DESIGN.md, with the passages and a confidence."""
    language = answer.understanding.language
    numbers = [fact for fact in answer.facts if isinstance(fact, NumberFact)]
    shows_values = answer.answered and answer.understanding.shape in ("number", "comparison")
    return {
        "answered": answer.answered,
        "text": answer.text,
        "values": [_value(fact, language, library) for fact in numbers] if shows_values else [],
        "items": list(answer.items) if answer.answered else [],
        "facts": [library.fact_line(fact) for fact in answer.facts],
        "citations": [_citation(citation, library) for citation in answer.citations],
        "sparql": answer.sparql,
        "understanding": {**_understanding(answer.understanding), "readback": answer.readback},
        "passages": [hit_json(hit, library) for hit in answer.passages],
        "confidence": round(answer.confidence, 3),
        "relaxed": list(answer.relaxed),
        "suggestions": list(answer.suggestions),
    }


def _value(fact: NumberFact, language: str, library: Library) -> dict[str, Any]:
    line = library.fact_line(fact)
    return {
        "value": line["value"],
        "unit": line["unit"],
        "year": fact.year,
        "company": library.vocabulary.concept(fact.company).label(language),
        "fact": fact.iri,
        "written": fact.as_written,
        "label": library.sentence(fact, language),
        "scope": fact.scope,
        "report": fact.report,
        "start": fact.quote.start,
        "end": fact.quote.end,
        "quote": fact.quote.of(library.reports[fact.report].text),
    }


def _citation(citation: Citation, library: Library) -> dict[str, Any]:
    """Return a citation, with the page of the original where it has pages."""
    span, page = citation.span, library.reports[citation.report].page_of(citation.span.start)
    found = {"report": citation.report, "start": span.start, "end": span.end, "quote": citation.quote}
    return found if page is None else {**found, "page": page}


def _understanding(understanding: Understanding) -> dict[str, Any]:
    language = understanding.language
    named = {
        "companies": understanding.companies,
        "metrics": understanding.metrics,
        "technologies": understanding.technologies,
        "places": understanding.places,
        "categories": understanding.categories,
    }
    concepts = {
        name: [{"iri": concept.iri, "label": concept.label(language)} for concept in found]
        for name, found in named.items()
    }
    return {
        "language": language,
        "shape": understanding.shape,
        "kinds": sorted(understanding.kinds),
        "units": sorted(understanding.units),
        "years": list(understanding.years),
        **concepts,
        "asked": [{"iri": concept.iri, "label": concept.label(language)} for concept in understanding.asked],
    }
