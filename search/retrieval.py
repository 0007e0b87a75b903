"""From a question to what the index is asked for: words with weights and synonyms, concepts, companies, years."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kg.reading.folding import compact
from kg.vocabulary import Concept, Matcher, Vocabulary
from search.encoder import Encoder
from search.keywords import Group, Keywords
from search.lexicon import Lexicon, Near
from search.segmenter import chance_pairs, regional_pairs
from search.tokens import Word, has_han, is_han, tokens

# Weights of a question's words; see docs/search.md for what was measured.
SINGLE = 0.5  # one Han character: on DRCD 0 finds 98.9 % of the passages among five, 0.3 to 1 find 99.3 %
# A concept beside its own words: 0 and 1 lose 0.03 of mrr@10 for English questions, 0.25 and 0.5 are alike.
CONCEPT = 0.3
# A concept that stands right below it, as a part of its weight: from 0.5 to 1 mrr@10 for English is 0.912, without it
# 0.905; Chinese questions rank alike.
NARROWER = 0.5
REGIONAL = 0.9  # a word as Taiwan says it in a mainland report, or the other way round
MOST = 64  # words of a question that get synonyms, so that a question of a page is no slower than one of a paragraph
SUBJECTS = (
    "Company", "Metric", "Technology", "Theme", "Place", "RiskCategory", "OpportunityCategory", "EmissionScope",
)  # fmt: skip
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Request:
    """What the index is asked for.

    ``vector`` is the question's meaning, float32 [dim]; ``groups`` are its words, each with its synonyms and their
    weights; ``regional`` are the pairs of characters that stand elsewhere for one; ``narrower`` are the concepts below
    those that the question names, as far as entries name them; ``companies`` are IRIs.
    """

    question: str
    vector: NDArray[np.float32]
    groups: Sequence[Group]
    regional: Mapping[str, Set[str]]
    concepts: tuple[Concept, ...]
    narrower: tuple[Concept, ...]
    companies: frozenset[str]
    years: frozenset[int]


@dataclass(frozen=True, slots=True)
class Collection:
    """What a question is read against; ``languages`` are those of the entries."""

    vocabulary: Vocabulary
    encoder: Encoder
    lexicon: Lexicon
    keywords: Keywords
    languages: frozenset[str]


def request(question: str, collection: Collection) -> Request:
    """Read a question."""
    text = compact(question).text
    concepts = named(question, collection.vocabulary)
    words = _words(question, text, collection)
    chosen = [word for word, written in words.items() if _needs_synonyms(word, written, has_han(text), collection)]
    vectors = collection.encoder.encode([text, *(words[word] for word in chosen[:MOST])])
    synonyms = _synonyms([(word, words[word]) for word in chosen[:MOST]], vectors[1:], collection)
    regional = regional_pairs(text)
    for word, others in regional.items():
        synonyms[word] = synonyms.get(word, {}) | dict.fromkeys(sorted(others), REGIONAL)
    below = {concept.iri: _below(concept, collection) for concept in concepts}
    groups = [_group(word, synonyms.get(word, {})) for word in words]
    groups += [{iri: CONCEPT} | {one.iri: CONCEPT * NARROWER for one in under} for iri, under in below.items()]
    return Request(
        question=question,
        vector=vectors[0],
        groups=groups,
        regional=regional,
        concepts=concepts,
        narrower=tuple(dict.fromkeys(one for under in below.values() for one in under)),
        companies=frozenset(concept.iri for concept in concepts if concept.is_a("Company")),
        years=frozenset(int(year) for year in _YEAR.findall(text)),
    )


def _words(question: str, text: str, collection: Collection) -> dict[str, str]:
    """Return the words of a question as the index holds them, each as it is written.

    A pair of characters that meets by chance and stands in no entry says nothing. Counted as the rarest of words it
    would lower the share that an entry explains: on the development questions hit@5 for zh-Hans is 0.96 without, 0.92
    with such pairs. One that does stand in an entry may be a name that the segmenter does not know: it counts.
    """
    by_chance = {pair for pair in chance_pairs(text) if pair not in collection.keywords}
    return {token.word: token.folded for token in tokens(question) if token.word not in by_chance}


def named(text: str, vocabulary: Vocabulary) -> tuple[Concept, ...]:
    """Return the subjects that a text names: companies, metrics, technologies, places, kinds of risk."""
    found = _subjects(vocabulary).find_folded(compact(text), lambda match: len(match.label) > 1)
    return tuple({concept.iri: concept for match in found for concept in match.concepts}.values())


def _below(concept: Concept, collection: Collection) -> tuple[Concept, ...]:
    """Return the concepts right below one that entries name."""
    return tuple(one for one in _children(collection.vocabulary).get(concept.iri, ()) if one.iri in collection.keywords)


@lru_cache(maxsize=4)
def _children(vocabulary: Vocabulary) -> Mapping[str, Sequence[Concept]]:
    """Return the concepts right below each."""
    found: dict[str, list[Concept]] = defaultdict(list)
    for concept in vocabulary.concepts.values():
        for above in concept.broader:
            found[above].append(concept)
    return found


@lru_cache(maxsize=4)
def _subjects(vocabulary: Vocabulary) -> Matcher:
    """Return what finds the names of subjects; hidden labels are cues for extraction and too wide for a search."""
    return vocabulary.matcher(*SUBJECTS, roles=("pref", "alt"))


def _group(word: str, synonyms: Mapping[str, float]) -> Group:
    weight = SINGLE if len(word) == 1 and is_han(word) else 1.0
    return {word: weight} | {other: weight * nearness for other, nearness in synonyms.items()}


def _needs_synonyms(word: str, written: str, chinese: bool, collection: Collection) -> bool:
    """Say whether to look for synonyms of a word: where no entry holds it, or where entries speak the other language.

    An English word in a Chinese question (PUE, CDP) that entries hold stands for itself.
    """
    if word not in collection.keywords:
        return len(word) == 2 if is_han(word) else written.isalpha() and len(written) > 1
    if is_han(word):
        return len(word) == 2 and "en" in collection.languages
    return not chinese and written.isalpha() and len(written) > 1


def _synonyms(words: Sequence[Word], vectors: NDArray[np.float32], collection: Collection) -> dict[str, Near]:
    """Return the words that mean the same: of the other language, and of the same where no entry holds a word."""
    found: dict[str, Near] = {word: {} for word, _ in words}
    for han in (True, False):
        rows = [i for i, (word, _) in enumerate(words) if is_han(word) is not han or word not in collection.keywords]
        wanted = [words[i] for i in rows]
        for (word, _), near in zip(wanted, collection.lexicon.near(wanted, vectors[rows], han), strict=True):
            found[word] |= near
    return found
