"""What a later program recorded, in the database: the check of it, the publisher and the service say what they know."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.errors import IntegrityFailed, TooOld
from ledger.ids import StatementId
from ledger.publisher.witnesses import NO_WITNESSES, Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.entries.entry import leaf_of, parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.tags import tags_of
from ledger.statement.text import strict_json
from ledger.store.database.postgres import PostgresStore
from ledger.store.port import Record
from tests.authors import OPERATOR, START, SteppingClock, author, made, ruled_by
from tests.faults.parties import registration
from tests.faults.published_log import LOG_KEYS, publish
from tests.faults.written_log import RULES
from tests.later import ENTRIES, STATEMENTS, later_statement

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.published_log import Scene

READABLE = ("a kind", "a version of a kind", "a body's member", "a role")
"""What of a statement no check of the database reads: the rows say all that it needs."""
NOBODY = Witnesses(NO_WITNESSES)
FOUND = {name: case for name, case in STATEMENTS.items() if name not in READABLE}


def append(log: Scene, envelope: bytes, rules: str = RULES) -> int:
    """Append a statement as another program does that knows it, and return its position."""
    value = strict_json.parse(parse_envelope(envelope).payload)
    assert isinstance(value, dict)
    named = StatementId(str(value["id"])), str(value["kind"]), tags_of(value)
    record = Record(*named, rules, envelope, status=ruled_by(value))
    with closing(PostgresStore(log.database.app)) as store, store.locked() as locked:
        assert locked.recorded
        (recorded,) = locked.append([record], locked.recorded)
    return recorded.position


def rewrite(log: Scene, position: int, change: Any) -> None:  # noqa: ANN401  as in ``tests.later``
    """Write an entry as a later program would have."""
    written = change(parse_entry(log.events()[position - 1].entry))
    values = f"entry = '\\x{written.hex()}', leaf = '\\x{leaf_of(written).hex()}'"
    log.hostile(f"update vialog.event set {values} where position = {position}")


def record(log: Scene) -> None:
    """Hand in a statement about nothing else that is recorded."""
    with closing(Ledger(PostgresStore(log.database.app), load_packs(), clock=SteppingClock(START))) as ledger:
        ledger.record(made(registration(92), OPERATOR))


@pytest.mark.parametrize("name", READABLE)
def test_the_check_of_the_database_needs_no_kinds(log: Scene, name: str) -> None:
    position = append(log, later_statement(STATEMENTS[name][0]))
    assert log.fsck(policy=True, held=True).size == position


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("jobs", [1, 2])
def test_the_check_of_the_database_names_what_it_does_not_know(log: Scene, name: str, jobs: int) -> None:
    change, words = FOUND[name]
    position = append(log, later_statement(change))
    append(log, made(registration(91), OPERATOR).envelope)
    with pytest.raises(TooOld, match=f"position {position}: not checked: .*{words}"):
        log.fsck(policy=True, held=True, jobs=jobs)


@pytest.mark.parametrize("name", ENTRIES)
def test_the_check_of_the_database_names_an_entry_of_a_later_form(log: Scene, name: str) -> None:
    change, words = ENTRIES[name]
    position = append(log, made(registration(90), OPERATOR).envelope)
    rewrite(log, position, change)
    append(log, made(registration(91), OPERATOR).envelope)
    with pytest.raises(TooOld, match=f"position {position}: not checked: .*{words}"):
        log.fsck()


def test_what_is_wrong_behind_what_is_not_known_is_found(log: Scene) -> None:
    append(log, later_statement(STATEMENTS["a member"][0]))
    position = append(log, made(registration(91), OPERATOR).envelope)
    log.hostile(f"update vialog.event set kind = 'party.renamed/1' where position = {position}")
    with pytest.raises(IntegrityFailed, match=f"position {position}"):
        log.fsck()


def test_a_key_that_a_later_record_may_have_changed_is_not_called_wrong(log: Scene) -> None:
    """Behind a key record of a later kind nobody here knows who was enrolled: a signer without an enrolment is left."""
    position = append(log, later_statement(STATEMENTS["a key record"][0]))
    append(log, made(registration(91), author("party:new", Role.OPERATOR)).envelope)
    with pytest.raises(TooOld, match=f"position {position}: "):
        log.fsck()


@pytest.mark.parametrize("name", ["a kind", "a version of a kind", "a key record"])
def test_a_service_records_nothing_on_a_log_with_a_kind_that_it_does_not_know(log: Scene, name: str) -> None:
    change, words = STATEMENTS[name]
    position = append(log, later_statement(change))
    with pytest.raises(TooOld, match=f"{words}.*nothing is recorded until it is upgraded"):
        record(log)
    assert len(log.events()) == position


def test_a_service_that_runs_notices_what_another_program_appends(log: Scene) -> None:
    with closing(Ledger(PostgresStore(log.database.app), load_packs(), clock=SteppingClock(START))) as ledger:
        ledger.record(made(registration(92), OPERATOR))
        append(log, later_statement(STATEMENTS["a kind"][0]))
        with pytest.raises(TooOld):
            ledger.record(made(registration(93), OPERATOR))
        with pytest.raises(TooOld):
            ledger.record_together([made(registration(94), OPERATOR)])


@pytest.mark.parametrize("name", ["a member", "a version of the payload", "a body's member"])
def test_a_service_refuses_what_rests_on_a_statement_that_it_cannot_read(log: Scene, name: str) -> None:
    change, words = STATEMENTS[name]
    position = append(log, later_statement(change, 92))
    with pytest.raises(TooOld, match=f"position {position}: .*{words}"):
        record(log)


@pytest.mark.parametrize("name", ENTRIES)
def test_a_service_refuses_behind_an_entry_of_a_later_form(log: Scene, name: str) -> None:
    change, words = ENTRIES[name]
    rewrite(log, append(log, made(registration(90), OPERATOR).envelope), change)
    with pytest.raises(TooOld, match=words):
        record(log)


def test_a_service_records_nothing_while_others_judge_by_an_edition_that_it_lacks(log: Scene) -> None:
    name = f"cn-281/2026-09-01 {'ab' * 32}"
    append(log, made(registration(90), OPERATOR).envelope, rules=name)
    with pytest.raises(TooOld, match=f"older than its log: .* judged by the edition {name}, which it does not have"):
        record(log)


def test_a_publisher_needs_no_kinds_and_stops_at_an_entry_of_a_later_form(log: Scene, tmp_path: Path) -> None:
    append(log, later_statement(STATEMENTS["a kind"][0]))
    publish(log.database, tmp_path, LOG_KEYS, NOBODY)
    rewrite(log, append(log, made(registration(91), OPERATOR).envelope), ENTRIES["a version of the entry"][0])
    with pytest.raises(TooOld, match="it knows up to vialog-entry/3"):
        publish(log.database, tmp_path, LOG_KEYS, NOBODY)
