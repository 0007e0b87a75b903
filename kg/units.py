"""Units: from the words after (or before) a number to a unit of the ontology, its code and its factor."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from kg import ids
from kg.lexicon import Lexicon
from kg.vocabulary import Concept, Vocabulary

_BLANK = re.compile(r"[ \n]")
_SLASH = re.compile(r" ?/ ?")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")
_PREPOSITION = "of|in|for|and|to|by|from|at|with|the|or|as|on|per|was|were|is|are|than|between|versus|plus|besides"
_SMALL_WORDS = re.compile(rf"(?:(?:(?!(?:{_PREPOSITION})\b)[a-z][a-z0-9/-]*|\dg(?:(?: and |/)\dg)*)[ \n]){{1,3}}")
_PLURAL = re.compile(rf"(?:(?!(?:{_PREPOSITION})\b)[a-z][a-z-]+[ \n])?([a-z]{{3,}}[a-rt-z]s)(?![a-z])")
_THOUSANDS = re.compile(r"\d,\d{3}$")
_LARGE = 12  # folded characters before a noun in which a multiplier or a thousands comma stands
_PER_HOUR = re.compile(r"[*\u00b7]h(?![a-z])")
_REMAINDER = 3  # folded characters after a unit that may be more words of it ("per million yuan of revenue")
UNIT = f"{ids.BASE}unit/"
_QK = "http://qudt.org/vocab/quantitykind/"
_MONEY, _VOLUME, _ENERGY = f"{_QK}Currency", f"{_QK}Volume", f"{_QK}Energy"
CODE = f"{ids.BASE}code/"


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as read: numbers times ``factor`` are numbers in ``unit``, the base unit of their code.

    ``written`` is the unit in the text; ``annual`` says that the text adds "a year" to it.
    """

    start: int
    end: int
    unit: Concept
    factor: Decimal
    written: Concept
    annual: bool = False

    @property
    def code(self) -> str:
        """The code of the unit in the exchange format."""
        return self.unit.notation or "other"

    @property
    def counts(self) -> bool:
        """Say whether the unit is a word that counts things."""
        return self.written.is_a("Classifier")

    @property
    def is_times(self) -> bool:
        """Say whether the unit is a multiple ("three times")."""
        return self.written.iri == f"{UNIT}times"


