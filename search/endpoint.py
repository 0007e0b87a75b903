"""SPARQL with search in it: what the endpoint, the pages and the command line run their queries through."""

import time
from collections.abc import Sequence
from typing import Any

from kg import media
from kg.pool import Dataset, Pool, Result
from search.running import Likeness, Running
from search.seeking import Made, Search

ANSWER = ("application/sparql-results+json", "text/turtle")


class Endpoint:
    """A pool of query workers with the search services of ours in front; safe to use from any thread."""

    def __init__(self, pool: Pool, search: Search, likeness: Likeness | None = None) -> None:
        """Take the pool, the search behind our services, and what computes ``search:similarity`` for a query."""
        self.pool, self.search, self.likeness = pool, search, likeness

    def run(
        self,
        query: str,
        accept: Sequence[str] = ANSWER,
        dataset: Dataset | None = None,
        seconds: float | None = None,
        base: str = "",
    ) -> tuple[str, Result]:
        """Evaluate a query; return the content type of its result, and the result: iterate for its bytes, or close it.

        ``accept`` names media types of ``kg.media``: of solutions, of graphs, or both; the first known one of a kind is
        taken. ``seconds`` are those of the query with all its searches.

        :raises QueryRefused: for an update, and for a SERVICE that is not ours.
        :raises QueryError: if the query or a search block in it cannot be parsed; with line and column.
        :raises QueryTimeout: if it takes too long.
        :raises QueryTooLarge: if it needs too much memory.
        """
        rows, graph = media.first(tuple(accept), media.ROWS), media.first(tuple(accept), media.GRAPHS)
        result = self._running(query, dataset, base, seconds).result(rows, graph)
        return media.CONTENT_TYPES[result.form], result

    def explain(self, query: str, dataset: Dataset | None = None, base: str = "") -> dict[str, Any]:
        """Evaluate a query and say how: what the engine got, which searches were made, how long everything took.

        :raises KgError: as :meth:`run` does.
        """
        began = time.perf_counter()
        running = self._running(query, dataset, base)
        rewritten = running.rewritten
        searched = time.perf_counter()
        result = running.result("tsv", "nt")
        first = time.perf_counter()
        parts = [(part.count(b"\n"), len(part)) for part in result]
        done = time.perf_counter()
        lines, size = (sum(counts) for counts in zip(*parts, strict=True)) if parts else (0, 0)
        return {
            "query": query,
            "rewritten": rewritten.query,
            "searches": [_made(made) for made in rewritten.searches],
            "evaluation": {
                "kind": result.kind,
                "rows": max(0, lines - (result.kind == "bindings")),
                "bytes": size,
                "similarities": running.asked,
                "firstMs": _milliseconds(first - searched),
                "ms": _milliseconds(done - searched),
            },
            "ms": _milliseconds(done - began),
        }

    def _running(
        self, query: str, dataset: Dataset | None = None, base: str = "", seconds: float | None = None
    ) -> Running:
        answers = self.likeness() if self.likeness and "similarity" in query else None
        return Running(self.pool, self.search, query, dataset, base, seconds, answers)

    def close(self) -> None:
        """End the workers."""
        self.pool.close()


def _made(made: Made) -> dict[str, Any]:
    """Return a search as the JSON of an explanation."""
    sought = made.sought
    return {
        "service": f"search:{sought.kind}",
        "line": made.line,
        "column": made.column,
        "text": sought.text,
        "limit": sought.limit,
        "minScore": sought.least,
        "language": sought.language,
        "technology": sought.technology,
        "riskCategory": sought.risk,
        "candidates": None if sought.candidates is None else len(sought.candidates),
        "hits": made.hits,
        "candidatesMs": round(made.choosing, 3),
        "ms": round(made.searching, 3),
    }


def _milliseconds(seconds: float) -> float:
    return round(1000 * seconds, 3)
