"""A hostile administrator who rewrites the log so that its rows fit each other, in the end with the log's own keys.

An entry that he links anew contradicts a state entry or the checkpoint. What he rewrites as a whole contradicts a
checkpoint that he cannot make: one that somebody kept, or one that a quorum of witnesses has to sign.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.errors import IntegrityFailed, Malformed
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.witnesses import Witnesses
from ledger.statement.entries.entry import encode_entry, leaf_of, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.port import Record
from tests.authors import ORIGIN
from tests.faults.published_log import LOG_KEYS, Scene, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


# One entry, linked anew


def _hex(data: bytes) -> str:
    return f"'\\x{data.hex()}'::bytea"


def test_relinking_an_edited_entry_with_all_tiles_is_caught_by_the_state_entry(log: Scene) -> None:
    events = log.events()
    entry = parse_entry(events[5].entry)
    edited = encode_entry(entry._replace(recorded=events[4].recorded))
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
    edited = encode_entry(parse_entry(last.entry)._replace(recorded=later))
    log.hostile(
        f"update vialog.event set entry = {_hex(edited)}, leaf = {_hex(leaf_of(edited))},"
        f" recorded = '{later.isoformat()}' where position = 10",
        f"update vialog.tile set hashes = overlay(hashes placing {_hex(leaf_of(edited))} from {9 * 32 + 1})",
    )
    with pytest.raises(IntegrityFailed, match="position 10: the entries up to it are not the tree of the stored"):
        log.fsck()


# The whole log, signed anew


def rewritten(log: Scene, folder: Path, keys: LogKeys, keep: Callable[[int], bool]) -> None:
    """Rewrite the whole database: only some statements, linked anew, published and signed with some keys."""
    kept = [event for event in log.events() if event.kind != STATE_KIND and keep(event.position)]
    tables = ("event", "event_tag", "kind", "tile", "checkpoint", "index_page")
    clear = [f"delete from vialog.{table}" for table in tables]
    log.hostile(
        *clear, "update vialog.head set position = 0, recorded = null", "update vialog.publication set size = 0"
    )
    with closing(PostgresStore(log.database.app)) as store:
        for event in kept:
            entry = parse_entry(event.entry)
            with store.locked() as locked:
                locked.append(
                    [Record(event.statement, event.kind, entry.tags, entry.rules, entry.data, status=entry.status)],
                    event.recorded,
                )
    publish(log.database, folder, keys, Witnesses())


def stolen_keys(folder: Path) -> LogKeys:
    """Return the log's stolen keys; the thief's machine remembers no checkpoint."""
    for file in folder.glob("last-*"):
        file.unlink()
    return LOG_KEYS


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
