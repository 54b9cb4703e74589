"""Sixteen processes write off one approval at the same time, and it is never overdrawn."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING, Final

import pytest

from ledger.ids import ConsignmentId, ItemId, Tag
from ledger.store.database.postgres import PostgresStore
from ledger.store.deciding.worlds import Worlds
from tests.authors import START
from tests.contracts.records import positions
from tests.imports import (
    APPROVAL,
    announcement,
    approval,
    declaration,
    founding,
    laboratory,
    listing,
    open_ledger,
    record_all,
    release,
)
from tests.writer import Writer

if TYPE_CHECKING:
    from ledger.statement.authoring import Made
    from tests.servers import Database

_PROCESSES: Final = 16
_EACH: Final = 10
_APPROVED: Final = 100
_UNITS: Final = 3


def goods(process: int, number: int) -> tuple[ConsignmentId, ItemId]:
    """Return a consignment of a process, and its one listed vial."""
    return ConsignmentId(f"consignment:{process}-{number}"), ItemId(f"item:{process}-{number}")


def prepared() -> list[Made]:
    """Return a log in which all consignments are announced, more than the approval has room for."""
    one_each = [goods(process, number) for process in range(_PROCESSES) for number in range(_EACH)]
    announced = ((announcement(name, str(_UNITS)), listing(item, goods=name)) for name, item in one_each)
    return [*founding(), laboratory(), approval(str(_APPROVED)), *chain.from_iterable(announced)]


def write_offs(process: int) -> list[Made]:
    """Return the declaration and the release of each of a process's consignments."""
    one_each = [goods(process, number) for number in range(_EACH)]
    pairs = (
        (declaration(name, str(_UNITS)), release(item, goods=name, quantity=str(_UNITS))) for name, item in one_each
    )
    return list(chain.from_iterable(pairs))


@pytest.mark.rule("CON-33", "BOR-34")
def test_sixteen_processes_never_write_off_more_than_is_approved(embedded_database: Database) -> None:
    writers = [Writer(embedded_database.app) for _ in range(_PROCESSES)]
    with closing(open_ledger(PostgresStore(embedded_database.app))) as ledger:
        record_all(ledger, prepared())
        before = ledger.store.head()
        statements = [write_offs(process) for process in range(_PROCESSES)]
        assert [writer.answer() for writer in writers] == ["ready"] * _PROCESSES
        for writer, own in zip(writers, statements, strict=True):
            writer.hand(own)
        answers = [line.split() for writer in writers for line in writer.leave()]
        fitting = _APPROVED // _UNITS
        failing = _PROCESSES * _EACH - fitting
        assert Counter(words[0] for words in answers) == {"recorded": 2 * fitting, "CON-33": failing, "BOR-30": failing}
        assert sorted(int(words[1]) for words in answers if len(words) > 1) == list(
            range(before + 1, before + 2 * fitting + 1)
        )
        assert positions(ledger.store.read()) == list(range(1, before + 2 * fitting + 1))
        with ledger.store.locked() as log:
            worlds = Worlds()
            worlds.load(log, [Tag(APPROVAL)])
            line = worlds.world(START).approval(APPROVAL).lines[1]
        assert f"{line.reserved_total} {line.committed_total}" == f"0 {fitting * _UNITS}"
