"""State entries, byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from ledger.errors import Malformed
from ledger.ids import Tag
from ledger.statement.entries.entry import Entry, encode_entry, parse_entry
from ledger.statement.entries.state_entry import StateEntry, encode_state, is_state, parse_state, state_of

_ROOT: Final = bytes(range(32))
_INDEX: Final = b'{"index_root":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=","size":1233,"names":907'
_LINE: Final = _INDEX + b',"published":1200,"note":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="}'
_STATE: Final = StateEntry(_ROOT, 1233, 907, 1200, bytes(range(32, 64)))
_AT: Final = datetime(2026, 11, 21, 1, 30, 0, 123456, tzinfo=UTC)


def _entry(
    data: bytes = _LINE, *, position: int = 1234, rules: str = "none", tags: frozenset[Tag] = frozenset()
) -> Entry:
    return Entry(position, _AT, rules, tags, data)


def test_a_state_is_one_line_of_five_members() -> None:
    assert encode_state(_STATE) == _LINE
    assert parse_state(_LINE) == _STATE


def test_before_the_first_checkpoint_nothing_is_named() -> None:
    written = encode_state(StateEntry(_ROOT, 1233, 907))
    assert written == _INDEX + b',"published":0,"note":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}'


def test_a_state_entry_is_an_entry_without_rules_and_tags() -> None:
    written = encode_entry(_entry())
    assert written == (
        b"vialog-entry/3\nposition 1234\nrecorded 2026-11-21T01:30:00.123456Z\nrules none\n"
        b"tags\nstatus\nbreaches []\n\n" + _LINE
    )
    assert is_state(parse_entry(written))
    assert state_of(parse_entry(written)) == _STATE


@pytest.mark.rule("ENT-04")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(_LINE.replace(b",", b", "), id="white space"),
        pytest.param(_LINE + b"\n", id="a line feed"),
        pytest.param(_LINE.replace(b"1233", b"01233"), id="a leading zero"),
        pytest.param(_LINE.replace(b"1233", b"-1"), id="below zero"),
        pytest.param(_LINE.replace(b"1233", b"9223372036854775808"), id="2^63"),
        pytest.param(_LINE.replace(b"1233", b'"1233"'), id="a number in quotes"),
        pytest.param(_LINE.replace(b"Hh8=", b"Hh9="), id="bits left over"),
        pytest.param(_LINE.replace(b"AAEC", b""), id="a root cut short"),
        pytest.param(_LINE.replace(b'"size":1233,"names":907', b'"names":907,"size":1233'), id="another order"),
        pytest.param(_LINE.replace(b"}", b',"more":1}'), id="a member more"),
        pytest.param(_INDEX + b"}", id="no checkpoint named"),
        pytest.param(_LINE.replace(b"1200", b"1234"), id="a checkpoint that covers it"),
        pytest.param(_LINE.replace(b"1200", b"0"), id="a note of no checkpoint"),
        pytest.param(_LINE.replace(b"Pj8=", b"Pj9="), id="bits of the note left over"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="ENT-04"):
        parse_state(data)


@pytest.mark.parametrize(
    "state", [StateEntry(bytes(31), 0, 0), StateEntry(_ROOT, -1, 0), StateEntry(_ROOT, 0, 1 << 63)]
)
def test_what_has_no_form_is_not_written(state: StateEntry) -> None:
    with pytest.raises(Malformed, match="ENT-04"):
        encode_state(state)


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(_entry(position=1235), id="at another position"),
        pytest.param(_entry(rules=f"cn-281/2026-08-01 {'ab' * 32}"), id="judged by rules"),
        pytest.param(_entry(tags=frozenset([Tag("item:A1")])), id="with a tag"),
    ],
)
def test_an_entry_that_cannot_be_a_state_entry_is_refused(entry: Entry) -> None:
    with pytest.raises(Malformed, match="ENT-04"):
        state_of(entry)
