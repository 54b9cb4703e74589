"""Measure the ledger beside its yardsticks and targets: `make bench`, or `python -m scripts.bench NAME…` for some.

Prints medians and ratios. A single absolute time says nothing on a shared machine; the ratio to the yardstick in the
same run does. The load is printed with each table: above the number of processors, others were at work too.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console

from scripts.bench import cold, doors, evidence, fsck, index, latency, narrow, service, views, write_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.table import Table

SECTIONS: Final[dict[str, Callable[[], Iterator[Table]]]] = {
    "write-path": write_path.tables,
    "latency": latency.tables,
    "cold": cold.tables,
    "doors": doors.tables,
    "service": service.tables,
    "index": index.tables,
    "fsck": fsck.tables,
    "evidence": evidence.tables,
    "narrow": narrow.tables,
    "views": views.tables,
    "views-many": views.many,
}


def main() -> None:
    """Run the measurements that are named, or all, and print them."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SECTIONS))
    names = parser.parse_args().names or list(SECTIONS)
    if unknown := set(names) - SECTIONS.keys():
        parser.error(f"no measurement is called {min(unknown)}; there are {', '.join(SECTIONS)}")
    console = Console(width=None if sys.stdout.isatty() else 120)
    for name in names:
        for table in SECTIONS[name]():
            table.caption = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
            console.print(table)


if __name__ == "__main__":
    main()
