"""The studies across reports: promises, figures that differ, claims; and their pages."""

import csv
import io
import re
from dataclasses import replace
from html import unescape
from itertools import combinations
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from starlette.testclient import TestClient

from kg import ids
from kg.model import NumberFact, Observation, Report, Span, Target
from kg.settings import Settings
from search.studies import claims, disclosure, ledger, promises
from search.studies.alike import agree, rounding, single, subject_key
from search.studies.templates import FOLDER, filled
from web.app import create_app
from web.studies import frames
from web.words import LANGUAGES, words_for

MOBILE, UNICOM, TELECOM = (f"{ids.BASE}org/china-{name}" for name in ("mobile", "unicom", "telecom"))
METRIC, UNIT = f"{ids.BASE}metric/", f"{ids.BASE}unit/"
PAGES = ("compare", "targets", "risks", "disclosure", "technologies", "ledger", "graph")


def number(kind=Observation, name="a", **changed):
    """Return a fact of China Mobile's electricity saved; what is given is changed."""
    values = {
        "iri": f"{ids.BASE}fact/{name}",
        "report": "r-2023",
        "company": MOBILE,
        "quote": Span(0, 4),
        "metric": f"{METRIC}electricity-saved",
        "metric_text": "节电量",
        "subject": "中国移动",
        "scope": "company",
        "value": 100.0,
        "unit": f"{UNIT}kWh",
        "unit_text": "度",
        "as_written": "100 度",
        "comparator": "=",
        "form": "level",
        "direction": None,
        "year": 2023,
        "baseline": None,
    }
    return kind(**{**values, **changed})


def pue(kind=Observation, **changed):
    """Return a PUE, of which any later figure tells: it does not add up over a year."""
    values = {"metric": f"{METRIC}pue", "unit": f"{UNIT}ratio", "as_written": "1.3", "value": 1.3, "comparator": "<="}
    return number(kind, **{**values, **changed})


# ----------------------------------------------------------------------------------------------- what is alike


@pytest.mark.parametrize(
    ("written", "value", "half"),
    [("89.9 亿度", 8_990_000_000, 5_000_000), ("100 度", 100, 0.5), ("1,343 万张", 13_430_000, 5_000), ("三年", 3, 0)],
)
def test_rounding_is_half_of_the_last_digit_as_written(written, value, half):
    assert rounding(number(as_written=written, value=value)) == pytest.approx(half)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("=", 100, "100 度"), ("=", 100.4, "100.4 度"), True),
        (("=", 100, "100 度"), ("=", 101, "101 度"), False),
        ((">", 100, "100 度"), ("=", 200, "200 度"), True),
        ((">", 100, "100 度"), ("=", 90, "90 度"), False),
        (("<=", 100, "100 度"), ("=", 90, "90 度"), True),
        (("<=", 100, "100 度"), (">", 200, "200 度"), False),
        (("=", (90, 110), "90-110 度"), ("=", 100, "100 度"), True),
    ],
)
def test_two_numbers_agree_as_far_as_they_are_written(one, other, same):
    first, second = (number(comparator=sign, value=value, as_written=text) for sign, value, text in (one, other))
    assert agree(first, second) is same


amounts = st.floats(0.1, 1e9).map(lambda value: float(f"{value:.3g}"))
figures = st.builds(
    lambda value, sign: number(value=value, comparator=sign, as_written=f"{value:f}"),
    amounts,
    st.sampled_from(["=", ">", ">=", "<", "<=", "~"]),
)


@given(figures, figures)
def test_agreeing_is_mutual_and_every_number_agrees_with_itself(one, other):
    assert agree(one, one)
    assert agree(one, other) == agree(other, one)


def test_the_company_under_any_of_its_names_is_the_company(vocabulary):
    assert [subject_key(number(subject=name), vocabulary) for name in ("中国移动", "中國移動", "China Mobile")] == [
        ""
    ] * 3
    assert subject_key(number(subject="福州数据中心", scope="part"), vocabulary) == "福州数据中心"


# ----------------------------------------------------------------------------------------------- promises


