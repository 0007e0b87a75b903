"""Search inside SPARQL against a plain Python loop over all entries: the same rows for any query of these shapes."""

import json
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.pool import Pool
from kg.reading.folding import compact
from kg.store import Store
from kg.terms import IRI, Quad, text
from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.concepts import Concepts
from search.endpoint import Endpoint
from search.entries import PASSAGE, Entry, Where
from search.fusion import MEANING
from search.index import Index
from search.keywords import K1, B
from search.retrieval import request
from search.seeking import Sought
from search.similarity import Similarity
from search.views import bag, told, views, words
from tests.doubles import HashEncoder

E = "http://e/"
HEAD = f"PREFIX e: <{E}> PREFIX search: <https://w3id.org/tantu/search#> "
NONE = Vocabulary([])
SUBJECTS = [
    "数据中心使用液冷技术",
    "solar power on roofs",
    "洪水影响网络",
    "water recycling for cooling",
    "員工培訓時數",
    "wind power",
]
TEXTS = ["solar power", "液冷技术", "water", "洪水 flood", "nothing of the kind"]
COMPANIES = ["c0", "c1", "c2"]
ASKS = {"c0": text("solar power"), "c1": text("water", "en"), "c2": text("液冷技术", "zh-Hans")}


def entries():
    for n in range(30):
        body = f"{SUBJECTS[n % 6]}，第{n % 4}期 {SUBJECTS[(n * 5 + 1) % 6]}。"
        language = ("zh-Hans", "zh-Hant", "en")[n % 3]
        kind = PASSAGE if n % 3 else "risk"
        yield Entry(
            f"{E}i{n:02}", kind, body, f"r{n % 2}", 0, len(body), f"{E}{COMPANIES[n % 3 - n % 2]}", 2023, language,
            tuple(f"{E}t{m}" for m in range(4) if n % (m + 2) == 0), (f"{E}k{n % 2}",) if kind == "risk" else (),
        )  # fmt: skip


ENTRIES = list(entries())
OWNERS = {entry.iri.removeprefix(E): entry.company.removeprefix(E) for entry in ENTRIES}


@pytest.fixture(scope="module", params=["all are scored", "words and codes name them"])
def index(tmp_path_factory, request):
    """The same index as a small collection has it, and as a large one does."""
    folder, large = tmp_path_factory.mktemp("twin"), request.param != "all are scored"
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr("search.vectors.EXACT_UP_TO", 0)
            patch.setattr("search.index.ALL", 0)
        build_index(folder, ENTRIES, HashEncoder(), NONE)
        yield Index.open(folder, HashEncoder(), NONE)


@pytest.fixture(scope="module")
def endpoint(index, tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin-store") / "store"
    quads = [Quad(IRI(E + p), IRI(f"{E}of"), IRI(E + c), IRI(f"{E}g")) for p, c in OWNERS.items()]
    quads += [Quad(IRI(E + c), IRI(f"{E}asks"), words, IRI(f"{E}g")) for c, words in ASKS.items()]
    with Store.create(folder) as store:
        store.add(quads)

    def seek(sought):
        kinds = frozenset({PASSAGE} if sought.kind == "passages" else {"risk"})
        technologies, risks = (name and frozenset({name}) for name in (sought.technology, sought.risk))
        where = Where(kinds, None, None, None, sought.candidates, sought.language, technologies, risks)
        return index.found(sought, where)

    with Pool(folder, workers=1, seconds=20) as pool:
        yield Endpoint(pool, seek, lambda: Similarity(index, Concepts(NONE, HashEncoder())))


def naive(index, question):
    """Return the score of every entry: BM25 and cosines one entry at a time, from the formulas alone."""
    asked = request(question, index._collection)
    held = told(ENTRIES)
    bags = {e.iri: bag(e, words(e, held.get(e.iri, ())), NONE) for e in ENTRIES}
    usual = [e.iri for e in ENTRIES if e.kind == PASSAGE]
    mean = sum(sum(bags[iri].values()) for iri in usual) / len(usual)

    def rarity(some):
        holders = sum(any(word in bags[iri] for word in some) for iri in usual)
        return np.log1p((len(usual) - holders + 0.5) / (holders + 0.5))

    def part(iri, word):
        often = bags[iri].get(word, 0.0)
        return often * (K1 + 1) / (often + K1 * (1 - B + B * sum(bags[iri].values()) / mean)) if often else 0.0

    ceiling = sum(next(iter(g.values())) * rarity([next(iter(g))]) for g in asked.groups) * (K1 + 1) or 1.0
    share, likeness = {}, {}
    for entry in ENTRIES:
        found = sum(rarity(g) * max(w * part(entry.iri, word) for word, w in g.items()) for g in asked.groups)
        share[entry.iri] = found / ceiling
        likeness[entry.iri] = max(float(v @ asked.vector) for v in HashEncoder().encode(views(entry)))
    return share, likeness


LOOPS = {}


def loop(index, sought):
    """Find as a plain loop over all entries does; fused as ``search.fusion`` says."""
    share, likeness = LOOPS.setdefault(sought.text, naive(index, sought.text))
    fits = [
        e
        for e in ENTRIES
        if (e.kind == PASSAGE) == (sought.kind == "passages")
        and (sought.candidates is None or e.iri in sought.candidates)
        and (sought.technology is None or sought.technology in e.technologies)
        and (sought.risk is None or sought.risk in e.risks)
        and (sought.language is None or re.match(rf"{sought.language}(-|$)", e.language))
    ]
    meaning = MEANING * (1 - max((share[e.iri] for e in fits), default=0.0))
    scores = {e.iri: min(1.0, (1 - meaning) * share[e.iri] + meaning * max(likeness[e.iri], 0)) for e in fits}
    best = sorted(
        (-round(float(score), 6), iri) for iri, score in scores.items() if score > 0 and score >= sought.least
    )
    return [(iri, -score) for score, iri in best[: sought.limit]]


CANDIDATES = st.none() | st.frozensets(st.sampled_from([*(e.iri for e in ENTRIES), f"{E}elsewhere"]), max_size=12)
SOUGHT = st.builds(
    Sought, st.sampled_from(["passages", "facts"]), st.sampled_from(TEXTS), st.integers(1, 12),
    st.sampled_from([0.0, 0.03, 0.2, 0.5]), st.sampled_from([None, "zh", "en", "zh-Hant", "fr"]), CANDIDATES,
    technology=st.sampled_from([None, None, f"{E}t0", f"{E}t3", f"{E}t9"]), risk=st.sampled_from([None, None, f"{E}k1"]),
)  # fmt: skip


@settings(max_examples=30)
@given(SOUGHT)
def test_the_index_finds_what_a_loop_finds(index, endpoint, sought):
    found = [(hit.iri, round(hit.score, 5)) for hit in endpoint.search(sought)]
    wanted = loop(index, sought)
    assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=2e-5)
    every = dict(loop(index, replace(sought, limit=99, least=0.0)))
    assert all(every[iri] == pytest.approx(score, abs=2e-5) for iri, score in found)


