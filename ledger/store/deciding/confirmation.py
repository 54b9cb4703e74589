"""What an operator confirmed of this machine's clock, in one file of the data directory, ``clock-confirmed``; JSON:

{"at": "2026-11-28T23:10:00.000000Z", "last_entry": null, "apart": {"w1": 34560000.0}}

at           when, by the clock that was confirmed
last_entry   the time of the last entry, where that lay ahead; one up to it is followed, others are not
apart        by how many seconds the clock was ahead of each witness
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ledger.clock import format_time, parse_time
from ledger.errors import Unavailable
from ledger.files import write_over
from ledger.store.deciding.watch import Confirmed

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "clock-confirmed"


def read_confirmed(path: Path) -> Confirmed:
    """Return what a file says; nothing confirmed where there is none. Raises Unavailable: it cannot be read."""
    try:
        said = json.loads(path.read_bytes())
        last = said["last_entry"]
        apart = {str(name): float(seconds) for name, seconds in said["apart"].items()}
        return Confirmed(str(said["at"]), None if last is None else parse_time(last), apart)
    except FileNotFoundError:
        return Confirmed()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unavailable(f"{path} does not say what was confirmed of the clock: {error!r}") from error


def write_confirmed(path: Path, confirmed: Confirmed) -> None:
    """Write what an operator confirms, in the place of what was confirmed before. Raises OSError."""
    last = None if confirmed.last_entry is None else format_time(confirmed.last_entry)
    said = {"at": confirmed.at, "last_entry": last, "apart": dict(confirmed.apart)}
    write_over(path, f"{json.dumps(said)}\n".encode())