def kept(target, *later, vocabulary):
    """Return the one promise of a target and later figures."""
    found = promises.promises([(target, fact) for fact in later] or [(target, None)], vocabulary)
    assert len(found) == 1
    return found[0]


def test_a_promise_without_a_later_figure_is_open(vocabulary):
    assert kept(pue(Target, year=2025), vocabulary=vocabulary).status == promises.OPEN
    assert (
        kept(pue(Target, year=2025), pue(subject="福州", scope="part"), vocabulary=vocabulary).status == promises.OPEN
    )


@pytest.mark.parametrize(
    ("value", "year", "status"),
    [
        (1.2, 2023, promises.WITHIN),
        (1.2, 2025, promises.REACHED),
        (1.4, 2023, promises.UNDER_WAY),
        (1.4, 2025, promises.MISSED),
    ],
)
def test_a_limit_is_kept_or_broken(vocabulary, value, year, status):
    target = pue(Target, name="t", year=2025)
    assert kept(target, pue(value=value, year=year), vocabulary=vocabulary).status == status


@pytest.mark.parametrize(
    ("reached", "year", "base", "status"),
    [
        (80, 2023, "2020", promises.ON_TRACK),
        (60, 2023, "2020", promises.ON_TRACK),
        (50, 2023, "2020", promises.BEHIND),
        (50, 2023, None, promises.UNDER_WAY),
        (50, 2025, "2020", promises.MISSED),
        (100, 2023, None, promises.REACHED),
    ],
)
def test_the_pace_of_a_sum_is_told_only_from_a_base_year(vocabulary, reached, year, base, status):
    target = number(Target, "t", form="cumulative", year=2025, baseline=base)
    later = number(form="cumulative", value=float(reached), year=year)
    promise = kept(target, later, vocabulary=vocabulary)
    assert (promise.status, promise.share) == (status, reached / 100)


def test_a_change_is_computed_from_two_levels(vocabulary):
    target = number(
        Target, "t", form="change", direction="down", unit=f"{UNIT}percent", value=20, year=2025, baseline="2020"
    )
    levels = [number(name="b", year=2020, value=200.0), number(name="l", year=2023, value=170.0)]
    promise = kept(target, *levels, vocabulary=vocabulary)
    assert promise.status == promises.ON_TRACK
    assert promise.share == pytest.approx(15 / 20)
    assert promise.expected == pytest.approx(3 / 5)
    assert [fact.year for fact in promise.figures] == [2023, 2020]


def test_yearly_amounts_tell_of_their_own_year_only_and_several_measures_of_none(vocabulary):
    target = number(Target, "t", comparator=">=", year=2024)
    assert kept(target, number(year=2023), vocabulary=vocabulary).status == promises.OPEN
    assert kept(target, number(year=2024, value=120.0), vocabulary=vocabulary).status == promises.REACHED
    two = [number(name=name, year=2024, value=value) for name, value in (("b", 120.0), ("c", 7.0))]
    assert kept(target, *two, vocabulary=vocabulary).status == promises.OPEN


def test_scopes_are_added_up_for_a_limit_on_their_sum(vocabulary):
    tonnes = {"unit": f"{UNIT}tCO2e", "unit_text": "吨"}
    target = number(Target, "t", metric=f"{METRIC}ghg-scope-1-2", comparator="<=", value=56.0, year=2025, **tonnes)
    one = number(name="b", metric=f"{METRIC}ghg-scope-1", value=1.0, **tonnes)
    two = number(name="c", metric=f"{METRIC}ghg-scope-2", value=35.0, **tonnes)
    promise = kept(target, one, two, vocabulary=vocabulary)
    assert (promise.status, set(promise.figures)) == (promises.WITHIN, {one, two})
    assert kept(target, one, vocabulary=vocabulary).status == promises.OPEN
    avoided = replace(two, metric=f"{METRIC}ghg-avoided")
    assert kept(target, one, avoided, vocabulary=vocabulary).status == promises.OPEN