# A pattern before the block, its solutions by plain Python, and which of ?p and ?q it binds.
def owned(companies=COMPANIES):
    return [{"p": p, "c": c} for p, c in OWNERS.items() if c in companies]


PATTERNS = {
    "nothing": ("", [{}]),
    "all": ("?p e:of ?c .", owned()),
    "company": ("VALUES ?c { e:c1 } ?p e:of ?c .", owned(["c1"])),
    "filtered": ("?p e:of ?c . FILTER(?c != e:c0)", owned(["c1", "c2"])),
    "hasty": ("?p e:of ?c . FILTER(?s > 0.05)", owned()),
    "texts": ("?c e:asks ?q .", [{"c": c, "q": q.value} for c, q in ASKS.items()]),
    "own": ("?c e:asks ?q . ?p e:of ?c .", [{**row, "q": ASKS[row["c"]].value} for row in owned()]),
    "values": ('VALUES ?q { "water" "wind power" "" }', [{"q": "water"}, {"q": "wind power"}, {"q": ""}]),
    "maybe": ("?c e:asks ?x OPTIONAL { ?p e:of ?c . FILTER(?c = e:c2) }",
              [row for c in COMPANIES for row in (owned([c]) if c == "c2" else [{"c": c}])]),
}  # fmt: skip


def block_rows(index, base, sought):
    """Return the rows that a block means after some solutions: for each text the best among what it is bound with."""
    chosen: dict[str, set | None] = {}
    for row in base:
        words = row.get("q", sought.text)
        if not words.strip():
            continue
        if "p" not in row:
            chosen[words] = None
        elif chosen.setdefault(words, set()) is not None:
            chosen[words].add(E + row["p"])
    rows = []
    for words, candidates in chosen.items():
        hits = loop(index, Sought(sought.kind, words, sought.limit, sought.least, sought.language,
                                  None if candidates is None else frozenset(candidates)))  # fmt: skip
        named = {"q": words} if any("q" in row for row in base) else {}
        rows += [
            {"p": iri.removeprefix(E), "s": score, "r": rank, **named} for rank, (iri, score) in enumerate(hits, 1)
        ]
    return rows


def joined(left, right):
    return [{**a, **b} for a in left for b in right if all(a[k] == b[k] for k in a.keys() & b.keys())]


def answers(index, shape, base, sought, hasty):
    found = block_rows(index, base, sought)
    if shape == "optional":
        rows = [row for a in base for row in (joined([a], found) or [a])]
    elif shape == "union":
        free = block_rows(index, [{}], sought)
        rows = joined(base, found) + free
    elif shape == "exists":
        rows = [row for row in base if joined([row], found)]
    elif shape == "minus":
        rows = [row for row in base if not any(row.keys() & hit.keys() and joined([row], [hit]) for hit in found)]
    else:
        rows = joined(base, found)
    return [row for row in rows if row.get("s", 0) > 0.05] if hasty else rows


