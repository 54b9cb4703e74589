"""The log that administrators attack, and every command that may notice: what ``attacks`` is told of.

One database is made and published once; each attack gets a copy of it.
"""

from __future__ import annotations

import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from typer.testing import CliRunner

from api.cli.main import app
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import make_publisher, open_guarded
from api.settings import Settings
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import RoleGranted, SiteRegistered
from ledger.errors import LedgerError, NotFound, Refused
from ledger.ids import PartyId, SiteId, key_tag
from ledger.mirror.copy import Copy
from ledger.mirror.mirror import Means, Mirror
from ledger.mirror.source import open_files
from ledger.publisher.log_files import write_log_files
from ledger.publisher.log_keys import LogKeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.proofs import prove_recorded
from ledger.rulepacks.load import load_packs
from ledger.service import Submission
from ledger.statement.authoring import Circumstances, make_statement
from ledger.store.database.migrate import migrate, name_log
from ledger.tlog.own import check_own
from ledger.tlog.policy import Party, Policy
from tests.authors import OPERATOR, ORIGIN, admissions, author, enrolment, opening
from tests.contracts.behind import as_admin
from tests.faults.parties import LABORATORY, registration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.logs.wiring import Opened
    from ledger.domain.bodies.vocabulary import Body
    from ledger.statement.authoring import Author
    from tests.faults.attack import Attack
    from tests.servers import Database, Server

PASSPHRASE: Final = "correct horse battery staple"
REVOKED: Final = author("party:lab", Role.LABORATORY, "p-2")
TABLES: Final = ("event", "event_tag", "kind", "head", "disclosure", "tile", "index_page", "checkpoint", "publication")


@dataclass(frozen=True)
class Victim:
    """A log that is attacked, and where its installation keeps what is not in the database."""

    database: Database
    place: Path
    keys: LogKeys
    newest: bytes

    @property
    def settings(self) -> Settings:
        """Return the settings of its installation."""
        return Settings(data=self.place / "data", database_url=self.database.admin)

    def attack(self, attack: Attack) -> None:
        """Do it, as a superuser."""
        as_admin(self.database, unguarded(attack.sql) if attack.guarded else attack.sql)

    def caught(self) -> set[str]:
        """Return the commands that stop or report something; recording is one of its own, as it changes the log."""
        found = {
            "doctor": self._fails("doctor"),
            "log verify": self._fails("log", "verify"),
            "fsck": self._fails("fsck", "--jobs", "1"),
            "serve": self._raises(self._serve),
            "mirror": self._raises(self._mirror),
            "publish": self._raises(self._publish),
        }
        return {command for command, noticed in found.items() if noticed}

    def caught_recording(self) -> set[str]:
        """Return whether a service that has just started records nothing."""
        return {"record"} if self._raises(self._record) else set()

    def _fails(self, *command: str) -> bool:
        given = {"VIALOG_DATABASE_URL": self.database.admin, "VIALOG_DATA": str(self.place / "data"), "NO_COLOR": "1"}
        ran = CliRunner().invoke(app, command, env=given)
        if ran.exception is not None and not isinstance(ran.exception, SystemExit):
            raise ran.exception
        return ran.exit_code != 0

    def _raises(self, command: Callable[[Opened], None]) -> bool:
        try:
            with open_guarded(self.settings) as opened:
                command(opened)
        except LedgerError:
            return True
        return False

    def _record(self, opened: Opened) -> None:
        """Hand in what the revoked key signs, which nobody may record, and what a key that is known signs."""
        try:
            opened.ledger.record(stated(site("site:stolen"), REVOKED))
        except Refused:
            opened.ledger.record(stated(site("site:new"), LABORATORY))
        else:
            raise AssertionError("a revoked key has spoken")

    def _publish(self, opened: Opened) -> None:
        make_publisher(opened.ledger.store, opened.publication, self.keys, opened.guard).publish_once()

    def _serve(self, opened: Opened) -> None:
        """Hand out the checkpoint, and a proof of all that it covers."""
        published = opened.publication.newest()
        if published is None:
            raise NotFound("no checkpoint")
        check_own(published.note, self.keys.keys)
        for recorded in opened.ledger.store.read(limit=published.checkpoint.size):
            prove_recorded(opened.publication, recorded, self.keys.keys)

    def _mirror(self, opened: Opened) -> None:
        """Mirror what is published, by a mirror that has mirrored the checkpoint before."""
        published = opened.publication.newest()
        if published is None:
            raise NotFound("no checkpoint")
        write_log_files(opened.ledger.store, published, self.place / "files")
        pull(self.place, "files", "copy", self.keys)