def test_of_two_figures_of_a_state_the_one_beside_the_promise_tells(vocabulary):
    """A company has built 24.8 MW and sold 400 MW of solar power, and its report calls both its installed capacity."""
    watts = {"metric": f"{METRIC}solar-capacity", "unit": f"{UNIT}W"}
    target = number(Target, "t", value=37.6, year=2024, quote=Span(60, 70), comparator="=", **watts)
    built = number(name="b", value=24.8, form="cumulative", quote=Span(40, 50), **watts)
    sold = number(name="c", value=400.0, quote=Span(900, 910), **watts)
    promise = kept(target, built, sold, vocabulary=vocabulary)
    assert (promise.status, promise.figures) == (promises.UNDER_WAY, (built,))
    assert kept(target, replace(built, quote=Span(500, 510)), sold, vocabulary=vocabulary).status == promises.OPEN


@pytest.mark.parametrize(
    ("metric", "comparator", "later", "status"),
    [
        ("energy-consumption", "=", 90.0, promises.REACHED),  # the less the better: 100 is the most
        ("energy-consumption", "=", 110.0, promises.MISSED),
        ("energy-consumption", ">=", 110.0, promises.REACHED),  # said to be the least
        ("electricity-saved", "=", 110.0, promises.REACHED),
        ("electricity-saved", "=", 90.0, promises.MISSED),
    ],
)
def test_a_level_of_what_is_better_the_less_it_is_is_a_limit(vocabulary, metric, comparator, later, status):
    about = {"metric": f"{METRIC}{metric}", "year": 2024}
    target = number(Target, "t", comparator=comparator, **about)
    assert kept(target, number(value=later, **about), vocabulary=vocabulary).status == status


def test_a_promise_is_judged_in_its_due_year_and_not_by_what_came_after(vocabulary):
    target = pue(Target, name="t", year=2022)
    then, now = pue(name="b", value=1.25, year=2022), pue(name="c", value=1.4, year=2025)
    assert kept(target, then, now, vocabulary=vocabulary).figures == (then,)
    assert kept(target, then, now, vocabulary=vocabulary).status == promises.REACHED


def test_the_end_of_a_plan_is_a_base_year(vocabulary):
    percent = {"form": "change", "direction": "down", "unit": f"{UNIT}percent", "baseline": "十三五期末"}
    target = number(Target, "t", value=20, year=2025, **percent)
    promise = kept(target, number(name="b", value=17.9, **percent), vocabulary=vocabulary)
    assert (promise.status, promise.expected) == (promises.ON_TRACK, 3 / 5)


def test_what_others_ask_for_is_no_promise(vocabulary):
    assert promises.promises([(number(Target, "t", scope="other", year=2025), None)], vocabulary) == []


def test_a_promise_said_twice_is_one(vocabulary):
    again = [pue(Target, name="t", year=2025, quote=Span(9, 12)), pue(Target, name="u", year=2025, baseline="2020")]
    found = promises.promises([(target, None) for target in again], vocabulary)
    assert [len(promise.said) for promise in found] == [2]
    assert found[0].target.baseline == "2020"


# ----------------------------------------------------------------------------------------------- ledger


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"value": 100.0}, ledger.AGREEMENT),
        ({"value": 120.0}, ledger.RESTATEMENT),
        ({"value": 1_000_000.0, "as_written": "100 万度"}, ledger.SLIP),
        ({"value": 300.0, "form": "cumulative"}, ledger.COUNTING),
    ],
)
def test_two_reports_of_a_company_on_one_year(vocabulary, changed, kind):
    pair = number(), number(name="b", report="r-2024", **changed)
    assert [entry.kind for entry in ledger.entries([pair], vocabulary)] == [kind]


def test_what_came_new_is_counted_differently_from_all_there_is(vocabulary):
    sites = {"metric": f"{METRIC}shared-4g-base-stations", "unit": f"{UNIT}count"}
    mine = number(joint=(UNICOM,), metric_text="共享4G基站", **sites)
    new = {"subject": "中国联通", "metric_text": "新增4G中頻共享基站"}
    theirs = number(name="b", report="x", company=UNICOM, year=2025, **new, **sites)
    assert [entry.kind for entry in ledger.entries([(mine, theirs)], vocabulary)] == [ledger.COUNTING]


