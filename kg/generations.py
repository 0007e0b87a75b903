"""The data directory: built generations side by side, one of them current.

::

    DATA/current                     the name of the generation in use, one line
    DATA/generations/KEY/manifest.json   what it was built from, and a checksum of each part
    DATA/generations/KEY/graph/      the graph, a file for each report (kg/pieces.py)
    DATA/generations/KEY/store/      the same graph for SPARQL
    DATA/generations/KEY/shards/     vectors, keywords, entries and texts of the reports (search/shards.py); lexicon/
    DATA/generations/KEY/companies.json   what the collection says of companies
    DATA/parts/                      what each report adds, kept for the next build (search/parts.py)
    DATA/reports/                    the reports that the team added (kg/holdings.py)
    DATA/lock                        who changes something here (kg/writer.py)
    DATA/arriving/                   what `tantu add` has read until it is in its place
    DATA/building-PID-.../           a build under way; what a broken one left is removed by the next

A generation is built aside and renamed into place, so a broken build changes nothing that is stored. It holds all that
a reader needs of its reports, so what comes after it changes nothing for those who read it. One that is no longer
current is removed as soon as nobody reads it. What two of them share are links to the same files: each part that is a
folder has ``files.json``, which lists size and checksum of its files (kg/listings.py).
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path

from kg.catalogue import NAME
from kg.durable import replace, sync, sync_path
from kg.errors import BuildNeeded, StoreError
from kg.holdings import ORGANISATIONS, OWN
from kg.listings import broken_parts, checksum
from kg.settings import ROOT, Settings
from kg.wire import without_user
from kg.writer import Hold, remove_unread

FORMAT = 3  # of the data directory; a change of layout counts it up
CODE = ("kg", "search")  # packages whose source decides what a build gives
NAMED = re.compile(r"[0-9a-f]{16}(-\d+)?")  # a generation's folder: its key, and a number where it was built again
FEW_BYTES = 1 << 26  # of reports that are read at each start; of more the catalogue and the sizes, in 20 ms for 10,000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from (name -> checksum), and its parts (path -> checksum)."""

    inputs: Mapping[str, str]
    parts: Mapping[str, str]
    counts: Mapping[str, int]
    format: int = FORMAT

    @property
    def key(self) -> str:
        """The generation's name: a hash of its inputs."""
        return key_of(self.inputs)


def key_of(inputs: Mapping[str, str]) -> str:
    """Return the name of the generation that these inputs give."""
    return sha256(json.dumps([FORMAT, sorted(inputs.items())]).encode()).hexdigest()[:16]


def inputs(settings: Settings, arriving: Path | None = None) -> dict[str, str]:
    """Return a checksum for each thing that a build depends on: seeds, ontology, model, code, the team's reports.

    The team's catalogue stands for its reports, since it has the checksums of their texts; where something is
    ``arriving``, its folder has the catalogue as it will be. Of seeds that are large the catalogue and the sizes of the
    texts are looked at, which ``tantu check --data`` reads.

    :raises StoreError: if something cannot be read.
    """
    found = tools(settings)
    sizes = {path.name: path.stat().st_size for path in sorted(settings.seeds.glob("*")) if path.is_file()}
    if sum(sizes.values()) <= FEW_BYTES:
        found["seeds"] = checksum(settings.seeds)
    else:
        found["seeds"] = sha256(f"{checksum(settings.seeds / NAME)} {sizes}".encode()).hexdigest()
    found |= {name: without_user(value) for name in ("store", "vectors") if (value := getattr(settings, name))}
    own = settings.data / OWN
    files = [path for path in ((arriving or own) / NAME, own / ORGANISATIONS) if path.is_file()]
    if files:
        found["reports"] = sha256("".join(f"{path.name} {checksum(path)}" for path in files).encode()).hexdigest()
    return found


def tools(settings: Settings) -> dict[str, str]:
    """Return a checksum for each thing that reports are read with: ontology, model, code.

    :raises StoreError: if something cannot be read.
    """
    model = Path(settings.model)
    found = {f"code of {name}": checksum(ROOT / name, "*.py") for name in CODE}
    found["ontology"] = checksum(settings.ontology, "*.ttl")  # the queries beside it change no build
    found["model"] = checksum(model) if model.is_dir() else settings.model
    return found


