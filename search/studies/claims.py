"""Checking a sentence with a number against the graph: supported, contradicted, or not in the reports.

The sentence is read by the same extraction as the reports, so whatever a report can say can be checked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from kg.extraction import facts_of
from kg.model import NumberFact, Report
from kg.newcomers import company_named, language_of
from kg.reading.folding import compact
from kg.vocabulary import Matcher, Vocabulary
from search.studies.alike import in_unit_of, rounding, single, subject_key, supports

SUPPORTED, CONTRADICTED, ABSENT, NO_NUMBER = "supported", "contradicted", "absent", "no-number"
VERDICTS = (CONTRADICTED, SUPPORTED, ABSENT, NO_NUMBER)
NEAREST = 3  # facts that are shown beside an absent claim
HINTS = (NO_NUMBER, "no-metric", "no-figure", "no-company", "differs")
_NOBODY = company_named("unnamed")
# A fact that a search finds for the sentence and that gives its very number is the one that is meant: of the 120 claims
# in bench/ such facts score from 0.25 on; facts of other numbers reach 0.59.
NEAR = 0.22
# A number whose words the ontology does not know is held against the nearest fact. Of the 120 claims the facts that
# such contradicted claims mean score 0.41 (and 0.23, which stays absent), those beside absent ones 0.27 at most.
MEANT = 0.35
EXACTLY = 0.001
AS_NEAR = 0.9  # of the best score: facts that are found as well as the best
_OTHER = frozenset({"subject", "form"})  # in which the lone figure of a company may differ from a claim


@dataclass(frozen=True, slots=True)
class Checked:
    """One number of a sentence with its verdict.

    ``claim`` is what was read, ``evidence`` the facts that support or contradict it, best first; of an absent claim
    ``nearest`` are facts on the same metric that differ in what ``differs`` names: company, year, subject or form; and
    ``hint`` names what would help, one of ``HINTS``.
    """

    claim: NumberFact
    verdict: str
    evidence: tuple[NumberFact, ...] = ()
    nearest: tuple[NumberFact, ...] = ()
    differs: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A sentence and its verdict, that of its gravest number; offsets count the characters of ``text``."""

    text: str
    language: str
    verdict: str
    numbers: tuple[Checked, ...]

    @property
    def hints(self) -> tuple[str, ...]:
        """What would help where nothing was decided, each once."""
        if self.verdict == NO_NUMBER:
            return (NO_NUMBER,)
        return tuple(dict.fromkeys(one.hint for one in self.numbers if one.hint))


def check(
    sentence: str,
    facts: Iterable[NumberFact] | Callable[[NumberFact], Iterable[NumberFact]],
    vocabulary: Vocabulary,
    near: Mapping[str, float] = MappingProxyType({}),
    year: int = 2023,
) -> Check:
    """Check a sentence in Chinese or English against facts: all, or those that a function names for each number.

    ``near`` has the scores of a search for the sentence, by fact. What the sentence says of a year after ``year``, that
    of the newest report, is a target.

    >>> from kg.settings import resource
    >>> check("Nothing to see here.", [], Vocabulary.load(resource("ontology"))).verdict
    'no-number'
    """
    named = facts if callable(facts) else lambda _, every=list(facts): every
    checker = _Checker(sentence, language_of(sentence), (), _with_nobody(vocabulary), near)
    checked = tuple(replace(checker, facts=list(named(claim))).checked(claim) for claim in checker.claims(year))
    verdict = min((one.verdict for one in checked), key=VERDICTS.index, default=NO_NUMBER)
    if verdict == SUPPORTED and any(one.verdict == ABSENT for one in checked):
        verdict = ABSENT  # a sentence is as good as its weakest number
    return Check(sentence, checker.language, verdict, checked)


