"""Adding over HTTP: nobody gets in without the token, what is too much is not read, and a change does what it says."""

from __future__ import annotations

import logging
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from kg.errors import KgError, Locked, SettingsError
from kg.settings import Settings
from kg.writer import writing
from search.errands import Errand, perform, perform_apart
from search.library import Library
from tests import growing
from tests.growing import FIRST, SECOND
from tests.tiny import TinyLibrary
from tests.tiny import build as tiny
from web.adding.jobs import Jobs
from web.adding.tokens import COOKIE, TRIES
from web.app import create_app

TOKEN = "what-nobody-guesses-0123456789"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
HTML = {"Accept": "text/html", "Accept-Language": "en"}
FILES = [("files", ("first.txt", FIRST)), ("files", ("none.txt", b"\x89PNG\r\n"))]


def apart(settings, errand, step, started):
    """Make a change in this process, where the ontology has been read."""
    return perform(settings, errand, step)


def client_of(settings: Settings, library, run=apart) -> TestClient:
    app = create_app(settings, library)
    client = TestClient(app)
    client.__enter__()
    app.state.jobs.close()
    app.state.jobs = Jobs(settings, run)
    return client


@pytest.fixture
def clients(tmp_path: Path) -> Iterator:
    """Give clients of servers over the tiny graph, with some settings, that change nothing."""
    opened = []

    def client(**given) -> TestClient:
        settings = Settings(data=tmp_path, **{"upload_token": TOKEN, "upload_size": 1, **given})
        library = TinyLibrary(tiny(tmp_path / f"store{len(opened)}"), settings)
        opened.append((client_of(settings, library), library))
        return opened[-1][0]

    yield client
    for each, library in opened:
        each.__exit__(None, None, None)
        library.close()


def done(client: TestClient, address: str) -> dict:
    """Wait for a change."""
    until = time.monotonic() + 20
    while True:
        found = client.get(address, headers=BEARER).json()
        if found["state"] in ("done", "failed"):
            return found
        assert time.monotonic() < until, found
        time.sleep(0.02)


def seal(client: TestClient) -> str:
    return re.search(r'name="seal" value="(\w+)"', client.get("/add", headers=HTML).text)[1]


def enter(client: TestClient, token: str = TOKEN) -> httpx.Response:
    return client.post("/add/enter", data={"token": token}, headers=HTML)


def test_without_a_token_there_is_no_door(clients) -> None:
    client = clients(upload_token="")
    every = [
        ("GET", "/add"),
        ("POST", "/add"),
        ("POST", "/add/enter"),
        ("GET", "/api/changes"),
        ("POST", "/api/reports"),
    ]
    every += [("POST", "/add/remove"), ("DELETE", "/api/reports/tiny-2023"), ("PATCH", "/api/reports/tiny-2023")]
    said = [client.request(method, path, headers={**HTML, "Authorization": "Bearer "}) for method, path in every]
    assert [response.status_code for response in said] == [404] * len(every)
    assert "TANTU_UPLOAD_TOKEN" in said[0].text


def test_a_short_token_is_refused_and_none_is_shown() -> None:
    with pytest.raises(SettingsError, match="upload_token is too short") as refused:
        Settings(upload_token="opensesame")
    assert "opensesame" not in str(refused.value)
    assert TOKEN not in repr(Settings(upload_token=TOKEN))


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer \u00e9", f"Bearer {TOKEN}x"]
)
def test_programs_need_the_token(clients, header) -> None:
    client = clients()
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    for method, path in (("GET", "/api/changes"), ("POST", "/api/reports"), ("DELETE", "/api/reports/tiny-2023")):
        refused = client.request(method, path, headers=headers)
        assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    enter(client)
    assert client.get("/api/changes").status_code == 401, "a cookie is no header: another site could send it"
    assert client.get("/api/changes", headers=BEARER).json() == {"changes": []}


