"""What a question counts or measures: the metrics and the words that stand beside its "how many"."""

import re
from collections.abc import Iterable, Sequence

from kg.reading.folding import Folded
from kg.vocabulary import Concept, Match, Vocabulary
from search.answering.asked import unit_of
from search.answering.cues import Cues
from search.answering.patterns import pattern
from search.tokens import tokens

COUNTED = 4  # characters between "how many" and what is counted
MEASURED = 8  # characters before a final "is how much" that name what is measured
HEAD = 3  # words after "how many", in English
_WHAT = re.compile(r"(?:to |at |by )?what(?: [\w-]+){1,3}(?= (?:does|did|do|has|have|had|will|was|is|are|were)\b)")
_HEAD = re.compile(
    r"what (?:is|was|were|are|will be) (?:the |its |their )?(.*?)(?= (?:of|in|for|at|by|from|on|to|that|which)\b|\?|$)"
)
AFTER = 8  # characters of a word such as "target" after a metric
_WHAT_IS = re.compile(r"^What (?:is|was|are|were|will be) (?:the|its|their)\b", re.IGNORECASE)


def counted_metrics(folded: Folded, matches: Iterable[Match], cues: Cues, vocabulary: Vocabulary) -> list[Concept]:
    """Return the metrics that stand right beside "how many": what is counted, whatever else is named."""
    between = re.compile(rf"(?:{pattern(vocabulary, 'number').pattern}| )*")
    reach = COUNTED + len(cues.counter)
    found = [
        match for match in matches if any(c.is_a("Metric") and not c.is_a("CatchAllMetric") for c in match.concepts)
    ]
    after = [
        match
        for match in found
        if any(0 <= match.start - end <= reach and "," not in folded.text[end : match.start] for _, end in cues.numbers)
    ]
    before = [
        match
        for match in found
        if any(match.end <= start and between.fullmatch(folded.text, match.end, start) for start, _ in cues.numbers)
    ]
    beside = [concept for match in after or before for concept in match.concepts if concept.is_a("Metric")]
    return [metric for metric in beside if unit_of(metric, vocabulary) == "count"]


def head_words(question: str, folded: Folded, cues: Cues, latin: bool, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words for what is counted or measured: right after "how many", before a final "is how much"."""
    words = tokens(question)
    if latin:
        starts = [folded.span(end - 1, end).end for _, end in cues.numbers]
        starts += [match.end() for match in _WHAT_IS.finditer(question)]
        return frozenset(token.word for start in starts for token in [t for t in words if t.start >= start][:HEAD])
    found = set[str]()
    for start, end in cues.numbers:
        rest = folded.text[end:].strip(" ?.,\u3002")
        if rest:
            near = folded.span(end, min(end + COUNTED, len(folded.text)))
        else:
            of = [match.end() for match in pattern(vocabulary, "owner").finditer(folded.text, 0, max(0, start - 2))]
            near = folded.span(max(0, start - MEASURED, *of), max(1, start))
        found |= {token.word for token in words if near.start <= token.start and token.end <= near.end}
    empty = re.compile("|".join(pattern(vocabulary, role).pattern for role in ("particle", "number")))
    return frozenset(word for word in found if not empty.search(word))


def is_of_metric(text: str, matches: Sequence[Match]) -> bool:
    """Say whether a question begins with "what" and a metric: "What reading accuracy does", "What is the PUE of"."""
    head = _HEAD.match(text)
    if head and any(
        head.start(1) <= match.start and head.end(1) - AFTER <= match.end <= head.end(1)
        for match in matches
        if any(concept.is_a("Metric") for concept in match.concepts)
    ):
        return True
    what = _WHAT.match(text)
    return what is not None and any(
        match.end == what.end() and any(concept.is_a("Metric") for concept in match.concepts) for match in matches
    )


def is_measured(text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a question ends in a quantity, a rate, a sum or a ratio: then it asks for one."""
    return bool(re.search(rf"(?:{pattern(vocabulary, 'measured').pattern})[?.\u3002]?$", text))