def pull(place: Path, source: str, copy: str, keys: LogKeys) -> None:
    """Mirror a folder of log files into a copy."""
    policy = Policy(tuple(Party(key, "") for key in keys.keys), {}, {}, None)
    means = Means(policy, load_packs(), None, SystemClock(), place / "evidence")
    with closing(Copy(place / copy)) as kept:
        Mirror(open_files(str(place / source), None), kept, means).pull(lambda verified, size: None)


def unguarded(sql: str) -> str:
    """Return statements around which the log's guards are off, and on again as they were."""
    off = "".join(f"alter table vialog.{table} disable trigger all;" for table in TABLES)
    on = """
        do $$ declare one record; begin
            for one in select tgrelid::regclass as kept, tgname from pg_trigger where tgenabled = 'D' loop
                execute format('alter table %s enable always trigger %I', one.kept, one.tgname);
            end loop;
        end $$
    """
    return f"{off}{sql};{on}"


def stated(body: Body, *authors: Author, **disclose: str) -> Submission:
    """Return a statement of what happens now, as it is handed in."""
    made = make_statement(ORIGIN, body, authors, Circumstances(occurred_at=SystemClock().now(), disclose=disclose))
    return Submission(made.envelope, made.disclosures)


def site(name: str) -> SiteRegistered:
    """Return that the laboratory has a further site."""
    return SiteRegistered(site=SiteId(name), party=LABORATORY.party, name="Laboratory", use="laboratory")


@contextmanager
def template(server: Server, place: Path) -> Iterator[Victim]:
    """Make the log that is attacked, with a copy of its rows as they were at the checkpoint before the newest."""
    keys = LogKeys.make(place / "data" / LOG_KEYS_FOLDER, ORIGIN, PASSPHRASE)
    with server.empty_database() as database:
        migrate(database.owner)
        name_log(database.owner, ORIGIN)
        victim = Victim(database, place, keys, b"")
        now = SystemClock().now()
        with open_guarded(victim.settings) as opened:
            publisher = make_publisher(opened.ledger.store, opened.publication, keys, opened.guard)
            for one in (opening(now), *admissions(LABORATORY, at=now)):
                opened.ledger.record(one)
            first = publisher.publish_once()
            assert first
            write_log_files(opened.ledger.store, first, place / "first")
            as_admin(
                database,
                "create schema yesterday;"
                + "".join(f"create table yesterday.{table} as table vialog.{table};" for table in TABLES),
            )
            for one in (
                stated(site("site:lab"), LABORATORY, note="by telephone", name="Zhang San"),
                stated(registration(1), OPERATOR),
                stated(registration(2), OPERATOR, note="in writing"),
                enrolment(REVOKED, SystemClock().now()),
                stated(KeyRevoked(key=key_tag(REVOKED.signer.thumbprint), ground="lost"), OPERATOR),
            ):
                opened.ledger.record(one)
            newest = publisher.publish_once()
            assert newest
            opened.ledger.record(stated(registration(3), OPERATOR))
            opened.ledger.record(stated(RoleGranted(party=PartyId("party:p1"), role=Role.CARRIER), OPERATOR))
        pull(place, "first", "first-copy", keys)
        yield Victim(database, place, keys, newest.note)


@contextmanager
def copied(server: Server, made: Victim) -> Iterator[Victim]:
    """Yield a log of its own that is the template's copy, with the memory and the mirror that it had."""
    data = made.place / "data"
    for kept in ("files", "copy", "evidence"):
        shutil.rmtree(made.place / kept, ignore_errors=True)
    (made.place / "copy").unlink(missing_ok=True)
    shutil.copy(made.place / "first-copy", made.place / "copy")
    for file in data.glob("last-checkpoint*"):
        file.unlink()
    MemoryFile(data / FILE_NAME).write(made.newest)
    with server.copy(made.database) as database:
        yield Victim(database, made.place, made.keys, made.newest)


def caught_by(server: Server, made: Victim, *attacks: Attack) -> set[str]:
    """Return the commands that notice some attacks."""
    found: set[str] = set()
    for look in (Victim.caught, Victim.caught_recording):
        with copied(server, made) as victim:
            for attack in attacks:
                victim.attack(attack)
            found |= look(victim)
    return found
