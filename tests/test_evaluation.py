"""The measures themselves: what counts as found and as right, what the shares say, and how a run is read and shown."""

import json
from math import log2

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import comparison
from kg.catalogue import read_catalogue
from kg.errors import SettingsError
from kg.model import Span
from kg.quantities import grammar
from kg.scoring import Score
from kg.settings import ROOT, Settings
from search.evaluation.measures import answered, converted_questions, gap, measured, milliseconds, same_questions
from search.evaluation.questions import Place, Question, converted, read_questions
from search.evaluation.ranks import is_found, quality, ranks
from search.evaluation.rightness import rightness, same_value
from search.evaluation.runs import Outcome, answer_of_text, read_run, run, write_run
from search.evaluation.systems import System, ranking, words
from search.evaluation.tables import Evaluation, as_json, as_text
from tests.test_index import entry
from web import evaluating
from web.cli import parser


def at(report, start, end):
    return Place(report, Span(start, end))


EVIDENCE = (at("r", 100, 130), at("s", 5, 9))


def question(id="q", kind="passage", language="en", evidence=EVIDENCE, answer=None, text="How?", source="dev"):
    return Question(id, language, kind, text, evidence, answer or {}, source)


@pytest.mark.parametrize(
    ("report", "start", "end", "found"),
    [
        ("r", 0, 110, True),
        ("r", 0, 109, False),
        ("r", 120, 200, True),
        ("s", 0, 9, True),  # shorter than ten characters, but whole
        ("s", 6, 200, False),
        ("t", 0, 200, False),
        ("r", 0, 801, False),  # too long to be a citation
    ],
)
def test_what_counts_as_found(report, start, end, found):
    assert any(is_found(at(report, start, end), place) for place in EVIDENCE) is found


def test_each_place_has_the_rank_of_the_first_hit_that_shows_it():
    hits = [at("s", 0, 3), at("s", 0, 50), at("r", 90, 140), at("s", 4, 60)]
    assert ranks(hits, question()) == (3, 2)
    assert ranks([at("t", 0, 9)] * 10 + hits, question()) == (None, None)


def test_measures_by_hand():
    # found 2nd of one place; 1st and 3rd of two; of four places the 6th only; never
    got = quality([(2,), (3, 1), (None, 6, None, None), (None,)])
    best = [sum(1 / log2(rank + 1) for rank in range(1, places + 1)) for places in (1, 2, 4)]
    gains = [1 / log2(3), 1 / log2(2) + 1 / log2(4), 1 / log2(7)]
    assert (got.count, got.first, got.five, got.ten) == (4, 0.25, 0.5, 0.75)
    assert got.reciprocal == pytest.approx((1 / 2 + 1 + 1 / 6 + 0) / 4)
    assert got.gain == pytest.approx(sum(gain / most for gain, most in zip(gains, best, strict=True)) / 4)


PLACES = st.builds(at, st.sampled_from("rst"), st.integers(0, 60), st.integers(61, 1000))
HITS = st.lists(PLACES, max_size=14)
QUESTIONS = st.lists(PLACES, min_size=1, max_size=4).map(lambda places: question(evidence=tuple(places)))


