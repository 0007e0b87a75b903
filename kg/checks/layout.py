"""The house's one layout of Turtle files: deterministic, and the same again when written twice.

1. Prefixes first, ours before others, ``o`` before all, else by name; only those that the file uses.
2. One block a subject, beginning at the line's start; its parts go on at 4 blanks, long lists of objects at 8.
3. One blank before ``;``, ``,`` and ``.``; no tabs, no blanks at the end of a line, one newline at the end of the file.
4. The parts of a block in one order: type, scheme, broader, what the concept is, labels, notes, examples, a query.
5. Labels, notes and examples begin a line of their own; the rest fills lines of at most 120 characters.
6. A predicate stands once in a block, an object once behind it. Preferred labels come in the order zh-Hans, zh-Hant,
   en; all else keeps the order in which it was written.
7. Comments stand above a block; a section (``# ---``) has a blank line above it, no two blank lines follow each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kg import ids
from kg.checks.findings import ERROR, Finding
from kg.checks.notation import Clause, Statement, chunks, statements
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.turtle import alike, mistake

WIDTH = 120  # as in Python
_FIRST = (
    "a", "skos:inScheme", "skos:broader", "dcterms:isPartOf", "rdfs:subClassOf", "rdfs:subPropertyOf",
    "rdfs:domain", "rdfs:range", "sh:targetClass", "sh:path", "sh:minCount", "sh:maxCount", "skos:notation",
    "o:factor", "o:canonicalUnit", "qudt:hasQuantityKind", "o:base",
)  # fmt: skip
_LAST = (
    "rdfs:label", "skos:prefLabel", "skos:altLabel", "skos:hiddenLabel", "o:cellLabel", "dcterms:title",
    "rdfs:comment", "skos:definition", "skos:scopeNote", "skos:changeNote", "dcterms:description", "sh:message",
    "o:example", "o:counterExample", "sh:select", "sh:construct", "sh:ask", "spex:describe",
)  # fmt: skip
_BY_LANGUAGE = frozenset({"rdfs:label", "skos:prefLabel", "dcterms:title"})
_TAGS = ("@zh-Hans", "@zh-Hant", "@en")
_PLAIN = "write plain Turtle: @prefix and not PREFIX, no @base, one block a subject"
REMEDY = "write it with `tantu check --write format`"


def check(sources: Sources) -> Iterator[Finding]:
    """Yield the files that are not in the house's layout, at the first line that differs."""
    for path, text in sources.texts.items():
        line = first_difference(text, canonical(text))
        if line:
            problem = "is not in the house's layout from here on"
            yield Finding("format", ERROR, sources.at(path, line), "", problem, REMEDY)
        for statement in statements(text):
            if statement.inside:
                problem = "a comment stands inside a block"
                yield Finding("format", ERROR, sources.at(path, statement.line), statement.subject, problem, REMEDY)


def first_difference(text: str, wanted: str) -> int | None:
    r"""Return the number of the first line that differs, None where none does.

    >>> first_difference("a b .", "a b ."), first_difference("a\nb", "a\nc\nd")
    (None, 2)
    """
    if text == wanted:
        return None
    one, other = text.split("\n"), wanted.split("\n")
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs, 1) if a != b), min(len(one), len(other)))


def write(sources: Sources) -> list[str]:
    """Write every file that is not in the house's layout; return their names.

    :raises VocabularyError: if a file would not say the same afterwards; it stays as it is.
    """
    changed = []
    for path, text in sources.texts.items():
        written = canonical(text)
        if written != text:
            if mistake(text) or mistake(written) or not alike(text, written):
                raise VocabularyError(f"{sources.at(path)}: cannot be laid out; {_PLAIN}")
            path.write_text(written, "utf-8")
            changed.append(sources.at(path))
    return changed


@lru_cache(maxsize=64)
def canonical(text: str) -> str:
    """Return a Turtle file in the house's layout.

    >>> print(canonical('@prefix o: <https://w3id.org/tantu/o#>.  o:a o:n 1;a o:B.').rstrip())
    @prefix o: <https://w3id.org/tantu/o#> .
    <BLANKLINE>
    o:a a o:B ; o:n 1 .
    """
    known = statements(text)
    declared = [statement for statement in known if statement.subject == "@prefix"]
    lines = [comment for statement in declared for comment in statement.comments]
    lines += _prefixes(declared, text)
    first = True
    for statement in known:
        if statement.subject != "@prefix":
            section = any(comment.startswith("# ---") for comment in statement.comments)
            lines += [""] if lines and (first or section or statement.apart) else []
            lines += [*statement.comments, *_block(statement)]
            first = False
    return "\n".join(lines).rstrip("\n") + "\n"


def _prefixes(declared: Sequence[Statement], text: str) -> Iterator[str]:
    spaces = {clause.predicate: clause.objects[0] for statement in declared for clause in statement.clauses}
    used = {
        token.text.partition(":")[0] + ":"
        for chunk in chunks(text)
        if all(token.text != "@prefix" for token in chunk)
        for token in chunk
        if token.kind == "name"
    }

    def place(prefix: str) -> tuple[bool, bool, str]:
        return not spaces[prefix].startswith(f"<{ids.BASE}"), prefix != "o:", prefix

    yield from (f"@prefix {prefix} {spaces[prefix]} ." for prefix in sorted(spaces, key=place) if prefix in used)


def _block(statement: Statement) -> Iterator[str]:
    """Yield the lines of one subject."""
    if not statement.subject:
        return
    line = statement.subject
    ordered = sorted(_merged(statement.clauses), key=_rank)
    for number, clause in enumerate(ordered):
        last = number == len(ordered) - 1
        wrapped = list(_wrapped(clause, "." if last else ";"))
        fits = len(wrapped) == 1 and len(line) + len(wrapped[0]) < WIDTH
        if number == 0 or (fits and clause.predicate not in _LAST):
            line = f"{line} {wrapped[0]}"
        else:
            yield line
            line = f"    {wrapped[0]}"
        for more in wrapped[1:]:
            yield line
            line = f"        {more}"
    yield line


def _merged(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Yield one clause a predicate, with each object once."""
    objects: dict[str, list[str]] = {}
    for clause in clauses:
        objects.setdefault(clause.predicate, []).extend(clause.objects)
    yield from (Clause(predicate, tuple(dict.fromkeys(found))) for predicate, found in objects.items())


def _rank(clause: Clause) -> tuple[int, str]:
    """Return where a clause stands in its block; what is in neither list stands between them, by name."""
    name = clause.predicate
    if name in _FIRST:
        return _FIRST.index(name), ""
    return (100 + _LAST.index(name), "") if name in _LAST else (50, name)


def _wrapped(clause: Clause, end: str) -> Iterator[str]:
    """Yield the lines of a predicate with its objects, without their indentation."""
    objects = clause.objects
    if clause.predicate in _BY_LANGUAGE:
        objects = tuple(sorted(objects, key=_language))
    line = clause.predicate
    for number, value in enumerate(objects):
        sign = end if number == len(objects) - 1 else ","
        if number and len(line) + len(value) + 11 > WIDTH:
            yield line
            line = f"{value} {sign}"
        else:
            line = f"{line} {value} {sign}"
    yield line


def _language(value: str) -> int:
    return next((i for i, tag in enumerate(_TAGS) if value.endswith(tag)), len(_TAGS))