def written(shape, pattern, sought, variable):
    parts = [f"search:query {'?q' if variable else text(sought.text).n3}", f"search:limit {sought.limit}"]
    parts += [f"search:minScore {sought.least}"] * bool(sought.least)
    parts += [f'search:language "{sought.language}"'] * bool(sought.language)
    outputs = ["search:score ?s", "search:rank ?r"]
    block = f"SERVICE search:{sought.kind} {{ ?p {' ; '.join([*parts, *outputs])} }}"
    silent = f"SERVICE search:{sought.kind} {{ ?p {' ; '.join(parts)} }}"
    free = block.replace("?q", text(sought.text).n3)
    inner = f"SELECT ?p ?q ?c ?s ?r {{ {pattern} {block} }}"
    return {
        "join": inner,
        "optional": f"SELECT ?p ?q ?c ?s ?r {{ {pattern} OPTIONAL {{ {block} }} }}",
        "union": f"SELECT ?p ?q ?c ?s ?r {{ {{ {pattern} {block} }} UNION {{ {free} }} }}",
        "sub-select": f"SELECT * {{ {{ {inner} }} }}",
        "minus": f"SELECT ?p ?q ?c {{ {pattern} MINUS {{ {silent} }} }}",
        "exists": f"SELECT ?p ?q ?c {{ {pattern} FILTER EXISTS {{ {silent} }} }}",
        "construct": f"CONSTRUCT {{ ?p e:hit ?s }} WHERE {{ {pattern} {block} }}",
    }[shape]


def key(row):
    return (row.get("p"), row.get("q"), row.get("c"), round(row["s"], 4) if "s" in row else None, row.get("r"))


@settings(max_examples=50)
@given(
    shape=st.sampled_from(["join", "optional", "union", "sub-select", "minus", "exists", "construct"]),
    name=st.sampled_from(list(PATTERNS)),
    sought=st.builds(Sought, st.sampled_from(["passages", "facts"]), st.sampled_from(TEXTS), st.integers(1, 9),
                     st.sampled_from([0.0, 0.03, 0.2]), st.sampled_from([None, "zh", "en"])),
    order=st.none() | st.integers(1, 6),
)  # fmt: skip
def test_a_query_gives_the_rows_of_a_loop(index, endpoint, shape, name, sought, order):
    pattern, base = PATTERNS[name]
    if shape in ("minus", "exists", "union", "optional") and name == "hasty":
        name, (pattern, base) = "all", PATTERNS["all"]
    wanted = answers(index, shape, base, sought, name == "hasty")
    query = written(shape, pattern, sought, any("q" in row for row in base))
    if shape == "construct":
        body = b"".join(endpoint.run(HEAD + query, ("application/n-triples",))[1]).decode()
        found = {(p, round(float(s), 4)) for p, s in re.findall(r"^<http://e/(\w+)> <[^>]+> \"([\d.]+)\"", body, re.M)}
        assert found == {(row["p"], round(row["s"], 4)) for row in wanted}
        return
    if order and shape in ("join", "sub-select", "optional"):
        query += f" ORDER BY DESC(?s) ?p ?q ?c LIMIT {order}"
    result = json.loads(b"".join(endpoint.run(HEAD + query)[1]))["results"]["bindings"]
    found = [{name: term["value"].removeprefix(E) for name, term in row.items()} for row in result]
    found = [{k: float(v) if k == "s" else int(v) if k == "r" else v for k, v in row.items()} for row in found]
    if order and shape in ("join", "sub-select", "optional"):
        scores = sorted((row.get("s", -1.0) for row in wanted), reverse=True)[:order]
        assert [row.get("s", -1.0) for row in found] == pytest.approx(scores, abs=1e-4)
        assert not Counter(map(key, found)) - Counter(map(key, wanted))
    else:
        assert Counter(map(key, found)) == Counter(map(key, wanted))


@settings(max_examples=25)
@given(
    st.sampled_from(TEXTS), st.sampled_from([0.0, 0.1, 0.3, 0.6]), st.integers(1, 8),
    st.sampled_from(["FILTER(search:similarity(?p, {t}) >= {l})", "BIND(search:similarity(?p, {t}) AS ?x) FILTER(?x >= {l})"]),
)  # fmt: skip
def test_similarity_is_that_of_a_loop(endpoint, words, least, limit, condition):
    encoder = HashEncoder()
    vector = encoder.encode([compact(words).text])[0]
    likeness = {e.iri: max(0.0, max(float(v @ vector) for v in encoder.encode(views(e)))) for e in ENTRIES}
    wanted = sorted((value for value in likeness.values() if round(value, 6) >= least), reverse=True)[:limit]
    t = text(words).n3
    query = (
        f"SELECT ?p (search:similarity(?p, {t}) AS ?y) {{ ?p e:of ?c {condition.format(t=t, l=least)} }} "
        f"ORDER BY DESC(search:similarity(?p, {t})) LIMIT {limit}"
    )
    rows = json.loads(b"".join(endpoint.run(HEAD + query)[1]))["results"]["bindings"]
    assert [float(row["y"]["value"]) for row in rows] == pytest.approx(wanted, abs=1e-5)
    assert all(float(row["y"]["value"]) == pytest.approx(likeness[row["p"]["value"]], abs=1e-5) for row in rows)
