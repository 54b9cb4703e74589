"""How fast `vialog fsck` checks a log of 100,000 signed entries, from the first byte to the last.

The yardstick, measured before each round, is Ed25519 signatures verified with nothing around them by as many processes:
whatever verifies every signature cannot be faster. It also shows how much of the machine there was to be had.
"""

from __future__ import annotations

import statistics
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from time import perf_counter
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.table import Table

from ledger.fsck.check import Wanted, check_database
from ledger.publisher.log_keys import LogKeys
from ledger.store.database.migrate import migrate, name_log
from ledger.store.server.embedded import Role
from ledger.tlog.policy import Party, Policy
from scripts.bench.against import at_least, rate_cells, seconds
from scripts.bench.places import folder, server
from scripts.bench.received import ORIGIN
from scripts.bench.uses import write_log

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES: Final = 100_000
ROUNDS: Final = 3
JOBS: Final = 2
TARGET: Final = 5_000
_SIGNATURES: Final = 10_000


def tables() -> Iterator[Table]:
    """Yield the table of checking a large log."""
    table = Table("checked", "median", "range", "target", "ratio to it")
    keys = LogKeys.generate(ORIGIN)
    with folder() as place, server(place) as running:
        migrate(running.conninfo(Role.OWNER))
        name_log(running.conninfo(Role.OWNER), ORIGIN)
        write_log(running.conninfo(), place, keys, ENTRIES)
        wanted = Wanted(Policy(tuple(Party(key, "") for key in keys.keys), {}, {}, None), {}, JOBS)
        rates: list[float] = []
        signatures: list[float] = []
        for _ in range(ROUNDS):
            signatures.append(_verified_by_all())
            begun = perf_counter()
            sound = check_database(running.conninfo(), wanted, lambda _, __: None)
            rates.append(sound.size / (perf_counter() - begun))
    table.title = f"A log of {sound.size:,} entries under {sound.checkpoints} checkpoints, {ROUNDS} rounds"
    table.add_row(f"entries, by fsck with {JOBS} processes", *at_least(TARGET, rates))
    bare = statistics.median(signatures)
    ratio = f"{statistics.median(rates) / bare:.2f} of it"
    table.add_row(f"bare signatures, by {JOBS} processes", *rate_cells(signatures), "yardstick", ratio)
    yield table


def _verified_by_all() -> float:
    with ProcessPoolExecutor(JOBS, mp_context=get_context("spawn")) as processes:
        return sum(processes.map(_verified, [_SIGNATURES] * JOBS))


def _verified(count: int) -> float:
    """Verify some signatures over a kilobyte, and return how many a second."""
    private, message = Ed25519PrivateKey.generate(), bytes(1_000)
    public, signature = private.public_key(), private.sign(message)

    def verify() -> None:
        for _ in range(count):
            public.verify(signature, message)

    return count / seconds(1, verify)[0]
