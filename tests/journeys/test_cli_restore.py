"""Yesterday's backup, in every variant: refused, or mended by a command; never forked, and never in silence."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from ledger.tlog.vkey import format_vkey
from tests.journeys.bench import Bench
from tests.servers import EMBEDDED
from tests.witness_server import TestWitness, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers

_CUT: Final = (
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
)


@dataclass
class Backup:
    """A log of today, with the database and the data directory of yesterday."""

    log: Bench
    admin: str
    copies: list[str] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.log.place / "data"

    def tell(self, *names: str) -> list[Any]:
        """Register parties, and publish after each."""
        answers = []
        for name in names:
            said = {"party": f"party:{name}", "name": name, "country": "CN", "business": "research"}
            answers.append(self.log.state("party.registered/1", said, self.log.operator))
            self.log.done("publish")
        return answers

    def back_up(self) -> str:
        """Copy the database, and return the connection string of the copy."""
        given = self.log.environ["VIALOG_DATABASE_URL"] or ""
        name = f"backup_{len(self.copies)}_{conninfo_to_dict(given)['dbname']}"
        self._admin("create database {} template {}", name, str(conninfo_to_dict(given)["dbname"]))
        self.copies.append(name)
        shutil.copytree(self.data, self.log.place / "data-yesterday", dirs_exist_ok=True)
        return make_conninfo(given, dbname=name)

    def empty(self) -> str:
        """Return the connection string of a database with nothing in it."""
        given = self.log.environ["VIALOG_DATABASE_URL"] or ""
        name = f"empty_{len(self.copies)}_{conninfo_to_dict(given)['dbname']}"
        self._admin("create database {}", name)
        self.copies.append(name)
        return make_conninfo(given, dbname=name)

    def restore(self, database: str) -> None:
        """Put a copy of the database in the place of today's; what stands outside the database stays."""
        self.log.environ["VIALOG_DATABASE_URL"] = database

    def mirror(self) -> Path:
        """Mirror what is published into a copy outside, and return the file."""
        files, copy, policy = self.log.place / "files", self.log.place / "mirror.sqlite", self.log.place / "policy"
        self.log.done("log", "files", files)
        vkeys = self.log.done("log", "vkey").stdout.splitlines()
        policy.write_text("".join(f"log {line}\n" for line in vkeys) + "quorum none\n")
        self.log.done("mirror", files, "--copy", copy, "--policy", policy)
        return copy

    def entries(self) -> list[tuple[Any, ...]]:
        """Return position, bytes and time of each entry of the database in use."""
        with psycopg.connect(self.log.environ["VIALOG_DATABASE_URL"] or "") as connection:
            return connection.execute("select position, entry, recorded from vialog.event order by position").fetchall()

    def check_halted(self, words: str) -> None:
        """Check that nothing can be recorded or published, and that everybody who asks is told why."""
        before = self.entries()
        said = {"party": "party:late", "name": "late", "country": "CN", "business": "research"}
        signed = self.log.signed("party.registered/1", said, self.log.operator)
        for command in (("statement", "submit", signed), ("publish",), ("statement", "check", signed)):
            ran = self.log.run(*command)
            assert (ran.code, words in ran.stderr) == (12, True), ran.stderr
        doctor = self.log.run("doctor")
        assert (doctor.code, words in doctor.stdout) == (10, True), doctor.stdout
        assert self.entries() == before

    def _admin(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.admin, autocommit=True) as connection:
            for name in names:
                connection.execute(_CUT, (name,))
            connection.execute(SQL(statement).format(*map(Identifier, names)))

    def drop(self) -> None:
        for name in self.copies:
            self._admin("drop database {}", name)


@contextmanager
def backed_up(bench: Bench, admin: str) -> Iterator[Backup]:
    bench.environ["VIALOG_DATA"] = str(bench.place / "data")
    bench.open()
    backup = Backup(bench, admin)
    try:
        yield backup
    finally:
        backup.drop()


@pytest.fixture
def backup(bench: Bench, servers: Servers) -> Iterator[Backup]:
    """A log that is open, and published up to position 2."""
    with backed_up(bench, servers.get(EMBEDDED).admin) as backup:
        bench.done("publish")
        yield backup