class DataDirectory:
    """The folder that ``tantu build`` fills and the server reads."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.folder = folder

    def current(self, inputs: Mapping[str, str]) -> tuple[Path, Manifest]:
        """Return the current generation's folder and manifest, if it was built from these inputs.

        :raises BuildNeeded: if there is none, it is half-written, or it was built from something else.
        """
        name = self.pointer()
        if not name:
            raise BuildNeeded(f"{self.folder} holds no graph yet; run `tantu build`")
        folder = self.folder / "generations" / name
        manifest = read_manifest(folder)
        changed = sorted(name for name in {*inputs, *manifest.inputs} if inputs.get(name) != manifest.inputs.get(name))
        if changed or manifest.format != FORMAT:
            raise BuildNeeded(f"{folder} was built from another {', '.join(changed) or 'layout'}; run `tantu build`")
        broken = damaged(folder, manifest)
        if broken:
            raise BuildNeeded(f"{folder}: {', '.join(broken)} does not fit its manifest; run `tantu build`")
        return folder, manifest

    def held(self, inputs: Mapping[str, str]) -> tuple[Path, Manifest, Hold]:
        """Return what :meth:`current` does, and what keeps the generation until it is closed.

        :raises BuildNeeded: as :meth:`current` does.
        """
        while True:
            folder, manifest = self.current(inputs)
            with suppress(FileNotFoundError):  # removed just now, since another took its place
                return folder, manifest, Hold(folder)

    def pointer(self) -> str:
        """Return the name of the current generation, "" where there is none; it takes a tenth of a millisecond."""
        try:
            name = (self.folder / "current").read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return name if NAMED.fullmatch(name) else ""

    @contextmanager
    def arriving(self) -> Iterator[Path]:
        """Give an empty folder for reports that arrive, until they are in their place. Only the one writer may ask.

        :raises StoreError: if the data directory cannot be written, or is full.
        """
        aside = self.folder / "arriving"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            aside.mkdir()
            yield aside
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _unwritable(self, error: OSError) -> StoreError:
        advice = "make room there, or choose another with --data or TANTU_DATA"
        return StoreError(f"{self.folder} cannot be written ({error.strerror or error}); {advice}")

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give an empty folder to build in; what is left in it after an error is removed. Only the one writer may ask.

        :raises StoreError: if the data directory cannot be written, or is full.
        """
        aside: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            aside = Path(tempfile.mkdtemp(prefix=f"building-{os.getpid()}-", dir=self.folder))
            yield aside
        except OSError as error:
            raise self._unwritable(error) from error
        finally:
            if aside is not None:
                shutil.rmtree(aside, ignore_errors=True)

    @contextmanager
    def kept(self, tools: Mapping[str, str]) -> Iterator[Path | None]:
        """Give the current generation's folder, and keep it meanwhile, if the next one can take from it what it has.

        It has to be sound, and made with the same ``tools``; None where it is not.
        """
        folder = self.folder / "generations" / self.pointer()
        try:
            manifest = read_manifest(folder)
            same = manifest.format == FORMAT and tools.items() <= manifest.inputs.items()
            sound = bool(self.pointer()) and same and not damaged(folder, manifest)
        except (BuildNeeded, StoreError):
            sound = False
        if not sound:
            yield None
            return
        with closing(Hold(folder)):
            yield folder

    def publish(self, aside: Path, manifest: Manifest, commit: Callable[[], None] = lambda: None) -> Path:
        """Make what was built in ``aside`` the current generation and return its folder.

        ``commit`` puts what it was built from in its place: it is called when nothing else can fail but the disk, and
        before the generation becomes the current one.
        """
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        (aside / "manifest.json").write_text(text + "\n", "utf-8")
        home = self._free(manifest.key)
        home.parent.mkdir(exist_ok=True)
        sync(aside)
        aside.rename(home)
        sync_path(home.parent)
        commit()
        replace(self.folder / "current", f"{home.name}\n")
        self.forget()
        return home

    def _free(self, key: str) -> Path:
        """Return a folder that is not there for a generation: one that is built again does not touch the one it was."""
        homes = self.folder / "generations"
        names = (key if n == 1 else f"{key}-{n}" for n in count(1))
        return next(homes / name for name in names if not (homes / name).exists())

    def forget(self) -> None:
        """Remove the generations that are not current and that nobody reads. Only the one writer may ask."""
        current = self.pointer()
        for old in (self.folder / "generations").glob("*"):
            if current and old.name != current:
                remove_unread(old)

    def _sweep(self) -> None:
        """Remove what broken builds left behind: the one writer is here, so nobody works in it."""
        for left in self.folder.glob("building-*"):
            shutil.rmtree(left, ignore_errors=True)


def damaged(folder: Path, manifest: Manifest, *, whole: bool = False) -> list[str]:
    """Return the parts of a generation that are not what its manifest says.

    All is read where that is little, or the ``whole`` is asked for; else the lists of files, and the sizes of these.

    :raises StoreError: if one cannot be read.
    """
    broken = broken_parts(folder, manifest.parts, whole=whole)
    missing = [] if (folder / "store").is_dir() or "store" in manifest.inputs else ["store"]
    return broken + missing + ([] if folder.name.partition("-")[0] == manifest.key else ["its name"])


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest.

    :raises BuildNeeded: if it is missing or not ours.
    """
    try:
        found = json.loads((folder / "manifest.json").read_text("utf-8"))
        return Manifest(found["inputs"], found["parts"], found["counts"], found["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildNeeded(f"{folder} has no readable manifest.json; run `tantu build`") from error
