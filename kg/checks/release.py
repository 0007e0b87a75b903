"""What is released stays: no name of the ontology vanishes, and a change of the ontology is told in CHANGELOG.md."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from kg import ids
from kg.checks.findings import ERROR, Finding
from kg.checks.layout import canonical
from kg.checks.notation import tokens
from kg.checks.sources import Sources
from kg.errors import VocabularyError
from kg.terms import PREFIXES

FILE = "released.txt"
_HEAD = """\
# Every name of the ontology at its last release. None of them ever vanishes: what is no longer used stays, deprecated.
# Written by `tantu check --write released`, when a release is made.
# release: {release}
# content: {content}
"""
_VERSION = f"""
PREFIX owl: <{PREFIXES["owl"]}>
SELECT ?version {{ ?ontology a owl:Ontology ; owl:versionInfo ?version }}
"""
_SECTION = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def names(sources: Sources) -> Iterator[Finding]:
    """Yield names of the last release that the ontology has lost."""
    for iri in sorted(set(_lines(sources)) - sources.subjects):
        remedy = "give it back with owl:deprecated true and dcterms:isReplacedBy"
        place = sources.at(sources.folder / FILE)
        yield Finding("released", ERROR, place, sources.short(iri), "was released and is gone", remedy)


def changelog(sources: Sources) -> Iterator[Finding]:
    """Yield a finding where the ontology differs from its last release and the changelog beside it does not say so."""
    path = sources.folder.parent / "CHANGELOG.md"
    if not path.is_file() or _head(sources)["content"] == content(sources):
        return
    section = _SECTION.search(path.read_text("utf-8"))
    if not section or not re.search(r"^- ontology: \S", section[1], re.MULTILINE):
        problem = f"does not tell how the ontology differs from release {_head(sources)['release']}"
        remedy = "write '## Unreleased' at its top, with a line '- ontology: ...'"
        yield Finding("changelog", ERROR, path.name, "", problem, remedy)


def content(sources: Sources) -> str:
    """Return a checksum of all that the Turtle files say, which layout and comments do not change."""
    found = sha256()
    for path, text in sources.texts.items():
        said = [token.text for token in tokens(canonical(text)) if token.kind not in ("space", "comment")]
        found.update("\n".join([sources.at(path).partition("/")[2], *said, ""]).encode())
    return found.hexdigest()


def write(sources: Sources, release: str) -> Path:
    """Write the names of this ontology as released; what was released before stays on the list."""
    path = sources.folder / FILE
    before = _lines(sources) if path.is_file() else []
    ours = {iri for iri in sources.subjects if iri.startswith(ids.BASE) and not iri.startswith(PREFIXES["ex"])}
    lines = sorted(ours | set(before))
    path.write_text(_HEAD.format(release=release, content=content(sources)) + "\n".join([*lines, ""]), "utf-8")
    return path


def version(sources: Sources) -> str:
    """Return the version that the ontology states of itself.

    :raises VocabularyError: if it states none.
    """
    found = sources.store.select(_VERSION)
    if len(found) != 1:
        raise VocabularyError(f"{sources.folder}: state one owl:versionInfo in core.ttl, the version to be released")
    return str(found[0]["version"])


def _lines(sources: Sources) -> list[str]:
    return [line for line in _text(sources).splitlines() if line and not line.startswith("#")]


def _head(sources: Sources) -> dict[str, str]:
    """Return release and content of the list's header.

    :raises VocabularyError: if it lacks one.
    """
    head = dict(re.findall(r"^# (release|content): (.+)$", _text(sources), re.MULTILINE))
    if len(head) < 2:
        raise VocabularyError(f"{sources.folder / FILE}: lacks '# release: ...' or '# content: ...' in its header")
    return head


def _text(sources: Sources) -> str:
    """Return the list.

    :raises VocabularyError: if it cannot be read.
    """
    try:
        return (sources.folder / FILE).read_text("utf-8")
    except OSError as error:
        remedy = "write it with `tantu check --write released`"
        raise VocabularyError(f"{sources.folder / FILE}: cannot be read ({error.strerror}); {remedy}") from error
