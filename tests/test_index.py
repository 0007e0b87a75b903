"""The index: filters inside the search, stable order and bytes, exact highlights, one result for both scripts."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.catalogue import read_catalogue
from kg.errors import StoreError
from kg.reading.passages import passages
from kg.settings import resource
from kg.vocabulary import Vocabulary
from search.assembling import build_index
from search.encoder import load_encoder
from search.entries import Entries, Entry, Where, passage_entry
from search.index import Index
from search.shards import folders_of
from search.vectors import Vectors
from tests.doubles import HashEncoder

NONE = Vocabulary([])
HANS = "数据中心使用液冷技术，电能利用效率降至1.25。"
HANT = "數據中心使用液冷技術，電能利用效率降至1.25。"


def entry(name, text, *, kind="passage", company="c1", year=2023, report="r1", language="zh-Hans"):
    return Entry(name, kind, text, report, 0, len(text), company, year, language)


def opened(folder, entries, vocabulary=NONE):
    build_index(folder, entries, HashEncoder(), vocabulary)
    return Index.open(folder, HashEncoder(), vocabulary)


@pytest.fixture(scope="module")
def some(tmp_path_factory):
    entries = [
        entry(f"i{n:02}", f"{HANS}第{n}期", company=f"c{n % 3}", year=2020 + n % 4, report=f"r{n % 2}",
              kind="passage" if n % 5 else "target")
        for n in range(60)
    ]  # fmt: skip
    return opened(tmp_path_factory.mktemp("index"), entries)


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """Entries with technologies and risks, found through codes."""
    entries = [
        replace(entry(f"i{n:02}", f"{HANS}第{n}期", company=f"c{n % 3}"), technologies=tuple(f"t{m}" for m in range(n % 3)),
                risks=("k0",) if n % 7 == 0 else ())
        for n in range(60)
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.vectors.EXACT_UP_TO", 0)
        return opened(tmp_path_factory.mktemp("tagged"), entries)


@pytest.fixture(scope="module")
def reopened(tmp_path_factory, vocabulary):
    """What opens an index of the passages of the seeds with the shipped model, as if nobody had asked it anything."""
    entries = [passage_entry(p) for report in read_catalogue(resource("seeds")) for p in passages(report)]
    folder, encoder = tmp_path_factory.mktemp("seeds"), load_encoder()
    build_index(folder, entries, encoder, vocabulary)
    return lambda: Index.open(folder, encoder, vocabulary)


@pytest.fixture(scope="module")
def seeds(reopened):
    return reopened()


@given(
    st.none() | st.frozensets(st.sampled_from(["passage", "target", "risk"])),
    st.none() | st.frozensets(st.sampled_from(["c0", "c1", "elsewhere"])),
    st.none() | st.frozensets(st.integers(2019, 2024)),
    st.none() | st.frozensets(st.sampled_from(["r0", "r1"])),
    st.none() | st.frozensets(st.sampled_from(["i00", "i07", "i59", "nowhere"])),
)
def test_filters_leave_exactly_what_fits(some, kinds, companies, years, reports, candidates):
    fits = [
        e.iri
        for e in (some.entries[i] for i in range(len(some.entries)))
        if (kinds is None or e.kind in kinds)
        and (companies is None or e.company in companies)
        and (years is None or e.year in years)
        and (reports is None or e.report in reports)
        and (candidates is None or e.iri in candidates)
    ]
    hits = some.search("液冷", 100, where=Where(kinds, companies, years, reports, candidates))
    assert sorted(hit.entry.iri for hit in hits) == fits


def test_a_narrow_filter_still_fills_the_page(some):
    hits = some.search("数据中心的液冷技术", 10, where=Where(companies=frozenset({"c2"}), years=frozenset({2021})))
    assert len(hits) == 5


def test_best_first_and_equal_scores_by_iri(tmp_path):
    index = opened(tmp_path, [entry(name, HANS) for name in ("b", "c", "a")] + [entry("z", "节约用水")])
    hits = index.search("液冷技术")
    assert [hit.entry.iri for hit in hits][:3] == ["a", "b", "c"]
    assert hits[0].score == hits[2].score > hits[3].score
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_the_same_entries_give_the_same_bytes(tmp_path):
    entries = [entry(f"i{n}", f"{HANS} energy saving {n}") for n in range(20)]
    digests = []
    for name, order in (("one", entries), ("two", entries[::-1])):
        build_index(tmp_path / name, order, HashEncoder(), NONE)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        digests.append([(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files])
    assert digests[0] == digests[1]


def test_the_question_s_script_does_not_matter(seeds):
    for hans, hant in (
        ("数据中心的电能利用效率目标", "數據中心的電能利用效率目標"),
        ("亚洲象监测预警", "亞洲象監測預警"),
    ):
        one, other = seeds.search(hans), seeds.search(hant)
        assert [(h.entry.iri, h.score, h.highlights) for h in one] == [
            (h.entry.iri, h.score, h.highlights) for h in other
        ]


@pytest.mark.parametrize("text", [HANS, HANT])
@pytest.mark.parametrize("question", ["液冷技术的效率", "液冷技術的效率"])
def test_either_script_finds_the_other_with_its_characters_highlighted(tmp_path, text, question):
    index = opened(tmp_path, [entry("a", text), entry("b", "员工出行")])
    hit = index.search(question)[0]
    assert hit.entry.iri == "a"
    assert {text[span.start : span.end] for span in hit.highlights} == set(hit.why.words)
    assert text[6:10] in hit.why.words


def test_highlights_are_the_report_s_own_characters(seeds):
    texts = {report.id: report.text for report in read_catalogue(resource("seeds"))}
    for question in ("2023年移动购买了多少绿电?", "blockchain platform for supply-chain emissions in Jiangsu"):
        for hit in seeds.search(question, 5):
            text = texts[hit.entry.report]
            assert all(hit.entry.start <= span.start < span.end <= hit.entry.end for span in hit.highlights)
            assert all(text[match.start : match.end] == match.text for match in (*hit.why.matched, *hit.why.named))


def test_what_was_asked_before_changes_no_answer(reopened):
    """Forms of a word have neighbours of their own, though the index holds them as one word."""
    questions = ["How are server rooms cooled?", "Cooling of server rooms", "Server rooms that stay cool"]
    one, other = reopened(), reopened()
    first = [[(hit.entry.iri, hit.score) for hit in one.search(question)] for question in questions]
    again = [[(hit.entry.iri, hit.score) for hit in other.search(question)] for question in reversed(questions)]
    assert again[::-1] == first


def test_an_english_question_finds_traditional_text(seeds):
    hit = seeds.search("Warning system against conflicts between elephants and people", 3)[0]
    assert hit.entry.report == "mobile-2020"
    assert any("象" in word for word in hit.why.words)


def test_a_company_s_name_prefers_its_report(seeds):
    assert seeds.search("ZTE carbon target")[0].entry.report == "zte-2024"
    assert seeds.search("電信 5G基站節電")[0].entry.report == "telecom-2023"


def test_what_a_fact_says_helps_its_passage(tmp_path):
    fact = Entry("f", "target", "Power usage effectiveness below 1.25 by 2025", "r1", 3, 9, "c1", 2025, "zh-Hans")
    alone = opened(tmp_path / "alone", [entry("a", HANS), entry("b", HANS + "节约")])
    told = opened(tmp_path / "told", [entry("a", HANS), entry("b", HANS + "节约", report="r2"), fact])
    passages_only = Where(kinds=frozenset({"passage"}))
    question = "power usage effectiveness"
    assert told.search(question, where=passages_only)[0].score > alone.search(question, where=passages_only)[0].score
    assert told.search(question)[0].entry.iri in {"f", "a"}


def test_two_entries_of_one_name_are_refused(tmp_path):
    with pytest.raises(StoreError, match="two entries are called a"):
        build_index(tmp_path, [entry("a", "x"), entry("a", "y")], HashEncoder(), NONE)


def test_an_index_of_nothing_is_refused(tmp_path):
    with pytest.raises(StoreError, match="nothing to index"):
        build_index(tmp_path, [], HashEncoder(), NONE)


@pytest.mark.parametrize("question", ["?", "🌍", "zzzz qqqq", "a" * 2000, "碳" * 2000, "the of and"])
def test_odd_questions_are_answered_with_something_or_nothing(some, question):
    hits = some.search(question, 5)
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_entries_are_read_one_at_a_time(tmp_path):
    written = [entry("a", "😀", year=None), entry("b", "二\n行")]
    build_index(tmp_path, reversed(written), HashEncoder(), NONE)
    entries = Entries(folders_of(tmp_path))
    assert [entries[i] for i in range(len(entries))] == written
    assert entries.find("b") == 1
    assert entries.find("c") is None


def test_progress_is_told_to_its_end(tmp_path):
    steps = []
    build_index(tmp_path, [entry("a", HANS)], HashEncoder(), NONE, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0


@pytest.mark.parametrize("place", [0, 4, 8])
@pytest.mark.parametrize("question", ["蓄冷罐的容量是多少?", "How large is the cold storage tank?"])
def test_an_answer_is_found_wherever_in_a_passage_it_stands(tmp_path, seeds, question, place):
    others = ["公司高度重视节能降碳工作，持续完善管理体系。", "全体员工积极参与绿色办公与低碳出行活动。"]
    sentences = [others[i % 2] for i in range(8)]
    sentences.insert(place, "园区新建的蓄冷罐容量达到三千立方米。")
    entries = [entry("a", "".join(sentences)), entry("b", "".join(others * 4)), entry("c", others[0])]
    build_index(tmp_path, entries, seeds.encoder, NONE)
    assert Index.open(tmp_path, seeds.encoder, NONE).search(question)[0].entry.iri == "a"


@pytest.mark.parametrize("question", ["数据中心的冷却水", "cooling water of data centres"])
def test_reports_of_both_languages_are_found_in_either(tmp_path, seeds, question):
    english = "Our data centres cut their use of cooling water by reusing rain and waste water."
    chinese = "数据中心采用循环水与雨水回收，减少冷却水的使用。"
    other = ["员工积极参与志愿服务活动。", "Employees volunteered for local schools.", "公司完善治理结构。"]
    texts = [(english, "en"), (chinese, "zh-Hans"), (other[0], "zh-Hans"), (other[1], "en"), (other[2], "zh-Hans")]
    entries = [entry(f"i{n}", text, language=language) for n, (text, language) in enumerate(texts)]
    build_index(tmp_path, entries, seeds.encoder, NONE)
    hits = Index.open(tmp_path, seeds.encoder, NONE).search(question, 2)
    assert {hit.entry.iri for hit in hits} == {"i0", "i1"}


@given(
    st.sampled_from(["液冷", "数据中心的效率", "energy", "zzzz"]),
    st.none() | st.frozensets(st.sampled_from(["c0", "c1"])),
    st.none() | st.frozensets(st.sampled_from(["t0", "t1", "t9"])),
    st.none() | st.frozensets(st.sampled_from(["k0", "k9"])),
    st.sampled_from([0, 5_000]),
)
def test_nothing_is_looked_at_that_a_filter_leaves_out(tagged, question, companies, technologies, risks, scored):
    where = Where(companies=companies, technologies=technologies, risks=risks)
    allowed = tagged.entries.allowed(where)
    looked: list[int] = []

    def similarities(self, question, rows=None):
        if self is tagged.shards[0].held.vectors:  # and not the words' vectors
            looked.extend(range(len(self)) if rows is None else rows.tolist())
        return Vectors.__dict__["plain"](self, question, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Vectors, "plain", Vectors.similarities, raising=False)
        patch.setattr(Vectors, "similarities", similarities)
        patch.setattr("search.index.ALL", scored)
        tagged._narrowed.cache_clear()
        hits = tagged.search(question, 100, where=where)
    fits = np.arange(len(tagged.entries)) if allowed is None else np.flatnonzero(allowed)
    assert {tagged._owners[row] for row in looked} <= set(fits.tolist())
    assert {hit.entry.iri for hit in hits} <= {tagged.entries.iri(i) for i in fits.tolist()}
    for hit in hits:
        entry = hit.entry
        assert companies is None or entry.company in companies
        assert technologies is None or technologies & set(entry.technologies)
        assert risks is None or risks & set(entry.risks)