def test_many_wrong_tokens_have_to_wait(clients) -> None:
    client = clients()
    assert [enter(client, f"wrong {n}").status_code for n in range(TRIES + 1)] == [401] * TRIES + [429]
    assert enter(client).status_code == 429, "not even the right one: it could be the eleventh guess"
    refused = client.get("/api/changes", headers=BEARER)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")


def test_a_pass_is_a_cookie_that_no_script_reads_and_no_other_site_sends(clients) -> None:
    client = clients()
    assert 'type="password"' in client.get("/add", headers=HTML).text
    given = client.post("/add/enter", data={"token": TOKEN}, follow_redirects=False)
    cookie = given.headers["Set-Cookie"]
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Max-Age=43200"))
    assert TOKEN not in cookie
    assert 'type="file"' in client.get("/add", headers=HTML).text
    assert TOKEN not in client.get("/add", headers=HTML).text
    assert client.get("/add").headers["Cache-Control"] == "no-store"
    client.post("/add/leave", data={"seal": seal(client)})
    assert 'type="password"' in client.get("/add", headers=HTML).text
    client.cookies.set(COOKIE, "99999999999.0000")
    assert 'type="password"' in client.get("/add", headers=HTML).text


@pytest.mark.parametrize("path", ["/add", "/add/correct", "/add/remove", "/add/leave"])
def test_forms_of_other_sites_are_refused(clients, path) -> None:
    client = clients()
    enter(client)
    fields = {"report": "tiny-2023", "seal": "0" * 64}
    sent = {"files": [("files", ("a.txt", b"x"))]} if path == "/add" else {}
    refused = client.post(path, data=fields, headers=HTML, **sent)
    assert refused.status_code == 403, path
    crossed = client.post(
        path, data={**fields, "seal": seal(client)}, headers={**HTML, "Sec-Fetch-Site": "cross-site"}, **sent
    )
    assert crossed.status_code in (401, 403)
    assert client.get("/api/changes", headers=BEARER).json() == {"changes": []}