def test_an_entry_that_a_report_says_twice_is_one_with_both_places(vocabulary):
    ours, theirs = number(), number(name="b", report="r-2024", value=120.0)
    again = replace(theirs, iri=f"{theirs.iri}c", quote=Span(90, 94))
    (entry,) = ledger.entries([(ours, theirs), (ours, again)], vocabulary)
    assert entry.again == (again,)


def test_savings_of_several_measures_do_not_contradict_the_whole(vocabulary):
    """A report that gives 64 and 55 of one year gives those of two measures; a later one gives 98, the whole."""
    measures = [number(name="a", value=64.0), number(name="b", value=55.0)]
    whole = number(name="c", report="r-2024", value=98.0)
    assert ledger.entries([(one, whole) for one in measures], vocabulary) == []
    assert [e.kind for e in ledger.entries([(measures[0], whole)], vocabulary)] == [ledger.RESTATEMENT]


def test_what_three_reports_say_alike_is_one_entry(vocabulary):
    facts = [number(name=name, report=f"r-{name}") for name in "abc"]
    (entry,) = ledger.entries(combinations(facts, 2), vocabulary)
    assert (entry.kind, {entry.first, entry.second, *entry.again}) == (ledger.AGREEMENT, set(facts))


def test_of_many_companies_a_page_shows_one_and_its_rows_all(client, monkeypatch):
    monkeypatch.setattr(frames, "MANY", 2)
    page = client.get("/targets", params={"ui": "en"}).text
    assert "China Mobile" in page
    assert '<caption><a href="/org/zte">' not in page
    assert "ZTE" in client.get("/targets.csv", params={"ui": "en"}).text
    assert "ZTE" in client.get("/compare", params={"metric": "electricity-saved", "ui": "en"}).text


def test_partners_are_compared_over_years_and_strangers_are_not(vocabulary):
    mine = number(company=TELECOM, joint=(UNICOM,), subject="中国电信", year=2020)
    theirs = number(name="b", report="u", company=UNICOM, subject="中国联通", value=200.0)
    assert [entry.kind for entry in ledger.entries([(mine, theirs)], vocabulary)] == [ledger.YEARS]
    assert ledger.entries([(replace(mine, joint=()), theirs)], vocabulary) == []


def test_one_report_does_not_contradict_itself_and_years_are_no_contradiction(vocabulary):
    assert ledger.entries([(number(), number(name="b", value=5.0))], vocabulary) == []
    assert ledger.entries([(number(), number(name="b", report="x", year=2020, value=5.0))], vocabulary) == []


def test_a_target_that_was_changed(vocabulary):
    pair = number(Target, year=2025), number(Target, "b", report="x", year=2025, value=90.0)
    assert [entry.kind for entry in ledger.entries([pair], vocabulary)] == [ledger.CHANGED]


# ----------------------------------------------------------------------------------------------- disclosure


def test_the_three_values_of_the_disclosure_matrix(vocabulary):
    text = "用电量为5亿千瓦时。\n公司尚未核算范围三排放量；用水量见附录。"
    report = Report("r", text, "zh-Hans", MOBILE, 2023, {}, "")
    items = {name: f"{METRIC}{name}" for name in ("electricity-consumption", "ghg-scope-3", "water-consumption")}
    fact = number(name="e", report="r", metric=items["electricity-consumption"])
    rows = [(items["electricity-consumption"], "GRI 302-1", fact)]
    rows += [(items[name], "GRI 1", None) for name in ("ghg-scope-3", "water-consumption")]
    found = {line.item.iri: line.cells[0] for line in disclosure.matrix(rows, [report], vocabulary)}
    statuses = {name: found[iri].status for name, iri in items.items()}
    assert list(statuses.values()) == [disclosure.GIVEN, disclosure.DENIED, disclosure.NOT_FOUND]
    assert "范围三" in found[items["ghg-scope-3"]].denial.of(text)


