"""The parallel texts, with licence and weight, and the reading of their files."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ReadingError


@dataclass(frozen=True, slots=True)
class Source:
    """One parallel text: ``parallel-{name}.tsv.gz`` with lines of English, Chinese and origin.

    ``repeats`` is how often an epoch sees each pair on average; ``group`` names the sources whose pairs make hard
    negatives for each other; ``ordered`` says that neighbouring lines come from one document; ``glossary`` that
    its Chinese sides are words.
    """

    name: str
    licence: str
    group: str
    repeats: float = 1.0
    ordered: bool = True
    glossary: bool = False


SOURCES = (
    Source("own-esg-glossary", "CC0-1.0 (own work)", "general", 20, ordered=False, glossary=True),
    Source("sdg-translations", "MIT", "general", 10),
    Source("green-software-learn", "CC-BY-4.0", "general", 10),
    Source("electricitymaps", "MIT", "general", 10),
    Source("qudt", "CC-BY-4.0", "general", 10, ordered=False, glossary=True),
    Source("taiwan-laws", "CC0-1.0 (statutes, not protected)", "laws", 1),
    Source("tico19", "CC0-1.0", "general", 4),
    Source("msdocs-d365po-zh-hk", "CC-BY-4.0", "software", 1),
    Source("msdocs-d365po-zh-cn", "CC-BY-4.0", "software", 1),
    Source("mozilla-www-l10n", "MPL-2.0", "general", 2),
    Source("tatoeba", "CC-BY-2.0-FR", "general", 3, ordered=False),
    Source("kubernetes-website", "CC-BY-4.0", "software", 1),
    Source("python-docs-zh-tw", "CC0-1.0 and PSF-2.0", "software", 1),
    Source("python-docs-zh-cn", "CC0-1.0 and PSF-2.0", "software", 0.5),
    Source("cc-cedict", "CC-BY-SA-4.0", "dictionary", 0.5, ordered=False, glossary=True),
    Source("msdocs-cpp-zh-cn", "CC-BY-4.0", "software", 0.25),
    Source("msdocs-biztalk-zh-cn", "CC-BY-4.0", "software", 0.15),
    Source("xquad", "CC-BY-SA-4.0", "general", 5),
    Source("ud-pud", "CC-BY-SA-3.0", "general", 10),
    Source("unicode-cldr", "Unicode-3.0", "names", 2, ordered=False, glossary=True),
    Source("iso-codes", "LGPL-2.1-or-later", "names", 2, ordered=False, glossary=True),
    Source("geonames-places", "CC-BY-4.0", "names", 1, ordered=False),
    Source("wikidata-person-names", "MIT (names from Wikidata, CC0-1.0)", "names", 2, ordered=False),
    Source("tantu-ontology", "CC-BY-4.0 (own work)", "general", 1, ordered=False, glossary=True),
    Source("open-wordnet", "CC-BY-SA-3.0 and WordNet", "dictionary", 1, ordered=False),
)

OWN = Path(__file__).with_name("corpus")


def read_pairs(corpus: Path, source: Source) -> Iterator[tuple[str, str]]:
    """Yield the pairs (English, Chinese) of a source in the order of its file.

    What the folder lacks is taken from ``search/training/corpus``, the small texts that travel with the code.

    :raises ReadingError: if neither holds the file.
    """
    path = corpus / f"parallel-{source.name}.tsv.gz"
    path = path if path.is_file() else OWN / path.name
    if not path.is_file():
        raise ReadingError(f"No parallel text {path.name} in {corpus}; give the folder that holds it with --corpus")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            english, chinese, *_ = line.rstrip("\n").split("\t")
            yield english, chinese
