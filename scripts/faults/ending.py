"""How a campaign ends: its table, what went wrong, and an exit code that says whether anything did."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table


def end(table: Table, wrong: Iterable[str], summary: str = "") -> NoReturn:
    """Print a table and what went wrong, in words; end with 1 where anything did, else with 0.

    summary: what is told below the table, before the load of the machine.
    """
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    table.caption = f"{summary}; {load}" if summary else load
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    for one in (found := list(wrong)):
        console.print(one, style="red", highlight=False)
    sys.exit(bool(found))