class Units:
    """All units of the ontology, ready to be found in folded text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Gather the labels of units, classifiers and multipliers."""
        concepts = [*vocabulary.of_type("Unit", "Classifier")]
        prefixed = {c.iri for c in concepts if c.value("position") == "before"}
        self._vocabulary = vocabulary
        self._after = Lexicon(c for c in concepts if c.iri not in prefixed)
        self._before = Lexicon(c for c in concepts if c.iri in prefixed or _MONEY in kinds(c))
        self._multipliers = Lexicon(vocabulary.of_type("Multiplier"))
        self._each = Lexicon([vocabulary.concept(f"{CODE}cue-each")])
        self._composites = {
            (c.value("numeratorUnit"), c.value("denominatorUnit")): c for c in vocabulary.of_type("CompositeUnit")
        }
        self._things = vocabulary.concept(f"{UNIT}pieces")
        self.ratio = self.simple(vocabulary.concept(f"{UNIT}ratio"), 0, 0)

    def at(self, text: str, position: int) -> Measure | None:
        """Read the unit that starts at a position, composite ones too.

        A blank may stand before it, and words between a number and what an English text counts.
        """
        start = position + (_BLANK.match(text, position) is not None)
        word = self._after.at(text, start)
        if word is None:
            return self._counted(text, start) if start > position else None
        return self._below_the_line(text, self.simple(word.concept, start, word.end))

    def before(self, text: str, position: int) -> Measure | None:
        """Read the sign of a currency, or another unit that stands before its number."""
        end = position - (text[position - 1 : position] == " ")
        word = self._before.before(text, end)
        return self.simple(word.concept, word.start, position) if word else None

    def read(self, text: str) -> Measure | None:
        """Read a text that is nothing but a unit, as in a table's column of units ("10,000 tonnes")."""
        text = text.strip(" *")
        amount, end = self._amount(text, 0)
        measure = self.at(text, end)
        if measure is None or len(text) - measure.end > _REMAINDER or measure.written.iri == f"{UNIT}year":
            return None  # "2023" with the word for "year" is a date
        return replace(measure, factor=measure.factor * amount)

    def simple(self, concept: Concept, start: int, end: int) -> Measure:
        """Return the reading of a unit that is not composed with another."""
        base = concept.value("base")
        unit = self._vocabulary.concept(base) if base else concept
        return Measure(start, end, unit, Decimal(concept.value("factor") or 1), concept)

    def as_emissions(self, measure: Measure) -> Measure:
        """Return a reading in tonnes as tonnes of CO2 equivalent, where what is weighed is a greenhouse gas."""
        other = measure.unit.value("emissionUnit")
        unit = self._vocabulary.concept(other) if other else measure.unit
        return Measure(measure.start, measure.end, unit, measure.factor, measure.written, measure.annual)

    def as_volume(self, measure: Measure, metric: Concept) -> Measure | None:
        """Return a reading as a volume, where its word is said of volumes too and the metric is measured in them."""
        other = measure.written.value("volumeUnit")
        known = kinds(metric)
        if other is None or _VOLUME not in known or _ENERGY in known:
            return None
        return replace(measure, unit=self._vocabulary.concept(other))

    def per(self, measure: Measure, text: str, start: int, end: int) -> Measure | None:
        """Return a reading divided by the unit in ``text[start:end]`` ("per TB ... 115 kg"), or None."""
        divided = self._denominator(text[:end], start)
        if divided is None or divided[0].counts:
            return None
        return self._divide(measure, divided[0], divided[1], measure.end)

    def each(self, text: str, start: int, end: int) -> int | None:
        """Return where a word such as "per" ends in a stretch of text."""
        for position in range(start, end):
            word = self._each.at(text, position)
            if word:
                return word.end
        return None

    def _counted(self, text: str, position: int) -> Measure | None:
        """Read "120 key suppliers": up to three small words between the number and what it counts."""
        words = _SMALL_WORDS.match(text, position)
        if words is None:
            return self._many(text, position)
        for end in [m.end() for m in _BLANK.finditer(text, position, words.end())]:
            word = self._after.at(text, end)
            if word and word.concept.is_a("Classifier"):
                return self.simple(word.concept, end, word.end)
        return self._many(text, position)

    def _many(self, text: str, position: int) -> Measure | None:
        """Read a noun in the plural that no label knows after a large number: "3.2 million calls"."""
        noun = _PLURAL.match(text, position)
        before = text[max(0, position - _LARGE) : position].rstrip()
        large = _THOUSANDS.search(before) or self._multipliers.before(before, len(before))
        return self.simple(self._things, noun.start(1), noun.end(1)) if noun and large else None

    def _below_the_line(self, text: str, above: Measure) -> Measure:
        """Read what stands below the line of a composite unit, if anything does."""
        slash = _SLASH.match(text, above.end)
        position = slash.end() if slash else above.end + (text[above.end : above.end + 1] == " ")
        each = self._each.at(text, position)
        if not (slash or each):
            return above
        below = self._denominator(text, each.end if each else position)
        if below is None:
            return above
        hour = _PER_HOUR.match(text, below[0].end)
        end = hour.end() if hour else below[0].end
        if below[0].written.iri == f"{UNIT}year":
            return Measure(above.start, end, above.unit, above.factor, above.written, annual=True)
        return above if above.counts or (not slash and below[0].counts) else self._divide(above, *below, end)

    def _denominator(self, text: str, position: int) -> tuple[Measure, Decimal] | None:
        """Read an amount and a unit: "ten thousand yuan", "RMB million", "TB", "set"."""
        position += text[position : position + 1] == " "
        sign = self._before.at(text, position)
        if sign:
            amount, end = self._amount(text, sign.end)
            if end > sign.end:
                return self.simple(sign.concept, position, end), amount
        amount, end = self._amount(text, position)
        word = self._after.at(text, end)
        return (self.simple(word.concept, end, word.end), amount) if word else None

    def _amount(self, text: str, position: int) -> tuple[Decimal, int]:
        """Read the numbers and multipliers at a position, if any; return their product and where they end."""
        amount = Decimal(1)
        while True:
            start = position + (text[position : position + 1] == " ")
            number, multiplier, unit = (
                _AMOUNT.match(text, start),
                self._multipliers.at(text, start),
                self._after.at(text, start),
            )
            if number:
                amount, position = amount * Decimal(number.group().replace(",", "")), number.end()
            elif multiplier and (unit is None or unit.end < multiplier.end):
                amount, position = amount * _factor(multiplier.concept), multiplier.end
            else:
                return amount, start if unit else position

    def _divide(self, above: Measure, below: Measure, amount: Decimal, end: int) -> Measure:
        """Compose two units; one that the ontology does not name is kept as written under the code ``other``."""
        for numerator in (above, self.as_emissions(above)):
            exact = self._composites.get((numerator.written.iri, below.written.iri))
            if exact and amount == 1:
                return Measure(above.start, end, exact, Decimal(1), exact)
            composite = self._composite(numerator.unit, below.unit)
            if composite:
                top = self._vocabulary.concept(composite.value("numeratorUnit") or "")
                scale = Decimal(composite.value("denominatorAmount") or 1)
                factor = numerator.factor / _factor(top) * scale / (below.factor * amount)
                return Measure(above.start, end, composite, factor, composite)
        unnamed = self._vocabulary.concept(f"{UNIT}composite")
        return Measure(above.start, end, unnamed, Decimal(1), unnamed)

    def _composite(self, above: Concept, below: Concept) -> Concept | None:
        for (top, bottom), composite in self._composites.items():
            if bottom == below.iri and top and self._base(top) == above.iri:
                return composite
        return None

    def _base(self, iri: str) -> str:
        return self._vocabulary.concept(iri).value("base") or iri


def kinds(concept: Concept) -> frozenset[str]:
    """Return the quantity kinds of a unit or a metric."""
    return frozenset(concept.values("http://qudt.org/schema/qudt/hasQuantityKind"))


def is_money(measure: Measure) -> bool:
    """Say whether a unit is a currency."""
    return _MONEY in kinds(measure.unit)


def _factor(concept: Concept) -> Decimal:
    return Decimal(concept.value("factor") or 1)


@lru_cache(maxsize=4)
def units(vocabulary: Vocabulary) -> Units:
    """Return the units of a vocabulary, gathered once."""
    return Units(vocabulary)