@pytest.mark.parametrize(
    "changed",
    [
        {"metric": f"{METRIC}electricity-saved"},
        {"form": "change", "unit": f"{UNIT}percent", "direction": "down"},
        {"scope": "part", "subject": "辽宁公司"},
    ],
)
def test_what_is_saved_or_changed_or_of_a_part_gives_no_amount(vocabulary, changed):
    energy = f"{METRIC}energy-consumption"
    fact = number(name="e", report="r", **{"metric": f"{METRIC}electricity-consumption", **changed})
    report = Report("r", "", "zh-Hans", MOBILE, 2023, {}, "")
    rows = [(energy, "GRI 302-1", fact), (f"{METRIC}electricity-saved", "GRI 302-4", None)]
    found = {line.item.iri: line.cells[0].status for line in disclosure.matrix(rows, [report], vocabulary)}
    assert found[energy] == disclosure.NOT_FOUND


TONNES = {"report": "r-2023", "unit": f"{UNIT}tCO2e", "unit_text": "吨"}
WHOLE, SCOPE = f"{METRIC}ghg-emissions", f"{METRIC}ghg-scope-2"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, disclosure.GIVEN),  # a scope is a part of the sum that the item asks for
        ({"metric": f"{METRIC}ghg-avoided"}, disclosure.NOT_FOUND),
        ({"year": None}, disclosure.NOT_FOUND),
        ({"scope": "part"}, disclosure.NOT_FOUND),
        ({"scope": "other"}, disclosure.NOT_FOUND),
    ],
)
def test_what_gives_an_item_is_of_the_company_and_of_a_year(vocabulary, changed, status):
    report = Report("r-2023", "", "zh-Hans", MOBILE, 2023, {}, "")
    fact = number(**{**TONNES, "metric": SCOPE, **changed})
    rows = [(WHOLE, "HKEX A1.2", fact), (SCOPE, "GRI 305-2", None), (f"{METRIC}ghg-avoided", "GRI 305-5", None)]
    cell = {line.item.iri: line.cells[0] for line in disclosure.matrix(rows, [report], vocabulary)}[WHOLE]
    assert cell.status == status
    assert cell.parts == ((fact,) if changed == {"scope": "part"} else ())


def test_of_several_figures_of_a_year_the_largest_is_shown_first(vocabulary):
    report = Report("r-2023", "", "zh-Hans", MOBILE, 2023, {}, "")
    facts = [number(name=str(value), value=float(value)) for value in (26, 94_000, 260)]
    rows = [(facts[0].metric, "GRI 302-4", fact) for fact in facts]
    (line,) = disclosure.matrix(rows, [report], vocabulary)
    assert [fact.value for fact in line.cells[0].facts] == [94_000, 260, 26]


def test_parts_are_told_by_their_whole(vocabulary):
    rows = [(f"{METRIC}{name}", "GRI 305-3", None) for name in ("ghg-scope-3", "ghg-commuting", "ghg-waste")]
    found = disclosure.matrix(rows, [], vocabulary)
    assert [line.item.iri for line in found] == [f"{METRIC}ghg-scope-3"]


# ----------------------------------------------------------------------------------------------- claims

SAID = [
    number(value=8_990_000_000, as_written="89.9 亿度"),
    number(name="b", form="cumulative", value=19_770_000_000, as_written="197.7 亿度"),
    number(Target, "c", form="cumulative", comparator=">", value=40_000_000_000, as_written="400 亿度", year=2025),
    number(name="d", company=UNICOM, subject="中国联通", comparator="~", value=20_000_000_000, as_written="200 亿度"),
    pue(name="e", value=1.36, comparator="=", as_written="1.36", subject="福州数据中心", scope="part"),
]


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("中国移动2023年节电量为89.9亿度。", claims.SUPPORTED),
        ("中國移動2023年節電量為89.9億度。", claims.SUPPORTED),
        ("China Mobile saved 8.99 billion kWh of electricity in 2023.", claims.SUPPORTED),
        ("China Mobile saved about 9 billion kWh of electricity in 2023.", claims.SUPPORTED),
        ("China Mobile saved 9.99 billion kWh of electricity in 2023.", claims.CONTRADICTED),
        ("中国移动2023年累计节电197.7亿度。", claims.SUPPORTED),
        ("中国移动2022年节电量为89.9亿度。", claims.ABSENT),
        ("中国联通2023年节电量为89.9亿度。", claims.CONTRADICTED),
        ("中国电信2023年节电量为89.9亿度。", claims.ABSENT),
        ("Tesla saved 8.99 billion kWh of electricity in 2023.", claims.ABSENT),
        ("福州数据中心PUE为1.36。", claims.SUPPORTED),
        ("中国移动福州数据中心PUE为1.26。", claims.CONTRADICTED),
        ("天气很好。", claims.NO_NUMBER),
    ],
)
def test_claims(vocabulary, sentence, verdict):
    assert claims.check(sentence, SAID, vocabulary).verdict == verdict