@lru_cache(maxsize=2)
def _with_nobody(vocabulary: Vocabulary) -> Vocabulary:
    """Return a vocabulary that has the company of sentences without one; kept, for its matchers take half a second."""
    return vocabulary.plus(_NOBODY)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Holds a sentence against facts."""

    sentence: str
    language: str
    facts: Sequence[NumberFact]
    vocabulary: Vocabulary
    near: Mapping[str, float]

    def claims(self, year: int) -> Iterator[NumberFact]:
        """Yield the numbers of the sentence, read as the one line of a report of a year; later years are of targets."""
        named = [match.concept.iri for match in self.vocabulary.matcher("Company").find(self.sentence)]
        company = named[0] if named else _NOBODY.iri
        report = Report("claim", self.sentence, self.language, company, year, {}, "")
        earlier = {fact.quote: fact.year for fact in self._numbers(replace(report, year=year - 1))}
        for fact in self._numbers(report):
            told = fact.year == earlier.get(fact.quote, fact.year)
            yield fact if told else replace(fact, defaulted=(*fact.defaulted, "year"))

    def _numbers(self, report: Report) -> Iterator[NumberFact]:
        """Yield the numbers of a report; one whose year comes with that of its report names no year itself."""
        return (fact for fact in facts_of(report, self.vocabulary) if isinstance(fact, NumberFact))

    def checked(self, claim: NumberFact) -> Checked:
        """Return the verdict on one number."""
        about = [fact for fact in self.facts if _same_measure(claim, fact, self.vocabulary)]
        same = self._meant(claim, about)
        right = [fact for fact in same if supports(fact, claim)] or self._told_otherwise(claim, same)
        if right:
            return Checked(claim, SUPPORTED, tuple(sorted(right, key=_order)))
        wrong = same or [fact for fact in about if self.differences(claim, fact) == ["direction"]]
        wrong = wrong or self._told_nearest(claim)
        if wrong:
            return Checked(claim, CONTRADICTED, tuple(sorted(wrong, key=_order)))
        ranked = sorted(about, key=lambda fact: (len(self.differences(claim, fact)), *_order(fact)))
        differs = tuple(self.differences(claim, ranked[0])) if ranked else ()
        return Checked(claim, ABSENT, (), tuple(ranked[:NEAREST]), differs, self._hint(claim, differs))

    def _hint(self, claim: NumberFact, differs: Sequence[str]) -> str:
        """Return what would help to decide: a metric that is known, a company, or a look at what differs."""
        if not differs:
            return "no-metric" if self.vocabulary.concept(claim.metric).is_a("CatchAllMetric") else "no-figure"
        return "no-company" if claim.company == _NOBODY.iri and "company" in differs else "differs"

    def _meant(self, claim: NumberFact, about: Sequence[NumberFact]) -> list[NumberFact]:
        """Return the facts that a claim can mean; where several differ, those that the search finds nearest."""
        same = [fact for fact in about if not self.differences(claim, fact)]
        same = same or [fact for fact in about if self._sums(claim, fact)] or self._lone(claim, about)
        best = max((self.near.get(fact.iri, 0.0) for fact in same), default=0.0)
        return [fact for fact in same if self.near.get(fact.iri, 0.0) >= AS_NEAR * best]

    def _sums(self, claim: NumberFact, fact: NumberFact) -> bool:
        """Say whether only the word cumulative stands between claim and fact: people leave it out where it is clear."""
        amounts = {_form(claim), _form(fact)} == {"level", "cumulative"}
        return amounts and self.differences(claim, fact) == ["form"]

    def _lone(self, claim: NumberFact, about: Sequence[NumberFact]) -> list[NumberFact]:
        """Return the one figure of a company that differs in its subject only, where the claim gives no subject.

        Who says that a company's data centres will reach a PUE means those of which the company says it.
        """
        if "subject" not in claim.defaulted or claim.company == _NOBODY.iri:
            return []
        found = [fact for fact in about if fact.scope == "company" and {*self.differences(claim, fact)} <= _OTHER]
        return found if len({(fact.value, fact.comparator) for fact in found}) == 1 else []

    def _told_otherwise(self, claim: NumberFact, same: Sequence[NumberFact]) -> list[NumberFact]:
        """Return facts that the search finds for the sentence and that give its very number, whatever they call it.

        They stand nearer than any figure that the claim could mean by its words alone.
        """
        least = max((self.near.get(fact.iri, 0.0) for fact in same), default=0.0)
        near = [fact for fact in self._found(claim, NEAR) if self.near[fact.iri] > least]
        found = [in_unit_of(claim, fact) for fact in near if self._kindred(claim.metric, fact.metric)]
        return [fact for fact in found if _very_number(fact, claim) and supports(fact, claim)]

    def _kindred(self, one: str, other: str) -> bool:
        """Say whether two metrics can be two names of one: one holds the other, or is no metric that is known."""
        known = [self.vocabulary.concept(iri) for iri in (one, other)]
        if any(metric.is_a("CatchAllMetric") for metric in known):
            return True
        return one == other or self._above(one, other) or self._above(other, one)

    def _above(self, one: str, other: str) -> bool:
        return any(concept.iri == one for concept in self.vocabulary.ancestors(other))

    def _told_nearest(self, claim: NumberFact) -> list[NumberFact]:
        """Return the fact that a claim means whose words the ontology does not know: the one that is by far nearest."""
        if not self.vocabulary.concept(claim.metric).is_a("CatchAllMetric"):
            return []
        found = sorted(self._found(claim, MEANT, {*_OTHER, "direction"}), key=lambda fact: -self.near[fact.iri])
        return [fact for fact in found if self.near[fact.iri] >= AS_NEAR * self.near[found[0].iri]]

    def _found(self, claim: NumberFact, least: float, open_: AbstractSet[str] = _OTHER) -> list[NumberFact]:
        """Return facts that the search finds, in one unit with a claim, that differ in what may differ only."""
        near = (fact for fact in self.facts if self.near.get(fact.iri, 0.0) >= least)
        same = (fact for fact in near if in_unit_of(claim, fact).unit == claim.unit)
        return [fact for fact in same if {*self.differences(claim, fact)} <= open_]

    def differences(self, claim: NumberFact, fact: NumberFact) -> list[str]:
        """Return in what a fact is about something else than a claim; what the claim leaves open cannot differ."""
        tests: tuple[tuple[str, Callable[[], bool]], ...] = (
            ("company", lambda: not _may_be_of(claim, fact)),
            ("year", lambda: not {"year", "period"} & {*claim.defaulted} and claim.year not in (None, fact.year)),
            ("baseline", lambda: not _same_baseline(claim.baseline, fact.baseline)),
            ("direction", lambda: claim.form == fact.form == "change" and claim.direction != fact.direction),
            ("form", lambda: _form(claim) != _form(fact)),
            ("kind", lambda: claim.kind != fact.kind and claim.kind == "target"),
            ("subject", lambda: not self._same_subject(claim, fact)),
        )
        return [name for name, differs in tests if differs()]

    def _same_subject(self, claim: NumberFact, fact: NumberFact) -> bool:
        """Say whether two numbers are about one thing: both about the company, or one named within the other.

        A part is known by its places too, in any language: Tibet is where the company's branch in Tibet is.
        """
        one, other = subject_key(claim, self.vocabulary), subject_key(fact, self.vocabulary)
        if one == other or bool(one and other and (one in other or other in one)):
            return True
        places = _places(fact.subject, self.vocabulary)
        return bool(places) and places <= _places(self.sentence, self.vocabulary)


def _order(fact: NumberFact) -> tuple[float, str]:
    return -fact.confidence, fact.iri


@lru_cache(maxsize=10_000)
def _places(text: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Return the places that a text names, without those that others of them lie in: a city says its province."""
    named = {match.concept.iri for match in _matcher(vocabulary).find(text)}
    around = {above.iri for place in named for above in vocabulary.ancestors(place)}
    return frozenset(named - around)


