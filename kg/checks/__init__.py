"""The gate that guards the ontology: each check with its name, in a plain table.

A check is a function from what it looks at to findings: of the ontology's files alone, or of the built graph too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kg.checks import (
    built,
    examples,
    hygiene,
    labels,
    layout,
    namespaces,
    parsing,
    queries,
    questions,
    release,
    shacl,
)
from kg.checks.built import Built
from kg.checks.findings import Finding
from kg.checks.sources import Sources


@dataclass(frozen=True, slots=True)
class OntologyCheck:
    """A check of the ontology's files: its name, what holds where it finds nothing, and the function."""

    name: str
    what: str
    run: Callable[[Sources], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class GraphCheck:
    """A check of the built graph."""

    name: str
    what: str
    run: Callable[[Built], Iterator[Finding]]


ONTOLOGY_CHECKS: tuple[OntologyCheck, ...] = (
    OntologyCheck("parse", "every file is Turtle", parsing.mistakes),
    OntologyCheck("languages", "every text is in zh-Hans, zh-Hant or en, and tagged so", parsing.language_tags),
    OntologyCheck("subjects", "every term has one block, in one file", parsing.repeated_subjects),
    OntologyCheck("format", "every file is in the house's layout", layout.check),
    OntologyCheck(
        "namespaces", "every name of another vocabulary exists, every prefix has one meaning", namespaces.check
    ),
    OntologyCheck("labels", "no two concepts of a type share a label", labels.check),
    OntologyCheck("hygiene", "the queries of `ontology/hygiene/` find nothing", hygiene.check),
    OntologyCheck("meta-shacl", "the shapes are sound SHACL", shacl.sound),
    OntologyCheck("examples", "every example is read, no counter-example is, and none is missing", examples.check),
    OntologyCheck("queries", "every example query of `ontology/examples/` has title, theme and form", queries.check),
    OntologyCheck("released", "no released name has vanished", release.names),
    OntologyCheck("changelog", "`CHANGELOG.md` tells of what changed since the last release", release.changelog),
)
GRAPH_CHECKS: tuple[GraphCheck, ...] = (
    GraphCheck("spans", "every span equals its text", built.spans),
    GraphCheck("concepts", "every fact points at things that the graph knows", built.concepts),
    GraphCheck("shapes", "the whole graph keeps the shapes", shacl.kept),
    GraphCheck("questions", "the competency questions of `ontology/cq/` give their rows", questions.check),
)