@given(st.lists(st.tuples(HITS, QUESTIONS), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_law_measures_are_shares_and_the_order_of_the_questions_does_not_matter(asked, random):
    found = [ranks(*one) for one in asked]
    got = quality(found)
    assert 0 <= got.first <= got.five <= got.ten <= 1
    assert got.first - 1e-9 <= got.reciprocal <= got.ten + 1e-9
    assert 0 <= got.gain <= 1
    random.shuffle(found)
    again = quality(found)
    assert (again.first, again.five, again.ten) == (got.first, got.five, got.ten)
    assert (again.reciprocal, again.gain) == pytest.approx((got.reciprocal, got.gain))


@given(HITS, QUESTIONS, st.data())
def test_law_one_more_right_hit_in_the_place_of_a_wrong_one_takes_nothing_away(hits, asked, data):
    wrong = [i for i, hit in enumerate(hits) if not any(is_found(hit, place) for place in asked.evidence)]
    i = data.draw(st.sampled_from(wrong)) if wrong else len(hits)
    place = asked.evidence[0]
    right = at(place.report, place.span.start, min(place.span.end, place.span.start + 800))
    before, after = quality([ranks(hits, asked)]), quality([ranks([*hits[:i], right, *hits[i + 1 :]], asked)])
    for name in ("first", "five", "ten", "reciprocal", "gain"):
        assert getattr(after, name) >= getattr(before, name)


@given(HITS, QUESTIONS)
def test_law_what_stands_below_the_tenth_hit_changes_nothing(hits, asked):
    assert ranks(hits, asked) == ranks(hits[:10], asked)


NUMBER = {"value": 7748000, "unit": "tCO2e"}
LIST = {
    "items_zh": ["智慧物流", "智慧照明", "液冷技術"],
    "items_en": ["Smart logistics", "Smart lighting", "Liquid cooling"],
}
TWO = {"values": [{"value": 1.3, "unit": "ratio"}, {"value": 35, "unit": "percent"}, {"value": "lower"}]}


@pytest.mark.parametrize(
    ("kind", "gold", "answer", "right"),
    [
        ("lookup_number", NUMBER, {"answered": True, "values": [{"value": 7748000.0, "unit": "t"}]}, 1),
        ("lookup_number", NUMBER, {"answered": False, "values": [NUMBER]}, 0),
        ("lookup_number", NUMBER, {"answered": True, "values": [{"value": 1, "unit": "t"}, NUMBER]}, 0),
        ("lookup_number", NUMBER, {"answered": True, "values": [{"value": 7748000, "unit": "kWh"}]}, 0),
        ("lookup_number", NUMBER, {"answered": True, "values": [{"value": [1, 2], "unit": "t"}]}, 0),
        ("lookup_number", NUMBER, {"answered": True}, 0),
        ("compare", TWO, {"values": [{"value": 35, "unit": "percent"}, {"value": 1.3, "unit": None}]}, 1),
        ("compare", TWO, {"values": [{"value": 1.3, "unit": "ratio"}]}, 0),
        ("compare", {"values": []}, {"values": [NUMBER]}, 0),
        ("list", LIST, {"items": ["智慧照明", "液冷"]}, 2 / 3),
        ("list", LIST, {"items": ["smart LIGHTING", "cooling", ""]}, 1 / 3),
        ("list", LIST, {}, 0),
        ("unanswerable", {}, {"answered": False}, 1),
        ("unanswerable", {}, {"answered": True}, 0),
        ("passage", {}, {"citations": [{"report": "r", "start": 110, "end": 140}]}, 1),
        (
            "lookup_text",
            {},
            {"citations": [{"report": "t", "start": 1, "end": 3}] * 3 + [{"report": "r", "start": 110, "end": 140}]},
            0,
        ),
        ("lookup_text", {}, {"citations": []}, 0),
    ],
)
def test_what_counts_as_right(kind, gold, answer, right):
    assert rightness(question(kind=kind, answer=gold), answer) == pytest.approx(right)


@given(st.floats(1e-3, 1e12), st.sampled_from(["W", "kWp", "percent", "CNY", None]))
def test_law_a_value_is_itself_and_not_ten_thousand_times_itself(value, unit):
    said = {"value": value, "unit": unit}
    assert same_value(said, said)
    assert not same_value({"value": value * 10_000, "unit": unit}, said)


def test_an_answer_in_words_is_measured_by_its_first_numbers_names_and_hits(vocabulary):
    hits = [at("r", 110, 140), at("t", 0, 9)]
    said = answer_of_text("In 2023 it used 774.8万吨, down 3%.", hits, grammar(vocabulary))
    assert rightness(question(kind="lookup_number", answer=NUMBER), said) == 1
    assert rightness(question(kind="lookup_number", answer=NUMBER | {"value": 2023}), said) == 0
    assert rightness(question(kind="lookup_text"), said) == 1
    named = answer_of_text("Smart logistics and 液冷技术.", (), grammar(vocabulary))
    assert rightness(question(kind="list", answer=LIST), named) == pytest.approx(2 / 3)
    assert rightness(question(kind="unanswerable"), answer_of_text(" ", hits, grammar(vocabulary))) == 1


def outcome(*hits, answer=None, seconds=0.002):
    return Outcome(tuple(hits), answer, {"search": seconds})


ASKED = [
    question("a-hans", "list", "zh-Hans", (at("r", 0, 20),), LIST),
    question("a-hant", "list", "zh-Hant", (at("r", 0, 20),), LIST),
    question("b", "unanswerable", "en", (), source="own"),
    question("c", "passage", "en", (at("s", 0, 20),), source="own"),
]
RIGHT, WRONG = at("r", 0, 50), at("r", 60, 90)
RUN = {
    "a-hans": outcome(RIGHT, answer={"items": ["智慧物流"]}),
    "a-hant": outcome(WRONG, RIGHT, answer={"items": LIST["items_zh"]}),
    "b": Outcome(None, {"answered": False}, {}),
}


def test_groups_of_search():
    found = measured(RUN, ASKED, {"r": "zh-Hant", "s": "en"})
    assert found["all", "all"].count == 3
    assert found["all", "all"].first == pytest.approx(1 / 3)
    assert found["language", "zh"].reciprocal == 0.75
    assert found["script", "zh-Hant"].five == 1
    assert found["asked > written", "zh-Hans > zh-Hant"].first == 1
    assert found["kind", "passage"].ten == 0  # the run has no line for it
    assert found["questions", "own"].count == 1
    assert "questions" not in {section for section, _ in measured(RUN, ASKED[:2], {})}


def test_groups_of_answers():
    found = answered(RUN, ASKED)
    assert found["all", "all"].count == 4
    assert found["all", "all"].right == pytest.approx((1 / 3 + 1 + 1 + 0) / 4)
    assert found["list", "zh-Hant"].right == 1
    assert found["own", "en"].right == 0.5


def test_the_gap_between_scripts():
    found = gap("both", same_questions(RUN, ASKED))
    assert (found.count, found.moved, found.five, found.reciprocal) == (1, 1, 0, 0.5)
    others = list(converted(ASKED))
    assert [one.language for one in others] == ["zh-Hant", "zh-Hans"]
    other = {"a-hans": outcome(RIGHT), "a-hant": outcome(RIGHT)}
    found = gap("converted", converted_questions(RUN, ASKED, other, others))
    assert (found.count, found.moved, found.quality["zh-Hant"].first, found.five) == (2, 1, 0.5, 0)


def test_conversion_takes_the_words_of_the_region():
    (there,) = converted([question(language="zh-Hans", text="软件")])
    assert (there.text, next(converted([there])).text) == ("軟體", "软件")


def test_times():
    some = {str(n): outcome(seconds=n / 1000) for n in range(1, 101)}
    assert milliseconds(some, "search") == pytest.approx((51, 95))
    assert milliseconds(some, "answer") is None


def lines(path, *rows):
    path.write_bytes(b"\n".join(map(orjson.dumps, rows)) + b"\n")
    return path


def test_a_run_is_read_as_it_was_written(tmp_path, vocabulary):
    write_run(RUN, tmp_path / "run.jsonl")
    again = read_run(tmp_path / "run.jsonl", grammar(vocabulary))
    assert measured(again, ASKED, {}) == measured(RUN, ASKED, {})
    assert answered(again, ASKED) == answered(RUN, ASKED)
    assert milliseconds(again, "search") == pytest.approx((2, 2))


@pytest.mark.parametrize(
    "line",
    [
        {"hits": []},
        {"id": "a", "hits": [{"report": "r", "start": 9, "end": 9}]},
        {"id": "a", "hits": [{"report": "r", "start": 9}]},
        {"id": "a", "answer": {"citations": [{"start": 0, "end": 5}]}},
        {"id": "a", "answer": 5},
    ],
)
def test_a_run_that_cannot_be_read_names_its_line(line, tmp_path, vocabulary):
    path = lines(tmp_path / "run.jsonl", {"id": "z"}, line)
    with pytest.raises(SettingsError, match=r"run\.jsonl, line 2: .*bench/README\.md"):
        read_run(path, grammar(vocabulary))


def test_questions_that_cannot_be_read_are_named(tmp_path):
    good = {"id": "a", "lang": "en", "kind": "list", "question": "?", "evidence": [], "answer": {}}
    bad = {"id": "b", "lang": "en", "kind": "list", "question": "?", "evidence": []}
    with pytest.raises(SettingsError, match=r"asked\.jsonl, question 2: lacks 'answer'.*bench/README\.md"):
        read_questions([lines(tmp_path / "asked.jsonl", good, bad)])
    with pytest.raises(SettingsError, match="two questions 'a'"):
        read_questions([lines(tmp_path / "asked.jsonl", good, good)])
    with pytest.raises(SettingsError, match="nowhere"):
        read_questions([tmp_path / "nowhere.jsonl"])


def test_a_system_is_asked_what_is_wanted():
    asked = []
    system = System("s", lambda text, k: asked.append((text, k)) or [RIGHT], lambda text: {"answered": True})
    found = run(system, ASKED, answers=False)
    assert [k for _, k in asked] == [1, 10, 10, 10]  # once to open what it needs; not the question without places
    assert found["b"] == Outcome(None, None, {})
    assert found["a-hans"].hits == (RIGHT,)
    assert run(system, ASKED, search=False)["b"].answer == {"answered": True}


def test_plain_bm25_finds_words_in_either_script_and_nothing_else():
    texts = ["数据中心采用液冷", "低碳出行", "liquid cooling"]
    system = words([entry(str(n), text) for n, text in enumerate(texts)])
    assert [hit.report for hit in system.search("液冷", 3)] == [entry("0", texts[0]).report]
    assert len(system.search("數據中心", 3)) == 1
    assert system.search("whale", 3) == []


def test_a_run_by_bm25_scores_from_its_file_as_it_did_in_memory(tmp_path, vocabulary):
    entries = [entry("a", "数据中心采用液冷", report="r"), entry("b", "液冷 liquid cooling", report="s")]
    asked = [
        question("a", evidence=(at("r", 0, 8),), text="數據中心液冷"),
        question("b", evidence=(at("s", 3, 9),), text="cooling"),
    ]
    made = run(words(entries), asked)
    assert [one.hits[0].report for one in made.values()] == ["r", "s"]
    write_run(made, tmp_path / "run.jsonl")
    again = read_run(tmp_path / "run.jsonl", grammar(vocabulary))
    assert measured(again, asked, {}) == measured(made, asked, {})
    assert measured(made, asked, {})["all", "all"].first == 1


def test_equal_scores_keep_the_order_of_the_entries():
    entries = [entry("a", "x" * 11), entry("b", "y" * 12), entry("c", "z" * 13)]
    system = ranking("s", entries, lambda _: np.array([0.5, 0.5, 0.0], np.float32))
    assert [hit.span.end - hit.span.start for hit in system.search("q", 3)] == [11, 12]


SHOWN = """\
system: run.jsonl

search                               n   hit@1   hit@5  hit@10  mrr@10 ndcg@10
all                                  3   0.333   0.667   0.667   0.500   0.544
language
  en                                 1   0.000   0.000   0.000   0.000   0.000
  zh                                 2   0.500   1.000   1.000   0.750   0.815
script
  zh-Hans                            1   1.000   1.000   1.000   1.000   1.000
  zh-Hant                            1   0.000   1.000   1.000   0.500   0.631
one search: 2.0 ms (half of them), 2.0 ms (95 of 100)

the same questions in both scripts: written by people
                                     n   hit@1   hit@5  hit@10  mrr@10 ndcg@10
  zh-Hans                            1   1.000   1.000   1.000   1.000   1.000
  zh-Hant                            1   0.000   1.000   1.000   0.500   0.631
  gap of the Chinese scripts                     0.000           0.500
  at another rank: 1 of 1

answers: share right (n)                   all       zh-Hans       zh-Hant            en
  all                                0.583 (4)     0.333 (1)     1.000 (1)     0.500 (2)
  dev                                0.667 (2)     0.333 (1)     1.000 (1)             -
  own                                0.500 (2)             -             -     0.500 (2)
  list                               0.667 (2)     0.333 (1)     1.000 (1)             -
  passage                            0.000 (1)             -             -     0.000 (1)
  unanswerable                       1.000 (1)             -             -     1.000 (1)

extraction: F1             numbers         exact         risks     responses   initiatives  technologies
all                          0.667         0.333             -         0.500             -             -
exact: numbers right in every attribute; responses: recall in the risks that were found

1 questions have no line in the run and count as not found
"""


def test_the_tables_as_people_see_them():
    none = Score(0, 0, 0)
    facts = dict.fromkeys(("risks", "initiatives", "technologies"), none)
    facts |= {"numbers": Score(2, 3, 3), "exact": Score(1, 3, 3), "responses": Score(1, 0, 2)}
    found = Evaluation(
        "run.jsonl",
        {group: q for group, q in measured(RUN, ASKED, {}).items() if group[0] in ("all", "language", "script")},
        [gap("written by people", same_questions(RUN, ASKED))],
        answered(RUN, ASKED),
        {("all", "all"): facts},
        {"search": (2.0, 2.0)},
        ["c"],
    )
    assert as_text(found) + "\n" == SHOWN
    said = json.loads(json.dumps(as_json(found)))
    assert said["search"]["script"]["zh-Hant"]["mrr@10"] == 0.5
    assert said["answers"]["list"]["zh-Hans"] == {"n": 1, "right": 0.3333}
    assert said["scripts"][0]["gap"] == {"hit@5": 0, "mrr@10": 0.5}
    assert said["extraction"]["all"]["all"]["numbers"]["f1"] == 0.6667
    assert said["left_out"] == ["c"]


def evaluate(*arguments):
    return evaluating.evaluated(Settings(), parser().parse_args(["evaluate", *map(str, arguments)]))


def asked_of_seeds(tmp_path):
    row = {"id": "a", "lang": "en", "kind": "passage", "question": "?", "answer": {}}
    return lines(tmp_path / "asked.jsonl", row | {"evidence": [{"doc": "mobile-2023", "start": 0, "end": 20}]})


def test_another_systems_run_needs_no_library(tmp_path):
    hits = [{"report": "mobile-2023", "start": 5, "end": 40}]
    made = lines(tmp_path / "run.jsonl", {"id": "a", "hits": hits, "answer": "So."})
    found = evaluate("--questions", asked_of_seeds(tmp_path), "--run", made)
    assert found.search["asked > written", "en > zh-Hans"].first == 1
    assert found.answers["passage", "en"].right == 1
    assert found.extraction == {}


def test_another_systems_facts(tmp_path):
    gold = ROOT / "bench" / "gold" / "telecom-2023.jsonl"
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / gold.name).write_bytes(gold.read_bytes())
    rows = [json.loads(line) | {"report": gold.stem} for line in gold.read_text("utf-8").splitlines()]
    found = evaluate("--facts", lines(tmp_path / "facts.jsonl", *rows), "--gold", tmp_path / "gold")
    assert found.search == {}
    assert found.extraction["report", gold.stem]["exact"].f1 == 1
    assert found.extraction["script", "zh-Hans"]["technologies"].f1 == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--system", "bm25", "--answers"], "--system bm25"),
        (["--run", "r.jsonl", "--extraction"], "without --facts"),
        (["--questions", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--extraction", "--gold", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_measured_is_refused(arguments, said):
    with pytest.raises(SettingsError, match=said):
        evaluate(*arguments)


def test_an_installed_tantu_says_where_the_benchmark_lies(monkeypatch, tmp_path):
    monkeypatch.setattr(evaluating, "PUBLIC", tmp_path / "bench")
    for arguments, option in ((["--search"], "--questions FILE"), (["--extraction"], "--gold FOLDER")):
        with pytest.raises(SettingsError, match=f"checkout, or name your own with {option}"):
            evaluate(*arguments)


@pytest.mark.parametrize("path", evaluating.QUESTIONS)
def test_the_public_questions_quote_the_reports(path):
    reports = {report.id: report.text for report in read_catalogue(Settings().seeds)}
    for line in (ROOT / "bench" / path).read_text("utf-8").splitlines():
        asked = json.loads(line)
        assert all(reports[e["doc"]][e["start"] : e["end"]] == e["quote"] for e in asked["evidence"]), asked["id"]
        assert bool(asked["evidence"]) is (asked["kind"] != "unanswerable")
    assert {one.language for one in read_questions([ROOT / "bench" / path])} == {"zh-Hans", "zh-Hant", "en"}


def test_the_comparison_writes_between_the_marks_of_its_page():
    found = {group: quality([(1,), (None,)]) for group in comparison.LANGUAGES}
    made = comparison.quality_table([comparison.Row("tantu", {"dev": found}, 0.004, 9.26)], "dev")
    assert made.startswith("`bench/dev.jsonl` (2 zh-Hans, 2 zh-Hant, 2 en):\n\n|  | hit@5 zh-Hans |")
    assert made.endswith("| tantu | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 | 0.500 | 0.004 | 9.3 |\n")
    before, _, after = comparison.PAGE.read_text("utf-8").partition("<!-- comparison -->\n")
    renewed = comparison.renewed(f"{before}<!-- comparison -->\n{after}", made)
    assert renewed.startswith(f"{before}<!-- comparison -->\n\n{made}\n<!-- end -->")
    assert renewed.endswith(after.partition("<!-- end -->\n")[2])
