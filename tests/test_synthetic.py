"""The invented collection of bench/synthetic.py, of the size at which a catalogue, a script and a company change."""

from itertools import islice

import pytest

from bench.composing import FIRST_YEAR
from bench.synthetic import HEAD, YEARS, block, collection, write
from kg.catalogue import NAME
from kg.holdings import read_holdings
from kg.newcomers import language_of

SIZE = 4000  # bytes; the usual 15,000 only take longer


@pytest.fixture(scope="module")
def made():
    return list(collection(2 * YEARS, size=SIZE))


def test_it_is_read_as_a_folder_of_reports(made, tmp_path):
    with (tmp_path / NAME).open("w", encoding="utf-8") as catalogue:
        catalogue.write(HEAD)
        for one in made:
            catalogue.write(write(one, tmp_path))
    holdings = read_holdings(tmp_path, tmp_path / "own")
    reports = [listed.read() for listed in holdings.reports]
    assert [report.id for report in reports] == [one.id for one in made]  # sorted: a company's reports stand together
    assert {report.year for report in reports} == set(range(FIRST_YEAR, FIRST_YEAR + YEARS))
    assert {report.company for report in reports} == {triple.subject for triple in holdings.companies}
    assert all(language_of(report.text) == report.language for report in reports)


def test_a_report_is_the_same_in_a_collection_of_any_size(made):
    again = list(islice(collection(5, size=SIZE), 5))
    assert [one.text for one in again] == [one.text for one in made[:5]]
    assert next(collection(1, seed=2, size=SIZE)).text != made[0].text


def test_each_report_is_one_of_its_own_and_has_no_slot_left(made):
    assert len({one.text for one in made}) == len(made)
    assert not [one.id for one in made if "{" in one.text or "}" in one.text]
    assert all(0.6 * SIZE < len(one.text.encode()) < 2.5 * SIZE for one in made)


def test_what_a_company_says_of_a_year_it_says_again_the_year_after(made):
    def row(text):
        return next(line for line in text.splitlines() if "PUE" in line and line.count("1.") >= 3)

    before, after = (row(one.text).replace("|", " ").split()[-3:] for one in made[3:5])
    assert before[1:] == after[:2]


def test_the_first_report_of_a_company_brings_its_names(made):
    first, second = block(made[0], "0"), block(made[1], "0")
    assert "o:Company" in first
    assert "o:Company" not in second
    assert first.count("@zh-Hant") == 2
