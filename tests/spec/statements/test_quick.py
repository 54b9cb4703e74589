"""The fast reading of stored events tells what the close reading tells, and leaves to it what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import NO_RULES, Entry, encode_entry, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.quick import read_quickly, tags_quickly
from ledger.statement.reading import read_event
from scripts.examples import body_of
from tests.authors import OPERATOR, START, made
from tests.faults.parties import registration
from tests.later import ENTRIES, STATEMENTS, later_statement
from tests.recorded.record import LOGS, read_log

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("file", sorted(LOGS.glob("*.xz")), ids=lambda file: file.stem)
def test_every_recorded_event_is_read_as_the_close_reading_reads_it(file: Path) -> None:
    kinds = set()
    for kept in read_log(file):
        written = kept.entry.encode()
        if kept.kind != STATE_KIND:
            assert read_quickly(written) == read_event(parse_entry(written))
            assert tags_quickly(written) == parse_entry(written).tags
            kinds.add(kept.kind)
    assert len(kinds) > 50


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("whole", [False, True])
def test_a_body_of_every_kind_is_read_from_its_text_as_from_its_members(kind: str, *, whole: bool) -> None:
    body = body_of(KINDS[kind], whole=whole, many=2)
    quick = msgspec.json.Decoder(KINDS[kind].body).decode(msgspec.json.encode(body))
    assert quick == msgspec.convert(body, KINDS[kind].body)


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_of_a_later_program_is_left_to_the_close_reading(name: str) -> None:
    change, _ = STATEMENTS[name]
    assert read_quickly(encode_entry(_entry(later_statement(change)))) is None


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_of_a_later_program_is_left_to_the_close_reading(name: str) -> None:
    write, _ = ENTRIES[name]
    assert read_quickly(write(_entry(made(registration(1), OPERATOR).envelope))) is None


@pytest.mark.parametrize("written", [b"", b"\n\n", b"vialog-entry/3\n\n{}", b"\xff"])
def test_what_is_no_entry_is_left_to_the_close_reading(written: bytes) -> None:
    assert read_quickly(written) is None
    assert tags_quickly(written) == frozenset()


def _entry(data: bytes) -> Entry:
    return Entry(1, START, NO_RULES, frozenset(), data)
