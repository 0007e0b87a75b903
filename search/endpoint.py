"""SPARQL with search in it: what the endpoint, the pages and the command line run their queries through."""

import json
from collections.abc import Sequence

from kg import media
from kg.errors import QueryError
from kg.pool import Dataset, Pool, Request, Result
from kg.sparql import refuse
from search.service import Rewritten, Search, rewrite

ANSWER = ("application/sparql-results+json", "text/turtle")


class Endpoint:
    """A pool of query workers with the search services of ours in front; safe to use from any thread."""

    def __init__(self, pool: Pool, search: Search) -> None:
        """Take the pool, and the search that ``SERVICE search:facts`` and ``search:passages`` stand for."""
        self.pool, self.search = pool, search

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
        taken.

        :raises QueryRefused: for an update, and for a SERVICE that is not ours.
        :raises QueryError: if the query or a search block in it cannot be parsed; with line and column.
        :raises QueryTimeout: if it takes too long.
        :raises QueryTooLarge: if it needs too much memory.
        """
        refuse(query)
        rows, graph = media.first(tuple(accept), media.ROWS), media.first(tuple(accept), media.GRAPHS)
        rewritten = self.rewrite(query, dataset, seconds, base)
        try:
            result = self.pool.run(Request(rewritten.query, rows, graph, dataset, base), seconds=seconds)
        except QueryError as error:
            raise rewritten.locate(error) from error
        return media.CONTENT_TYPES[result.form], result

    def rewrite(
        self, query: str, dataset: Dataset | None = None, seconds: float | None = None, base: str = ""
    ) -> Rewritten:
        """Return a query with its search blocks replaced by what the searches found.

        :raises QueryError: if a block is not as it should be.
        """

        def texts(select: str) -> list[str]:
            found = b"".join(self.pool.run(Request(select, "json", dataset=dataset, base=base), seconds=seconds))
            rows = json.loads(found)["results"]["bindings"]
            return [value["value"] for row in rows for value in row.values() if value["type"] == "literal"]

        return rewrite(query, self.search, texts)

    def close(self) -> None:
        """End the workers."""
        self.pool.close()
