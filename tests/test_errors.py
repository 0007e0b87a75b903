"""The error tree: one root, a builtin beside it, and errors that survive the way between processes."""

import inspect
import pickle

import pytest

from kg import errors

TREE = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.KgError)]
EXAMPLES = [
    errors.NotFound("report", "mobil-2023", ["mobile-2023"]),
    errors.QueryError("expected a variable", 2, 7),
    errors.QueryTimeout("the query took longer than 20 s"),
    errors.StoreError("the store is locked"),
]


def test_the_drawing_names_every_error():
    drawn = {word for line in errors.__doc__.splitlines() for word in line.split() if word.isidentifier()}
    assert {kind.__name__ for kind in TREE} <= drawn


@pytest.mark.parametrize("kind", TREE)
def test_each_has_a_docstring_and_is_a_value_error(kind):
    assert issubclass(kind, ValueError)
    assert kind.__doc__


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_come_back_from_another_process(error):
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))


def test_messages_are_one_line():
    assert [str(error) for error in EXAMPLES[:2]] == [
        "There is no report 'mobil-2023'; nearest: mobile-2023",
        "line 2, column 7: expected a variable",
    ]
