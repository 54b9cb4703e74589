"""A log that a later program wrote: a mirror and a replay say that they are too old for it, and nothing against it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import IntegrityFailed, TooOld
from ledger.ids import StatementId
from ledger.mirror.copy import Copy
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import Entry, leaf_of
from ledger.statement.entries.state_entry import STATE_KIND, is_state, state_id
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.tags import tags_of
from ledger.statement.text import strict_json
from ledger.store.port import Recorded
from ledger.verification.log import verify_log
from tests.authors import OPERATOR, ORIGIN, made, ruled_by
from tests.faults.parties import registration
from tests.faults.written_log import RULES, Written, pulled, written
from tests.later import ENTRIES, STATEMENTS, later_statement

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.verification.replay import Verified

CASES = [
    *(pytest.param(("statement", *case), id=name) for name, case in STATEMENTS.items()),
    *(pytest.param(("entry", *case), id=name) for name, case in ENTRIES.items()),
]
Case = tuple[str, Any, str]


def value_of(envelope: bytes) -> dict[str, Any]:
    """Return the payload in an envelope, whatever program wrote it."""
    value = strict_json.parse(parse_envelope(envelope).payload)
    assert isinstance(value, dict)
    return value


def extended(case: Case) -> Written:
    """Return a log of six entries, a seventh of a later program, an ordinary one, and the state over all."""
    what, change, _ = case
    log = written()
    if what == "statement":
        envelope = later_statement(change)
        value = value_of(envelope)
        log.write(Entry(7, log.clock.now(), RULES, tags_of(value), envelope, status=ruled_by(value)))
    else:
        said = made(registration(90), OPERATOR).envelope
        value = value_of(said)
        log.write(Entry(7, log.clock.now(), RULES, tags_of(value), said, status=ruled_by(value)), change)
    return log.say(registration(91)).state()


def stored(log: Written) -> list[Recorded]:
    """Return a log as a store holds it: the columns beside an entry were written by the later program."""
    found = []
    for position, entry in enumerate(log.entries, start=1):
        recorded = log.parts[position - 1].recorded
        if is_state(log.parts[position - 1]):
            statement, kind = state_id(log.parts[position - 1].data), STATE_KIND
        else:
            value = strict_json.parse(parse_envelope(log.parts[position - 1].data).payload)
            assert isinstance(value, dict)
            statement, kind = StatementId(str(value["id"])), str(value["kind"])
        found.append(Recorded(position, recorded, statement, kind, entry, leaf_of(entry)))
    return found


def looked_at(entries: list[Recorded]) -> list[Verified]:
    """Verify a log as far as it can be."""
    return list(verify_log(entries, ORIGIN, load_packs(), beyond=True))


@pytest.mark.parametrize("case", CASES)
def test_a_mirror_stops_at_the_position_keeps_what_it_fetched_and_cosigns_nothing(tmp_path: Path, case: Case) -> None:
    log = extended(case)
    checkpoint = log.publish(tmp_path)
    for _ in range(2):  # started again, the same program is as old as before
        with pytest.raises(TooOld, match=f"position 7: not checked: this reader is too old: .*{case[2]}"):
            pulled(str(tmp_path), tmp_path)
    assert not (tmp_path / "evidence").exists()
    with closing(Copy(tmp_path / "copy.db")) as copy:
        held = copy.replayed()
        assert held is not None
        assert (held.size, held.time) == (checkpoint.size, 0)
        assert list(copy.entries()) == log.entries


def test_a_mirror_that_knew_more_goes_on_from_its_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The later program is played by one whose catalogue has the kind, which means what the known one means."""
    log = extended(("statement", *STATEMENTS["a version of a kind"]))
    checkpoint = log.publish(tmp_path)
    with pytest.raises(TooOld):
        pulled(str(tmp_path), tmp_path)
    monkeypatch.setitem(KINDS, "party.registered/2", KINDS["party.registered/1"])
    mirrored = pulled(str(tmp_path), tmp_path)
    assert (mirrored.checkpoint, mirrored.entries) == (checkpoint, 0)
    assert mirrored.cosignature is not None


@pytest.mark.parametrize("case", CASES)
def test_a_replay_says_what_it_does_not_know_and_checks_the_rest_as_far_as_it_can(case: Case) -> None:
    entries = stored(extended(case))
    found = looked_at(entries)
    assert [one.position for one in found if one.unread] == [7, 8, 9]
    assert [one.leaf for one in found] == [one.leaf for one in entries]
    with pytest.raises(TooOld, match=case[2]):
        list(verify_log(entries, ORIGIN, load_packs()))


def test_behind_what_is_not_known_a_bent_signature_still_fails() -> None:
    log = extended(("statement", *STATEMENTS["a kind"]))
    log.entries[7] = log.entries[7].replace(b'"sig":"', b'"sig":"AA', 1).replace(b'==","', b'","', 1)
    with pytest.raises(IntegrityFailed, match="position 8"):
        looked_at(stored(log))


def test_a_bent_signature_of_what_is_not_known_fails() -> None:
    log = extended(("statement", *STATEMENTS["a member"]))
    mark = b'"sig":"'
    other = log.entries[7].partition(mark)[2]
    log.entries[6] = log.entries[6].partition(mark)[0] + mark + other
    with pytest.raises(IntegrityFailed, match=r"position 7: .*KEY-15"):
        looked_at(stored(log))


def test_what_no_program_writes_is_damaged_and_not_later() -> None:
    log = written().say(registration(91)).state()
    log.entries[6] = log.entries[6].replace(b"\ntags ", b"\nTags ", 1)
    with pytest.raises(IntegrityFailed, match="position 7: ENT-03"):
        looked_at(stored(log))
