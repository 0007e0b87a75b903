"""Competency questions: what the graph has to answer, one query a file in ``ontology/cq/``, its rows beside it.

A query's header asks the question in Chinese (``# zh:``) and English (``# en:``). The rows it has to give stand in the
CSV file of the same name: names with our prefixes, numbers without idle zeros, in any order.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from kg import ids
from kg.checks.built import Built
from kg.checks.findings import ERROR, WARNING, Finding
from kg.errors import QueryError, VocabularyError
from kg.store import Store
from kg.terms import FLOATS, IRI, PREFIXES, Literal, Term

_NAME = re.compile(r"\bo:\w+")
_USED = f"""
PREFIX o: <{PREFIXES["o"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT DISTINCT ?term {{
  VALUES ?graph {{ GRAPHS }}
  GRAPH ?graph {{ {{ ?fact ?term ?value }} UNION {{ ?fact a ?term }} }}
  FILTER(STRSTARTS(STR(?term), STR(o:)))
  FILTER NOT EXISTS {{ ?term rdfs:subPropertyOf o:span }}
}}
"""  # characters role by role are asked for with a variable
Row = tuple[str, ...]
LEAST = 25  # questions, below which something has been lost
REMEDY = "if the graph is right now, write the rows with `make questions` and read the difference"


@dataclass(frozen=True, slots=True)
class Question:
    """A query with its question in both languages and the file of its rows."""

    path: Path
    zh: str
    en: str
    query: str

    @property
    def rows(self) -> Path:
        """The file of the rows that it has to give."""
        return self.path.with_suffix(".csv")


def questions(folder: Path) -> list[Question]:
    """Return the questions of an ontology folder in order.

    :raises VocabularyError: if one lacks its question in a language.
    """
    return [_question(path) for path in sorted((folder / "cq").glob("*.rq"))]


def _question(path: Path) -> Question:
    query = path.read_text("utf-8")
    head = dict(line[2:].split(": ", 1) for line in query.splitlines() if line.startswith(("# zh: ", "# en: ")))
    if set(head) != {"zh", "en"}:
        raise VocabularyError(f"{path}: begin it with its question, '# zh: ...' and '# en: ...'")
    return Question(path, head["zh"], head["en"], query)


def check(built: Built) -> Iterator[Finding]:
    """Yield the rows that questions gained and lost, and questions that cannot be asked."""
    known = questions(built.sources.folder)
    if len(known) < LEAST:
        problem = f"holds {len(known)} questions; there are at least {LEAST}"
        yield Finding("questions", ERROR, f"{built.sources.folder.name}/cq", "", problem, "write more, delete none")
    for question in known:
        place = built.sources.at(question.path)
        try:
            _, found = answer(question, built.store)
        except QueryError as error:
            yield Finding("questions", ERROR, place, "", f"cannot be asked: {error}", "mend the query")
            continue
        if not question.rows.is_file():
            yield Finding("questions", ERROR, place, "", "has no rows beside it", REMEDY)
            continue
        yield from _differences(place, Counter(found), Counter(read_rows(question.rows)[1:]))
    yield from _unasked(built, known)


def _unasked(built: Built, known: Sequence[Question]) -> Iterator[Finding]:
    """Yield classes and properties of ours that facts use and no question asks for."""
    asked = {name for question in known for name in _NAME.findall(question.query)}
    graphs = " ".join(IRI(ids.graph_iri(report)).n3 for report in built.reports)
    for term in sorted({str(row["term"]) for row in built.store.select(_USED.replace("GRAPHS", graphs))}):
        name = built.sources.short(term)
        if name not in asked:
            place = built.sources.place(term)
            yield Finding("questions", WARNING, place, name, "is in the graph and no question asks for it", "ask one")


def _differences(place: str, found: Counter[Row], wanted: Counter[Row]) -> Iterator[Finding]:
    for row in sorted((found - wanted).elements()):
        yield Finding("questions", ERROR, place, "", f"gained: {' | '.join(row)}", REMEDY)
    for row in sorted((wanted - found).elements()):
        yield Finding("questions", ERROR, place, "", f"lost: {' | '.join(row)}", REMEDY)


def answer(question: Question, store: Store) -> tuple[Row, list[Row]]:
    """Return the names of the columns and the rows, sorted.

    :raises QueryError: if the query cannot be parsed.
    """
    found = store.select(question.query)
    columns = columns_of(question.query, found)
    return columns, sorted(tuple(shown(row.get(column)) for column in columns) for row in found)


def columns_of(query: str, found: Sequence[Mapping[str, Term]]) -> Row:
    """Return the variables of a query in the order of its SELECT, those that a row has.

    >>> columns_of("SELECT ?a (COUNT(?c) AS ?n) WHERE { ?a ?b ?c }", [{"a": IRI("x"), "n": IRI("y")}])
    ('a', 'n')
    """
    named = {name for row in found for name in row}
    return tuple(sorted(named, key=lambda name: query.index(f"?{name}")))


def shown(term: Term | None) -> str:
    """Return a term as it stands in a row.

    >>> shown(IRI(f"{PREFIXES['m']}pue")), shown(Literal("1.50", f"{PREFIXES['xsd']}decimal")), shown(None)
    ('m:pue', '1.5', '')
    """
    if isinstance(term, Literal) and term.datatype in FLOATS:
        number = Decimal(term.value)
        return f"{number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize():f}"
    if isinstance(term, IRI):
        fitting = [prefix for prefix, space in PREFIXES.items() if term.value.startswith(space)]
        prefix = max(fitting, key=lambda prefix: len(PREFIXES[prefix]), default=None)
        return f"{prefix}:{term.value.removeprefix(PREFIXES[prefix])}" if prefix else term.value
    return "" if term is None else str(term)


def read_rows(path: Path) -> list[Row]:
    """Return the lines of a file of rows, the names of the columns first."""
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(line) for line in csv.reader(file)]


def write(built: Built) -> list[str]:
    """Write the rows that each question gives now beside it; return the names of the files that changed."""
    changed = []
    for question in questions(built.sources.folder):
        columns, found = answer(question, built.store)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([columns, *found])
        if not question.rows.is_file() or question.rows.read_text("utf-8") != text.getvalue():
            question.rows.write_text(text.getvalue(), "utf-8")
            changed.append(built.sources.at(question.rows))
    return changed