@lru_cache(maxsize=2)
def _matcher(vocabulary: Vocabulary) -> Matcher:
    return vocabulary.matcher("Place")


def _very_number(fact: NumberFact, claim: NumberFact) -> bool:
    value = abs(single(fact.value))
    slack = max(EXACTLY * value, rounding(claim) if claim.comparator == "~" else 0.0)
    return abs(single(fact.value) - single(claim.value)) <= slack


def _same_measure(claim: NumberFact, fact: NumberFact, vocabulary: Vocabulary) -> bool:
    """Say whether two numbers measure the same, in one unit; where the ontology has no metric, by the same words."""
    if claim.unit != fact.unit or claim.metric != fact.metric:
        return False
    if vocabulary.concept(claim.metric).is_a("CatchAllMetric"):
        return compact(claim.metric_text).text == compact(fact.metric_text).text
    return True


def _same_baseline(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one in other or other in one


def _may_be_of(claim: NumberFact, fact: NumberFact) -> bool:
    """Say whether a claim can be about the company of a fact; a claim of nobody's needs a subject of its own."""
    if claim.company == _NOBODY.iri:
        return "subject" not in claim.defaulted
    return claim.company in (fact.company, *fact.joint)


def _form(fact: NumberFact) -> str:
    return "cumulative" if "cumulative" in (fact.form, fact.aggregation) else fact.form
