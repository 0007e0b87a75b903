"""All settings, one table: name, default, help. The environment is read here and nowhere else.

``Settings.from_environment(port=9000)`` takes what is given, else ``TANTU_PORT``, else the default.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from kg.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent  # the checkout, or site-packages where the wheel is installed

LOGS = ("warnings", "text", "json")
SHORTEST_SECRET = 16  # characters; as hexadecimal digits they are 64 bits, which nobody guesses over a network


def resource(name: str) -> Path:
    """Return the folder of something that travels with the code: ``ontology`` or ``seeds``."""
    installed = ROOT / "tantu_resources" / name
    return installed if installed.is_dir() else ROOT / name


def _setting(default: Any, help: str, *, secret: bool = False) -> Any:
    options = {"default_factory": default} if callable(default) else {"default": default}
    return field(**options, repr=not secret, metadata={"help": help, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set.

    :raises SettingsError: if a value is out of its range; the message names the setting and the range.

    >>> Settings(port=70000)
    Traceback (most recent call last):
    kg.errors.SettingsError: setting port is 70000; it needs to lie between 0 and 65535
    """

    data: Path = _setting(lambda: user_data_path("tantu"), "folder of the built graph and index")
    seeds: Path = _setting(lambda: resource("seeds"), "folder of the reports and their catalogue.ttl")
    ontology: Path = _setting(lambda: resource("ontology"), "folder of the ontology's Turtle files")
    model: str = _setting(
        lambda: str(ROOT / "search" / "model"),
        "embedding model: a folder, or the name of any sentence-transformers model",
    )
    host: str = _setting("127.0.0.1", "address that the server listens on")
    port: int = _setting(8000, "port that the server listens on; 0 takes a free one")
    workers: int = _setting(2, "processes that evaluate SPARQL queries")
    processes: int = _setting(0, "processes that read reports while something is built; 0 for one on each core")
    cluster: str = _setting("", "scheduler of Dask whose workers read reports: tcp://HOST:8786; empty for none")
    query_seconds: float = _setting(20.0, "time that a SPARQL query may take, in seconds")
    query_memory: int = _setting(2048, "memory that a SPARQL query may take, in MiB")
    query_rows: int = _setting(1_000_000, "rows or triples that the result of a SPARQL query may have")
    store: str = _setting(
        "",
        "query URL of a SPARQL store elsewhere, with user and password where it wants them; empty for one of our own",
    )
    store_update: str = _setting("", "URL that takes SPARQL updates for that store; `/update` beside `/query`")
    store_graphs: str = _setting("", "URL of the Graph Store Protocol of that store; `/store` beside `/query`")
    vectors: str = _setting(
        "", "Milvus for the vectors: milvus:http://HOST:19530 or milvus:FILE.db; empty for an index of our own"
    )
    store_memory: int = _setting(
        2_000_000, "quads that the graph may have to be kept in memory for queries, 350 MB a million; 0 for none"
    )
    query_length: int = _setting(1_000_000, "longest SPARQL query that is accepted, in characters")
    client_queries: int = _setting(64, "SPARQL queries of one client that may be under way, running or waiting")
    tool_rows: int = _setting(100, "hits, rows or values that a tool of `tantu mcp` returns at most")
    file_size: int = _setting(64, "size that a file to be read may have, in MiB")
    file_seconds: float = _setting(60.0, "time that reading a file may take, in seconds")
    file_memory: int = _setting(1024, "memory that reading a file may take, in MiB")
    file_pages: int = _setting(3_000, "pages that a file to be read may have")
    file_characters: int = _setting(5_000_000, "characters that the text of a file may have")
    upload_token: str = _setting(
        "",
        "secret of at least 16 characters that lets people add and remove reports over HTTP; empty: nobody may",
        secret=True,
    )
    upload_size: int = _setting(256, "size that all files of one upload may have together, in MiB")
    upload_files: int = _setting(100, "files that one upload may have")
    log: str = _setting("warnings", "what the server writes of its work: warnings, or each request as text or json")
    question_length: int = _setting(2_000, "longest question that is accepted, in characters")

    def __post_init__(self) -> None:
        """Check the ranges."""
        ranges = {"port": (0, 65535), "workers": (1, 64), "query_seconds": (0.01, 3600), "query_memory": (256, 1 << 20)}
        ranges |= {"query_rows": (1, 1_000_000_000), "client_queries": (1, 10_000)}
        ranges |= {"tool_rows": (1, 10_000), "processes": (0, 1024)}
        ranges |= {"store_memory": (0, 1_000_000_000)}
        ranges |= {"query_length": (100, 10_000_000), "question_length": (10, 100_000)}
        ranges |= {"file_size": (1, 4096), "file_seconds": (1, 3600), "file_memory": (256, 1 << 20)}
        ranges |= {"file_pages": (1, 1_000_000), "file_characters": (1000, 1_000_000_000)}
        ranges |= {"upload_size": (1, 1 << 20), "upload_files": (1, 10_000)}
        if self.upload_token and len(self.upload_token) < SHORTEST_SECRET:
            raise SettingsError(
                f"setting upload_token is too short; take {SHORTEST_SECRET} characters or more that nobody guesses,"
                " such as those of `openssl rand -hex 24`"
            )
        if self.log not in LOGS:
            raise SettingsError(f"setting log is {self.log!r}; it needs to be one of {', '.join(LOGS)}")
        for name, (low, high) in ranges.items():
            if not low <= getattr(self, name) <= high:
                value = getattr(self, name)
                raise SettingsError(f"setting {name} is {value}; it needs to lie between {low} and {high}")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> "Settings":
        """Return settings from what is given (None counts as not given), then ``TANTU_*`` variables, then defaults.

        :raises SettingsError: if a variable cannot be read as its setting's type.

        >>> Settings.from_environment({"TANTU_PORT": "9000"}).port
        9000
        >>> Settings.from_environment({"TANTU_PORT": "many"})
        Traceback (most recent call last):
        kg.errors.SettingsError: TANTU_PORT is 'many'; it needs to be a int
        """
        environment = os.environ if environment is None else environment
        values = {name: value for name, value in given.items() if value is not None}
        for setting in fields(cls):
            variable = f"TANTU_{setting.name.upper()}"
            if setting.name not in values and variable in environment:
                values[setting.name] = _read(variable, environment[variable], setting.type)
        for name in ("data", "seeds", "ontology"):
            if name in values:
                values[name] = Path(values[name]).expanduser().absolute()
        return cls(**values)


def _read(variable: str, text: str, type_: Any) -> Any:
    try:
        return type_(text)
    except ValueError:
        raise SettingsError(f"{variable} is {text!r}; it needs to be a {type_.__name__}") from None


def clean_environment() -> dict[str, str]:
    """Return the environment for a worker process: nothing but what Python needs to start."""
    keep = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
    return {name: os.environ[name] for name in keep if name in os.environ}