def test_what_is_too_much_is_refused_before_it_is_read(clients) -> None:
    client = clients(upload_files=2)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read = []

    def body(size: int) -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        for _ in range(size >> 16):
            read.append(1)
            yield b"y" * (1 << 16)

    form = {**BEARER, "Content-Type": "multipart/form-data; boundary=x"}
    large = client.post("/api/reports", content=body(4 << 20), headers=form)
    assert large.status_code == 413
    said = client.post("/api/reports", content=b"", headers={**form, "Content-Length": str(1 << 40)})
    assert (said.status_code, "TANTU_UPLOAD_SIZE" in said.json()["error"]["message"]) == (413, True)
    many = client.post("/api/reports", files=[("files", (f"{n}.txt", b"x")) for n in range(3)], headers=BEARER)
    assert (many.status_code, "more than 2 files" in many.json()["error"]["message"]) == (413, True)
    assert (
        client.post("/api/reports", data={"company": "x" * 70_000}, files=FILES[:1], headers=BEARER).status_code == 413
    )
    assert (
        client.post("/api/reports", content=b"{}", headers={**BEARER, "Content-Type": "application/json"}).status_code
        == 415
    )
    for wrong in (b"nonsense", b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhalf'):
        assert client.post("/api/reports", content=wrong, headers=form).status_code == 400
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << (20 if sys.platform == "darwin" else 10)
    assert not list(Path(tempfile.gettempdir()).glob("tantu-upload-*")), "what was refused is not kept"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"year": "20x4"}, "year"),
        ({"language": "fr"}, "language"),
        ({"id": "Not An Id"}, "id"),
        ({"title": "One"}, "title is for one file"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_said_of_files_is_refused_by_name(clients, fields, problem) -> None:
    client = clients()
    refused = client.post("/api/reports", data=fields, files=FILES, headers=BEARER)
    assert refused.status_code == 422
    assert problem in refused.json()["error"]["message"]
    enter(client)
    page = client.post("/add", data={**fields, "seal": seal(client)}, files=FILES, headers=HTML)
    assert (page.status_code, problem in page.text, 'type="file"' in page.text) == (422, True, True)


def test_reports_that_tantu_ships_stay(clients) -> None:
    client = clients()
    refused = client.delete("/api/reports/tiny-2023", headers=BEARER)
    assert (refused.status_code, "was not added" in refused.json()["error"]["message"]) == (409, True)
    assert client.patch("/api/reports/tiny-2023", json={"year": 2020}, headers=BEARER).status_code == 409
    assert client.patch("/api/reports/tiny-2023", json={}, headers=BEARER).status_code == 422
    assert client.delete("/api/reports/nothing", headers=BEARER).status_code == 404
    assert client.get("/api/changes/nothing", headers=BEARER).status_code == 404


def test_files_are_added_set_right_and_removed(tmp_path, data_folder, library, monkeypatch, caplog) -> None:
    growing.quick(monkeypatch)
    settings = growing.settings_in(tmp_path, data_folder)
    settings = Settings(data=settings.data, seeds=settings.seeds, upload_token=TOKEN)
    caplog.set_level(logging.INFO, "tantu.audit")
    client = client_of(settings, library)
    asked = client.post("/api/reports", files=FILES, data={"company": "Quokka Power"}, headers=BEARER)
    assert (asked.status_code, asked.json()["names"]) == (202, ["first.txt", "none.txt"])
    found = done(client, asked.headers["Location"])
    added, refused = found["files"]
    assert (added["what"], added["report"], added["year"], added["language"]) == (
        "added",
        "quokka-power-2024",
        2024,
        "en",
    )
    assert (added["company"], added["newcomer"], found["progress"]["files"]) == ("Quokka Power", True, [2, 2])
    assert (refused["what"], "image" in refused["problem"]) == ("refused", True)
    enter(client)
    page = client.get(f"/add/{found['id']}", headers=HTML).text
    assert all(text in page for text in ("Quokka Power", "quokka-power-2024", "none.txt: ", "a new company"))
    client.app.state.switching._current.library = Library.open(settings)
    corrected = client.patch("/api/reports/quokka-power-2024", json={"year": 2022}, headers=BEARER)
    assert done(client, corrected.headers["Location"])["files"][0]["year"] == 2022
    fields = {"seal": seal(client), "report": "quokka-power-2024"}
    gone = client.post("/add/remove", data=fields)
    assert done(client, f"/api/changes{gone.url.path.removeprefix('/add')}")["files"][0]["what"] == "removed"
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0].startswith("add asked by testclient")
    assert "first.txt: added" in lines[1]
    assert any(line.startswith("remove done by testclient") for line in lines)
    assert TOKEN not in caplog.text
    assert not list(Path(tempfile.gettempdir()).glob("tantu-upload-*"))
    client.__exit__(None, None, None)


def test_a_change_that_cannot_be_made_says_why(tmp_path, data_folder, monkeypatch) -> None:
    growing.quick(monkeypatch)
    settings = growing.settings_in(tmp_path, data_folder)

    tried = []

    def failing(settings, errand, step, started):
        tried.append(1)
        raise KgError("the disk is full") if len(tried) > 1 else Locked("somebody else is at it")

    jobs = Jobs(settings, failing, pause=0.01)
    job = jobs.ask("::1", "add", Errand(), ["a.txt"])
    while not job.ended:
        time.sleep(0.01)
    assert (job.state, job.problem, tried) == ("failed", "the disk is full", [1, 1])
    jobs.close()
    with writing(settings.data), pytest.raises(Locked):
        perform(settings, Errand(removed=("nothing",)))


def test_a_change_is_made_by_a_process_that_ends_with_its_server(tmp_path, data_folder) -> None:
    settings = growing.settings_in(tmp_path, data_folder)
    path = tmp_path / "0"
    path.write_text(SECOND, "utf-8")
    jobs = Jobs(settings, perform_apart)
    job = jobs.ask("::1", "add", Errand((("second.txt", str(path)),)), ["second.txt"])
    while not jobs._process:
        time.sleep(0.01)
    process = jobs._process
    jobs.close()
    assert job.state == "failed"
    assert "has ended" in job.problem
    assert process.returncode is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
