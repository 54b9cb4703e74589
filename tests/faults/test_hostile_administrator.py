"""A hostile administrator of the database, with superuser SQL and in the end with the log's own keys.

What he does to the rows contradicts the rows, and ``fsck`` names the first bad entry. What he rewrites as a whole
contradicts a checkpoint that he cannot make: one that somebody kept, or one that a quorum of witnesses has to sign.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from ledger.domain.corrections import StatementVoided
from ledger.domain.keys import KeyRevoked
from ledger.domain.registry import PartyRegistered
from ledger.domain.vocabulary import Role
from ledger.errors import IntegrityFailed, Malformed
from ledger.fsck.check import Sound, Wanted, check_database
from ledger.ids import PartyId, StatementId, new_statement_id
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import MemoryFile
from ledger.publisher.publisher import Publisher
from ledger.publisher.witnesses import Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger, Submission
from ledger.statement.entry import encode_entry, leaf_of, parse_entry
from ledger.statement.envelope import parse_envelope
from ledger.statement.payload import read_payload, tags_of
from ledger.statement.reading import key_tag
from ledger.statement.state_entry import STATE_KIND
from ledger.store.migrate import migrate, name_log
from ledger.store.port import Record
from ledger.store.postgres import PostgresStore
from ledger.store.publication import Publication
from ledger.tlog.policy import Party
from ledger.tlog.vkey import format_vkey
from tests.authors import OPERATOR, ORIGIN, SteppingClock, admissions, author, enrolment, made, opening
from tests.contracts.behind import as_admin
from tests.servers import EMBEDDED
from tests.witness_server import TestWitness, policy_of, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from ledger.store.port import Recorded
    from ledger.tlog.policy import Policy
    from tests.servers import Database, Servers

LABORATORY = author("party:lab", Role.LABORATORY)
LOG_KEYS = LogKeys.generate(ORIGIN)
TABLES = ("event", "event_tag", "disclosure", "head", "tile", "index_page", "checkpoint", "publication")


@dataclass(frozen=True)
class Scene:
    """A published log: its database, its policy, and the first checkpoint, which somebody has kept."""

    database: Database
    policy: Policy
    held: bytes
    witness: TestWitness

    def hostile(self, *statements: str) -> None:
        """Run statements as a superuser who has switched the log's triggers off."""
        off = [f"alter table vialog.{table} disable trigger all;" for table in TABLES]
        on = [f"alter table vialog.{table} enable trigger all;" for table in TABLES]
        as_admin(self.database, "\n".join([*off, *(f"{one};" for one in statements), *on]))

    def fsck(self, *, policy: bool = False, held: bool = False, jobs: int = 1) -> Sound:
        """Check the database, by itself or against what its administrator could not make."""
        wanted = Wanted(self.policy if policy else None, {"kept": self.held} if held else {}, jobs)
        return check_database(self.database.app, wanted, lambda done, size: None)

    def events(self) -> list[Recorded]:
        """Return all that is recorded."""
        with closing(PostgresStore(self.database.app)) as store:
            return list(store.read())


def registration(number: int) -> PartyRegistered:
    return PartyRegistered(party=PartyId(f"party:p{number}"), name=f"P{number}", country="CN", business="research")


def publish(database: Database, folder: Path, keys: LogKeys, witnesses: Witnesses) -> bytes:
    """Publish what is recorded with some keys, and return the checkpoint's note."""
    with closing(PostgresStore(database.app)) as store, closing(Publication(database.app)) as publication:
        clock = SteppingClock()
        remembered = MemoryFile(folder / f"last-{keys.keys[0].key_id.hex()}")
        publisher = Publisher(store, publication, keys=keys, remembered=remembered, witnesses=witnesses, clock=clock)
        published = publisher.publish_once()
    assert published
    return published.note


@contextmanager
def scene(servers: Servers, folder: Path) -> Iterator[Scene]:
    witness = TestWitness("witness.example/w1")
    with servers.get(EMBEDDED).empty_database() as database, running(witness):
        migrate(database.owner)
        name_log(database.owner, ORIGIN)
        policy = replace(policy_of([witness], 1), logs=tuple(Party(key, "") for key in LOG_KEYS.keys))
        with closing(Ledger(PostgresStore(database.app), load_packs(), clock=SteppingClock())) as ledger:
            for submission in (opening(), *admissions(LABORATORY)):
                ledger.record(submission)
            held = publish(database, folder, LOG_KEYS, Witnesses(policy))
            for number in range(4):
                ledger.record(made(registration(number), OPERATOR))
        publish(database, folder, LOG_KEYS, Witnesses(policy))
        yield Scene(database, policy, held, witness)


