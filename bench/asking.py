"""How long an answer takes: alone, and with several clients who ask one question after the other without a pause.

python -m bench.asking [--seconds 15] [--clients 1 2 4 8 16] [--data DIRECTORY] [--plot FILE]

A server is started for it on a free port. Alone every question of bench/ is asked twice: the first round meets
questions that the server has never seen. Each client has a connection of its own and begins at another question. Server
and clients share the machine's cores, and the time is that of the whole request: the JSON is read, nothing left out.
The processor's time is the server's own for an answer, on average: what can be compared on a busy machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.plotting import Panel, plot
from bench.serving import HERE, TANTU, server

QUESTIONS = ("questions-dev.jsonl", "questions-own.jsonl")
SETTLING = 5  # seconds in which the server reads its graph into memory
WAITING = 30  # seconds until a request counts as failed


@dataclass(frozen=True, slots=True)
class Figures:
    """What some clients saw: how many they were, milliseconds, answers a second, and what failed.

    ``processor`` are the server's milliseconds for an answer.
    """

    clients: int
    p50: float
    p95: float
    longest: float
    rate: float
    processor: float
    errors: Sequence[str]


def main() -> None:
    """Print a line for each number of clients, and draw p95 and answers a second where a file is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=15, help="for each number of clients")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--data", help="a built data directory; built in a folder of its own unless given")
    parser.add_argument("--plot", type=Path, help="an SVG to write")
    given = parser.parse_args()
    questions = [json.loads(line)["question"] for name in QUESTIONS for line in (HERE / name).open(encoding="utf-8")]
    with tempfile.TemporaryDirectory() as empty:
        data = given.data or empty
        subprocess.run([*TANTU, "build", "--data", data], check=True, cwd=HERE.parent, capture_output=True)
        with server("--data", data) as (url, pid):
            spent = partial(processor_seconds, pid)
            Client(url).ask("PUE")  # so that the model has been loaded
            time.sleep(SETTLING)
            for name in ("first round", "second round"):
                say(name, asked([Client(url)], spent, lambda client, _: client.ask_all(questions)))
            found = [together(url, spent, questions, clients, given.seconds) for clients in given.clients]
    for figures in found:
        say(f"{figures.clients} clients", figures)
    if given.plot:
        given.plot.write_text(drawn(found), "utf-8")


def say(what: str, figures: Figures) -> None:
    """Print figures in one line, and what failed."""
    sys.stdout.write(
        f"{what:14} p50 {figures.p50:7.1f} ms   p95 {figures.p95:7.1f} ms   longest {figures.longest:7.1f} ms"
        f"   {figures.rate:5.1f} a second   processor {figures.processor:5.1f} ms   {len(figures.errors)} errors\n"
    )
    for error in figures.errors[:5]:
        sys.stdout.write(f"  {error}\n")


def drawn(found: Sequence[Figures]) -> str:
    """Return p95 and answers a second by the number of clients, as SVG."""
    later = [(figures.clients, round(figures.p95)) for figures in found]
    rates = [(figures.clients, round(figures.rate, 1)) for figures in found]
    return plot([Panel("p95 of an answer", "ms", later), Panel("Answers", "a second", rates)], "clients")


class Client:
    """Somebody with a connection of their own who asks one question after the other."""

    def __init__(self, url: str) -> None:
        """Connect."""
        host, _, port = url.removeprefix("http://").partition(":")
        self._connection = HTTPConnection(host, int(port), timeout=WAITING)
        self.taken: list[float] = []
        self.errors: list[str] = []

    def ask(self, question: str) -> None:
        """Ask, and note the milliseconds until the whole answer was there, or what failed."""
        began = time.perf_counter()
        try:
            self._connection.request("GET", f"/api/ask?{urllib.parse.urlencode({'q': question})}")
            answer = self._connection.getresponse()
            body = answer.read()
            if answer.status != 200 or "answered" not in json.loads(body):
                raise HTTPException(f"{answer.status} {body[:100]!r}")
            self.taken.append(1000 * (time.perf_counter() - began))
        except (HTTPException, OSError, ValueError) as error:
            self._connection.close()
            self.errors.append(f"{error!r} to {question}")

    def ask_all(self, questions: Sequence[str]) -> None:
        """Ask each question once."""
        for question in questions:
            self.ask(question)

    def ask_until(self, end: float, questions: Sequence[str], first: int) -> None:
        """Ask from one question on, round and round, until a time of the monotonic clock."""
        while time.monotonic() < end:
            self.ask(questions[first % len(questions)])
            first += 1


def together(url: str, spent: Callable[[], float], questions: Sequence[str], number: int, seconds: float) -> Figures:
    """Let some clients ask for a while, each from another question on."""
    end = time.monotonic() + seconds

    def work(client: Client, at: int) -> None:
        client.ask_until(end, questions, at * len(questions) // number)

    return asked([Client(url) for _ in range(number)], spent, work)


def asked(clients: Sequence[Client], spent: Callable[[], float], work: Callable[[Client, int], None]) -> Figures:
    """Return the figures of some clients that each do their work at the same time."""
    began, before = time.perf_counter(), spent()
    threads = [threading.Thread(target=work, args=(client, at)) for at, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, processor = time.perf_counter() - began, spent() - before
    taken = sorted(each for client in clients for each in client.taken) or [0.0]
    errors = [error for client in clients for error in client.errors]
    p50, p95 = (taken[int(part * (len(taken) - 1))] for part in (0.5, 0.95))
    return Figures(len(clients), p50, p95, taken[-1], len(taken) / seconds, 1000 * processor / len(taken), errors)


def processor_seconds(pid: int) -> float:
    """Return the processor's seconds of a process, in its own code and in the system's: fields 14 and 15 of proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
