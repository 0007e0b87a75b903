"""IRIs: where they come from decides them, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ids

PARTS = st.lists(st.text() | st.integers(), min_size=1, max_size=4)


@given(PARTS, PARTS)
def test_unequal_parts_have_unequal_ids(one, other):
    if [str(part) for part in one] != [str(part) for part in other]:
        assert ids.stable_id(*one) != ids.stable_id(*other)


def test_parts_are_kept_apart():
    assert ids.stable_id("a", "bc") != ids.stable_id("ab", "c")
    assert ids.stable_id("text", 1, 123) != ids.stable_id("text", 11, 23)


@given(PARTS)
def test_ids_are_ten_hex_digits(parts):
    assert len(ids.stable_id(*parts)) == 10
    assert int(ids.stable_id(*parts), 16) >= 0


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (ids.document_iri("zte-2024"), "doc/zte-2024"),
        (ids.graph_iri("zte-2024"), "graph/zte-2024"),
        (ids.span_iri("zte-2024", 1, 5), "doc/zte-2024#offset_1_5"),
        (ids.passage_iri("zte-2024", 1, 5), "doc/zte-2024#passage_1_5"),
        (ids.period_iri("2030"), "period/2030"),
        (ids.fact_iri("zte-2024", "x", 1), "fact/zte-2024-" + ids.stable_id("zte-2024", "x", 1)),
    ],
)
def test_iris_are_as_documented(made, expected):
    assert made == ids.BASE + expected
