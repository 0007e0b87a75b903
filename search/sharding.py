"""Writing the shards of a generation: those that it shares with the one before are links, the others are assembled."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from kg.holdings import SHARDS, write_reports
from kg.listings import link, seal
from kg.progress import Step
from kg.shapes import Rejection
from search.assembling import Put, assemble
from search.encoder import Encoder
from search.lexicon import Lexicon, counted, write_counted
from search.makers import Tools
from search.milvus.generations import Elsewhere
from search.parts import Part, Wanted
from search.shards import LEXICON, folders_of, split

FORMAT = 1  # of a shard; a change of what its files hold counts it up
ABOUT = "about.json"  # of a shard: what the manifest and people are told of its reports


@dataclass(frozen=True, slots=True)
class Group:
    """The reports of a shard, in the order of their ids; its ``key`` is a hash of all that it depends on.

    ``exact_up_to`` is as for :class:`search.vectors.Vectors`; ``there`` says that the current generation has the shard.
    """

    key: str
    wanted: Sequence[Wanted]
    exact_up_to: int | None
    there: bool


def grouped(wanted: Sequence[Wanted], before: Path | None, elsewhere: str = "") -> list[Group]:
    """Part reports into shards; ``elsewhere`` says where their vectors are, if they are not in them.

    Where there are several shards each has codes, however few its vectors are: all of them are searched.
    """
    parted = list(split(wanted, lambda each: each.id))
    exact_up_to = None if len(parted) == 1 else 0
    groups = []
    for each in parted:
        keys = [FORMAT, exact_up_to, *([elsewhere] if elsewhere else []), *(one.key for one in each)]
        key = sha256(orjson.dumps(keys)).hexdigest()[:32]
        groups.append(Group(key, each, exact_up_to, before is not None and (before / SHARDS / key / ABOUT).is_file()))
    return groups


def write_shards(
    aside: Path,
    home: Path,
    groups: Sequence[Group],
    before: Path | None,
    means: Tools,
    cores: int,
    step: Step,
    elsewhere: Elsewhere | None = None,
) -> list[Mapping[str, Any]]:
    """Write the shards of a generation into the folder where it is built, as many at once as there are ``cores``.

    Returns what is told of each.

    :raises StoreError: if there are no entries at all.
    """
    missing = [group for group in groups if not group.there]
    step("index", 0, len(missing))
    for group in groups:
        if group.there and before:
            link(before / SHARDS / group.key, aside / SHARDS / group.key)
    dimension, put = means.encoder.dimension, elsewhere.put if elsewhere else None
    with ThreadPoolExecutor(cores) as pool:  # most of the time passes in NumPy and FAISS, which let other threads work
        made = [pool.submit(write_shard, aside / SHARDS / group.key, home, group, dimension, put) for group in missing]
        try:
            for done, each in enumerate(as_completed(made), 1):
                each.result()
                step("index", done, len(missing))
        finally:
            pool.shutdown(cancel_futures=True)
    if elsewhere:
        elsewhere.seal([aside / SHARDS / group.key for group in missing])
    return [orjson.loads((aside / SHARDS / group.key / ABOUT).read_bytes()) for group in groups]


def write_shard(folder: Path, home: Path, group: Group, dimension: int, put: Put | None = None) -> None:
    """Assemble one shard from the parts in ``home``."""
    parts = [Part(home / wanted.key) for wanted in group.wanted]
    entries = assemble(folder, parts, dimension, group.exact_up_to, put)
    write_reports(folder, (wanted.listed.read() for wanted in group.wanted))
    about = {
        "entries": entries,
        "facts": sum(part.about["facts"] for part in parts),
        "rejections": [found for part in parts for found in part.about["rejections"]],
    }
    (folder / ABOUT).write_bytes(orjson.dumps(about))
    seal(folder)


def write_lexicon(aside: Path, before: Path | None, encoder: Encoder) -> None:
    """Write the words of all shards with their vectors, counted from what an earlier generation has counted."""
    new, old = ({path.name: path for path in folders_of(folder)} if folder else {} for folder in (aside, before))
    coming, going = ([one[name] for name in sorted(one.keys() - other)] for one, other in ((new, old), (old, new)))
    counts = counted(coming, before and before / LEXICON, going)
    Lexicon.build(counts, encoder).save(aside / LEXICON)
    write_counted(aside / LEXICON, counts)


def totals(abouts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many facts and entries all shards have."""
    return {name: sum(about[name] for about in abouts) for name in ("facts", "entries")}


def rejected(abouts: Sequence[Mapping[str, Any]]) -> Iterator[Rejection]:
    """Yield what the shapes turned down."""
    return (Rejection(*found) for about in abouts for found in about["rejections"])
