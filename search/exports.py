"""Facts as JSON lines, CSV and Parquet."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from kg.errors import SettingsError

ROWS = 50_000  # of a Parquet file that are in memory at once
# The columns of the tables; lists (a range's ends, responses, technologies) stand in them as JSON.
COLUMNS = (
    *("id", "iri", "report", "company", "kind", "metric", "metric_zh", "metric_en", "metric_key", "subject", "scope"),
    *("value", "unit", "unit_text", "comparator", "form", "direction", "year", "baseline", "aggregation"),
    *("joint", "result_of", "category", "name_zh", "name_en", "level", "horizon", "responses", "impacts"),
    *("place", "technologies", "leaders", "part_of", "technology", "concept", "confidence", "quote", "start", "end"),
    "page",
)


def write_facts(facts: Iterable[Mapping[str, Any]], form: str, output: IO[bytes]) -> None:
    """Write facts to a binary file in the form ``jsonl``, ``csv`` or ``parquet``.

    :raises SettingsError: if Parquet is asked for and pyarrow is not installed.
    """
    if form == "parquet":
        _write_parquet(facts, output)
        return
    for part in lines(facts, form):
        output.write(part)


def lines(facts: Iterable[Mapping[str, Any]], form: str) -> Iterator[bytes]:
    """Yield facts as lines of ``jsonl`` or ``csv``, UTF-8."""
    if form == "jsonl":
        yield from (json.dumps(fact, ensure_ascii=False).encode() + b"\n" for fact in facts)
        return
    yield _csv_line(COLUMNS)
    for fact in facts:
        yield _csv_line([_cell(fact.get(name)) for name in COLUMNS])


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, tuple, dict)) else value


def _csv_line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def _write_parquet(facts: Iterable[Mapping[str, Any]], output: IO[bytes]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise SettingsError("Parquet needs pyarrow; install it with: pip install 'tantu[parquet]'") from error
    numbers = {name: pa.int64() for name in ("start", "end", "year", "page")} | {"confidence": pa.float64()}
    rows = ({name: _typed(fact.get(name), name in numbers) for name in COLUMNS} for fact in facts)
    schema = pa.schema([(name, numbers.get(name, pa.string())) for name in COLUMNS])
    with pq.ParquetWriter(output, schema) as table:
        while group := list(islice(rows, ROWS)):
            table.write_table(pa.Table.from_pylist(group, schema=schema))


def _typed(value: Any, number: bool) -> Any:
    """Return a cell of a typed column; values may be ranges, so their column is text."""
    return value if number or value is None else str(_cell(value))
