"""Measure the ledger beside its yardsticks and targets: `make bench`, or `python -m scripts.bench NAME…` for some.

A number behind one of views, views-kinds, questions, pages, browsed, lag, late or memory is the size that it is
measured at.

Prints medians and ratios. A single absolute time says nothing on a shared machine; the ratio to the yardstick in the
same run does. The load is printed with each table: above the number of processors, others were at work too.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console

from scripts.bench import (
    browsed,
    cold,
    doors,
    evidence,
    fsck,
    index,
    lag,
    late,
    latency,
    memory,
    narrow,
    pages,
    questions,
    service,
    views,
    write_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.table import Table

SECTIONS: Final[dict[str, Callable[..., Iterator[Table]]]] = {
    "write-path": write_path.tables,
    "latency": latency.tables,
    "cold": cold.tables,
    "doors": doors.tables,
    "service": service.tables,
    "memory": memory.tables,
    "index": index.tables,
    "fsck": fsck.tables,
    "evidence": evidence.tables,
    "narrow": narrow.tables,
    "views": views.tables,
    "views-many": views.many,
    "views-kinds": views.kinds,
    "lag": lag.tables,
    "late": late.tables,
    "questions": questions.tables,
    "pages": pages.tables,
    "browsed": browsed.tables,
}
SIZED: Final = frozenset({"views", "views-kinds", "lag", "late", "questions", "pages", "browsed", "memory"})


def main() -> None:
    """Run the measurements that are named, or all, and print them."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SECTIONS))
    asked = _asked(parser, parser.parse_args().names or list(SECTIONS))
    console = Console(width=None if sys.stdout.isatty() else 120)
    for name, sizes in asked:
        for table in SECTIONS[name](*sizes):
            table.caption = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
            console.print(table)


def _asked(parser: argparse.ArgumentParser, words: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Return what is to be measured, each with the size that stands behind it, if one does."""
    asked: list[tuple[str, list[int]]] = []
    for word in words:
        if word in SECTIONS:
            asked.append((word, []))
        elif word.isdecimal() and int(word) and asked and asked[-1][0] in SIZED and not asked[-1][1]:
            asked[-1][1].append(int(word))
        else:
            parser.error(f"no measurement is called {word}; there are {', '.join(SECTIONS)}")
    return asked


if __name__ == "__main__":
    main()
