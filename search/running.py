"""One query on its way to the workers: what is left of its time, and what it asks for beside the graph."""

import time
from collections.abc import Callable, Iterator
from functools import cached_property

from kg.errors import QueryError, QueryTimeout
from kg.ids import SEARCH
from kg.pool import Dataset, Pool, Request, Result
from kg.process import Answers
from kg.sparql import refuse
from kg.tsv import cells
from search.seeking import Search
from search.service import Rewritten, rewrite

FUNCTIONS = (f"{SEARCH}similarity",)


class Running:
    """A query with its dataset, its base IRI and its deadline, which counts for its searches too."""

    def __init__(
        self,
        pool: Pool,
        search: Search,
        query: str,
        dataset: Dataset | None = None,
        base: str = "",
        seconds: float | None = None,
        answers: Answers | None = None,
    ) -> None:
        """Start the clock; ``answers`` computes our functions."""
        self._pool, self._search, self.query = pool, search, query
        self._request = Request("", dataset=dataset, base=base, functions=FUNCTIONS if answers else ())
        self._limit = pool.seconds if seconds is None else min(seconds, pool.seconds)
        self._until = time.monotonic() + self._limit
        self._answers = answers
        self._mistake: QueryError | None = None
        self.asked = 0  # values of our functions that the worker asked for

    @cached_property
    def rewritten(self) -> Rewritten:
        """The query with its search blocks replaced.

        :raises QueryError: if a block is not as it should be.
        """
        refuse(self.query)
        return rewrite(self.query, self._search, self._rows)

    def result(self, form: str, graph: str) -> Result:
        """Evaluate the query.

        :raises QueryError: with the place in the query as it was written.
        """
        rewritten = self.rewritten
        try:
            result = self._run(rewritten.query, form, graph)
        except QueryError as error:
            raise rewritten.locate(error) from error
        if self._mistake is not None:
            result.close()
            raise self._mistake
        return result

    def _rows(self, select: str) -> Iterator[list[str]]:
        """Yield the rows of a part of the query; a mistake in it is better said by whoever reads the whole."""
        try:
            yield from cells(self._run(select, "tsv", "nt"))
        except QueryError as error:
            if type(error) is not QueryError:
                raise
            self._mistake = QueryError(error.reason)

    def _run(self, query: str, form: str, graph: str) -> Result:
        left = self._until - time.monotonic()
        if left <= 0:
            raise QueryTimeout(f"the query took longer than {self._limit:g} s")
        request = self._request._replace(query=query, rows=form, graph=graph)
        return self._pool.run(request, seconds=left, answers=self._counted if self._answers else None)

    def _counted(self, question: bytes) -> bytes:
        assert self._answers is not None
        self.asked += 1
        return self._answers(question)


Likeness = Callable[[], Answers]
"""Makes what computes ``search:similarity`` for one query."""
