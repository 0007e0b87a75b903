"""A server for a benchmark, on a free port, which ends with it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
TANTU = (sys.executable, "-m", "web")


@contextmanager
def server(*options: str) -> Iterator[tuple[str, int]]:
    """Give the address of a server, and the number of its process, that ends with the block; as ``--data FOLDER``."""
    command = [*TANTU, "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
        assert process.stdout
        line = process.stdout.readline()
        address = re.search(r"http://[\w.:]+", line)
        try:
            if address is None:
                raise SystemExit(f"the server did not start: {line}")
            yield address.group(), process.pid
        finally:
            process.terminate()