def test_the_database_of_yesterday_is_halted_and_a_mirrors_copy_puts_it_back_verbatim(backup: Backup) -> None:
    yesterday = backup.back_up()
    promised = backup.tell("a", "b")
    today, copy = backup.entries(), backup.mirror()
    backup.restore(yesterday)
    backup.check_halted("this log has 2 entries")
    said = backup.log.done("restore", "--from", copy, "--json").objects[0]
    assert (said["kept"], said["restored"], said["size"]) == (2, 4, 6)
    assert backup.entries() == today
    # Who was answered on the second day gets the same answer again, and the publisher goes on from there.
    again = backup.log.done("log", "show", "--kind", "party.registered/1", "--json").objects
    assert [one["position"] for one in again] == [one["position"] for one in promised]
    backup.tell("c")
    assert backup.log.done("doctor").code == 0
    assert backup.log.done("fsck", "--jobs", "1", "--json").objects[0]["published"] == 8


def test_a_database_that_is_gone_altogether_is_put_back_from_a_mirrors_copy(backup: Backup) -> None:
    backup.tell("a")
    today, copy = backup.entries(), backup.mirror()
    backup.restore(backup.empty())
    assert backup.log.run("doctor").code == 10
    backup.log.done("restore", "--from", copy)
    assert backup.entries() == today
    backup.tell("b")
    backup.log.done("fsck", "--jobs", "1")


def test_a_database_of_yesterday_on_which_something_was_recorded_is_known_to_have_forked(backup: Backup) -> None:
    yesterday = backup.back_up()
    backup.tell("a", "b")
    copy = backup.mirror()
    backup.restore(yesterday)
    remembered = backup.data / "last-checkpoint"
    kept = remembered.read_bytes()
    # As with a program that did not look: recorded and published on by itself, further than today's log was.
    shutil.copy(backup.log.place / "data-yesterday" / "last-checkpoint", remembered)
    backup.tell("x", "y", "z")
    remembered.write_bytes(kept)
    backup.check_halted("are not those of")
    ran = backup.log.run("restore", "--from", copy)
    assert (ran.code, "position 3: the database has another entry than the copy" in ran.stderr) == (10, True)


def test_a_missing_last_checkpoint_needs_a_persons_word(backup: Backup) -> None:
    (backup.data / "last-checkpoint").unlink()
    backup.check_halted("this machine remembers none")
    said = backup.log.done("restore", "--as-is", "--json").objects[0]
    assert (said["size"], said["remembered"]) == (2, 2)
    backup.tell("a")


@pytest.mark.parametrize("in_place", [True, False], ids=["over what is there", "into an empty place"])
def test_a_data_directory_put_back_with_its_last_checkpoint_needs_a_persons_word(
    backup: Backup, *, in_place: bool
) -> None:
    """Database and directory agree, and nobody else remembers: only that the file is a copy tells."""
    yesterday = backup.back_up()
    backup.tell("a", "b")
    today, copy = backup.entries(), backup.mirror()
    backup.restore(yesterday)
    if not in_place:
        backup.data.rename(backup.log.place / "data-today")
    shutil.copytree(backup.log.place / "data-yesterday", backup.data, dirs_exist_ok=True)
    backup.check_halted("is not the file that was written here")
    backup.log.done("restore", "--from", copy)
    assert backup.entries() == today
    backup.tell("c")


def test_a_data_directory_that_was_moved_to_another_disk_is_taken_at_a_persons_word(backup: Backup) -> None:
    moved = backup.log.place / "moved"
    shutil.copytree(backup.data, moved)
    backup.log.environ["VIALOG_DATA"] = str(moved)
    assert backup.log.run("publish").code == 12
    backup.log.done("restore", "--as-is")
    backup.tell("a")


def test_as_is_takes_nothing_for_the_newest_that_this_machine_knows_to_be_older(backup: Backup) -> None:
    yesterday = backup.back_up()
    backup.tell("a")
    backup.restore(yesterday)
    assert backup.log.run("restore", "--as-is").code == 12
    assert backup.entries()[-1][0] == 2