def test_an_absent_claim_names_the_nearest_fact_and_in_what_it_differs(vocabulary):
    found = claims.check("中国移动2022年节电量为89.9亿度。", SAID, vocabulary).numbers[0]
    assert (found.evidence, found.differs) == ((), ("year",))
    assert found.nearest[0] == SAID[0]


@pytest.mark.parametrize(
    ("sentence", "hint"),
    [
        ("天气很好。", "no-number"),
        ("中国移动2023年有三十七只大象。", "no-metric"),
        ("中国移动2023年节水89.9万吨。", "no-figure"),
        ("Tesla saved 8.99 billion kWh of electricity in 2023.", "no-company"),
        ("中国移动2022年节电量为89.9亿度。", "differs"),
    ],
)
def test_what_cannot_be_decided_gets_a_hint(vocabulary, sentence, hint):
    assert claims.check(sentence, SAID, vocabulary).hints == (hint,)


def test_the_whole_of_a_year_is_drawn_beside_the_savings_of_measures(client):
    """China Mobile saved 89.9 in all, of which 6.8 against 2022 in its data centres: the bar is the whole."""
    drawn = "".join(fromstring(client.get("/compare.svg", params={"metric": "electricity-saved"}).content).itertext())
    assert "8,990,000,000" in drawn


def test_what_is_decided_gets_none(vocabulary):
    assert claims.check("中国移动2023年节电量为89.9亿度。", SAID, vocabulary).hints == ()


@given(hundreds_of_millions=st.one_of(st.integers(85, 95), st.integers(1, 10**5)))
@hypothesis(max_examples=25)
def test_a_claim_is_supported_exactly_where_its_number_agrees(vocabulary, hundreds_of_millions):
    found = claims.check(f"中国移动2023年节电量为{hundreds_of_millions}亿度。", SAID[:1], vocabulary)
    right = abs(hundreds_of_millions * 1e8 - single(SAID[0].value)) <= 0.5e8
    assert found.verdict == (claims.SUPPORTED if right else claims.CONTRADICTED)


def test_a_claim_that_names_no_year_is_held_against_every_year(vocabulary):
    """ "All the year" is the year of the report in which it stands; a claim stands in none."""
    for sentence in ("中国移动全年节电量为89.9亿度。", "China Mobile saved 8.99 billion kWh of electricity last year."):
        assert claims.check(sentence, SAID, vocabulary, year=2035).verdict == claims.SUPPORTED


NEARLY = [
    number(name="f", metric=f"{METRIC}scrap-rate", form="change", direction="down", unit=f"{UNIT}percent", value=25),
    number(name="g", metric=f"{METRIC}ghg-emissions", form="change", direction="down", unit=f"{UNIT}percent", value=52),
    number(name="h", metric=f"{METRIC}solar-capacity", unit=f"{UNIT}kWp", value=928, as_written="92.8 万峰瓦"),
    number(name="i", metric=f"{METRIC}solar-site-share", unit=f"{UNIT}percent", value=55, year=None),
]


@pytest.mark.parametrize(
    ("sentence", "near", "verdict"),
    [
        ("China Mobile reduced its scrap rate by 52% in 2023.", {"f": 0.38, "g": 0.39}, claims.CONTRADICTED),
        ("China Mobile reduced its paper use by 52% in 2023.", {"f": 0.3, "g": 0.39}, claims.ABSENT),
        ("中国移动的太阳能装机约为0.93兆瓦。", {"h": 0.5}, claims.SUPPORTED),
        ("Solar power supplies 45% of the sites of China Mobile.", {"i": 0.41}, claims.CONTRADICTED),
        ("Solar power supplies 45% of the sites of China Mobile.", {"i": 0.27}, claims.ABSENT),
    ],
)
def test_what_a_search_finds_is_meant_where_it_can_be_by_another_name_only(vocabulary, sentence, near, verdict):
    scores = {f"{ids.BASE}fact/{name}": score for name, score in near.items()}
    assert claims.check(sentence, NEARLY, vocabulary, scores).verdict == verdict


