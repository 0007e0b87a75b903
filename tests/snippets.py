"""What ``docs/sparql.md`` shows of other tools, ready to be run against a server."""

import re
from pathlib import Path

from kg.settings import ROOT

PAGE = (ROOT / "docs" / "sparql.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def below(heading: str, language: str, address: str = ADDRESS) -> list[str]:
    """Return the code below a heading, for a server that listens on another address."""
    parts = re.split(r"^##+ (.*)\n", PAGE, flags=re.MULTILINE)
    text = dict(zip(parts[1::2], parts[2::2], strict=True))[heading]
    return [code.replace(ADDRESS, address) for written, code in _BLOCK.findall(text) if written == language]


def query_file(folder: Path) -> Path:
    """Write the file that the tools send."""
    path = folder / "search.rq"
    path.write_text(below("From other tools", "sparql")[0], "utf-8")
    return path
