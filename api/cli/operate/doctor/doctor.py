"""``vialog doctor``: look at an installation, one line for each thing that can be wrong, each with its remedy."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import typer
from rich.cells import cell_len

from api.cli.exits import EXITS
from api.cli.operate.doctor.accesses import examine_accesses
from api.cli.operate.doctor.checkup import examine_guard
from api.cli.operate.doctor.findings import Finding, Level
from api.cli.operate.doctor.notices import examine_notices
from api.cli.operate.doctor.schema import examine_schema
from api.cli.operate.lost import REMEDY, remembered
from api.cli.output import Json, counted, plain, print_object
from api.language import spoken
from api.logs.wiring import check_here, open_database
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import IntegrityFailed, LedgerError, NotFound, NotTrusted, Unavailable
from ledger.files import read_own
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.entry import OLDER_FORMAT
from ledger.store.database.inspection import Inspection, Kept, inspect
from ledger.store.server.account import check_owner

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

_OLDEST_SERVER: Final = 150_000
_APART: Final = timedelta(seconds=5)
_SETTLED_FOR: Final = timedelta(days=30)
_LITTLE_SPACE: Final = 1 * 2**30
_VERY_LITTLE_SPACE: Final = 100 * 2**20


def doctor(*, as_json: Json = False) -> None:
    """Look at this installation: directory, server, the whole schema, head, clock, rule packs, disk.

    Changes nothing in the log. Exit code 9 where something failed, 10 where it is the log itself; no warning counts.
    `vialog log verify` checks the entries.
    """
    settings = read_settings()
    check_here(settings)
    worst = 0
    for finding in examine(settings):
        if as_json:
            print_object(finding)
        else:
            _print(finding)
        if finding.level is Level.FAIL:
            worst = max(worst, EXITS[IntegrityFailed if finding.subject == "log" else Unavailable])
    if worst:
        raise typer.Exit(worst)


def _print(finding: Finding) -> None:
    """Print a finding: one line; where a server's log is quoted, each of its lines and the remedy below."""
    first, *more = spoken(finding.found).splitlines() or [""]
    remedy = [f"-> {spoken(finding.remedy)}"] if finding.remedy else []
    shown = [first, *more, *remedy] if more else [" ".join((first, *remedy))]
    level, subject = spoken(finding.level), spoken(finding.subject)
    typer.echo(plain(f"{level}{' ' * (4 - cell_len(level))}  {subject}: {shown[0]}"))
    for line in shown[1:]:
        typer.echo(plain(f"      {line}"))


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what is found, in the order in which one thing rests on the other."""
    if settings.database_url is None:
        yield _directory(settings.data)
        yield _space(settings.data)
    if settings.passphrase_file is not None:
        yield _passphrase(settings.passphrase_file)
    try:
        lost = remembered(settings.data)
        with open_database(settings) as database:
            found = inspect(database.owner)
    except NotADirectoryError:
        pass  # said of the data directory already
    except NotFound as error:
        yield _lost(lost) if lost else Finding(Level.FAIL, "database", str(error), "run `vialog init` for a new log")
    except IntegrityFailed as error:
        remedy = "check the disk, and restore from a backup on another one (docs/operations.md)"
        yield Finding(Level.FAIL, "log", str(error), remedy)
    except (LedgerError, OSError) as error:
        log = settings.data / "postgres.log"
        remedy = f"put right what it says; the server's own words are in {log}"
        yield Finding(
            Level.FAIL, "database", str(error), "check VIALOG_DATABASE_URL" if settings.database_url else remedy
        )
    else:
        yield from _server(found)
        if lost and (found.kept is None or found.kept.origin is None):
            yield _lost(lost)
        else:
            yield from _tables(found.kept)
            yield from _log(found.kept, settings)
            yield from _guard(found, settings)
    yield from _packs(settings)


def _lost(found: str) -> Finding:
    return Finding(Level.FAIL, "log", found, REMEDY)


def _directory(data: Path) -> Finding:
    if data.exists() and not data.is_dir():
        return Finding(Level.FAIL, "data directory", f"{data} is not a directory", "set VIALOG_DATA")
    if not data.is_dir():
        return Finding(Level.FAIL, "data directory", f"{data} is not there", "run `vialog init`, or set VIALOG_DATA")
    try:
        check_owner(data)
    except Unavailable as error:
        return Finding(Level.FAIL, "data directory", str(error), "set VIALOG_DATA to a directory of yours")
    mode = stat.S_IMODE(data.stat().st_mode)
    if mode & (stat.S_IWGRP | stat.S_IRWXO | stat.S_IRGRP):
        return Finding(Level.FAIL, "data directory", f"others can reach {data} ({mode:o})", f"chmod 700 {data}")
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK):
        remedy = f"chmod 700 {data}, on a disk that is mounted for writing"
        return Finding(Level.FAIL, "data directory", f"you may not write to {data} ({mode:o})", remedy)
    return Finding(Level.OK, "data directory", f"{data} ({mode:o})")


def _space(data: Path) -> Finding:
    place = next((one for one in (data, *data.resolve().parents) if one.exists()), data)
    free = shutil.disk_usage(place).free
    found = f"{free / 2**30:.1f} GiB free at {place}"
    if free < _VERY_LITTLE_SPACE:
        return Finding(Level.FAIL, "disk", found, "free some space: without it nothing can be recorded")
    if free < _LITTLE_SPACE:
        return Finding(Level.WARN, "disk", found, "free some space")
    return Finding(Level.OK, "disk", found)


def _passphrase(file: Path) -> Finding:
    if not file.exists():
        return Finding(Level.FAIL, "passphrase file", f"{file} is not there", "set VIALOG_PASSPHRASE_FILE, or unset it")
    try:
        read_own(file, 0)
    except NotTrusted as error:
        found, _, remedy = error.problem.partition(": ")
        return Finding(Level.FAIL, "passphrase file", found, remedy)
    except OSError as error:
        return Finding(Level.FAIL, "passphrase file", f"{file}: {error.strerror}", "make it readable by this user")
    return Finding(Level.OK, "passphrase file", f"{file} is readable by its owner alone")


def _server(found: Inspection) -> Iterator[Finding]:
    version = f"PostgreSQL {found.server.version // 10_000}.{found.server.version % 10_000}"
    if found.server.version < _OLDEST_SERVER:
        yield Finding(Level.FAIL, "server", version, "use PostgreSQL 15 or later")
    elif not found.server.fsync:
        yield Finding(Level.FAIL, "server", f"{version} does not wait for its disk", "set fsync = on")
    else:
        yield Finding(Level.OK, "server", version)
    apart = abs(SystemClock().now() - found.server.clock)
    if apart > _APART:
        seconds = f"{apart.total_seconds():.0f} s apart"
        yield Finding(Level.WARN, "clock", f"this machine and the server are {seconds}", "synchronise both with NTP")
    else:
        yield Finding(Level.OK, "clock", "this machine and the server agree")


def _tables(kept: Kept | None) -> Iterator[Finding]:
    if kept is None:
        yield Finding(Level.FAIL, "migrations", "the database has no log's tables", "run `vialog init`")
        return
    if kept.older:
        # The guards are those of its time: what this program asks of a log says nothing about it.
        yield Finding(Level.FAIL, "format", OLDER_FORMAT, "keep it, and read it with the version that wrote it")
        return
    if kept.altered:
        names = ", ".join(kept.altered)
        remedy = "install the program that made this log, or find out who changed what is noted, and put it back"
        yield Finding(Level.FAIL, "migrations", f"not noted as this program has them: {names}", remedy)
    elif kept.unknown:
        names = ", ".join(kept.unknown)
        yield Finding(Level.FAIL, "migrations", f"this program does not know {names}", "install the newer program")
    elif kept.pending:
        names = ", ".join(kept.pending)
        yield Finding(
            Level.WARN, "migrations", f"not applied yet: {names}", "any command that opens the log applies them"
        )
    else:
        yield Finding(Level.OK, "migrations", "all are applied")
    yield from examine_schema(kept)


def _log(kept: Kept | None, settings: Settings) -> Iterator[Finding]:
    if kept is None or kept.origin is None or kept.position == 0:
        yield Finding(Level.FAIL, "opening", "the log is not open yet", "run `vialog init`")
        return
    if settings.log_origin not in {None, kept.origin}:
        found = f"it is {kept.origin}, but VIALOG_LOG_ORIGIN says {settings.log_origin}"
        yield Finding(Level.FAIL, "opening", found, "unset VIALOG_LOG_ORIGIN, or open the other database")
    if not kept.position == kept.events == kept.last:
        found = f"the head says {kept.position}, there are {kept.events} entries, the last is {kept.last}"
        yield Finding(Level.FAIL, "log", found, "stop writing, and compare with a checkpoint and a backup")
    else:
        yield Finding(Level.OK, "log", f"{kept.origin}: {counted(kept.position, 'entry', 'entries')} without a gap")


def _guard(found: Inspection, settings: Settings) -> Iterator[Finding]:
    """Look at what is asked before anything is recorded, where the tables are as this program knows them."""
    kept = found.kept
    if kept is not None and kept.origin is not None and kept.position and not (kept.pending or kept.unknown):
        with open_database(settings) as database:
            yield from examine_guard(settings, database, kept.origin, found)
            yield from examine_accesses(database)
            yield from examine_notices(database)


def _packs(settings: Settings) -> Iterator[Finding]:
    try:
        packs = load_packs(settings.rules)
        now = packs.at_instant(settings.jurisdiction, SystemClock().now())
    except (LedgerError, OSError) as error:
        yield Finding(
            Level.FAIL, "rule packs", str(error), "mend VIALOG_RULES or VIALOG_JURISDICTION, or install a newer program"
        )
        return
    for pack in packs.packs:
        if pack.jurisdiction == settings.jurisdiction:
            read = [parameter for _, parameter in pack.parameters()]
            unverified = sum(not one.verified for one in read)
            force = ", in force" if pack.id == now.id else ""
            found = f"{pack.id}{force}: {unverified} of {len(read)} parameters are unverified"
            remedy = "read them in the legal text; until then each use is marked" if unverified and force else ""
            yield Finding(Level.WARN if remedy else Level.OK, "rule pack", found, remedy)
    for name, why in packs.unread:
        yield Finding(Level.WARN, "rule pack", f"{name} is not read: this program is too old: {why}", "upgrade it")
    days = now.working_days
    if SystemClock().now() + _SETTLED_FOR > days.end_of_day(days.settled_until):
        found = f"{days.name} is settled until {days.settled_until}; later working days are estimates"
        remedy = "get the edition with the next year's calendar (docs/operations.md, rule packs and their editions)"
        yield Finding(Level.WARN, "calendar", found, remedy)
