"""The competency questions of the ontology, by the terms that their queries use."""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from kg.terms import PREFIXES
from web.parts import Phrase

Wordings = Mapping[str, Phrase]  # of one question, by "zh" and "en"
_WORDING = re.compile(r"^# (zh|en): (.*\S)", re.MULTILINE)
_LANGUAGES = {"zh": "zh-Hans", "en": "en"}
_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_PREFIX = re.compile(r"\bPREFIX\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:/<])([\w-]+):([\w-]+)")
_IRI = re.compile(r"<(https?://[^>\s]+)>")


@lru_cache(maxsize=4)
def questions_by_term(ontology: Path) -> Mapping[str, tuple[Wordings, ...]]:
    """Return the questions in ``cq/`` of an ontology by the IRIs that their queries use; empty where there are none.

    They are read here and not by ``kg.checks``, whose validators take a second and a half to import.
    """
    found: defaultdict[str, list[Wordings]] = defaultdict(list)
    for path in sorted((ontology / "cq").glob("*.rq")):
        query = path.read_text("utf-8")
        wordings = {tag: Phrase(text, _LANGUAGES[tag]) for tag, text in _WORDING.findall(query)}
        for iri in sorted(used(query)) if wordings.keys() == _LANGUAGES.keys() else ():
            found[iri].append(wordings)
    return {iri: tuple(those) for iri, those in found.items()}


def used(query: str) -> set[str]:
    r"""Return the IRIs that a query uses outside its comments.

    >>> sorted(used("# m:water\nSELECT ?f { ?f o:metric m:pue }"))
    ['https://w3id.org/tantu/metric/pue', 'https://w3id.org/tantu/o#metric']
    """
    text = _COMMENT.sub("", query)
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}
    body = _PREFIX.sub(" ", text)
    names = {prefixes[prefix] + local for prefix, local in _NAME.findall(body) if prefix in prefixes}
    return names | set(_IRI.findall(body))
