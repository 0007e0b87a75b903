"""Running headers and footers: what stands at the same height on many pages and differs in its numbers at most."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from kg.importing.paper import Page, Run

BAND = 0.08  # of the page's height, at the top and at the bottom
OFTEN = 3  # pages on which a line has to stand
SHARE = 0.08  # and share of all pages: chapters have titles of their own
STEP = 4.0  # points by which its height may differ
_NUMBERS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W{0,3}(\d{1,4})\W{0,3}")


def without_margins(pages: Sequence[Page]) -> list[Page]:
    """Return pages without their running headers, footers and page numbers."""
    often = max(OFTEN, SHARE * len(pages))
    counted = Counter(key for page in pages for key in {_key(page, run) for run in _outer(page)})
    running = {key for key, count in counted.items() if count >= often}
    return [replace(page, runs=tuple(_kept(page, running))) for page in pages]


def _kept(page: Page, running: set[tuple[str, int]]) -> list[Run]:
    outer = {id(run) for run in _outer(page)}
    return [run for run in page.runs if id(run) not in outer or not _is_running(page, run, running)]


def _outer(page: Page) -> list[Run]:
    edge = BAND * page.box.height
    low, high = page.box.top + edge, page.box.bottom - edge
    return [run for run in page.runs if (run.box.middle < low or run.box.middle > high) and not _is_ruled(page, run)]


def _is_ruled(page: Page, run: Run) -> bool:
    """Say whether a run stands between vertical rules: then it belongs to a table, whose header may be repeated."""
    return any(rule.top <= run.box.middle <= rule.bottom for rule in page.down)


def _key(page: Page, run: Run) -> tuple[str, int]:
    return _NUMBERS.sub("#", "".join(run.words.split())).lower(), round((run.box.middle - page.box.top) / STEP)


def _is_running(page: Page, run: Run, running: set[tuple[str, int]]) -> bool:
    words, height = _key(page, run)
    # What stands beside the page numbers is the title of a chapter, however short the chapter.
    if any((each, near) in running for near in (height - 1, height, height + 1) for each in (words, "#", "-#-")):
        return True
    number = _PAGE_NUMBER.fullmatch(run.words)
    return number is not None and int(number[1]) == page.number
