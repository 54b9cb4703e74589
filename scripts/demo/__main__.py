"""`make demo`: an import of 120 vials, from its approval to its disposal, on a log of its own.

The importer's manifest is an XLSX workbook; nine parties sign with their own keys, and in the end an auditor is let in;
a real PostgreSQL starts in a folder of the demo's. Everything goes through the functions that programs and the command
line use.
"""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final, NoReturn

import msgspec
import typer

from api.cli.exits import USAGE, exit_code
from api.cli.output import say
from api.cli.paragraphs import print_paragraph
from api.language import label, listed
from api.logs.wiring import open_ledger
from api.manifests.layout import BUILT_IN
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import plan_import
from api.settings import Settings
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.domain.border.listing import ItemListed
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import Unavailable
from ledger.rulepacks.load import load_packs
from ledger.store.deciding.earlier import event_of
from projections.balance import mass_balance
from scripts.demo.audited import let_in
from scripts.demo.cast import make_cast, make_vials
from scripts.demo.counted import counted
from scripts.demo.evidence import Proving, prove
from scripts.demo.keys import FOLDER, PASSPHRASE, leave_keys
from scripts.demo.manifest import write_manifest
from scripts.demo.report import show_balance, show_events, show_evidence
from scripts.demo.stage import BEGIN, Stage, StoryClock
from scripts.demo.story import Story

if TYPE_CHECKING:
    from ledger.ids import ItemId
    from scripts.demo.cast import Cast

_ORIGIN: Final = "demo.vialog/log"
_BY_ONES_OWN: Final = "--policy policy --trust trust"
_FURTHER: Final = (
    "ask --list",
    "ask balance --approval GX-2026-0164",
    "ask balance --approval GX-2026-0164 --evidence balance.zip --checkpoint checkpoint",
    f"evidence ask balance.zip {_BY_ONES_OWN}",
    f"evidence verify vial.zip {_BY_ONES_OWN}",
    "log show --limit 20",
    "log verify",
    "doctor",
    "fsck",
)
"""What to look at in the demo's folder, with the log of its data directory."""


def main() -> None:
    """Run the demo; where its folder or its server cannot be had, say so in one line and exit as the command does."""
    try:
        _play()
    except Unavailable as error:
        _give_up(str(error), exit_code(error))
    except OSError as error:
        _give_up(str(error), USAGE)


def _give_up(problem: str, code: int) -> NoReturn:
    """End with one line on stderr: what PostgreSQL says may have several."""
    say(f"error: the demo cannot run: {' '.join(problem.split())}")
    sys.exit(code)


def _play() -> None:
    """Run the demo in a folder of its own and say where it is."""
    begun = perf_counter()
    folder = _folder()
    try:
        vial, people = _run(folder)
    except Unavailable as unreachable:
        if os.geteuid() != 0:
            raise
        # Root's server runs as another user, who cannot reach a private home; the system's temporary folder it can.
        say(str(unreachable))
        folder = Path(tempfile.mkdtemp(prefix="vialog-demo-"))
        folder.chmod(0o755)
        vial, people = _run(folder)
    done = label("The demo took {seconds} s. Its log stays in {folder}. Look further:")
    print_paragraph("")
    print_paragraph(done.format(seconds=round(perf_counter() - begun), folder=folder))
    typer.echo(f"  export VIALOG_DATA={folder / 'data'} PATH={Path('.venv/bin').resolve()}:$PATH")
    typer.echo(f"  cd {folder}")
    for command in (*_FURTHER, f"item show {vial}"):
        typer.echo(f"  vialog {command}")
    typer.echo(f"  unzip vial.zip verify.html   ({label('and open it in a browser')})")
    print_paragraph("")
    print_paragraph(label("In the browser: start the console, and open the address that it says."))
    typer.echo(f"  export VIALOG_PASSPHRASE_FILE={folder / PASSPHRASE}")
    typer.echo("  vialog serve")
    print_paragraph(
        label("Sign in there as one of these, by what the command prints: {names}").format(names=listed(people))
    )
    typer.echo(f"  vialog sign-in --key {FOLDER}/{people[0]}.pem")


def _folder() -> Path:
    folder = Path("demo-data") / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}"
    folder.mkdir(parents=True)
    return folder.resolve()


def _run(folder: Path) -> tuple[ItemId, list[str]]:
    """Play the story in a folder; return a vial that has seen a lot, and whose keys are left there."""
    cast, vials, clock = make_cast(), make_vials(), StoryClock()
    manifest = folder / "manifest.xlsx"
    write_manifest(manifest, vials)
    settings = Settings(data=folder / "data", log_origin=_ORIGIN)
    with open_ledger(settings, create=True, clock=clock) as ledger:
        stage = Stage(ledger, clock)
        acts = Story(stage, cast, vials, lambda: import_manifest(stage, cast, manifest)).acts()
        after = (label("After the story: the first laboratory lets an auditor in"), lambda: let_in(stage, cast))
        for title, act in (*acts, after):
            before = stage.recorded
            act()
            number = stage.recorded - before
            told = label("{title}: {number} statement" if number == 1 else "{title}: {number} statements")
            told = told.format(title=title, number=number)
            print_paragraph(told, f"{clock.now():%Y-%m-%d}  ")
        recorded = label("{recorded} signed statements recorded, {refused} refused.")
        typer.echo(f"\n{recorded.format(recorded=stage.recorded, refused=stage.refused)}\n")
        readers = Readers(settings, Labels(lambda: ledger.store))
        show_events(stage, readers)
        events = [event_of(one) for one in ledger.store.read()]
        show_balance(mass_balance(events), readers.today)
        typer.echo(f"\n{label('What was owed and done, counted from the record:')}")
        for line in counted(events, load_packs(), vials[20].item):
            print_paragraph(line, "  ")
        proving = Proving(folder, settings, ledger.store, clock)
        show_evidence(prove(proving, cast.operator.first.signer.thumbprint, vials[9].item), readers.today)
    revoked = {event.said.body.key for event in events if isinstance(event.said.body, KeyRevoked)}
    return vials[9].item, leave_keys(folder, cast, revoked)


def import_manifest(stage: Stage, cast: Cast, manifest: Path) -> None:
    """Read the manifest as `vialog import` does, and have the importer sign each part of it."""
    units = load_packs().at_instant("CN", BEGIN).units
    plan = plan_import(manifest.name, read_sheet(manifest), BUILT_IN, units)
    if plan.problems:
        raise AssertionError(f"the manifest has problems: {plan.problems[0]}")
    for planned in plan.statements:
        stage.say(msgspec.convert(planned.body, ItemListed), cast.importer.first, beside=plan.beside(planned))


if __name__ == "__main__":
    main()
