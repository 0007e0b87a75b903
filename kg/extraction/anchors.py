"""Where a fact stands: the IRI that hashes its place in the text."""

import unicodedata

from kg import ids
from kg.model import Report, Span


def fact_iri_at(report: Report, kind: str, span: Span) -> str:
    """Return the IRI of a fact that a stretch of a report carries.

    It hashes the words and how often they stood before, so that it survives edits elsewhere in the text and a better
    reading of this place; ``kind`` keeps a technology apart from an initiative of the same words.
    """
    words = span.of(report.text)
    before = report.text.count(words, 0, span.start)
    return ids.fact_iri(report.id, kind, unicodedata.normalize("NFC", words), before)
