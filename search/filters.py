"""Filters as people and programs name them: a company, a report, a technology, a category of risk.

A concept is named by any of its labels in any script, by its IRI, or by the last part of that; concepts that stand
below it in the ontology count as it.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property

from kg import ids
from kg.errors import UnknownFilter
from kg.model import FACT_KINDS, Report
from kg.reading.folding import compact
from kg.vocabulary import Vocabulary
from search.entries import PASSAGE, Where

KINDS = (PASSAGE, *(kind.kind for kind in FACT_KINDS))
CLASSES = {"technology": ("Technology",), "risk": ("RiskCategory", "OpportunityCategory")}
NEAREST, LIKENESS = 3, 0.3  # names that an error offers, and how like they must be for difflib


class Filters:
    """Turns what somebody wants to filter by into IRIs."""

    def __init__(self, vocabulary: Vocabulary, reports: Mapping[str, Report]) -> None:
        """Take the ontology and the reports that there are."""
        self._vocabulary, self._reports = vocabulary, reports

    def where(
        self,
        kinds: Iterable[str] | None = (PASSAGE,),
        *,
        company: str | None = None,
        year: int | None = None,
        report: str | None = None,
        technology: str | None = None,
        risk: str | None = None,
    ) -> Where:
        """Return which entries may be found.

        :raises UnknownFilter: if there is no such company, report or concept; with the nearest names.
        """
        return Where(
            kinds=None if kinds is None else frozenset(map(self.kind, kinds)),
            companies=None if company is None else frozenset({self.company(company)}),
            years=None if year is None else frozenset({year}),
            reports=None if report is None else frozenset({self.report(report)}),
            technologies=None if technology is None else self.concepts("technology", technology),
            risks=None if risk is None else self.concepts("risk", risk),
        )

    def kind(self, name: str) -> str:
        """Return the name of a kind of entry.

        :raises UnknownFilter: if there is none of that name.
        """
        return name if name in KINDS else _unknown("kind", name, KINDS)

    def company(self, name: str) -> str:
        """Return the IRI of a reporting company.

        :raises UnknownFilter: with the nearest names.
        """
        return _named("company", name, self._companies)

    def report(self, id: str) -> str:
        """Return the id of a report, from it or from the report's IRI.

        :raises UnknownFilter: with the nearest ids.
        """
        short = id.strip().removeprefix(ids.document_iri(""))
        return short if short in self._reports else _unknown("report", short, self._reports)

    def concepts(self, kind: str, name: str) -> frozenset[str]:
        """Return the IRIs of a ``technology`` or a category of ``risk`` and of all below it.

        :raises UnknownFilter: with the nearest names.
        """
        found, queue = set[str](), [_named(kind, name, self._concepts[kind])]
        while queue:
            iri = queue.pop()
            if iri not in found:
                found.add(iri)
                queue.extend(self._below.get(iri, ()))
        return frozenset(found)

    def with_broader(self, iris: Iterable[str]) -> frozenset[str]:
        """Return concepts and all above them: everything that finds at least what one of them finds."""
        known = [iri for iri in iris if iri in self._vocabulary]
        return frozenset(known) | {above.iri for iri in known for above in self._vocabulary.ancestors(iri)}

    @cached_property
    def _companies(self) -> Mapping[str, str]:
        iris = sorted({report.company for report in self._reports.values()})
        return _names(self._vocabulary, iris)

    @cached_property
    def _concepts(self) -> Mapping[str, Mapping[str, str]]:
        return {
            kind: _names(self._vocabulary, [concept.iri for concept in self._vocabulary.of_type(*classes)])
            for kind, classes in CLASSES.items()
        }

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        below: dict[str, list[str]] = {}
        for classes in CLASSES.values():
            for concept in self._vocabulary.of_type(*classes):
                for above in concept.broader:
                    below.setdefault(above, []).append(concept.iri)
        return below


def _names(vocabulary: Vocabulary, iris: Iterable[str]) -> Mapping[str, str]:
    """Return IRIs by their last parts and folded labels; a preferred label wins over another concept's other one."""
    labels = [
        ((label.role != "pref", label.role == "hidden"), compact(label.text).text, iri)
        for iri in iris
        if iri in vocabulary
        for label in vocabulary.concept(iri).labels
    ]
    found = {_last(iri): iri for iri in iris}
    for _, text, iri in sorted(labels):
        found.setdefault(text, iri)
    return found


def _named(kind: str, name: str, known: Mapping[str, str]) -> str:
    """Return the IRI that a name stands for."""
    asked = name.strip()
    if asked in known.values():
        return asked
    found = known.get(asked) or known.get(compact(asked).text)
    return found or _unknown(kind, name, known)


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    folded = compact(_last(name)).text
    raise UnknownFilter(kind, name, get_close_matches(folded, known, NEAREST, LIKENESS) or sorted(known)[:NEAREST])


def _last(iri: str) -> str:
    """Return what follows the last slash of one of our IRIs, and anything else as it is."""
    return iri.rpartition("/")[2] if iri.startswith(("http://", "https://")) else iri
