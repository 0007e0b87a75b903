"""The annotated reports of this folder: the seeds with ``gold/``, and those of ``invented/`` with theirs."""

from collections.abc import Iterator
from pathlib import Path

from kg.annotations import Annotated, annotated
from kg.model import Report
from kg.settings import resource
from kg.vocabulary import Vocabulary

HERE = Path(__file__).resolve().parent
GOLD = (HERE / "gold", HERE / "invented" / "gold")


def every() -> Iterator[Annotated]:
    """Yield each report with what was annotated in it."""
    return annotated(GOLD, resource("seeds"), Vocabulary.load(resource("ontology")))


def reports(vocabulary: Vocabulary) -> Iterator[tuple[Report, Vocabulary]]:
    """Yield each report with the vocabulary that it is read with."""
    return ((one.report, one.vocabulary) for one in annotated(GOLD, resource("seeds"), vocabulary))