def test_a_city_says_its_province(vocabulary):
    said = [pue(name="j", value=1.7, comparator="=", as_written="1.7", subject="福建福州园区", scope="part", year=2021)]
    assert claims.check("福州数据中心2021年的PUE是1.36。", said, vocabulary).verdict == claims.CONTRADICTED


# ----------------------------------------------------------------------------------------------- queries and pages


def test_a_slot_that_is_given_nothing_leaves_no_line_behind():
    for path in FOLDER.glob("*.rq"):
        assert "{{" not in filled(path.stem)
    assert f"<{MOBILE}>" in filled("targets", companies=[MOBILE])


@pytest.fixture(scope="module")
def client(library, data_folder):
    """A client of the application over the seeds."""
    with TestClient(create_app(Settings(data=data_folder), library), headers={"Accept": "text/html"}) as made:
        yield made


@pytest.mark.parametrize("name", PAGES)
def test_the_query_that_a_page_shows_gives_all_that_it_quotes(client, library, name):
    page = client.get(f"/{name}", params={"ui": "en"})
    query = re.search(r'<pre class="graph"[^>]*>(.*?)</pre>', page.text, re.S)[1]
    plain = (
        query.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&#34;", '"')
        .replace("&#39;", "'")
    )
    answer = client.get("/sparql", params={"query": plain}, headers={"Accept": "application/sparql-results+json"})
    rows = answer.json()["results"]["bindings"]
    assert rows
    values = [value for row in rows for term in row.values() for value in term["value"].split()]
    facts = [library.fact(value) for value in values if "/fact/" in value]
    given = {(fact.report, span.start) for fact in facts for span in (fact.quote, *getattr(fact, "responses", ()))}
    quoted = {(name, int(start)) for name, start in re.findall(r"/reports/([\w-]+)\?start=(\d+)", page.text)}
    assert quoted
    assert quoted <= given


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*PAGES, "check"])
def test_each_page_is_there_in_each_language(client, name, language):
    page = client.get(f"/{name}", params={"ui": language})
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text


@pytest.mark.parametrize("name", PAGES)
def test_the_rows_of_a_page_as_csv(client, library, name):
    answer = client.get(f"/{name}.csv", params={"company": "china-unicom"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows
    for row in rows:
        facts = [value for column, value in row.items() if column.startswith("fact")]
        assert not any(facts) or UNICOM in {library.fact(iri).company for iri in facts}
        if row.get("fact"):
            span = Span(int(row["start"]), int(row["end"]))
            assert library.fact(row["fact"]).quote == span


def test_an_unknown_company_or_metric_is_named(client):
    for address in ("/targets?company=tesla", "/compare?metric=happiness", "/compare.svg?metric=happiness"):
        answer = client.get(address)
        assert answer.status_code in (400, 404)
        assert re.search("tesla|happiness", answer.text)


@pytest.mark.parametrize("name", PAGES)
def test_each_page_comes_as_a_drawing_with_words(client, name):
    answer = client.get(f"/{name}.svg", params={"metric": "electricity-saved", "ui": "en"})
    assert answer.headers["content-type"] == "image/svg+xml"
    drawn = fromstring(answer.text)
    assert float(drawn.get("width")) > 300
    assert "China Unicom" in "".join(drawn.itertext()) or name in ("disclosure", "graph")
    assert f'href="/{name}.svg?' in client.get(f"/{name}", params={"ui": "en"}).text


@pytest.mark.parametrize("name", PAGES)
def test_each_page_cites_its_reports_in_two_styles(client, library, name):
    bibtex, gbt = (client.get(f"/{name}.{form}").text for form in ("bib", "txt"))
    cited = re.findall(r"^@techreport\{([\w-]+),", bibtex, re.M)
    assert set(cited) <= library.reports.keys()
    assert cited
    assert re.findall(r"^\[(\d+)\] .*\[R\]\. ", gbt, re.M) == [str(place) for place in range(1, len(cited) + 1)]


def test_the_groups_of_the_ledger_leave_out_no_pair(client, library):
    numbers = [fact for fact in library.facts() if isinstance(fact, NumberFact)]
    facts = [fact for fact in numbers if not library.vocabulary.concept(fact.metric).is_a("CatchAllMetric")]
    every = ledger.entries(combinations(facts, 2), library.vocabulary)
    rows = list(csv.DictReader(io.StringIO(client.get("/ledger.csv").text.removeprefix("\ufeff"))))
    assert rows
    assert [(row["kind"], row["fact_1"], row["fact_2"]) for row in rows] == [
        (entry.kind, entry.first.iri, entry.second.iri) for entry in every
    ]


# ----------------------------------------------------------------------------------------------- what stands around


def around(client, **asked: str) -> dict[str, str]:
    """Return the kinds of the things around one by IRI."""
    text = client.get("/graph.csv", params={"ui": "en", **asked}).text
    return {row["iri"]: row["kind"] for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))}


