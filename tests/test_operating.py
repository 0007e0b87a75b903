"""What is deployed names commands, settings and files that there are; and data of an older layout is built anew."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest

from kg.checks.stored import problems
from kg.errors import BuildNeeded
from kg.generations import FORMAT, DataDirectory, inputs
from kg.holdings import OWN
from kg.settings import ROOT, Settings
from search.changing import Given, Source, add
from search.library import Library
from tests import growing
from tests.growing import FIRST
from tests.test_docs import routes
from web.cli import parser

DEPLOY = ROOT / "deploy"
UNIT = (DEPLOY / "tantu.service").read_text("utf-8")
CONTAINER = re.sub(r"\\\n\s*", " ", (DEPLOY / "Containerfile").read_text("utf-8"))
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")
STEPS = [line.partition(" ")[::2] for line in CONTAINER.splitlines() if line and not line.startswith("#")]
KNOWN = {f"TANTU_{setting.name.upper()}" for setting in fields(Settings)}


def said(instruction: str) -> list[str]:
    """Return what stands behind each of an instruction."""
    return [rest.strip() for name, rest in STEPS if name == instruction]


@pytest.mark.parametrize("text", [UNIT, CONTAINER, PAGE], ids=["unit", "container", "docs"])
def test_every_setting_that_is_named_is_one(text: str) -> None:
    named = set(re.findall(r"\bTANTU_[A-Z_]+", text))
    assert named
    assert named <= KNOWN


def test_the_unit_starts_a_command_that_there_is() -> None:
    (start,) = re.findall(r"^ExecStart=(\S+) (.*)$", UNIT, re.MULTILINE)
    given = parser().parse_args(shlex.split(start[1]))
    assert (Path(start[0]).name, given.run.__name__, given.port) == ("tantu", "_serve", 8000)
    values = dict(re.findall(r"(TANTU_\w+)=(\S+)", UNIT))
    assert Settings.from_environment(values).log == "json"


def test_systemd_finds_no_fault_with_the_unit() -> None:
    program = shutil.which("systemd-analyze") or pytest.skip("no systemd here")
    done = subprocess.run([program, "verify", str(DEPLOY / "tantu.service")], capture_output=True, text=True)
    wrong = [line for line in done.stderr.splitlines() if "tantu.service" in line and "is not executable" not in line]
    assert wrong == []


def test_the_container_copies_what_there_is_and_runs_commands_that_there_are() -> None:
    assert {name for name, _ in STEPS} <= {
        *("FROM", "WORKDIR", "RUN", "COPY", "USER", "ENV", "ARG", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK"),
        *("ENTRYPOINT", "CMD"),
    }
    stages = [rest.split(" AS ")[1] for rest in said("FROM") if " AS " in rest]
    assert [part for rest in said("COPY") for part in re.findall(r"--from=(\S+)", rest) if part not in stages] == []
    targets = {name for rest in said("RUN") for name in re.findall(r"\bmake (?!git)([a-z]+)", rest)}
    assert all(re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE) for target in targets)
    extras = re.findall(r"'\.\[([\w,]+)\]'", CONTAINER)[0].split(",")
    assert all(f"{extra} = [" in (ROOT / "pyproject.toml").read_text() for extra in extras)
    assert (ROOT / "constraints.txt").is_file()
    command = json.loads(said("ENTRYPOINT")[0]) + json.loads(said("CMD")[0])
    assert (command[0], parser().parse_args(command[1:]).run.__name__) == ("tantu", "_serve")
    assert (said("USER"), "useradd" in CONTAINER) == (["tantu"], True)
    check = json.loads(said("HEALTHCHECK")[0].partition("CMD ")[2])[2]
    compile(check, "HEALTHCHECK", "exec")
    assert re.findall(r":8000(/[\w/]+)", check)[0] in routes()


def test_data_of_the_layout_before_is_told_and_built_anew(
    tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing.quick(monkeypatch)
    settings = growing.settings_in(tmp_path, data_folder)
    add(settings, [Source("first.txt", FIRST.encode())], Given(company="ZTE", id="first"))
    directory = DataDirectory(settings.data)
    path = directory.current(inputs(settings))[0] / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": FORMAT - 1}))
    with pytest.raises(BuildNeeded, match="was built from another layout; run `tantu build`"):
        directory.current(inputs(settings))
    own = {file: file.read_bytes() for file in (settings.data / OWN).rglob("*") if file.is_file()}
    library = Library.open_or_build(settings)
    assert "first" in library.reports
    library.close()
    assert {file: file.read_bytes() for file in (settings.data / OWN).rglob("*") if file.is_file()} == own
    assert list(problems(settings)) == []
