"""Executable examples: a text of which a concept is read, or is not.

``o:example "774.8 <words> => 7748000 tce"``: all that is read from the text is of this concept, and what stands behind
``=>``, if anything does, is the number as it has to come out: comparator, value or range, unit.
``o:counterExample``: nothing that is read from the text is of this concept.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg import ids
from kg.checks.findings import ERROR, Finding
from kg.checks.readings import READERS, Reading, example_report
from kg.checks.sources import Sources
from kg.turtle import Node
from kg.vocabulary import LANGUAGES, Concept, Vocabulary

ARROW = " => "
_REMARK = frozenset("(\uff08")
# Types whose every concept needs an example, and those that need one in each language that has a word of its own.
NEEDED = frozenset(READERS) - {"Technology"}
EACH_LANGUAGE = NEEDED - {"Metric", "Scope", "Accounting", "RiskCategory", "OpportunityCategory"}


@dataclass(frozen=True, slots=True)
class Example:
    """A text of which a concept is read; ``expected`` is the number as it has to come out, empty where any will do."""

    concept: Concept
    kind: str
    text: str
    language: str
    expected: str
    counter: bool

    def __str__(self) -> str:
        """Return a name for people and tests."""
        return f"{self.concept.iri.rsplit('/', 1)[-1]}{' not' if self.counter else ''}: {self.text}"


def kind_of(concept: Concept) -> str | None:
    """Return the type by which a concept's examples are read."""
    return next((kind for kind in READERS if concept.is_a(kind)), None)


def given(concept: Concept, name: str) -> tuple[Node, ...]:
    """Return the examples (``example``) or counter-examples (``counterExample``) of a concept."""
    return concept.properties.get(f"{ids.ONTOLOGY}{name}", ())


def examples(vocabulary: Vocabulary) -> Iterator[Example]:
    """Yield all examples and counter-examples."""
    for concept in vocabulary.concepts.values():
        kind = kind_of(concept)
        if kind:
            for name in ("example", "counterExample"):
                for node in given(concept, name):
                    yield _example(concept, kind, node, name == "counterExample")


def _example(concept: Concept, kind: str, node: Node, counter: bool) -> Example:
    text, _, expected = node.value.partition(ARROW)
    return Example(concept, kind, text, node.language or "zh-Hans", expected, counter)


def problem(example: Example, vocabulary: Vocabulary) -> str | None:
    """Return what is wrong with an example, None where it is read as it says."""
    reader, sign = READERS[example.kind]
    found = list(reader(example_report(example.text, example.language), vocabulary))
    wanted = sign(example.concept)
    if example.counter:
        return "is read all the same" if any(wanted in reading.signs for reading in found) else None
    if not found:
        return "nothing is read"
    if any(wanted not in reading.signs for reading in found):
        return f"something else is read: {_named(found, vocabulary)}"
    said = " ; ".join(reading.shown for reading in found)
    return None if example.expected in ("", said) else f"the number comes out as {said!r}"


def _named(found: list[Reading], vocabulary: Vocabulary) -> str:
    signs = sorted({sign for reading in found for sign in reading.signs})
    return ", ".join(sign.rsplit("/", 1)[-1] for sign in signs if sign in vocabulary) or ", ".join(signs)


def check(sources: Sources) -> Iterator[Finding]:
    """Yield examples that do not hold, and concepts that lack one."""
    vocabulary = sources.vocabulary
    remedy = "mend the labels, or the example if it is wrong"
    for example in examples(vocabulary):
        wrong = problem(example, vocabulary)
        if wrong:
            iri = example.concept.iri
            name = "o:counterExample" if example.counter else "o:example"
            said = f"{name} '{example.text}': {wrong}"
            yield Finding("examples", ERROR, sources.place(iri), sources.short(iri), said, remedy)
    for concept in vocabulary.concepts.values():
        wanted = list(missing(concept, vocabulary))
        if wanted:
            said = f"has no o:example in {', '.join(wanted)}" if wanted[0] else "has no o:example"
            place, name = sources.place(concept.iri), sources.short(concept.iri)
            yield Finding("examples", ERROR, place, name, said, "write a text in which it is read")


def missing(concept: Concept, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the languages in which a concept needs an example and has none; "" where any language will do."""
    kind = kind_of(concept)
    if kind not in NEEDED or concept.is_a("CatchAllMetric") or _is_group(concept, kind, vocabulary):
        return
    there = {node.language for node in given(concept, "example")}
    if kind not in EACH_LANGUAGE:
        yield from () if there else ("",)
        return
    names = {label.language: label.text for label in concept.labels if label.role == "pref"}
    if names.get("zh-Hant") == names.get("zh-Hans"):
        names.pop("zh-Hant", None)
    for tag in LANGUAGES:
        if tag in names and tag not in there and _is_word(names[tag], tag, concept, kind):
            yield tag


def _is_word(name: str, language: str, concept: Concept, kind: str) -> bool:
    """Say whether a concept's name is a word of texts.

    A name with a remark in brackets is none, nor is the only English name of a unit: where reports use it in
    English, it has a symbol or another form among its other labels.
    """
    if not _REMARK.isdisjoint(name):
        return False
    others = any(label.role == "alt" and label.language == language for label in concept.labels)
    return kind not in ("Unit", "Classifier", "QuantityWord") or language != "en" or others


def _is_group(concept: Concept, kind: str, vocabulary: Vocabulary) -> bool:
    """Say whether a category of risk only groups others, which are what a text is read as."""
    grouping = kind in ("RiskCategory", "OpportunityCategory")
    return grouping and any(concept.iri in other.broader for other in vocabulary.of_type(kind))
