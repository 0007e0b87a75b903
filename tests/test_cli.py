"""The ``tantu`` command: what it prints, its exit codes, and one line for whatever goes wrong."""

import csv
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench.paper import Sheet, pdf
from kg.settings import ROOT


def tantu(*arguments: str, data: Path, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "web", *arguments, "--data", str(data)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("TANTU_")}
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=inherited | environment,
        timeout=120,
        check=False,
    )


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_help_names_every_command() -> None:
    done = subprocess.run([sys.executable, "-m", "web", "--help"], capture_output=True, text=True, cwd=ROOT, check=True)
    for command in (
        "build",
        "serve",
        "ask",
        "search",
        "sparql",
        "facts",
        "check",
        "diff",
        "unplaced",
        "ontology",
        "evaluate",
    ):
        assert f"\n    {command} " in done.stdout


def test_ask_prints_the_answer_and_its_places(data_folder: Path) -> None:
    done = tantu("ask", "2023年中国移动综合能耗是多少?", data=data_folder)
    assert done.returncode == 0, done.stderr
    assert "774.8" in done.stdout
    assert "[mobile-2023 " in done.stdout


def test_ask_says_by_its_exit_code_that_nothing_was_found(data_folder: Path) -> None:
    assert tantu("ask", "How do I bake a chocolate cake?", data=data_folder).returncode == 3


def test_search_and_json(data_folder: Path) -> None:
    done = tantu("search", "液冷", "--json", "-k", "2", data=data_folder)
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(hits) == 2
    assert all("液冷" in hit["text"] for hit in hits)


def test_sparql_from_standard_input(data_folder: Path) -> None:
    query = "PREFIX o: <https://w3id.org/tantu/o#> SELECT (COUNT(*) AS ?n) { ?f a o:Observation }"
    done = tantu("sparql", "-", data=data_folder, given=query)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[1]) > 100


def test_sparql_errors_have_line_and_column(data_folder: Path) -> None:
    done = tantu("sparql", "-", data=data_folder, given="SELECT ?a\nWHERE { ?a ?b }")
    assert done.returncode == 1
    assert "line 2, column" in one_line(done)


def test_facts_as_lines_and_as_table(data_folder: Path) -> None:
    lines = tantu("facts", "--report", "telecom-2023", data=data_folder).stdout.splitlines()
    table = tantu("facts", "--report", "telecom-2023", "--format", "csv", data=data_folder).stdout
    rows = list(csv.DictReader(table.splitlines(keepends=True)))
    assert {json.loads(line)["report"] for line in lines} == {"telecom-2023"}
    assert [row["iri"] for row in rows] == [json.loads(line)["iri"] for line in lines]


def test_facts_of_a_file_of_any_form_name_their_page(data_folder: Path, tmp_path: Path) -> None:
    sheets = [Sheet(), Sheet()]
    for sheet, words in zip(sheets, ("ZTE report 2023", "In 2023 ZTE used 774.8 GWh of electricity."), strict=True):
        sheet.text(70, 100, words)
    (tmp_path / "zte 2023.pdf").write_bytes(pdf(sheets))
    done = tantu("facts", str(tmp_path / "zte 2023.pdf"), data=data_folder)
    (found,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (found["value"], found["page"], found["company"].rsplit("/", 1)[-1]) == (774_800_000, 2, "zte")
    assert "read as en, 2023, ZTE" in done.stderr
    (tmp_path / "packed.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    done = tantu("facts", str(tmp_path / "packed.zip"), data=data_folder)
    assert done.returncode == 1
    assert "packed.zip: is packed" in one_line(done)


def test_check_passes_on_what_is_shipped(data_folder: Path) -> None:
    done = tantu("check", "--only", "parse", "--only", "spans", data=data_folder)  # `make check` runs all of them
    assert done.returncode == 0, done.stdout + done.stderr


def test_evaluate_prints_a_table(data_folder: Path) -> None:
    done = tantu("evaluate", str(ROOT / "bench" / "questions-dev.jsonl"), "--search", "--json", data=data_folder)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["search"]["all"]["all"]["n"] == 77
    assert found["search"]["all"]["all"]["hit@5"] > 0.9
    assert found["search"]["script"].keys() == {"zh-Hans", "zh-Hant"}
    assert found["scripts"][0]["gap"]["hit@5"] <= 0.02  # the same questions in the other script, converted
    assert not found["answers"]


def test_evaluate_names_a_file_without_questions(data_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("{}\n", "utf-8")
    done = tantu("evaluate", str(tmp_path / "none.jsonl"), data=data_folder)
    assert done.returncode == 1
    assert "none.jsonl" in one_line(done)


def test_unknown_report_names_the_nearest(data_folder: Path) -> None:
    done = tantu("facts", "--report", "telecom-2032", data=data_folder)
    assert done.returncode == 1
    assert "telecom-2023" in one_line(done)


def test_a_taken_port_is_one_line(data_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = tantu("serve", "--port", str(port), data=data_folder)
    assert done.returncode == 1
    assert f"127.0.0.1:{port}" in one_line(done)
    assert "--port" in done.stderr


def test_a_data_directory_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    done = tantu("build", data=tmp_path / "file")
    assert done.returncode == 1
    assert "cannot be written" in one_line(done)
    assert (tmp_path / "file").read_text("utf-8") == "not a folder"


def test_a_missing_model_is_one_line(tmp_path: Path) -> None:
    done = tantu("build", "--model", str(tmp_path / "nowhere"), data=tmp_path / "data")
    assert done.returncode == 1
    assert "nowhere" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["search"]])
def test_wrong_arguments_give_the_usage(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "web", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 2
    assert "usage: tantu" in done.stderr
