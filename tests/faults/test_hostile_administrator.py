"""A hostile administrator of the database, with superuser SQL: what he does to the rows contradicts the rows.

``fsck`` names the first bad entry, and needs nothing but the database for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from ledger.errors import IntegrityFailed
from ledger.fsck import check
from ledger.fsck.check import Wanted, check_database
from ledger.tlog.vkey import format_vkey
from tests.authors import ORIGIN
from tests.faults.published_log import LOG_KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.published_log import Scene


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
        ["insert into vialog.disclosure select statement, 'x', 'y' from vialog.event where position = 7"],
        "position 7: a disclosure",
        id="a disclosure that nobody signed",
    ),
    pytest.param(
        ["insert into vialog.disclosure values (gen_random_uuid(), 'x', 'y')"],
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


def test_a_check_that_fails_while_its_processes_are_only_starting_writes_no_traceback(
    log: Scene, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "_RANGE", 1)
    log.hostile("update vialog.event set entry = set_byte(entry, 399, get_byte(entry, 399) # 1) where position = 1")
    with pytest.raises(IntegrityFailed, match="position 1:"):
        log.fsck(jobs=4)
    assert capfd.readouterr().err == ""


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


def test_a_checkpoint_that_the_logs_own_key_has_not_signed_is_named_without_a_policy(log: Scene) -> None:
    log.hostile("update vialog.checkpoint set note = set_byte(note, 120, get_byte(note, 120) # 1) where size = 5")
    with pytest.raises(IntegrityFailed, match="checkpoint of 5 entries"):
        check_database(log.database.app, Wanted(None, {}, 1, LOG_KEYS.keys), lambda done, size: None)
