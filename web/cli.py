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
from web import authoring, checking, progress, texts

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
    search.add_argument("--json", action="store_true", help="print the hits as JSON")
    sparql = command("sparql", _sparql, "run a SPARQL query from a file, - for standard input")
    sparql.add_argument("file")
    sparql.add_argument("--format", default=None, help="json xml csv tsv, or for graphs ttl nt jsonld rdf (csv, ttl)")
    facts = command("facts", _facts, "print the facts of the reports, or of any text files")
    texts.add_arguments(facts)
    facts.add_argument("--report", help="only of this report")
    facts.add_argument("--format", choices=("jsonl", "csv", "parquet"), default="jsonl")
    facts.add_argument("-o", "--output", type=Path, help="file to write; needed for parquet")
    checking.add_command(command)
    evaluate = command("evaluate", _evaluate, "say how much of what questions ask for the search finds")
    evaluate.add_argument("questions", type=Path, help="JSON lines, as in bench/questions-dev.jsonl")
    authoring.add_commands(command)
    return top


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

    with progress.library(settings) as library:
        hits = [hit_json(hit, library) for hit in library.search(given.question, given.k)]
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


def _evaluate(settings: Settings, given: argparse.Namespace) -> int:
    from search.evaluation import as_text, evaluate_search, read_questions

    try:
        questions = read_questions(given.questions)
    except (OSError, ValueError, KeyError) as error:
        raise SettingsError(
            f"{given.questions}: no questions can be read from it ({error}); see bench/README.md"
        ) from error
    with progress.library(settings) as library:
        print(as_text(evaluate_search(library.search, questions)))
    return DONE
