"""The ``tantu`` command.

Exit codes: 0 done; 1 refused, with one line that says why and what to do; 2 wrong arguments; 3 nothing found.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from kg.errors import KgError, SettingsError
from kg.settings import Settings
from web import authoring, changing, checking, evaluating, keeping, progress, texts, verifying

DONE, REFUSED, NOTHING = 0, 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    given = parser().parse_args(arguments)
    try:
        settings = Settings.from_environment(**{name: getattr(given, name, None) for name in SETTINGS})
        run: Callable[[Settings, argparse.Namespace], int] = given.run
        return run(settings, given)
    except KgError as error:
        print(f"tantu: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


SETTINGS = ("data", "seeds", "ontology", "model", "host", "port")
FILTERS = {
    "company": "only of this company: a name in any script, or the last part of its IRI",
    "report": "only of this report",
    "technology": "only what speaks of this technology, or of one below it",
    "risk": "only what tells a risk or an opportunity of this category, or of one below it",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser("tantu", description="Sustainability reports as a knowledge graph with evidence.")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", metavar="DIR", help="folder of the built graph and index (TANTU_DATA)")
    common.add_argument("--seeds", metavar="DIR", help="folder of the reports and their catalogue (TANTU_SEEDS)")
    common.add_argument("--ontology", metavar="DIR", help="folder of the ontology (TANTU_ONTOLOGY)")
    common.add_argument("--model", metavar="NAME", help="embedding model: a folder or a name (TANTU_MODEL)")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Settings, argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help, parents=[common])
        made.set_defaults(run=run)
        return made

    command("build", _build, "build the graph and the index from the seeds, even if they are there")
    serve = command("serve", _serve, "serve the pages and the endpoint, building first what is missing")
    serve.add_argument("--host", help="address to listen on (TANTU_HOST, 127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to listen on; 0 takes a free one (TANTU_PORT, 8000)")
    ask = command("ask", _ask, "answer a question in Chinese or English")
    ask.add_argument("question")
    ask.add_argument("--json", action="store_true", help="print the whole answer as JSON")
    search = command("search", _search, "find passages by words and by meaning")
    search.add_argument("question")
    search.add_argument("-k", type=int, default=5, help="how many (5)")
    search.add_argument("--kind", action="append", help="facts of this kind instead of passages; may be repeated")
    search.add_argument("--year", type=int, help="only of this year")
    for name in ("company", "report", "technology", "risk"):
        search.add_argument(f"--{name}", help=FILTERS[name])
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    facts = command("facts", _facts, "print the facts of the reports, or of any files")
    texts.add_arguments(facts)
    facts.add_argument("--report", help="only of this report")
    facts.add_argument("--format", choices=("jsonl", "csv", "parquet"), default="jsonl")
    facts.add_argument("-o", "--output", type=Path, help="file to write; needed for parquet")
    for module in (changing, keeping, authoring):
        module.add_commands(command)
    for module in (checking, evaluating, verifying):
        module.add_command(command)
    _add_outlets(command)
    return top


def _add_outlets(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the commands that hand out the graph."""
    sparql = command("sparql", _sparql, "run a SPARQL query from a file, - for standard input")
    sparql.add_argument("file")
    sparql.add_argument("--format", default=None, help="json xml csv tsv, or for graphs ttl nt jsonld rdf (csv, ttl)")
    dump = command("dump", _dump, "write the whole graph to a file, in the form that its name ends with")
    dump.add_argument("file", type=Path, help="a name that ends with .nq.gz, .trig or .ttl")
    command("mcp", _mcp, "serve search, ask, sparql and describe to a language model, over standard input and output")


def _build(settings: Settings, given: argparse.Namespace) -> int:
    from search.building import build

    with progress.bars() as step:
        built = build(settings, step)
    counts = built.manifest.counts
    print(f"{counts['facts']} facts of {counts['reports']} reports, {counts['entries']} entries in {built.folder}")
    for rejection in built.rejections:
        print(f"left out: {rejection}", file=sys.stderr)
    return DONE


def _serve(settings: Settings, given: argparse.Namespace) -> int:
    from web.serving import serve

    serve(settings)
    return DONE


def _ask(settings: Settings, given: argparse.Namespace) -> int:
    from search.answers import as_json

    with progress.library(settings) as library:
        answer = library.ask(given.question)
        found = as_json(answer, library)
    if given.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print(found["text"])
        for citation in found["citations"][:3]:
            place = f"{citation['report']} {citation['start']}-{citation['end']}"
            print(f"  [{place}] {' '.join(citation['quote'].split())}")
    return DONE if answer.answered else NOTHING


def _search(settings: Settings, given: argparse.Namespace) -> int:
    from search.answers import hit_json

    chosen = {name: getattr(given, name) for name in (*FILTERS, "year")}
    with progress.library(settings) as library:
        where = library.filters.where(given.kind or ("passage",), **chosen)
        hits = [hit_json(hit, library) for hit in library.search(given.question, given.k, where=where)]
    for hit in hits:
        text = json.dumps(hit, ensure_ascii=False) if given.json else _line(hit)
        print(text)
    return DONE if hits else NOTHING


def _line(hit: dict[str, object]) -> str:
    return f"{hit['score']:.2f} [{hit['report']} {hit['start']}-{hit['end']}] {' '.join(str(hit['text']).split())}"


def _sparql(settings: Settings, given: argparse.Namespace) -> int:
    query = sys.stdin.read() if given.file == "-" else _read(Path(given.file))
    with progress.library(settings) as library:
        for part in library.query(query, given.format or "csv"):
            sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
    return DONE


def _read(path: Path) -> str:
    from kg.reading.decoding import read_text

    return read_text(path)


def _facts(settings: Settings, given: argparse.Namespace) -> int:
    from search.exports import write_facts

    with ExitStack() as opened:
        if given.files:
            facts = texts.fact_lines(settings, given)
        else:
            facts = opened.enter_context(progress.library(settings)).fact_lines(given.report)
        output = opened.enter_context(given.output.open("wb")) if given.output else sys.stdout.buffer
        write_facts(facts, given.format, output)
    return DONE


def _dump(settings: Settings, given: argparse.Namespace) -> int:
    from kg.dumps import FORMS, dump

    form = next((form for form in FORMS if given.file.name.endswith(f".{form}")), None)
    if form is None:
        raise SettingsError(f"{given.file}: no dump has such a name; end it with .{', .'.join(FORMS)}")
    with progress.library(settings) as library:
        parts = dump(library.folder, form)
        try:
            with given.file.open("wb") as file:
                file.writelines(parts)
        except OSError as error:
            raise SettingsError(f"{given.file} cannot be written ({error.strerror}); name another file") from error
    return DONE


def _mcp(settings: Settings, given: argparse.Namespace) -> int:
    try:
        from web.assistants import serve
    except ModuleNotFoundError as error:
        raise SettingsError(f"there is no package {error.name}; install it with: pip install 'tantu[mcp]'") from error
    if sys.stdin.isatty():
        print("Tantu waits here for a program that speaks MCP; docs/sparql.md says how one starts it", file=sys.stderr)
    serve(settings)
    return DONE
