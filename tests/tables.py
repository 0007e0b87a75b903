"""The tables of docs/ that are made from the code and the ontology: ``make docs`` writes them, test_docs.py compares."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from pathlib import Path

from kg import ids
from kg.checks import GRAPH_CHECKS, ONTOLOGY_CHECKS
from kg.checks.hygiene import rules
from kg.checks.questions import questions
from kg.settings import ROOT, Settings
from kg.terms import PREFIXES
from kg.turtle import read_turtle, turtle_files

DOCS = ROOT / "docs"
RDFS = PREFIXES["rdfs"]
Terms = Mapping[str, Mapping[str, list[str]]]  # IRI -> property -> values, of comments the English one only


def setting_rows() -> Iterator[list[str]]:
    """Yield name, variable, default and help of each setting."""
    yield ["setting", "variable", "default", "what"]
    for setting in fields(Settings):
        default = "none" if setting.default == "" else f"`{setting.default}`"
        default = "see below" if setting.default is MISSING else default
        yield [f"`{setting.name}`", f"`TANTU_{setting.name.upper()}`", default, setting.metadata["help"]]


def terms(kinds: tuple[str, ...]) -> Terms:
    """Return our terms of some kinds (``Class``, ``ObjectProperty``) with what the ontology says of them."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ontology = ROOT / "ontology"
    for path in sorted(turtle_files(ontology), key=lambda path: (path.name != "core.ttl", path)):
        for subject, predicate, node in read_turtle(path):
            if node.language in (None, "en"):
                found[subject][predicate].append(node.value)
    wanted = {PREFIXES["owl"] + kind for kind in kinds}
    ours = (iri for iri in found if iri.startswith(ids.ONTOLOGY) and f"{PREFIXES['owl']}deprecated" not in found[iri])
    return {iri: found[iri] for iri in ours if wanted & set(found[iri][f"{PREFIXES['rdf']}type"])}


def short(iri: str) -> str:
    """Return an IRI as code, with its prefix if it has one of ours."""
    known = [name for name in PREFIXES if iri.startswith(PREFIXES[name])]
    if not known:
        return f"`{iri}`"
    nearest = max(known, key=lambda name: len(PREFIXES[name]))
    return f"`{nearest}:{iri.removeprefix(PREFIXES[nearest])}`"


def term_rows(head: list[str], kinds: tuple[str, ...], *columns: str) -> Iterator[list[str]]:
    """Yield a term, the values of some RDFS properties, and its comment."""
    yield head
    for iri, about in terms(kinds).items():
        values = [", ".join(short(value) for value in about.get(RDFS + column, ())) for column in columns]
        yield [short(iri), *values, " ".join(about.get(f"{RDFS}comment", ())).replace("|", "\\|")]


def class_rows() -> Iterator[list[str]]:
    """Yield the classes."""
    return term_rows(["class", "below", "what"], ("Class",), "subClassOf")


def property_rows() -> Iterator[list[str]]:
    """Yield the properties."""
    head = ["property", "of", "value", "what"]
    return term_rows(head, ("ObjectProperty", "DatatypeProperty"), "domain", "range")


def ontology_check_rows() -> Iterator[list[str]]:
    """Yield the checks of the ontology's files."""
    yield ["check", "what holds"]
    yield from ([f"`{check.name}`", check.what] for check in ONTOLOGY_CHECKS)


def graph_check_rows() -> Iterator[list[str]]:
    """Yield the checks of the built graph."""
    yield ["check of the graph", "what holds"]
    yield from ([f"`{check.name}`", check.what] for check in GRAPH_CHECKS)


def hygiene_rows() -> Iterator[list[str]]:
    """Yield the queries of the check "hygiene"."""
    yield ["query", "what it looks for", "severity"]
    yield from ([f"`{rule.name}`", rule.what, rule.severity] for rule in rules(ROOT / "ontology"))


def question_rows() -> Iterator[list[str]]:
    """Yield the competency questions."""
    yield ["question", "asks"]
    yield from (
        [f"`{question.path.stem}`", f"{question.zh} {question.en}"] for question in questions(ROOT / "ontology")
    )


TABLES: tuple[tuple[str, Callable[[], Iterator[list[str]]]], ...] = (
    ("settings.md", setting_rows),
    ("data.md", class_rows),
    ("data.md", property_rows),
    ("ontology-checks.md", ontology_check_rows),
    ("ontology-checks.md", graph_check_rows),
    ("ontology-checks.md", hygiene_rows),
    ("ontology-checks.md", question_rows),
)


def table(rows: Iterator[list[str]]) -> str:
    """Return rows as a Markdown table; the first is the head."""
    head, *body = (f"| {' | '.join(row)} |\n" for row in rows)
    return head + "|" + " --- |" * (head.count(" | ") + 1) + "\n" + "".join(body)


def renewed(page: str, made: str) -> str:
    """Return a page with the table that has the same head replaced."""
    head = made.partition("\n")[0]
    return re.sub(rf"^{re.escape(head)}\n(?:\|.*\n)+", lambda _: made, page, flags=re.MULTILINE)


def write(folder: Path = DOCS) -> None:
    """Write all tables into their pages."""
    for name, rows in TABLES:
        path = folder / name
        path.write_text(renewed(path.read_text("utf-8"), table(rows())), "utf-8")


if __name__ == "__main__":
    write()
