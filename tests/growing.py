"""Collections of a few lines each, to which reports come and from which they go in a second."""

from __future__ import annotations

import shutil
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from bench.kills import CATALOGUE, SHIPPED, TEXTS
from kg.catalogue import NAME
from kg.importing import read_file
from kg.settings import Settings
from search import building, changing, makers

FIRST = "Quokka Power report 2024\n\nQuokka Power used 512 GWh of electricity in 2024.\n"
NEWER = FIRST.replace("512", "513")
SECOND = TEXTS["two"]

_encoder, _pipeline = cache(makers.load_question_encoder), cache(makers.Pipeline)


def without_ontology(settings, found):
    """Return a file in the place of the ontology's 38,000 quads, which take most of the time of a small build."""
    path = settings.data / building.PARTS / "ontology.nq"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def quick(monkeypatch, *, ontology=False):
    """Read files in this process, and load what that takes once: it costs a second for each build.

    The graph has the quads of the ``ontology`` only if they are asked for.
    """
    if not ontology:
        monkeypatch.setattr(building, "_ontology", without_ontology)
    monkeypatch.setattr(changing, "read_file_confined", read_file)
    monkeypatch.setattr(makers, "load_question_encoder", _encoder)
    monkeypatch.setattr(makers, "Pipeline", _pipeline)


def settings_in(folder: Path, built: Path) -> Settings:
    """Return the settings of a new collection of one short report, with the ontology's quads as another one has them."""
    seeds, parts = folder / "seeds", folder / "data" / "parts"
    seeds.mkdir()
    parts.mkdir(parents=True)
    (seeds / "zte-2020.txt").write_text(SHIPPED, "utf-8")
    (seeds / NAME).write_text(CATALOGUE.format(id="zte-2020", sha=sha256(SHIPPED.encode()).hexdigest()), "utf-8")
    for ontology in (built / "parts").glob("*.nq"):  # two seconds of work that are the same for all
        shutil.copy(ontology, parts)
    return Settings(data=folder / "data", seeds=seeds)


def with_one_report(folder: Path, built: Path) -> Settings:
    """Return the settings of a new collection that has one report of the team's, too."""
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        settings = settings_in(folder, built)
        changing.add(
            settings, [changing.Source("first.txt", FIRST.encode())], changing.Given(company="ZTE", id="first")
        )
    return settings
