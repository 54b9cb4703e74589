"""How soon pages of a long log stand in a browser: `python -m scripts.bench browsed`.

From the moment at which the browser is told to go there until it has loaded all and drawn it once, in a headless
Chromium on the same machine. It has opened the page once before, as somebody has who works with it: styles, scripts
and fonts are kept by then, and the page itself never is. Browser and service share the processors.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from rich.table import Table

from scripts.bench.against import p99_of_few, verdict
from scripts.bench.places import folder
from scripts.bench.told import told
from tests.console.browsing import Console
from tests.journeys.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES: Final = (100_000,)
TARGET: Final = 300.0
"""Milliseconds within which a page is to stand."""
PAGES: Final = ("item", "approval", "worklist", "overview")
_TIMES: Final = 30
_STANDS: Final = """new Promise((done) => requestAnimationFrame(() => setTimeout(() => {
  const {responseEnd, loadEventEnd} = performance.getEntriesByType("navigation")[0];
  const drawn = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  done([responseEnd, Math.max(loadEventEnd, drawn)]); })))"""
"""Tells when the answer had come and when the page stood, both in milliseconds from the start of going there."""


def tables(*sizes: int) -> Iterator[Table]:
    """Yield a table for each size. sizes: about so many events."""
    for size in sizes or SIZES:
        with folder() as place, told(place, size) as made, chromium() as browser:
            console = Console(made.log, browser)
            table = Table("who", "page", "first", "median", "p99", "answered", "asked", f"p99 ≤ {TARGET:g} ms")
            table.title = f"Pages of a log of {made.size:,} events in a browser; milliseconds"
            for name, signer in made.people.items():
                console.sign_in(signer)
                for page in PAGES:
                    table.add_row(name, page, *_opened(console, made.paths[page]))
            yield table


def _opened(console: Console, path: str) -> tuple[str, ...]:
    """Return the cells of a page: the first time; of those after it the median, what 99 in 100 took, the answer's."""
    first, *later = (_once(console, path) for _ in range(1 + _TIMES))
    stood = [stands for _, stands in later]
    p99 = p99_of_few(stood)
    answered = statistics.median(answered for answered, _ in later)
    told_ = (f"{one:.0f}" for one in (first[1], statistics.median(stood), p99, answered))
    return *told_, str(_TIMES), verdict(p99 / TARGET, met=p99 <= TARGET)


def _once(console: Console, path: str) -> tuple[float, float]:
    tab = console.open(path)
    answered, stands = tab.evaluate(_STANDS)
    tab.call("Page.close")
    return answered, stands