def test_a_copy_that_ends_before_what_this_machine_remembers_puts_nothing_back(backup: Backup) -> None:
    yesterday = backup.back_up()
    backup.tell("a")
    copy = backup.mirror()
    backup.tell("b")
    backup.restore(yesterday)
    ran = backup.log.run("restore", "--from", copy)
    assert (ran.code, "the copy ends with entry 4" in ran.stderr) == (12, True)
    assert len(backup.entries()) == 2


@pytest.mark.parametrize(
    "edit",
    [
        "update entry set entry = cast(replace(cast(entry as text), 'party:a', 'party:e') as blob) where position = 3",
        "delete from entry where position = 3",
        "delete from entry where position = 4",
        "delete from replayed",
    ],
)
def test_a_copy_that_does_not_hold_puts_nothing_back(backup: Backup, edit: str) -> None:
    yesterday = backup.back_up()
    backup.tell("a")
    copy = backup.mirror()
    with sqlite3.connect(copy) as connection:
        connection.execute(edit)
    connection.close()
    backup.restore(yesterday)
    ran = backup.log.run("restore", "--from", copy)
    assert ran.code == 10, ran.stderr
    assert len(backup.entries()) == 2


def test_a_witness_remembers_what_was_restored_together_with_last_checkpoint(bench: Bench, servers: Servers) -> None:
    witness = TestWitness("w.example/1")
    with running(witness), backed_up(bench, servers.get(EMBEDDED).admin) as backup:
        policy = bench.place / "witness-policy"
        policy.write_text(f"witness w1 {format_vkey(witness.cosigner.key)} {witness.url}\nquorum none\n")
        bench.environ["VIALOG_WITNESS_POLICY"] = str(policy)
        bench.environ["VIALOG_CLOCK_TOLERANCE"] = "86400"
        witness.time = int(time.time())
        bench.done("publish")
        yesterday = backup.back_up()
        backup.tell("a", "b")
        copy = backup.mirror()
        backup.restore(yesterday)
        shutil.rmtree(backup.data)
        shutil.copytree(bench.place / "data-yesterday", backup.data)
        backup.check_halted("checkpoint of 6")
        bench.done("restore", "--from", copy)
        backup.tell("c")
        assert witness.size == 8


def test_the_disclosures_that_a_copy_lacks_are_counted_and_can_be_put_back(backup: Backup) -> None:
    yesterday = backup.back_up()
    said = {"party": "party:a", "name": "a", "country": "CN", "business": "research"}
    handed_in = backup.log.signed("party.registered/1", said, backup.log.operator, disclose={"note": "seen"})
    backup.log.done("statement", "submit", handed_in)
    backup.log.done("publish")
    kept = backup.log.done("log", "disclosures").stdout
    assert kept.count("\n") == 1
    copy = backup.mirror()
    backup.restore(yesterday)
    ran = backup.log.done("restore", "--from", copy)
    assert "had 1 disclosures, which no mirror has" in ran.stderr
    assert backup.log.done("log", "disclosures").stdout == ""
    # From the party's own file; a second time there is nothing left to put back.
    for restored in (1, 0):
        (answer,) = backup.log.done("restore", "--disclosures", handed_in, "--json").objects
        assert answer == {"statements_restored": restored, "statements_kept": 1 - restored, "lines_refused": 0}
    assert backup.log.done("log", "disclosures").stdout == kept
    backup.log.done("fsck", "--jobs", "1")


def test_disclosures_of_what_is_not_recorded_are_not_put_back(backup: Backup) -> None:
    said = {"party": "party:a", "name": "a", "country": "CN", "business": "research"}
    unknown = backup.log.signed("party.registered/1", said, backup.log.operator, disclose={"note": "seen"})
    ran = backup.log.done("restore", "--disclosures", unknown, "--json")
    assert ran.objects == [{"statements_restored": 0, "statements_kept": 0, "lines_refused": 1}]
    assert "is not recorded here" in ran.stderr


@pytest.mark.rule("RST-01")
@pytest.mark.parametrize("arguments", [(), ("--as-is", "--from", "x"), ("--from", "no-such-file")])
def test_a_restore_says_what_it_needs(backup: Backup, arguments: tuple[str, ...]) -> None:
    assert backup.log.run("restore", *arguments).code in {3, 8}
