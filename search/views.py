"""What of an entry is indexed: its words, and the texts that get a vector each."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from kg.reading.folding import compact
from kg.reading.passages import sentences
from kg.vocabulary import Vocabulary
from search.entries import PASSAGE, Entry
from search.retrieval import named
from search.tokens import Word, counted

# A heading's words say what a passage is about, but they stand over its neighbours too.
HEADING = 0.5
# Words of the facts that were found in a passage, said in both languages: they are ours and not the report's, and they
# repeat its numbers. From 0.2 to 0.4 the questions of bench/ rank alike; 0.1 loses 0.01 of mrr@10 on those that nobody
# looked at, and 0.03 of hit@5 for zh-Hant. The vectors of facts are not given to the passage: a fact is an entry of its
# own, and with them hit@1 for English falls from 0.80 to 0.70.
FACT = 0.3
# Sentences are joined to windows of at least this many characters: one vector for a whole passage blurs its
# numbers. 60 and 90 rank alike, 90 makes a third fewer vectors.
WINDOW = 90
LONG = 160  # characters of a sentence that gets a vector for each of its clauses or cells

_CLAUSE = re.compile(r"(?=\S).+?(?:[\uff0c\u3001,](?!\d)|(?=[\t|\n])|$)", re.DOTALL)

Told = Mapping[str, Sequence[str]]  # a passage's IRI -> the facts that it holds, as texts


def told(entries: Sequence[Entry]) -> Told:
    """Return what the facts among the entries say, by the passage that holds the middle of their quote."""
    facts: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.kind != PASSAGE:
            facts[entry.report].append(entry)
    return {
        passage.iri: [f.text for f in facts[passage.report] if passage.start <= (f.start + f.end) // 2 < passage.end]
        for passage in entries
        if passage.kind == PASSAGE
    }


def words(entry: Entry, facts: Sequence[str]) -> Mapping[Word, float]:
    """Return an entry's words with their weights; ``facts`` are the facts that a passage holds."""
    found: dict[Word, float] = dict(counted(entry.body or entry.text))
    for text, weight in ((entry.headings, HEADING), *((fact, FACT) for fact in facts)):
        for word, number in counted(text).items():
            found[word] = found.get(word, 0.0) + weight * number
    return found


def bag(entry: Entry, found: Mapping[Word, float], vocabulary: Vocabulary) -> Mapping[str, float]:
    """Return what the keyword index holds of an entry: its words, and the IRIs of the concepts that it names."""
    held: dict[str, float] = dict.fromkeys((concept.iri for concept in named(entry.text, vocabulary)), 1.0)
    for (word, _), weight in found.items():
        held[word] = held.get(word, 0.0) + weight
    return held


def views(entry: Entry) -> list[str]:
    r"""Return the texts that stand for an entry in the space of meanings: the whole, and its lines or windows.

    A fact has a line for each language. A passage of one window needs no vector for it; else the windows come in order.

    >>> entry = Entry("i", "passage", "Energy\nWe used 5 GWh. We saved 1 GWh.", "r", 0, 30, "c", 2023, "en")
    >>> views(entry)
    ['energy we used 5 gwh. we saved 1 gwh.']
    """
    whole = compact(" ".join(entry.text.split("\n"))).text
    if entry.kind != PASSAGE:
        return list(dict.fromkeys([whole, *(compact(line).text for line in entry.text.split("\n") if line.strip())]))
    found = windows(entry.body)
    return [whole, *(compact(entry.body[start:end]).text for start, end in found if len(found) > 1)]


@lru_cache(maxsize=4096)  # of the passages that are found again and again, 0.25 ms of a search
def windows(body: str) -> tuple[tuple[int, int], ...]:
    """Return where the windows of a passage start and end: its sentences, short ones joined, long ones cut at clauses.

    So that each statement has a vector of its own, wherever it stands.

    >>> windows("Power fell. " * 10)
    ((0, 95), (96, 119))
    """
    found, start, stop = [], None, 0
    for begin, stop in _clauses(body):
        start = begin if start is None else start
        if stop - start >= WINDOW:
            found.append((start, stop))
            start = None
    return tuple(found if start is None else [*found, (start, stop)])


def _clauses(body: str) -> Iterator[tuple[int, int]]:
    """Yield sentences; one that is longer than two windows, such as a table row, in cells or clauses."""
    for start, end in sentences(body):
        if end - start <= LONG:
            yield start, end
        else:
            yield from ((match.start(), match.end()) for match in _CLAUSE.finditer(body, start, end))
