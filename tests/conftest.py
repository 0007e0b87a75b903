"""What every test shares: one Hypothesis profile, an environment without the caller's settings, one built library."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from kg.settings import ROOT, Settings, resource
from kg.vocabulary import Vocabulary

if TYPE_CHECKING:
    from search.library import Library

# Two shared cores make timings useless, and a run that cannot be repeated helps nobody.
hypothesis.register_profile("tantu", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
hypothesis.load_profile("tantu")

os.environ["HF_HUB_OFFLINE"] = "1"  # no test may reach for a model outside this machine
os.environ["TOKENIZERS_PARALLELISM"] = "false"
for _name in [name for name in os.environ if name.startswith("TANTU_") and name != "TANTU_NO_BROWSER"]:
    del os.environ[_name]  # settings of the shell that runs the tests

# Kept between runs, for speed; a change of code, seeds, ontology or model is seen by its manifest and built anew.
DATA = ROOT / "build" / "test-data"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """The ontology as a vocabulary."""
    return Vocabulary.load(resource("ontology"))


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """A data directory built from the seeds, once for all the processes of a test run."""
    from search.library import Library

    DATA.mkdir(parents=True, exist_ok=True)
    with DATA.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        Library.open_or_build(Settings(data=DATA)).close()
    return DATA


@pytest.fixture(scope="session")
def library(data_folder: Path) -> Iterator[Library]:
    """The library of the seeds. It is shared, so a test may only ask it."""
    from search.library import Library

    opened = Library.open(Settings(data=data_folder))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def server(data_folder: Path) -> Iterator[str]:
    """The address of a real server on loopback over the seeds, which ends with the tests."""
    command = [sys.executable, "-m", "web", "serve", "--port", "0", "--data", str(data_folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT) as process:
        assert process.stdout
        said = []
        for line in process.stdout:
            said.append(line)
            if address := re.search(r"http://127\.0\.0\.1:\d+", line):
                yield address.group()
                break
        else:
            pytest.fail(f"the server did not start: {''.join(said)}")
        process.terminate()
        process.wait(30)
