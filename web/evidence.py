"""From an answer to its page: figures, evidence cards, passages, and chips of what was understood."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg import ids
from kg.model import Fact, NumberFact, Report, Span
from kg.reading.folding import compact
from search.answering.answer import Answer
from search.answering.understanding import language_of
from search.index import Hit
from web import addresses, numbers
from web.citations import bibtex, gbt7714
from web.marks import Mark, cut, neighbourhood, plain, quoted, remnants, told
from web.names import Names
from web.parts import Card, FactRow, Figure, Item, PassageCard, Phrase, Source
from web.reader import flow, joints, sections_above
from web.words import Words

PLACES = 3  # that an answer made of passages rests on; those that follow are near
NAME, BESIDE = 16, 24  # characters of a quote that is but a name, and of its line that are shown on each side of it


@dataclass(frozen=True, slots=True)
class Evidence:
    """Turns facts and hits into what the templates show, for one language of the interface."""

    reports: Mapping[str, Report]
    names: Names
    words: Words

    def source(self, report: Report, start: int, end: int, iri: str) -> Source:
        """Return where a piece of a report stands, with a citation to copy."""
        title = self.names.pick(report.title) or Phrase(report.id, "en")
        company = self.names.of(report.company).text
        quote = plain(report.text, start, end)
        named = title.text if str(report.year) in title.text else f"{title.text} ({report.year})"
        number = report.page_of(start)
        page = self.words("cite.page", page=number) if number else ""
        characters = self.words("cite.place", start=str(start), end=str(end))
        where = ", ".join(part for part in (page, characters) if part)
        return Source(
            title=title,
            sections=tuple(Phrase(name, report.language) for name in sections_above(report, start)[-2:]),
            language=report.language,
            href=addresses.reader(report.id, start, end),
            citation=f"{company}, {named}, {where}: \u201c{quote}\u201d. {iri}",
            iri=iri,
            page=page,
            styles=(("GB/T 7714", gbt7714(report, company, number)), ("BibTeX", bibtex(report, company, number))),
        )

    def cards(self, answer: Answer) -> tuple[Card, ...]:
        """Return a card for each fact, then for each cited place that neither a fact nor a passage below shows."""
        cited = [(place.report, place.span) for place in answer.citations]
        cards = [self.card(i, fact, (fact.report, fact.quote) in cited) for i, fact in enumerate(answer.facts, 1)]
        shown = {(fact.report, fact.quote) for fact in answer.facts}
        shown |= {(hit.entry.report, Span(hit.entry.start, hit.entry.end)) for hit in answer.passages}
        for report, span in cited:
            if (report, span) not in shown:
                cards.append(self.citation(len(cards) + 1, self.reports[report], span.start, span.end))
        return tuple(cards)

    def answering(self, answer: Answer) -> tuple[tuple[PassageCard, ...], tuple[PassageCard, ...]]:
        """Return the passages that the answer rests on, in its order, and the others that a search found."""
        places = [(place.report, place.span) for place in answer.citations[:PLACES]] if answer.answered else []
        by_place = {(hit.entry.report, Span(hit.entry.start, hit.entry.end)): hit for hit in answer.passages}
        cited = [by_place.pop(place) for place in places if place in by_place]
        own = [self.passage(i, hit, answer.text) for i, hit in enumerate(cited, 1)]
        others = [self.passage(i, hit) for i, hit in enumerate(by_place.values(), len(own) + 1)]
        return tuple(own), tuple(others)

    def items(self, answer: Answer, cards: Sequence[Card]) -> Iterator[Item]:
        """Yield the names that answer a question for a list, each with the first fact that bears it."""
        bearers = {str(getattr(fact, "name", "")): i for i, fact in reversed(list(enumerate(answer.facts)))}
        for name in answer.items if answer.answered else ():
            place = bearers.get(name)
            if place is None:
                yield Item(Phrase(name))
            else:
                report = self.reports[answer.facts[place].report]
                yield Item(Phrase(name, report.language), cards[place].number, str(report.year))

    def card(self, number: int, fact: Fact, cited: bool = False) -> Card:
        """Return the evidence for a fact."""
        report = self.reports[fact.report]
        own = [Mark(span.start, span.end, "value") for role, span in fact.spans if role == "value"]
        own += joints(report, fact.quote.start, fact.quote.end)
        return Card(
            number=number,
            kind=fact.kind,
            reading=self.names.fact(fact, report.language),
            pieces=quoted(report.text, fact.quote.start, fact.quote.end, own),
            source=self.source(report, fact.quote.start, fact.quote.end, fact.iri),
            fact=addresses.local(fact.iri),
            rdf=addresses.rdf(fact.iri),
            figure=self.figure(number, fact) if isinstance(fact, NumberFact) else None,
            cited=cited,
        )

    def citation(self, number: int, report: Report, start: int, end: int) -> Card:
        """Return the evidence for a statement that no fact stands for."""
        iri = ids.span_iri(report.id, start, end)
        pieces, source = quoted(report.text, start, end), self.source(report, start, end, iri)
        return Card(number, "quote", Phrase(""), pieces, source, None, None, cited=True)

    def figure(self, card: int, fact: NumberFact) -> Figure:
        """Return a number with whose it is, when, and how it was counted."""
        report, vocabulary = self.reports[fact.report], self.names.vocabulary
        number, unit = numbers.parted(fact.as_written, fact.unit_text)
        return Figure(
            sign=numbers.ARROWS.get(fact.direction or "", "") + numbers.SIGNS.get(fact.comparator, ""),
            written=number,
            unit=Phrase(numbers.joined("", unit), report.language),
            normalised=numbers.normalised(fact, vocabulary, self.words.language),
            metric=self.names.fact(fact, report.language),
            company=self.names.of(fact.company),
            year=str(fact.year or ""),
            details=tuple(self._details(fact, report)),
            card=card,
            href=addresses.reader(report.id, fact.quote.start, fact.quote.end),
        )

    def row(self, fact: Fact) -> FactRow:
        """Return a fact as a line of a list."""
        report = self.reports[fact.report]
        return FactRow(
            value=Phrase(numbers.brief(fact) if isinstance(fact, NumberFact) else "", report.language),
            name=self.names.fact(fact, report.language),
            about=(self.names.of(fact.company), self._word(f"kind.{fact.kind}"), *self._part(fact, report)),
            year=str(getattr(fact, "year", None) or report.year),
            href=addresses.local(fact.iri) or "",
            report=report.id,
            quote=Phrase(self._quote(report, fact.quote), report.language),
            place=addresses.reader(report.id, fact.quote.start, fact.quote.end),
        )

    def _quote(self, report: Report, quote: Span) -> str:
        """Return the words of a quote; those of a name alone with what stands beside it."""
        if quote.end - quote.start > NAME:
            return plain(report.text, quote.start, quote.end)
        start, end = neighbourhood(report.text, quote.start, quote.end, BESIDE)
        before, after = start > 0 and report.text[start - 1] != "\n", report.text[end : end + 1] not in ("", "\n")
        return "\u2026" * before + plain(report.text, start, end) + "\u2026" * after

    def _part(self, fact: Fact, report: Report) -> Iterator[Phrase]:
        """Yield what a number is about, where that is not the whole company."""
        if isinstance(fact, NumberFact) and fact.scope != "company":
            yield Phrase(fact.subject, report.language)

    def _details(self, fact: NumberFact, report: Report) -> Iterator[Phrase]:
        """Yield what else bounds a number: target, direction, scope and whose part, baseline."""
        language = self.words.language
        if fact.kind == "target":
            yield Phrase(self.words("kind.target"), language)
        if fact.direction:
            yield Phrase(self.words(f"direction.{fact.direction}"), language)
        if fact.form == "cumulative":
            yield Phrase(self.words("form.cumulative"), language)
        if fact.scope != "company":
            yield Phrase(self.words(f"scope.{fact.scope}"), language)
        yield from self._part(fact, report)
        if fact.joint:
            partners = ", ".join(self.names.of(iri).text for iri in fact.joint)
            yield Phrase(self.words("figure.joint", partners=partners), language)
        if fact.baseline:
            yield Phrase(self.words("figure.baseline", baseline=fact.baseline), language)

    def passage(self, number: int, hit: Hit, said: str = "") -> PassageCard:
        """Return a passage with the words that led to it marked, and the sentences of it that an answer says."""
        entry = hit.entry
        report = self.reports[entry.report]
        marks = [Mark(span.start, span.end, "match") for span in hit.highlights]
        nearest = hit.why.nearest
        if nearest and nearest.similarity > 0:
            marks.append(Mark(nearest.start, nearest.end, "nearest"))
        marks += told(report.text, entry.start, entry.end, said)
        marks += remnants(report.text, entry.start, entry.end)
        marks += flow(report, entry.start, entry.end)
        iri = ids.passage_iri(report.id, entry.start, entry.end)
        return PassageCard(
            number=number,
            pieces=cut(report.text, entry.start, entry.end, marks),
            source=self.source(report, entry.start, entry.end, iri),
            words=tuple(self._words(hit, report.language)),
            concepts=tuple(self.names.of(iri) for iri in hit.why.concepts),
            meaning=f"{nearest.similarity:.2f}" if nearest and nearest.similarity > 0 else "",
        )

    def _words(self, hit: Hit, language: str) -> Iterator[tuple[Phrase, Phrase | None]]:
        """Yield the words that matched, each once, with the question's word where it is not the same one."""
        seen = set()
        for match in hit.why.matched:
            written = " ".join(match.text.split())
            if (compact(written).text, match.via) not in seen:
                seen.add((compact(written).text, match.via))
                other = match.how != "same"
                via = Phrase(match.via, language_of(match.via)) if other else None
                yield Phrase(written, language), via

    def _word(self, key: str) -> Phrase:
        return Phrase(self.words(key), self.words.language)
