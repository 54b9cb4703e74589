"""How soon a long manifest is told in the browser: read, made into statements, judged and put into words.

`python -m scripts.bench.manifests 5000 19000`: the demo's story, and a manifest of so many rows for its first
consignment, told without being recorded. Time of a processor, of all that the service does for it.
"""

from __future__ import annotations

import base64
import json
import sys
from time import process_time
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from scripts.bench.played import played
from scripts.demo.cast import FIRST, PLASMA
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from tests.http.serving import Served

USUAL: Final = (5_000, 19_000)
_GOODS: Final = {"consignment": FIRST, "approval": PLASMA, "line": "1"}


def table(numbers: tuple[int, ...] = USUAL) -> Table:
    """Return a table with a row for each number of rows."""
    found = Table("rows", "statements", "seconds of a processor", "rows a second")
    with played() as story:
        log = story.log
        cookie = signed_in(log, story.cast.importer.first.signer)
        _told(log, cookie, 100)
        for number in numbers:
            statements, seconds = _told(log, cookie, number)
            found.add_row(f"{number:,}", str(statements), f"{seconds:.1f}", f"{number / seconds:,.0f}")
    return found


def _told(log: Served, cookie: str, number: int) -> tuple[int, float]:
    """Return how many statements a manifest comes to, and the seconds of a processor that telling it takes."""
    rows = "".join(f"NEW-{one:06},1,mL\n" for one in range(number))
    manifest = base64.b64encode(f"Label,Quantity,Unit\n{rows}".encode()).decode()
    said = json.dumps({"name": "list.csv", "manifest": manifest, "fixed": _GOODS}).encode()
    before = process_time()
    answer = log.ask(
        "POST", "/manifest/told", said, headers={"Cookie": cookie, "Content-Type": "application/json"}, timeout=600
    )
    seconds = process_time() - before
    told = json.loads(answer.body)
    if told["problems"] or told["rows"] != number:
        raise AssertionError(f"of {number} rows {told['rows']} were read: {told['problems'][:3]}")
    return len(told["statements"]), seconds


if __name__ == "__main__":
    Console(width=110).print(table(tuple(map(int, sys.argv[1:])) or USUAL))
