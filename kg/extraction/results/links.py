"""Results: which initiative or technology a number is the effect of, from the structure of the text.

A technology is the cause where it is the subject ("liquid cooling cuts ... by 30%") or the means ("by using X, ...
saved"); an initiative where the number stands in its sentence, in the sentences after it in the same paragraph, or
below the title of its case. ``effects`` says which numbers are effects, ``means`` and ``causes`` of what.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.extraction.results.causes import Causes
from kg.extraction.results.effects import is_effect, numbers_of, result_cues
from kg.extraction.results.means import spoken_of, technologies_of
from kg.model import Fact, Initiative, NumberFact
from kg.reading.blocks import Document
from kg.vocabulary import Vocabulary


def linked(document: Document, facts: Iterable[Fact], vocabulary: Vocabulary) -> Iterator[Fact]:
    """Yield the facts of a document, each number with what it is the effect of."""
    cues, facts = result_cues(vocabulary), list(facts)
    numbers = list(numbers_of(document, facts))
    causes = Causes(document, [fact for fact in facts if isinstance(fact, Initiative)], cues)
    results: dict[str, tuple[str, ...]] = {}
    for i, number in enumerate(numbers):
        before = numbers[i - 1] if i and numbers[i - 1].block == number.block else None
        if is_effect(number, before, cues, causes.title_end(number)):
            results[number.fact.iri] = (*technologies_of(number, before, cues), *causes.of(number))
            if not results[number.fact.iri]:
                results[number.fact.iri] = spoken_of(number, cues)
    for fact in facts:
        found = results.get(fact.iri)
        yield replace(fact, result_of=tuple(dict.fromkeys(found))) if found and isinstance(fact, NumberFact) else fact
