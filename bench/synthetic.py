"""A collection of any size: invented reports, composed from the labels of the ontology and sentence frames.

python -m bench.synthetic FOLDER [--reports 1000] [--seed 1] [--bytes 15000]

FOLDER gets a text for each report and `catalogue.ttl` with the reports and their companies: what DATA/reports has, and
what `--seeds FOLDER` takes. A company has eleven reports, 2015 to 2025, in one of the three scripts,
and what it measures goes on from year to year. The same seed gives the same bytes, and a report is the same in
collections of any size. Frames, names and magnitudes are in synthetic.toml.
"""

import argparse
import random
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.composing import FIRST_YEAR, LARGE, Composer, Firm, Made, Measure, Script
from kg import ids
from kg.catalogue import NAME
from kg.settings import resource
from kg.vocabulary import Concept, Vocabulary

FRAMES = Path(__file__).with_suffix(".toml")
YEARS = 11
SIZE = 15_000  # bytes of a report in UTF-8
LANGUAGES = ("zh-Hans", "zh-Hant", "zh-Hans", "en", "zh-Hant", "zh-Hans", "en")  # of a company, by its number
HEAD = f"""@prefix o: <{ids.ONTOLOGY}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def main() -> None:
    """Write a collection and say how long it took."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=SIZE, help="of each report, about")
    given = parser.parse_args()
    start, size = time.perf_counter(), 0
    given.folder.mkdir(parents=True, exist_ok=True)
    with (given.folder / NAME).open("w", encoding="utf-8") as catalogue:
        catalogue.write(HEAD)
        for made in collection(given.reports, given.seed, given.bytes):
            catalogue.write(write(made, given.folder))
            size += len(made.text.encode())
    seconds = time.perf_counter() - start
    sys.stdout.write(f"{given.reports} reports, {size / 1e6:.1f} MB, {seconds:.1f} seconds\n")


def collection(count: int, seed: int = 1, size: int = SIZE) -> Iterator[Made]:
    """Yield reports by company and year, each of about ``size`` bytes."""
    vocabulary, frames = Vocabulary.load(resource("ontology")), tomllib.loads(FRAMES.read_text("utf-8"))
    scripts = {language: _script(language, vocabulary, frames) for language in set(LANGUAGES)}
    for n in range(count):
        if n % YEARS == 0:
            firm = _firm(n // YEARS, frames, seed)
        year = FIRST_YEAR + n % YEARS
        yield Composer(scripts[firm.language], firm, year, seed).report(size)


def write(made: Made, folder: Path) -> str:
    """Write the text of a report into a folder, and return what the catalogue says of it."""
    data = made.text.encode()
    (folder / f"{made.id}.txt").write_bytes(data)
    return block(made, sha256(data).hexdigest())


def block(made: Made, digest: str) -> str:
    """Return what the catalogue says of a report, and before a firm's first report what it says of the firm."""
    firm = made.firm
    names = " , ".join(f'"{name}"@{language}' for language, name in firm.names.items())
    shorts = " , ".join(f'"{name}"@{language}' for language, name in firm.shorts.items())
    company = f"\n<{firm.iri}> a o:Company ; skos:prefLabel {names} ; skos:altLabel {shorts} .\n"
    return (company if made.year == FIRST_YEAR else "") + (
        f'\n<{ids.document_iri(made.id)}> a o:Document ; dcterms:identifier "{made.id}" ;\n'
        f'  dcterms:title "{made.title}"@{firm.language} ; dcterms:publisher <{firm.iri}> ;\n'
        f'  o:reportYear "{made.year}"^^xsd:gYear ; dcterms:language "{firm.language}" ; o:sha256 "{digest}" .\n'
    )


def _firm(number: int, frames: Mapping[str, Any], seed: int) -> Firm:
    syllables, chance = frames["syllables"], random.Random(f"{seed} {number}")
    first, second = divmod(number * 97 % len(syllables) ** 2, len(syllables))  # 97 has no factor with it in common
    trade, suffix = number // len(syllables) ** 2, chance.randrange(7)
    names, shorts = {}, {}
    for i, language in enumerate(("zh-Hans", "zh-Hant", "en")):
        of, gap = frames[language], frames[language]["space"]
        stem = (syllables[first][i] + syllables[second][i]).capitalize()
        trades = of["trades"]
        shorts[language] = stem + gap + trades[(number + trade) % len(trades)].title()
        if trade >= len(trades):  # more companies than names: they are numbered
            shorts[language] += f"{gap}{trade}"
        names[language] = shorts[language] + gap + of["suffixes"][suffix]
    return Firm(number, LANGUAGES[number % len(LANGUAGES)], names, shorts)


def _script(language: str, vocabulary: Vocabulary, frames: Mapping[str, Any]) -> Script:
    of = frames[language]
    measures = {m.key: m for m in _measures(language, vocabulary, frames["amounts"])}
    threats = {vocabulary.concept(f"{ids.BASE}code/{name}"): lines for name, lines in of["threats"].items()}
    of_kind = {
        kind: {c.label(language): lines for c, lines in threats.items() if c.is_a(kind)}
        for kind in ("RiskCategory", "OpportunityCategory")
    }
    used = {name for amount in frames["amounts"].values() for name in amount[language[:2]]}
    units = {name: vocabulary.concept(f"{ids.BASE}unit/{name}") for name in sorted(used)}
    names = {key: vocabulary.concept(f"{ids.BASE}code/{key}") for _, key in LARGE[language[:2]]}
    return Script(
        language=language,
        frames=of,
        measures=measures,
        core=[key for key in frames["core"]["metrics"] if key in measures],
        places=_named(vocabulary, "Place", language),
        technologies=_named(vocabulary, "Technology", language),
        levels=_named(vocabulary, "RiskLevel", language),
        horizons=_named(vocabulary, "Horizon", language),
        risks=of_kind["RiskCategory"],
        opportunities=of_kind["OpportunityCategory"],
        units={name: (_unit(unit, language), float(unit.value("factor") or 1)) for name, unit in units.items()},
        multipliers={key: concept.label(language) for key, concept in names.items()},
    )


def _named(vocabulary: Vocabulary, kind: str, language: str) -> list[str]:
    return [concept.label(language) for concept in vocabulary.of_type(kind)]


def _unit(unit: Concept, language: str) -> str:
    """Return how a unit is written: by its sign, and in English by its short form, where it has one."""
    others = [label.text for label in unit.labels if label.role == "alt"]
    short = [text for text in others if text == "%"] or (language == "en") * others
    english = {label.text for label in unit.labels if label.language == "en"}
    return next((text for text in short if text in english), unit.label(language))


def _measures(language: str, vocabulary: Vocabulary, amounts: Mapping[str, Any]) -> Iterator[Measure]:
    for metric in vocabulary.of_type("Metric"):
        canonical = str(metric.value("canonicalUnit")).rsplit("/", 1)[-1]
        if metric.is_a("CatchAllMetric") or canonical not in amounts:
            continue
        others = [label.text for label in metric.labels if (label.role, label.language) == ("alt", language)]
        labels = [metric.label(language)] * 3 + others[:3]  # the usual name stands in half of the sentences
        yield Measure(
            metric.iri.rsplit("/", 1)[-1],
            labels,
            amounts[canonical],
            metric.value("people") == "true",
            metric.value("flow") == "true",
        )


if __name__ == "__main__":
    main()
