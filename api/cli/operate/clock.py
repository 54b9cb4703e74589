"""``vialog clock``: this machine's clock beside every other source of the time, and an operator's word on it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import EXITS
from api.cli.output import Json, head, print_object, print_table, say
from api.language import spoken
from api.logs.guarding import Guard
from api.logs.wiring import open_publication, open_store
from api.settings import read_settings
from ledger.clock import format_time
from ledger.errors import Unavailable
from ledger.store.deciding.confirmation import FILE_NAME, write_confirmed
from ledger.store.deciding.watch import Confirmed

if TYPE_CHECKING:
    from api.rows.operate import Clock
    from ledger.store.deciding.watch import Reading


def clock(
    *,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="You have looked at another clock: this machine's is right.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show this machine's clock beside the database's, the last entry's time and the witnesses'.

    Where they differ by more than VIALOG_CLOCK_TOLERANCE nothing is recorded, and the exit code is 9. Mend the clock
    that is wrong. With --confirm this machine's clock is taken as it is from now on, also by services that run: after a
    clock that was wrong was put right, or where a witness's is wrong. A last entry that lies ahead is followed then:
    what is recorded takes its time until that time has come.
    """
    settings = read_settings()
    with open_store(settings) as store, open_publication(settings) as publication:
        guard = Guard(settings, store.origin)
        guard.check(store, publication)
        with store.locked() as log:
            newest, server = log.recorded, log.clock
        readings = guard.watch.readings(newest, server)
        now = guard.clock.now()
    for one in readings:
        if as_json:
            said: Clock = {"source": one.source, "ahead": one.ahead.total_seconds(), "believed": one.believed}
            print_object(said)
    if not as_json:
        say(f"This machine's clock: {format_time(now)}")
        print_table(("beside", "ahead by", ""), map(_row, readings))
    if confirm:
        ahead = newest if newest is not None and newest > now else None
        apart = {one.witness: one.ahead.total_seconds() for one in readings if one.witness}
        write_confirmed(settings.data / FILE_NAME, Confirmed(format_time(now), ahead, apart))
        say("Confirmed: this machine's clock is right.")
    elif not all(one.believed for one in readings):
        say("Nothing is recorded while clocks disagree: mend the wrong one, or confirm this one with --confirm.")
        raise typer.Exit(EXITS[Unavailable])


def _row(one: Reading) -> tuple[str, str, str]:
    ahead = one.ahead - timedelta(microseconds=one.ahead.microseconds)
    return spoken(one.source), f"{ahead.total_seconds():.0f} s", "" if one.believed else head("disagrees")
