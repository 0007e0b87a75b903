"""How many files a process may have open: systems start with a thousand, and say how far it may go."""

import resource
from contextlib import suppress

OTHERS = 4096  # for all but the index: the store of 10,000 reports has a thousand files


def make_room(count: int) -> None:
    """Let this process have so many files open beside the others, if the system lets it.

    >>> make_room(10)
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + OTHERS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
