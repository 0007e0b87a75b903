"""Who may query now: places shared fairly between clients, a queue for the others, and a clear no when it is full."""

import asyncio
from collections import Counter, deque
from contextlib import suppress

from web.failures import RequestError

RESERVED = 2  # places that one client alone cannot take
MOST_WAITING = 64  # requests of all clients together; one more is told to come back


class Admission:
    """Places for queries. Of the clients that wait, the one with the fewest queries running is next.

    It lives on the event loop and needs no lock.
    """

    def __init__(self, places: int, most: int) -> None:
        """Take the number of places, and how many requests of one client may be under way."""
        self._free, self._most = places, most
        self._share = max(1, places - RESERVED)
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @property
    def running(self) -> int:
        """How many queries have a place."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """How many queries wait for one."""
        return sum(map(len, self._waiting.values()))

    async def enter(self, client: str) -> "Place":
        """Wait for a place.

        :raises RequestError: 503 if too many wait already, this client's or all together.
        """
        own = len(self._waiting.get(client, ()))
        if self._running[client] + own >= self._most:
            said = f"{self._most} queries of yours are under way; wait for one of them to end"
            raise RequestError(503, said)
        if self._free and not own and self._running[client] < self._share:
            return self._take(client)
        if self.waiting >= MOST_WAITING:
            raise RequestError(503, "too many queries are waiting; try again in a moment")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(client, turn)
            raise
        return Place(self, client)

    def _take(self, client: str) -> "Place":
        self._free -= 1
        self._running[client] += 1
        return Place(self, client)

    def _give_up(self, client: str, turn: "asyncio.Future[None]") -> None:
        """Forget somebody who has hung up; the turn may have come in the meantime."""
        if turn.done() and not turn.cancelled():
            self.leave(client)
            return
        with suppress(KeyError, ValueError):
            self._waiting[client].remove(turn)
            if not self._waiting[client]:
                del self._waiting[client]

    def leave(self, client: str) -> None:
        """Free a place, and let the next one in."""
        self._free += 1
        self._running[client] -= 1
        if not self._running[client]:
            del self._running[client]
        self._let_in()

    def _let_in(self) -> None:
        """Give a free place to the client with the fewest queries; who has hung up since is passed over."""
        while fitting := [other for other in self._waiting if self._running[other] < self._share]:
            following = min(fitting, key=self._running.__getitem__)
            turn = self._waiting[following].popleft()
            if not self._waiting[following]:
                del self._waiting[following]
            if not turn.done():  # a cancelled turn stays in the queue until its task has woken up
                self._take(following)
                turn.set_result(None)
                return


class Place:
    """A place that somebody has; it is left once, whoever says so first."""

    def __init__(self, admission: Admission, client: str) -> None:
        """Hold the place of a client."""
        self._admission, self._client, self._held = admission, client, True

    def leave(self) -> None:
        """Give the place back."""
        if self._held:
            self._held = False
            self._admission.leave(self._client)
