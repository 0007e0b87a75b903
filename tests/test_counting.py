import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.counting import Rows
from kg.pool import Pool, Request
from kg.terms import text
from tests import tiny

# Values that look like the ends of rows.
VALUES = ['"}}', '\\"}},{', "a\nb", "</result><result>", '"\n"', "\t", "x"]


@pytest.fixture(scope="module")
def workers(tmp_path_factory):
    with Pool(tiny.build(tmp_path_factory.mktemp("counting") / "store"), workers=1) as made:
        yield made


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@given(data=st.data(), values=st.lists(st.sampled_from(VALUES), max_size=12))
def test_rows_are_counted_however_the_bytes_are_cut(workers, form, data, values):
    rows = " ".join(f"({text(value).n3} {text(value, 'en').n3})" for value in values)
    body = b"".join(workers.run(Request(f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}", form)))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=6)))
    counted = Rows(form)
    numbers = [counted.add(body[start:end]) for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    assert numbers == sorted(numbers)
    assert numbers[-1] == len(values)
