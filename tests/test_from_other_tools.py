"""What docs/sparql.md shows of Python and curl, run as it stands; ``make nightly`` runs the rest."""

import gzip
import json
import subprocess

import pytest

from kg.settings import Settings
from tests import snippets, tiny

DOCUMENT = "https://w3id.org/tantu/doc/"


@pytest.fixture(scope="module")
def address(library):
    with tiny.serving(library, Settings()) as address:
        yield address


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    snippets.query_file(tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("heading", "method"), [("SPARQLWrapper", "POST"), ("SPARQLWrapper", "GET"), ("rdflib", "POST"), ("pandas", "GET")]
)
def test_python(heading, method, address, capsys):
    (code,) = snippets.below(heading, "python", address)
    exec(compile(code.replace("POST", method), heading, "exec"), {})
    assert capsys.readouterr().out.count(DOCUMENT) == 5


def test_curl(address, tmp_path):
    by_get, by_form, direct = (run(line) for line in snippets.below("curl", "sh", address)[0].splitlines())
    assert by_get == direct
    assert by_get.startswith("score,document,snippet")
    assert len(json.loads(by_form)["results"]["bindings"]) == by_get.count(DOCUMENT) == 5
    run(*snippets.below("Everything as a file", "sh", address))
    assert gzip.decompress((tmp_path / "tantu.nq.gz").read_bytes()).count(b"\n") > 50_000


def run(line: str) -> str:
    return subprocess.run(["bash", "-ec", line], capture_output=True, text=True, check=True, timeout=60).stdout
