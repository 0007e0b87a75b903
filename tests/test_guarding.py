"""Every answer of every route tells the browser what it may not do, and no page has a script or a style of its own."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kg.settings import Settings
from tests import tiny
from web.app import ROUTERS, create_app
from web.guarding import ALWAYS, POLICIES
from web.rendering import FOLDER

TOKEN = "what-nobody-guesses-0123456789"
FILLED = {
    "id": "tiny-2023", "report_id": "tiny-2023", "report": "tiny-2023", "name": "pue", "form": "csv", "change": "x",
}  # fmt: skip
ASKED = {"q": "PUE", "query": "SELECT * { ?s ?p ?o } LIMIT 1", "text": "874.8", "sparql": "ASK {}", "x": "s", "y": "o"}
ELSEWHERE = ("/nothing", "/static/seal.svg", "/static/dist/app.js", "/openapi.json", "/static/nothing.js")
INLINE = re.compile(r"""<script(?![^>]*\b(?:src|type="application/json"))|\son\w+\s*=|javascript:""", re.IGNORECASE)


def requests() -> list[tuple[str, str]]:
    """Return a request for each method of each route, and some that no route takes."""
    found = {
        (method, re.sub(r"{(\w+)(?::\w+)?}", lambda slot: FILLED[slot[1]], route.path))
        for router in ROUTERS
        for route in router.routes
        for method in route.methods
    }
    return sorted({*found, *(("GET", path) for path in ELSEWHERE), ("PUT", "/"), ("OPTIONS", "/api/search")})


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A client of the application over the tiny graph, with everything switched on."""
    folder = tmp_path_factory.mktemp("guarding")
    settings = Settings(data=folder, upload_token=TOKEN)
    library = tiny.TinyLibrary(tiny.build(folder / "store"), settings)
    with TestClient(create_app(settings, library), raise_server_exceptions=False) as opened:
        yield opened
    library.close()


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_every_answer_of_every_route_is_guarded(client, accept):
    asked = [request for request in requests() if not request[1].startswith("/dump")]
    assert len(asked) > 60
    statuses = set()
    for method, path in asked:
        answer = client.request(method, path, params=ASKED, headers={"Accept": accept}, follow_redirects=False)
        policy = answer.headers["Content-Security-Policy"]
        kind = answer.headers.get("content-type", "").partition(";")[0]
        assert policy == POLICIES.get(kind, policy), path
        assert ("'unsafe-inline'" in policy) <= (kind in POLICIES), path
        assert re.search(r"script-src 'self';|default-src 'none'", policy), path
        assert "frame-ancestors 'none'" in policy, path
        assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS, path
        statuses.add(answer.status_code)
    assert {200, 303, 401, 404, 405, 422, 500} <= statuses  # a tiny graph cannot fill every page


def test_an_answer_that_nobody_expected_is_guarded_too(client, monkeypatch):
    monkeypatch.setattr("web.pages.collection", lambda state: 1 / 0)
    answer = client.get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (500, "DENY")
    assert "division" not in answer.text


def test_no_template_has_a_script_of_its_own():
    wrong = {
        path.name: found
        for path in (FOLDER / "templates").rglob("*.html")
        if (found := INLINE.findall(path.read_text()))
    }
    assert wrong == {}
    assert INLINE.search("<script>alert(1)</script>")
    assert INLINE.search('<a onclick="x">')
    assert not INLINE.search('<script type="module" src="/x.js">')


def test_nothing_secret_is_logged(client, caplog):
    caplog.set_level(logging.DEBUG)
    for headers in ({"Authorization": f"Bearer {TOKEN}"}, {"Authorization": "Bearer wrong-but-nearly"}):
        client.get("/api/changes", headers=headers)
    client.post("/add/enter", data={"token": TOKEN})
    client.post("/add/enter", data={"token": "wrong-but-nearly"})
    client.get("/?q=what+somebody+asks")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("tantu")]
    assert any("/api/changes" in line for line in ours)
    assert not [line for line in ours if TOKEN in line or "nearly" in line or "somebody" in line]


def test_secrets_are_compared_in_constant_time():
    """A plain comparison of a secret tells by its time how much of it was right."""
    for path in (Path(FOLDER) / "adding").glob("*.py"):
        for line in path.read_text().splitlines():
            assert not re.search(r"(token|seal|pass)\w*\s*[!=]=|[!=]=\s*\w*(token|seal|pass)\b", line), (
                f"{path.name}: {line}"
            )
