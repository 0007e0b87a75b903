"""What no word of the ontology places, as Turtle that can be pasted into it, and as lines of JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from kg.suggestions import block, nearest
from kg.unplaced import Sighting, Unplaced
from kg.vocabulary import Vocabulary
from web.names import short


def as_turtle(found: Sequence[Unplaced], total: int, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield for each a block of Turtle under comments that say where it was seen; all of it together is Turtle."""
    yield f"# {total} words or phrases that no label covers, {len(found)} of them here, the most frequent first."
    yield "# Give a block its IRI and its name in English, or put its words into the concept that is named as nearest."
    for number, one in enumerate(found, 1):
        told = line(one, number, vocabulary)
        places = ", ".join(f"{report} {count}" for report, count in told["reports"].items())
        yield f"\n# {told['count']} x {told['words']} ({told['unit'] or 'no unit'}), lacks a {told['lacks']}: {places}"
        yield f"# {told['report']} {told['start']}-{told['end']}: {' '.join(told['quote'].split())}"
        if told["nearest"]:
            yield f"# nearest: {short(told['nearest'])}, {told['nearest_label']} ({told['likeness']})"
        yield told["turtle"]


def as_lines(found: Sequence[Unplaced], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield a JSON object for each."""
    for number, one in enumerate(found, 1):
        yield json.dumps(line(one, number, vocabulary), ensure_ascii=False)


def line(found: Unplaced, number: int, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return one as a JSON object; ``quote`` is an example with its place, ``turtle`` the block that would place it."""
    one = found.first
    near = nearest(one.words, one.lacks, vocabulary)
    return {
        "words": one.words,
        "lacks": one.lacks,
        "kept": one.kept,
        "count": len(found.sightings),
        "reports": dict(found.reports),
        **_unit(one, vocabulary),
        "report": one.report.id,
        "quote": one.quote.of(one.report.text),
        "start": one.quote.start,
        "end": one.quote.end,
        "nearest": near[0].iri if near else None,
        "nearest_label": near[0].label("en") if near else None,
        "likeness": near[1] if near else None,
        "turtle": block(found, number, vocabulary),
    }


def _unit(one: Sighting, vocabulary: Vocabulary) -> dict[str, str | None]:
    """Return the code of the unit of a number, and the kind of quantity that it measures."""
    if one.unit is None:
        return {"unit": None, "quantity_kind": None}
    unit = vocabulary.concept(one.unit)
    return {"unit": unit.notation, "quantity_kind": unit.value("http://qudt.org/schema/qudt/hasQuantityKind")}
