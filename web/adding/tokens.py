"""Who may change the collection: those who know the token, as a header, or as a cookie that was given for it.

The token itself is in no cookie and no page, only what is made of it; everything is compared in constant time.
"""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

COOKIE = "tantu-pass"
VALID = 12 * 3600  # seconds that a pass lasts: a day's work
TRIES, WINDOW = 10, 60.0  # wrong tokens of one client in so many seconds; 64 bits take forever at that pace
CLIENTS = 1000  # clients whose wrong tokens are remembered


def same(given: str, token: str) -> bool:
    r"""Say whether two secrets are the same; how long that takes depends on neither of them.

    >>> same("a", "a"), same("a", "ab"), same("\ud800", "a")
    (True, False, False)
    """
    return hmac.compare_digest(_digest(given), _digest(token))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def _sealed(token: str, *parts: str) -> str:
    return hmac.new(_digest(token), "\n".join(parts).encode(), sha256).hexdigest()


def pass_for(token: str, now: float | None = None) -> str:
    """Return a pass that shows for some hours that its holder knew the token."""
    until = str(int((time.time() if now is None else now) + VALID))
    return f"{until}.{_sealed(token, 'pass', until)}"


def holds(given: str | None, token: str, now: float | None = None) -> bool:
    """Say whether a pass is one of ours that still holds.

    >>> made = pass_for("the token of a server", now=1000)
    >>> holds(made, "the token of a server", now=2000), holds(made, "another token", now=2000)
    (True, False)
    >>> holds(made, "the token of a server", now=1000 + VALID), holds("9999999999.0", "the token of a server")
    (False, False)
    """
    until, _, seal = (given or "").partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) < 12):
        return False
    return same(seal, _sealed(token, "pass", until)) and (time.time() if now is None else now) < int(until)


def form_seal(given: str, token: str) -> str:
    """Return what a form has to send back, so that no other site can send it for the holder of a pass."""
    return _sealed(token, "form", given)


class Tries:
    """Wrong tokens, counted by client, so that nobody can try many.

    >>> tries = Tries(clock=lambda: 5.0)
    >>> for _ in range(TRIES): tries.failed("::1")
    >>> tries.too_many("::1"), tries.too_many("::2")
    (True, False)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none."""
        self._clock = clock
        self._failed: OrderedDict[str, list[float]] = OrderedDict()

    def failed(self, client: str) -> None:
        """Count a wrong token."""
        self._failed[client] = [*self._recent(client), self._clock()]
        self._failed.move_to_end(client)
        if len(self._failed) > CLIENTS:
            self._failed.popitem(last=False)

    def too_many(self, client: str) -> bool:
        """Say whether a client has to wait."""
        return len(self._recent(client)) >= TRIES

    def _recent(self, client: str) -> list[float]:
        since = self._clock() - WINDOW
        return [when for when in self._failed.get(client, ()) if when > since]
