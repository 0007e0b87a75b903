"""The data directory: built generations side by side, one of them current.

::

    DATA/current                     the key of the generation in use, one line
    DATA/generations/KEY/manifest.json   what it was built from, and a checksum of each part
    DATA/generations/KEY/graph.nq    the graph, sorted
    DATA/generations/KEY/store/      the same graph for SPARQL
    DATA/generations/KEY/index/      vectors, keywords, entries
    DATA/building-PID-.../           a build under way; without its process it is left-over and removed

A generation is built aside and renamed into place, so a broken build changes nothing that is stored.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from kg.errors import BuildNeeded, StoreError
from kg.settings import ROOT, Settings

FORMAT = 1  # of the data directory; a change of layout counts it up
CODE = ("kg", "search")  # packages whose source decides what a build gives
KEPT = 2  # generations kept: the current one and the one before, which a running server may still have open


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


def checksum(path: Path, pattern: str = "*") -> str:
    """Return the SHA-256 of a file, or of the names and contents of the files under a folder that fit a pattern.

    :raises StoreError: if something cannot be read.
    """
    digest = sha256()
    files = [path] if path.is_file() else sorted(file for file in path.rglob(pattern) if file.is_file())
    try:
        for file in files:
            digest.update(f"{file.relative_to(path)}:{file.stat().st_size}:".encode())
            digest.update(file.read_bytes())
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error.strerror}); check its permissions") from error
    return digest.hexdigest()


def inputs(settings: Settings) -> dict[str, str]:
    """Return a checksum for each thing that a build depends on: seeds, ontology, model, code.

    :raises StoreError: if something cannot be read.
    """
    model = Path(settings.model)
    found = {f"code of {name}": checksum(ROOT / name, "*.py") for name in CODE}
    found["seeds"] = checksum(settings.seeds)
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
        pointer = self.folder / "current"
        if not pointer.is_file():
            raise BuildNeeded(f"{self.folder} holds no graph yet; run `tantu build`")
        folder = self.folder / "generations" / pointer.read_text("utf-8").strip()
        manifest = read_manifest(folder)
        changed = sorted(name for name in {*inputs, *manifest.inputs} if inputs.get(name) != manifest.inputs.get(name))
        if changed or manifest.format != FORMAT:
            raise BuildNeeded(f"{folder} was built from another {', '.join(changed) or 'layout'}; run `tantu build`")
        broken = [name for name, digest in manifest.parts.items() if checksum(folder / name) != digest]
        if broken or folder.name != manifest.key or not (folder / "store").is_dir():
            raise BuildNeeded(f"{folder}: {', '.join(broken) or 'a part'} does not fit its manifest; run `tantu build`")
        return folder, manifest

    @contextmanager
    def building(self) -> Iterator[Path]:
        """Give an empty folder to build in; what is left in it after an error is removed.

        :raises StoreError: if the data directory cannot be written.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            aside = Path(tempfile.mkdtemp(prefix=f"building-{os.getpid()}-", dir=self.folder))
        except OSError as error:
            advice = "choose another with --data or TANTU_DATA"
            raise StoreError(f"{self.folder} cannot be written ({error.strerror}); {advice}") from error
        try:
            yield aside
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def publish(self, aside: Path, manifest: Manifest) -> Path:
        """Make what was built in ``aside`` the current generation and return its folder."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
        (aside / "manifest.json").write_text(text + "\n", "utf-8")
        home = self.folder / "generations" / manifest.key
        home.parent.mkdir(exist_ok=True)
        if home.exists():  # a broken or rebuilt one of the same inputs: aside first, so that no moment lacks one
            shutil.rmtree(self.folder / "replaced", ignore_errors=True)
            home.rename(self.folder / "replaced")
        aside.rename(home)
        pointer = self.folder / "current.new"
        pointer.write_text(manifest.key + "\n", "utf-8")
        pointer.replace(self.folder / "current")
        shutil.rmtree(self.folder / "replaced", ignore_errors=True)
        self._forget(home)
        return home

    def _forget(self, current: Path) -> None:
        """Remove all but the newest generations."""
        others = sorted(current.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in [path for path in others if path != current][KEPT - 1 :]:
            shutil.rmtree(old, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove what builds left behind whose process is gone."""
        for left in self.folder.glob("building-*"):
            pid = left.name.split("-")[1]
            if pid.isdigit() and not _alive(int(pid)):
                shutil.rmtree(left, ignore_errors=True)


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest.

    :raises BuildNeeded: if it is missing or not ours.
    """
    try:
        found = json.loads((folder / "manifest.json").read_text("utf-8"))
        return Manifest(found["inputs"], found["parts"], found["counts"], found["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildNeeded(f"{folder} has no readable manifest.json; run `tantu build`") from error


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