@pytest.fixture(scope="module")
def standing(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """One published log for all tests, with a copy of all its rows."""
    with scene(servers, tmp_path_factory.mktemp("publisher")) as made_scene:
        as_admin(made_scene.database, "create schema before")
        for table in TABLES:
            as_admin(made_scene.database, f"create table before.{table} as table vialog.{table}")
        yield made_scene


@pytest.fixture
def log(standing: Scene) -> Iterator[Scene]:
    """Positions 1 to 4: opening, party, role, key; 5: state entry; 6 to 9: parties; 10: state entry."""
    witness = standing.witness
    held = witness.size, witness.root
    yield standing
    witness.size, witness.root = held
    back = (f"delete from vialog.{table}; insert into vialog.{table} table before.{table}" for table in TABLES)
    standing.hostile(*back)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_log_that_nobody_touched_is_sound(log: Scene, jobs: int) -> None:
    sound = log.fsck(policy=True, held=True, jobs=jobs)
    assert (sound.origin, sound.size, sound.published, sound.checkpoints) == (ORIGIN, 10, 10, 3)


CAUGHT = [
    pytest.param(
        ["update vialog.event set entry = set_byte(entry, 399, get_byte(entry, 399) # 1) where position = 7"],
        "position 7:",
        id="edit an entry",
    ),
    pytest.param(
        [
            "update vialog.event set entry = set_byte(entry, 399, get_byte(entry, 399) # 1) where position = 7",
            r"update vialog.event set leaf = sha256('\x00'::bytea || entry) where position = 7",
        ],
        "position 7:",
        id="edit an entry and its leaf",
    ),
    pytest.param(
        ["update vialog.event set leaf = sha256('') where position = 7"],
        "position 7: the stored leaf",
        id="edit a leaf",
    ),
    pytest.param(
        ["update vialog.event set recorded = recorded + interval '1 second' where position = 7"],
        "position 7: the store says recorded",
        id="edit the time in its column",
    ),
    pytest.param(
        ["update vialog.event set kind = 'item.used/1' where position = 7"],
        "position 7: it is stored as item.used/1",
        id="edit the kind in its column",
    ),
    pytest.param(
        ["update vialog.event set kind = 'item.used/1' where position = 4"],
        "position 4: ",
        id="hide an enrolment behind another kind",
    ),
    pytest.param(
        ["update vialog.event set statement = gen_random_uuid() where position = 7"],
        "position 7: it is stored as",
        id="edit the statement's id in its column",
    ),
    pytest.param(
        ["delete from vialog.event where position = 7", "delete from vialog.event_tag where position = 7"],
        "position 7: the entry is missing",
        id="delete in the middle",
    ),
    pytest.param(
        [
            "delete from vialog.event where position = 7",
            "update vialog.event set position = position - 1 where position > 7",
            "update vialog.head set position = 9",
        ],
        "position 7: the entry stored at 7 says position 8",
        id="delete in the middle and close the gap",
    ),
    pytest.param(
        ["delete from vialog.event where position > 8"], "position 9: the entry is missing", id="delete the tail"
    ),
    pytest.param(
        [
            "delete from vialog.event where position > 8",
            "delete from vialog.event_tag where position > 8",
            "update vialog.head set position = 8",
        ],
        "position 9: the entry is missing: .* covers 10",
        id="delete the tail and move the head back",
    ),
    pytest.param(
        [
            "delete from vialog.event where position > 8",
            "delete from vialog.event_tag where position > 8",
            "update vialog.head set position = 8",
            "delete from vialog.checkpoint where size > 5",
            "update vialog.publication set size = 5",
        ],
        "tiles?.* differs|index page|does not belong|tile",
        id="delete the tail, the head and the checkpoint, not the tiles",
    ),
    pytest.param(
        [
            "update vialog.event set position = 700 where position = 7",
            "update vialog.event set position = 7 where position = 8",
            "update vialog.event set position = 8 where position = 700",
        ],
        "position 7: the entry stored at 7 says position 8",
        id="swap two",
    ),
    pytest.param(
        [
            "update vialog.event set position = position + 100 where position > 7",
            "update vialog.event set position = position - 99 where position > 100",
            "insert into vialog.event select 8, gen_random_uuid(), kind, recorded, entry, leaf"
            " from vialog.event where position = 7",
            "update vialog.head set position = 11",
        ],
        "position 8: the entry stored at 8 says position 7",
        id="insert",
    ),
    pytest.param(
        [
            "insert into vialog.event select 11, gen_random_uuid(), kind, recorded, entry, leaf"
            " from vialog.event where position = 7"
        ],
        "position 11: an entry stands beyond the head",
        id="insert behind the head",
    ),
    pytest.param(
        ["delete from vialog.event_tag where position = 7 and tag = 'party:p1'"],
        "position 7: no row gives it the tag party:p1",
        id="hide an entry from a tag",
    ),
    pytest.param(
        ["insert into vialog.event_tag values ('party:p1', 'party.registered/1', 8)"],
        "position 8: a row gives it the tag party:p1",
        id="show an entry under a foreign tag",
    ),
    pytest.param(
        ["insert into vialog.event_tag values ('party:p1', 'party.registered/1', 11)"],
        "position 11: a row gives it the tag party:p1",
        id="a tag of no entry",
    ),
    pytest.param(
        ["insert into vialog.disclosure select statement, 0, 'x', 'y' from vialog.event where position = 7"],
        "position 7: a disclosure",
        id="a disclosure that nobody signed",
    ),
    pytest.param(
        ["insert into vialog.disclosure values (gen_random_uuid(), 0, 'x', 'y')"],
        "a disclosure is kept beside the statement",
        id="a disclosure of no statement",
    ),
    pytest.param(
        ["update vialog.tile set hashes = set_byte(hashes, 223, get_byte(hashes, 223) # 1) where level = 0"],
        "position 7: .*tile/0/000.p/10 differs",
        id="edit a tile",
    ),
    pytest.param(
        ["insert into vialog.tile select 1, 0, hashes from vialog.tile"], "tile 0 of level 1", id="a tile too many"
    ),
    pytest.param(
        ["update vialog.index_page set page = set_byte(page, 4, get_byte(page, 4) # 1) where path = ''"],
        "index page ''",
        id="edit the index",
    ),
    pytest.param(["delete from vialog.index_page where path = ''"], "index page ''", id="delete the index"),
    pytest.param(
        ["update vialog.checkpoint set note = set_byte(note, 24, get_byte(note, 24) # 1) where size = 5"],
        "position 5: .*not the tree|checkpoint of 5 entries",
        id="edit a checkpoint",
    ),
    pytest.param(
        ["update vialog.checkpoint set size = 6 where size = 5"], "stored checkpoint of 6", id="move a checkpoint"
    ),
    pytest.param(
        ["delete from vialog.checkpoint where size = 10"], "position 10: published, but", id="delete a checkpoint"
    ),
]


@pytest.mark.parametrize(("statements", "named"), CAUGHT)
def test_what_an_administrator_does_to_the_rows_is_caught_by_the_rows(
    log: Scene, statements: list[str], named: str
) -> None:
    log.hostile(*statements)
    with pytest.raises(IntegrityFailed, match=named):
        log.fsck()


def test_a_bad_entry_is_named_by_another_process_too(log: Scene) -> None:
    log.hostile("update vialog.event set entry = set_byte(entry, 399, get_byte(entry, 399) # 1) where position = 7")
    with pytest.raises(IntegrityFailed, match="position 7:"):
        log.fsck(jobs=2)


def _hex(data: bytes) -> str:
    return f"'\\x{data.hex()}'::bytea"


def test_relinking_an_edited_entry_with_all_tiles_is_caught_by_the_state_entry(log: Scene) -> None:
    events = log.events()
    entry = parse_entry(events[5].entry)
    edited = encode_entry(replace(entry, recorded=events[4].recorded))
    log.hostile(
        f"update vialog.event set entry = {_hex(edited)}, leaf = {_hex(leaf_of(edited))},"
        f" recorded = '{events[4].recorded.isoformat()}' where position = 6",
        f"update vialog.tile set hashes = overlay(hashes placing {_hex(leaf_of(edited))} from {5 * 32 + 1})",
    )
    with pytest.raises(IntegrityFailed, match="position 10: the state entry's index root"):
        log.fsck()


def test_relinking_an_entry_after_the_last_state_entry_is_caught_by_the_checkpoint(log: Scene) -> None:
    last = log.events()[-1]
    later = last.recorded + timedelta(seconds=1)
    edited = encode_entry(replace(parse_entry(last.entry), recorded=later))
    log.hostile(
        f"update vialog.event set entry = {_hex(edited)}, leaf = {_hex(leaf_of(edited))},"
        f" recorded = '{later.isoformat()}' where position = 10",
        f"update vialog.tile set hashes = overlay(hashes placing {_hex(leaf_of(edited))} from {9 * 32 + 1})",
    )
    with pytest.raises(IntegrityFailed, match="position 10: the entries up to it are not the tree of the stored"):
        log.fsck()


def rewritten(log: Scene, folder: Path, keys: LogKeys, keep: Callable[[int], bool]) -> None:
    """Rewrite the whole database: only some statements, linked anew, published and signed with some keys."""
    kept = [event for event in log.events() if event.kind != STATE_KIND and keep(event.position)]
    clear = [f"delete from vialog.{table}" for table in ("event", "event_tag", "tile", "checkpoint", "index_page")]
    log.hostile(
        *clear, "update vialog.head set position = 0, recorded = null", "update vialog.publication set size = 0"
    )
    with closing(PostgresStore(log.database.app)) as store:
        for event in kept:
            entry = parse_entry(event.entry)
            with store.locked() as locked:
                locked.append(
                    [Record(event.statement, event.kind, entry.tags, entry.rules, entry.data)], event.recorded
                )
    publish(log.database, folder, keys, Witnesses())


REWRITES: Sequence[tuple[str, Callable[[int], bool]]] = (
    ("delete in the middle", lambda position: position != 3),
    ("delete the tail", lambda position: position < 4),
    ("delete what nobody has a checkpoint of", lambda position: position != 7),
)


@pytest.mark.parametrize(("name", "keep"), REWRITES, ids=[name for name, _ in REWRITES])
def test_resigning_with_the_stolen_log_key_is_caught_by_the_policys_quorum(
    log: Scene, tmp_path: Path, name: str, keep: Callable[[int], bool]
) -> None:
    rewritten(log, tmp_path, stolen_keys(tmp_path), keep)
    log.fsck()  # by itself every row fits every other: that is what the log's keys and its database can do
    with pytest.raises(IntegrityFailed, match=r"TLOG-14.*cosigned by: none"):
        log.fsck(policy=True)


@pytest.mark.parametrize(("name", "keep"), REWRITES[:2], ids=[name for name, _ in REWRITES[:2]])
def test_resigning_with_the_stolen_log_key_is_caught_by_who_holds_an_older_cosigned_checkpoint(
    log: Scene, tmp_path: Path, name: str, keep: Callable[[int], bool]
) -> None:
    rewritten(log, tmp_path, stolen_keys(tmp_path), keep)
    with pytest.raises(IntegrityFailed, match="the checkpoint kept"):
        log.fsck(held=True)


def test_resigning_with_the_stolen_log_key_gets_no_witness(log: Scene, tmp_path: Path) -> None:
    rewritten(log, tmp_path, stolen_keys(tmp_path), lambda position: position != 7)
    with closing(Publication(log.database.app)) as publication:
        published = publication.newest()
    assert published
    before = log.witness.size, log.witness.root
    assert published.checkpoint.size < before[0]
    status, _, _ = log.witness.answer(b"old 10\n\n" + published.note)
    assert status == 400
    assert (log.witness.size, log.witness.root) == before


def test_signing_a_rewrite_with_another_key_is_caught_by_the_policy(log: Scene, tmp_path: Path) -> None:
    rewritten(log, tmp_path, LogKeys.generate(ORIGIN), lambda position: position != 7)
    with pytest.raises(IntegrityFailed, match="TLOG-12"):
        log.fsck(policy=True)


def test_deleting_the_tail_with_all_that_was_published_of_it_is_caught_by_who_holds_the_checkpoint(
    log: Scene, tmp_path: Path
) -> None:
    with closing(Publication(log.database.app)) as publication:
        newest = publication.newest()
    assert newest
    rewritten(log, tmp_path, stolen_keys(tmp_path), lambda position: position < 9)
    with pytest.raises(IntegrityFailed, match="position 9: the entry is missing: the checkpoint kept covers 10"):
        replace(log, held=newest.note).fsck(held=True)


@pytest.mark.rule("FSK-01")
def test_a_checkpoint_of_another_log_is_not_held_against_this_one(log: Scene) -> None:
    other = log.held.replace(ORIGIN.encode(), b"other.example/log")
    with pytest.raises(Malformed, match="FSK-01"):
        replace(log, held=other).fsck(held=True)


def appended(log: Scene, *submissions: Submission, under: StatementId | None = None) -> None:
    """Append statements that nobody judged, as whoever owns the database can.

    under: another id than their own, for one that the store would not take twice.
    """
    records = []
    for submission in submissions:
        payload = read_payload(parse_envelope(submission.envelope).payload)
        tags = tags_of(dict(payload.value))
        records.append(Record(under or payload.id, payload.kind, tags, "cn-281/2026-08-01", submission.envelope))
    with closing(PostgresStore(log.database.app)) as store, store.locked() as locked:
        assert locked.recorded
        locked.append(records, locked.recorded)


def test_replay_the_same_event_twice_is_named(log: Scene) -> None:
    log.hostile("alter table vialog.event drop constraint event_statement_key")
    try:
        again = log.events()[6]
        appended(log, Submission(parse_entry(again.entry).data), under=new_statement_id(again.recorded))
        log.hostile(f"update vialog.event set statement = '{again.statement}' where position = 11")
        with pytest.raises(IntegrityFailed, match=r"position 11: the statement .* stands in the log already"):
            log.fsck()
    finally:
        log.hostile(
            "delete from vialog.event where position = 11",
            "alter table vialog.event add constraint event_statement_key unique (statement)",
        )


def test_an_event_signed_after_revocation_is_named(log: Scene) -> None:
    revocation = made(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"), OPERATOR)
    appended(log, revocation, made(registration(8), LABORATORY))
    with pytest.raises(IntegrityFailed, match=r"position 12: key:.* was revoked when it signed, at position 11"):
        log.fsck()


def test_voiding_a_revocation_does_not_bring_the_key_back(log: Scene) -> None:
    revocation = made(KeyRevoked(key=key_tag(LABORATORY.signer.thumbprint), ground="lost"), OPERATOR)
    statement = read_payload(parse_envelope(revocation.envelope).payload).id
    voiding = made(StatementVoided(statement=statement, ground="never-happened"), OPERATOR)
    appended(log, revocation, voiding, made(registration(8), LABORATORY))
    with pytest.raises(IntegrityFailed, match=r"position 13: key:.* was revoked when it signed, at position 11"):
        log.fsck()


def test_an_event_signed_by_a_key_before_its_enrolment_is_named(log: Scene) -> None:
    late = author("party:p1", Role.LABORATORY)
    appended(log, made(registration(8), late), enrolment(late))
    with pytest.raises(IntegrityFailed, match=r"position 11: key:.* was not enrolled when it signed"):
        log.fsck()


def test_one_key_for_two_identities_is_named(log: Scene) -> None:
    appended(log, enrolment(replace(LABORATORY, party=PartyId("party:p1"))))
    with pytest.raises(IntegrityFailed, match=r"position 11: .*(enrols a key a second time|not enrolled for party:p1)"):
        log.fsck()


def stolen_keys(folder: Path) -> LogKeys:
    """Return the log's stolen keys; the thief's machine remembers no checkpoint."""
    for file in folder.glob("last-*"):
        file.unlink()
    return LOG_KEYS


def test_the_command_says_that_a_log_is_sound_and_stops_with_10_at_a_bad_entry(log: Scene, tmp_path: Path) -> None:
    (tmp_path / "held").write_bytes(log.held)
    lines = [f"log {format_vkey(party.key)}" for party in log.policy.logs]
    lines += [f"witness w1 {format_vkey(log.witness.cosigner.key)}", "quorum w1", ""]
    (tmp_path / "policy").write_text("\n".join(lines))
    command = ["fsck", "--jobs", "1", "--checkpoint", str(tmp_path / "held"), "--policy", str(tmp_path / "policy")]
    environ = {"VIALOG_DATABASE_URL": log.database.admin}
    answer = CliRunner().invoke(app, command, env=environ)
    assert answer.exit_code == 0, answer.stderr
    assert "sound        True" in answer.stdout
    log.hostile("update vialog.event set leaf = sha256('') where position = 7")
    answer = CliRunner().invoke(app, command, env=environ)
    assert (answer.exit_code, answer.stdout) == (10, "")
    assert answer.stderr.startswith("error: position 7: ")
