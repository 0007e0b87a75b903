"""Every Turtle file is Turtle, its text is in one of our languages, and each subject has one block."""

from collections.abc import Iterator
from pathlib import Path

from kg.checks.findings import ERROR, Finding
from kg.checks.notation import Token, chunks, tokens
from kg.checks.sources import Sources
from kg.turtle import mistake
from kg.vocabulary import LANGUAGES


def mistakes(sources: Sources) -> Iterator[Finding]:
    """Yield every block that is not Turtle, not only the first of a file."""
    for path, text in sources.texts.items():
        whole = mistake(text)
        if whole:
            for line, problem in list(_by_block(text)) or [whole]:
                yield Finding("parse", ERROR, sources.at(path, line), "", problem, "mend the Turtle")


def _by_block(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and kind of what is wrong in each block, parsed on its own below the file's prefixes."""
    blocks = list(chunks(text))
    prefixes = " ".join(_written(block) for block in blocks if _is_prefix(block))
    for block in blocks:
        real = [token for token in block if token.kind != "space"]
        if any(token.kind != "comment" for token in real):
            body = "".join(token.text for token in block).lstrip()
            wrong = mistake(body if _is_prefix(block) else f"{prefixes} {body}")
            if wrong:
                yield real[0].line + wrong[0] - 1, wrong[1]


def _written(block: list[Token]) -> str:
    return " ".join(token.text for token in block if token.kind not in ("space", "comment"))


def _is_prefix(block: list[Token]) -> bool:
    return any(token.text == "@prefix" for token in block)


def language_tags(sources: Sources) -> Iterator[Finding]:
    """Yield text whose language is not one of ours as we write it: never a bare ``zh``."""
    for path, text in sources.texts.items():
        for token in tokens(text):
            tag = token.text[1:]
            if token.kind == "tag" and tag not in (*LANGUAGES, "prefix"):
                problem = f"the language @{tag} is none of {', '.join(LANGUAGES)}"
                yield Finding("languages", ERROR, sources.at(path, token.line), "", problem, "write one of these tags")


def repeated_subjects(sources: Sources) -> Iterator[Finding]:
    """Yield subjects with two blocks in one file, or with a type in two files."""
    typed: dict[str, Path] = {}
    for path, known in sources.statements.items():
        here: set[str] = set()
        for statement in known:
            iri = sources.full(path, statement.subject) if statement.subject not in ("", "@prefix") else ""
            if not iri:
                continue
            place = sources.at(path, statement.line)
            if iri in here:
                problem = f"has a second block, the first is at {sources.place(iri)}"
                yield Finding("subjects", ERROR, place, statement.subject, problem, "write one block for it")
            here.add(iri)
            declared = any(clause.predicate == "a" for clause in statement.clauses)
            if declared and typed.setdefault(iri, path) != path:
                problem = f"is declared in {sources.at(typed[iri])} too"
                yield Finding("subjects", ERROR, place, statement.subject, problem, "declare it in one file")
