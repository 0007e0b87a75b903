"""Whom a question is about: the companies that have reports, others that reports may speak of, and strangers."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.reading.folding import HAN, compact
from kg.vocabulary import Concept, Vocabulary
from search.answering.drafting import Sources
from search.answering.patterns import numerals, pattern
from search.answering.understanding import NUMBER_KINDS, Understanding
from search.tokens import tokens

INDUSTRY = "industry"
# A name that is the subject: "Tesla's emissions", "did Tesla emit", and at the end of "the PUE of Tesla in 2023".
_SUBJECT = re.compile(
    r"\b([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)*)(?='s\b|\u2019s\b)|"
    r"\b(?:did|does|has|have|will|is|was|can) ([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)*)|"
    r"\b(?:of|by|at) ([A-Z][\w&.-]+(?: [A-Z][\w&.-]+)*)(?=(?: in| for| by)? ?(?:20\d\d)?[?.]?$)"
)
# Names of Chinese places and customers are written in Latin letters too, and no report in Chinese has those words.
_PINYIN = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[iu]?a(?:ng?|[io])?|[iu]?e(?:ng?|i)?|i(?:ng?|u)?|i?ong|o|uo|ou|u[in]?|er))+\Z",
    re.IGNORECASE,
)


def whose(understanding: Understanding, sources: Sources) -> Understanding:
    """Return an understanding whose companies all have reports, with the others and the strangers apart."""
    publishers = {report.company for report in sources.reports.values()}
    own = tuple(company for company in understanding.companies if company.iri in publishers)
    others = tuple(company for company in understanding.companies if company.iri not in publishers)
    meant = [sources.vocabulary.concept(iri) for iri in sorted(publishers)]
    own = tuple(dict.fromkeys([*own, *_shortened(understanding.question, meant)])) if own else own
    if understanding.industries and not own:
        own = tuple(c for c in meant if set(c.values(INDUSTRY)) & set(understanding.industries))
    named = () if own or others else tuple(strangers(understanding.question, sources.vocabulary, sources.known))
    if not _asks_of_a_company(understanding):
        named = tuple(name for name in named if name.isascii())
    return replace(understanding, companies=own, others=others, outsiders=named)


def _shortened(question: str, companies: Iterable[Concept]) -> Iterator[Concept]:
    """Yield the companies that the last word of their English name stands for: "Unicom or Mobile"."""
    for company in companies:
        first, _, last = company.label("en").partition(" ")
        if last and re.search(rf"(?<!{re.escape(first)} )\b{re.escape(last)}\b(?! [A-Z])", question):
            yield company


def _asks_of_a_company(understanding: Understanding) -> bool:
    """Say whether a question is for what companies have: a figure, a promise, a date; old batteries are nobody's."""
    asked = understanding.metrics or understanding.wants or understanding.units
    return bool(asked) or understanding.shape in ("number", "comparison") or understanding.kinds != NUMBER_KINDS


def strangers(question: str, vocabulary: Vocabulary, known: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names in a question that stand where a company does, and that nobody knows.

    >>> from kg.settings import resource
    >>> words = Vocabulary.load(resource("ontology"))
    >>> list(strangers("What were Tesla's emissions?", words, lambda word: False))
    ['Tesla']
    """
    for match in _SUBJECT.finditer(question):
        name = next(group for group in match.groups() if group)
        heard = vocabulary.everything.find(name) or any(known(token.word) for token in tokens(name))
        if not heard and not all(_PINYIN.match(word) for word in name.split()):
            yield name
    leading = _leading(question, vocabulary)
    if leading and not any(known(token.word) for token in tokens(leading) if len(token.word) > 1):
        yield leading


def _leading(question: str, vocabulary: Vocabulary) -> str:
    """Return the name at the beginning of a question, of which the ontology knows nothing."""
    folded = compact(question)
    firm, owner = (pattern(vocabulary, role).pattern for role in ("firm", "owner"))
    run = re.match(rf"([{HAN}]{{2,5}}?)(?:{firm})?(?={owner}|20\d\d)", folded.text)
    if (
        run is None
        or run.group(1)[0] in numerals(vocabulary)
        or any(len(match.label) > 1 for match in vocabulary.everything.find(run.group(1)))
    ):
        return ""
    return folded.span(*run.span(1)).of(question)