@pytest.mark.parametrize(
    "name", ["metric/pue", "technology/5g", "place/jiangxi", "period/2023", "doc/zte-2024", "o#Target"]
)
def test_what_stands_around_a_thing_shares_a_fact_with_it(client, library, name):
    found = around(client, iri=name)
    facts = [library.fact(iri) for iri in found if "/fact/" in iri]
    assert facts
    assert {fact.company for fact in facts} <= found.keys()
    if name == "metric/pue":
        assert {fact.iri for fact in library.told.at(library.told.where(metric={f"{METRIC}pue"}))} <= found.keys()


def test_more_of_a_kind_is_one_link_away(client):
    html = client.get("/graph", params={"iri": "technology/5g", "ui": "en"}).text
    (link,) = (
        link
        for link in re.findall(r'href="(/graph\?[^"]*)">[^<]*<span lang="en">\d+ more', html)
        if "Initiative" in link
    )
    every = {iri for iri, kind in around(client, iri="technology/5g").items() if kind == "initiative"}
    alone = around(client, iri="technology/5g", kind="Initiative")
    assert alone.keys() == every
    listed = client.get(unescape(link)).text
    assert all(f'href="/graph?iri=fact%2F{iri.rpartition("/")[2]}"' in listed for iri in every)


def test_an_unknown_thing_is_named_with_the_nearest(client):
    answer = client.get("/graph", params={"iri": "technology/5gg"}, headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert f"{ids.BASE}technology/5g" in answer.json()["error"]["nearest"]
    assert client.get("/graph", params={"iri": "x> } {"}).status_code == 404
    assert client.get("/graph", params={"kind": "Elephant"}).status_code == 404


def test_a_claim_is_checked_over_http(client, library):
    fact = next(f for f in library.facts() if isinstance(f, NumberFact) and f.iri.endswith("966f0fcfe5"))
    body = client.post("/api/check", json={"text": "中国移动2023年综合能耗为774.8万吨标准煤"}).json()
    assert body["verdict"] == "supported"
    assert [line["iri"] for line in body["numbers"][0]["evidence"]] == [fact.iri]
    page = client.get("/check", params={"text": "中国移动2023年综合能耗为874.8万吨标准煤", "ui": "en"})
    assert "contradicted by the reports" in page.text
    assert client.post("/api/check", json={"text": "  "}).status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_that_cannot_be_decided_is_helped_on_in_three_languages(client, language):
    page = client.get("/check", params={"text": "中国移动2022年节电量为89.9亿度。", "ui": language}).text
    assert words_for(language)("hint.differs") in page
    example = re.search(r'href="(/check\?text=[^"]+)"', page[page.rindex('class="hint"') :])
    assert example
    checked = client.get(f"{unescape(example[1])}&ui={language}").text
    assert words_for(language)("verdict.supported") in checked
