"""What is sent as a file to keep: a text, rows as CSV, a drawing."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from markupsafe import Markup
from starlette.responses import Response

from kg.errors import NotFound
from web.svg import standalone


def as_file(name: str, text: str, media_type: str) -> Response:
    """Return a text as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="tantu-{name}"'}
    return Response(text, media_type=media_type, headers=headers)


def as_drawing(name: str, svg: Markup) -> Response:
    """Return a drawing as a file of its own.

    :raises NotFound: if there is nothing to draw.
    """
    if not svg:
        raise NotFound("chart", name)
    return as_file(f"{name}.svg", standalone(svg), "image/svg+xml")


def as_csv(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return rows as CSV with a header, in UTF-8 with the mark by which spreadsheets know it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(["" if value is None else value for value in row] for row in rows)
    return as_file(f"{name}.csv", "\ufeff" + text.getvalue(), "text/csv; charset=utf-8")
