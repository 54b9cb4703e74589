"""Editions of rules on the command line: listed, shown, exported, and read again from a folder."""

from __future__ import annotations

import hashlib
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from ledger.clock import SystemClock
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.deciding.permit import Permit
from tests.authors import ORIGIN, SteppingClock, opening
from tests.journeys.bench import Bench
from tests.servers import EMBEDDED
from tests.spec.law.test_editions import NEWEST, later

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.rulepacks.edition import Edition
    from tests.servers import Servers


@pytest.fixture
def in_autumn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which edition is in force hangs on the day: this is one before the next edition begins."""
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 11, 2, 1, tzinfo=UTC))


@pytest.mark.usefixtures("in_autumn")
def test_the_editions_are_listed_with_digest_and_calendar(bench: Bench) -> None:
    listed = {one["rules"]: one for one in bench.done("rules", "list", "--json").objects}
    newest = listed[NEWEST.pack.id]
    assert newest["edition"] == NEWEST.pack.digest
    assert (newest["calendar"], newest["settled_until"], newest["state"]) == ("cn-2026", "2026-12-25", "in force")
    assert listed["cn-160/2015-03-01"]["state"] == "before"
    assert NEWEST.pack.digest in bench.done("rules", "list").stdout


def test_an_edition_is_shown_with_the_basis_of_each_parameter(bench: Bench) -> None:
    (said,) = bench.done("rules", "show", "cn-160/2025-07-01", "--json").objects
    shown = {one["parameter"]: one for one in said["parameters"]}
    assert shown["destination_declaration_days"]["basis"] == "Order 160 Art. 25 (from memory, unverified)"
    assert shown["validity_months.A1"]["value"] == "3"
    assert "Order 160 Art. 25" in bench.done("rules", "show", "cn-160/2025-07-01").stdout


def test_what_is_exported_is_named_by_its_hash_and_read_by_another_installation(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    files = [one["file"] for one in bench.done("rules", "export", "--output", folder, "--json").objects]
    assert sorted(files) == sorted(str(one) for one in folder.iterdir())
    for file in folder.iterdir():
        assert hashlib.sha256(file.read_bytes()).hexdigest() in file.name
    bench.environ["VIALOG_RULES"] = str(folder)
    assert len(bench.done("rules", "list", "--json").objects) == len(files)


def test_exporting_again_leaves_what_is_there(bench: Bench, tmp_path: Path) -> None:
    export = ("rules", "export", NEWEST.pack.digest, "--output", tmp_path / "rules", "--json")
    assert [bench.done(*export).objects[0]["new"] for _ in range(2)] == [True, False]
    (file,) = (tmp_path / "rules").iterdir()
    file.write_bytes(b"another")
    ran = bench.run(*export)
    assert (ran.code, "not overwritten" in ran.stderr) == (2, True)


def test_a_further_edition_judges_what_is_recorded_from_its_day_on(servers: Servers, tmp_path: Path) -> None:
    further = later("2026-09-01")
    (tmp_path / further.file_name).write_bytes(further.written)
    with servers.get(EMBEDDED).empty_database() as database:
        migrate(database.owner)
        name_log(database.owner, ORIGIN)
        clock = SteppingClock(datetime(2026, 9, 2, tzinfo=UTC))
        with (
            closing(PostgresStore(database.app)) as store,
            closing(Ledger(store, load_packs(tmp_path), clock=clock, permit=Permit(clock))) as ledger,
        ):
            ledger.record(opening(clock.now()))
        check_judged(Bench(tmp_path, database.admin, ORIGIN), further, tmp_path)


def check_judged(bench: Bench, further: Edition, folder: Path) -> None:
    """Check a log whose opening a further edition judged: by whoever has that, and by whoever has not."""
    bench.environ["VIALOG_RULES"] = str(folder)
    (entry,) = bench.done("log", "show", "--json").objects
    assert (entry["rules"], entry["edition"]) == (further.pack.id, further.pack.digest)
    assert bench.done("log", "verify", "--json").objects[0]["unjudged"] == 0
    bench.environ["VIALOG_RULES"] = None
    ran = bench.done("log", "verify", "--json")
    words = f"judged under {further.pack.id}, edition {further.pack.digest}, which this reader does not have"
    assert (ran.objects[0]["unjudged"], ran.objects[0]["differences"]) == (1, 0)
    assert f"{words}: judgement not checked" in ran.stderr


@pytest.mark.rule("RUL-04")
def test_an_id_with_two_editions_asks_for_the_digest(bench: Bench, tmp_path: Path) -> None:
    written = NEWEST.written.replace(b'"China:', b'"China again:', 1)
    digest = hashlib.sha256(written).hexdigest()
    (tmp_path / f"cn-281_2026-08-01_{digest}.json").write_bytes(written)
    bench.environ["VIALOG_RULES"] = str(tmp_path)
    ran = bench.run("rules", "show", NEWEST.pack.id)
    assert (ran.code, "RUL-04" in ran.stderr) == (5, True)
    (said,) = bench.done("rules", "show", digest, "--json").objects
    assert said["state"] == "kept"


def test_an_edition_that_is_not_here_is_not_found(bench: Bench) -> None:
    assert bench.run("rules", "show", "cn-281/2030-01-01").code == 8


def test_a_folder_that_is_not_there_or_holds_another_file_is_said(bench: Bench, tmp_path: Path) -> None:
    bench.environ["VIALOG_RULES"] = str(tmp_path / "none")
    assert bench.run("rules", "list").code == 2
    (tmp_path / "x.json").write_bytes(b"{}")
    bench.environ["VIALOG_RULES"] = str(tmp_path)
    ran = bench.run("rules", "list")
    assert (ran.code, "x.json" in ran.stderr) == (3, True)
    assert "x.json" in bench.run("doctor").stdout


def test_a_file_that_this_program_is_too_old_for_is_named(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "later.json").write_bytes(NEWEST.written.replace(b"vialog-rules/1", b"vialog-rules/2"))
    bench.environ["VIALOG_RULES"] = str(tmp_path)
    said = bench.done("rules", "list").stderr
    assert "later.json: not read: this program is too old" in said
    assert "it knows up to vialog-rules/1" in said
