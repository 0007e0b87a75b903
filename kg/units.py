"""Units: from the words after (or before) a number to a unit of the ontology, its code and its factor."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from kg import ids
from kg.grammar.composites import Composites
from kg.lexicon import Lexicon, Word
from kg.vocabulary import Concept, Vocabulary, gathered

_NOUN = re.compile(r" ?[a-z]{3,}")
_BLANK = re.compile(r"[ \n]")
_SLASH = re.compile(r" ?/ ?")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")
_PREPOSITION = "of|in|for|and|to|by|from|at|with|the|or|as|on|per|was|were|is|are|than|between|versus|plus|besides"
_SMALL_WORDS = re.compile(rf"(?:(?:(?!(?:{_PREPOSITION})\b)[a-z][a-z0-9/-]*|\dg(?:(?: and |/)\dg)*)[ \n]){{1,3}}")
_PLURAL = re.compile(rf"(?:(?!(?:{_PREPOSITION})\b)[a-z][a-z-]+[ \n])?([a-z]{{2,}}[a-rt-z]s)(?![a-z])")
_THOUSANDS = re.compile(r"\d(?:,\d{3}|[kmb]n?)$")
_LARGE = 12  # folded characters before a noun in which a multiplier or a thousands comma stands
_PER_HOUR = re.compile(r"[*\u00b7]h(?![a-z])")
_THOUSAND = re.compile(r"[\"']000s?(?!\d)")
UNIT = f"{ids.BASE}unit/"
_QK = "http://qudt.org/vocab/quantitykind/"
_MONEY, _VOLUME, _ENERGY = f"{_QK}Currency", f"{_QK}Volume", f"{_QK}Energy"
_POWER, _TIME = f"{_QK}Power", f"{_QK}Time"
_CLASSIFIER = f"{ids.ONTOLOGY}Classifier"
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
        return _CLASSIFIER in self.written.types

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
        self._bases: dict[str, tuple[Concept, Decimal]] = {}
        self._after = Lexicon(c for c in concepts if c.iri not in prefixed)
        self._before = Lexicon(c for c in concepts if c.iri in prefixed or _MONEY in kinds(c))
        self._multipliers = Lexicon(vocabulary.of_type("Multiplier"))
        self._each = Lexicon([vocabulary.concept(f"{CODE}cue-each")])
        self._composites = Composites(vocabulary, f"{UNIT}people", f"{UNIT}count")
        self._unnamed = vocabulary.concept(f"{UNIT}composite")
        self._things = vocabulary.concept(f"{UNIT}pieces")
        self.ratio = self.simple(vocabulary.concept(f"{UNIT}ratio"), 0, 0)

    def at(self, text: str, position: int) -> Measure | None:
        """Read the unit that starts at a position, composite ones too.

        A blank may stand before it, and words between a number and what an English text counts.
        """
        start = position + (_BLANK.match(text, position) is not None)
        word = self._after.at(text, start) or self._hyphened(text, position)
        if word is None:
            return self._counted(text, start) if start > position else None
        return self._below_the_line(text, self.simple(word.concept, word.start, word.end))

    def before(self, text: str, position: int) -> Measure | None:
        """Read the sign of a currency, or another unit that stands before its number."""
        end = position - (text[position - 1 : position] == " ")
        word = self._before.before(text, end)
        return self.simple(word.concept, word.start, position) if word else None

    def named(self, text: str, position: int) -> Concept | None:
        """Return the unit whose label stands at a position, a blank before it left out."""
        word = self._after.at(text, position + (_BLANK.match(text, position) is not None))
        return word.concept if word else None

    def counts(self, text: str, position: int) -> bool:
        """Say whether a noun in the plural follows a position."""
        return text[position : position + 1] == " " and _PLURAL.match(text, position + 1) is not None

    def currency(self, text: str, position: int) -> Measure | None:
        """Read a currency, or another unit that stands before its number, at a position."""
        word = self._before.at(text, position)
        return self.simple(word.concept, position, word.end) if word else None

    def simple(self, concept: Concept, start: int, end: int) -> Measure:
        """Return the reading of a unit that is not composed with another."""
        known = self._bases.get(concept.iri)
        if known is None:
            base = concept.value("base")
            unit = self._vocabulary.concept(base) if base else concept
            known = self._bases[concept.iri] = unit, Decimal(concept.value("factor") or 1)
        return Measure(start, end, *known, concept)

    def things(self, position: int, amount: Decimal) -> Measure:
        """Return the unit of things that are counted by some amount ("thousands")."""
        return replace(self.simple(self._things, position, position), factor=amount)

    def as_emissions(self, measure: Measure) -> Measure:
        """Return a reading in tonnes as tonnes of CO2 equivalent, where what is weighed is a greenhouse gas."""
        other = measure.unit.value("emissionUnit")
        unit = self._vocabulary.concept(other) if other else measure.unit
        return Measure(measure.start, measure.end, unit, measure.factor, measure.written, measure.annual)

    def in_capitals(self, measure: Measure, written: str) -> Measure:
        """Return a unit as its letters are written: "MT" is a metric ton, "Mt" a megatonne."""
        other = measure.written.value("capitals")
        if other is None or not written[:2].isupper():
            return measure
        return self.simple(self._vocabulary.concept(other), measure.start, measure.end)

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

    def over(self, measure: Measure, text: str, start: int) -> Measure | None:
        """Return a simple unit divided by the one at a place of a text, people and things too; None by a year."""
        if measure.written.is_a("CompositeUnit") or measure.code == "percent":
            return None
        divided = self._denominator(text, start)
        if divided is None and _NOUN.match(text, start):
            return Measure(measure.start, measure.end, self._unnamed, Decimal(1), self._unnamed)  # "per subscriber"
        if divided is None or divided[0].written.iri == f"{UNIT}year":
            return None
        return self._divide(measure, *divided, measure.end)

    def each(self, text: str, start: int, end: int) -> int | None:
        """Return where a word such as "per" ends in a stretch of text."""
        word = next(self._each.within(text, start, end), None)
        return word.end if word else None

    def _hyphened(self, text: str, position: int) -> Word | None:
        """Read the unit of "a 42-acre site"."""
        word = self._after.at(text, position + 1) if text[position : position + 1] == "-" else None
        plain = word is not None and text[word.start].isascii() and _MONEY not in kinds(word.concept)
        return word if word and plain and not word.concept.is_a("Classifier") else None

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
        if not (slash or each) or (slash and self._is_pair(text, position, above)):
            return above
        if slash and text[position : position + 1].isdigit() and self._denominator(text, position) is None:
            return Measure(above.start, above.end, self._unnamed, Decimal(1), self._unnamed)  # "9.9 kWh/12-inch wafer"
        below = self._denominator(text, each.end if each else position)
        if below is None:
            return above
        hour = _PER_HOUR.match(text, below[0].end)
        end = hour.end() if hour else below[0].end
        if below[0].written.iri == f"{UNIT}year":
            return Measure(above.start, end, above.unit, above.factor, above.written, annual=True)
        if _TIME in kinds(above.unit) and below[0].counts:
            return replace(above, end=end)
        apart = above.counts or below[0].written is above.written
        people = below[0].counts and not self._is_shared_out(above, below[0])
        return above if apart or (people and not slash) else self._divide(above, *below, end)

    def _is_pair(self, text: str, position: int, above: Measure) -> bool:
        """Say whether another quantity follows a slash ("10 MW/20 MWh"), and no round number of things below a line."""
        amount, end = self.amount(text, position)
        word = self._after.at(text, end)
        a_number = text[position : position + 1].isdigit()
        return a_number and word is not None and (not _is_round(amount) or _POWER in kinds(above.unit))

    def _is_shared_out(self, above: Measure, below: Measure) -> bool:
        """Say whether an amount is so much for each person: a unit that the ontology names."""
        return below.written.value("people") == "true" and any(
            self._composites.exact(numerator.written, below.written) for numerator in (above, self.as_emissions(above))
        )

    def _denominator(self, text: str, position: int) -> tuple[Measure, Decimal] | None:
        """Read an amount and a unit: "ten thousand yuan", "RMB million", "TB", "set"."""
        position += text[position : position + 1] == " "
        sign = self._before.at(text, position)
        if sign:
            amount, end = self.amount(text, sign.end)
            if end > sign.end:
                return self.simple(sign.concept, position, end), amount
        amount, end = self.amount(text, position)
        word = self._after.at(text, end)
        return (self.simple(word.concept, end, word.end), amount) if word else None

    def amount(self, text: str, position: int) -> tuple[Decimal, int]:
        """Read the numbers and multipliers at a position, if any; return their product and where they end."""
        amount = Decimal(1)
        while True:
            start = position + (text[position : position + 1] == " ")
            thousand, number = _THOUSAND.match(text, start), _AMOUNT.match(text, start)
            multiplier = None if thousand or number else self.multiplier(text, start)
            if thousand:
                amount, position = amount * 1000, thousand.end()
            elif number:
                amount, position = amount * Decimal(number.group().replace(",", "")), number.end()
            elif multiplier:
                amount, position = amount * _factor(multiplier.concept), multiplier.end
            else:
                return amount, start if self._after.at(text, start) else position

    def multiplier(self, text: str, position: int) -> Word | None:
        """Read a multiplier at a position, unless the label of a unit there reaches as far as the two can together."""
        word = self._multipliers.at(text, position)
        unit = self._after.at(text, position) if word else None
        if word is None or unit is None:
            return word
        behind = self._after.at(text, word.end + (text[word.end : word.end + 1] == " "))
        return None if unit.end >= (behind or word).end else word

    def _divide(self, above: Measure, below: Measure, amount: Decimal, end: int) -> Measure:
        """Compose two units; one that the ontology does not name is kept as written under the code ``other``."""
        for numerator in (above, self.as_emissions(above)):
            exact = self._composites.exact(numerator.written, below.written)
            if exact and amount == 1:
                return Measure(above.start, end, exact, Decimal(1), exact)
            composite = self._composites.named(numerator.unit, below.written, below.unit)
            if composite:
                top = self._vocabulary.concept(composite.value("numeratorUnit") or "")
                scale = Decimal(composite.value("denominatorAmount") or 1)
                factor = numerator.factor / _factor(top) * scale / (below.factor * amount)
                return Measure(above.start, end, composite, factor, composite)
        return Measure(above.start, end, self._unnamed, Decimal(1), self._unnamed)


def kinds(concept: Concept) -> frozenset[str]:
    """Return the quantity kinds of a unit or a metric."""
    return frozenset(concept.values("http://qudt.org/schema/qudt/hasQuantityKind"))


def _is_round(amount: Decimal) -> bool:
    return amount.normalize().as_tuple().digits == (1,)


def is_money(measure: Measure) -> bool:
    """Say whether a unit is a currency."""
    return _MONEY in kinds(measure.unit)


def _factor(concept: Concept) -> Decimal:
    return Decimal(concept.value("factor") or 1)


@gathered
def units(vocabulary: Vocabulary) -> Units:
    """Return the units of a vocabulary, gathered once."""
    return Units(vocabulary)
