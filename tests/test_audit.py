"""The audit of dependencies: what was not looked up is no success, whatever the tools say of it."""

from __future__ import annotations

import importlib.util
import json

import pytest

from kg.settings import ROOT

SPEC = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

SOUND = {"name": "jinja2", "version": "3.1.6", "vulns": []}
SKIPPED = {"name": "anyio", "skip_reason": "Dependency not found on PyPI and could not be audited: anyio (4.16.0)"}
BROKEN = {"name": "a", "version": "1", "vulns": [{"id": "GHSA-1", "fix_versions": []}]}


def python(*packages: dict) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (python(SOUND), 0),
        (python(SOUND, SKIPPED), 3),  # pip-audit ends with 0 and says "No known vulnerabilities found"
        (python(SKIPPED), 3),
        (python(SOUND, SKIPPED, BROKEN), 1),
        (python(SOUND, {"name": "tantu", "skip_reason": "not on PyPI"}), 0),
        (python(), 3),
        ("", 3),
        ("[]", 3),
    ],
)
def test_what_pip_audit_says(said: str, code: int) -> None:
    assert audit.of_python(said, "ERROR: the service cannot be reached").code == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"vulnerabilities": {}, "metadata": {"dependencies": {"total": 40}}}, 0),
        ({"vulnerabilities": {"x": {"severity": "low"}}, "metadata": {"dependencies": {"total": 40}}}, 1),
        ({"message": "405 Method Not Allowed", "statusCode": 405}, 3),  # npm ends with 1 for both of the last two
        ({"error": {"code": "ENOTFOUND", "summary": "getaddrinfo"}}, 3),
    ],
)
def test_what_npm_says(said: dict, code: int) -> None:
    assert audit.of_npm(json.dumps(said)).code == code


def test_what_could_not_be_looked_up_is_named() -> None:
    assert audit.of_python("", "x\nERROR: no route to host\n").unchecked == ("ERROR: no route to host",)
    assert audit.of_npm("", "").unchecked == ("npm audit gave no answer",)
    assert audit.of_python(python(BROKEN)).known == ("a 1: GHSA-1, mended in no version",)
