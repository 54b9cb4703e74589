"""Kill whatever belongs to a log, at every step, under load: `make faults`, or `python -m scripts.faults --kills N`.

Prints how many were killed while what was going on, and how long it took until all was well. Exit code 1 where anything
acknowledged was lost or doubled, a position is missing, an older proof or checkpoint does not hold, or something was
not well again within fifteen seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scripts.faults.campaign import Campaign, Victim
from scripts.faults.checks import Kept, check_log
from scripts.faults.ending import end
from scripts.faults.marks import Phase
from scripts.faults.scene import SOON, set_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.faults.campaign import Tally

_TAKEN_EVERY: Final = 10  # kills
_CHECKED_EVERY: Final = 100


def run(
    folder: Path, *, kills: int, seconds: float, seed: int, least: int, tell: Callable[[int], object]
) -> tuple[Tally, str]:
    """Run a campaign in an empty folder, and return its tally with what is wrong, and a summary.

    kills: as many as there are to be, if there is time. seconds: when to stop. least: kills that each phase must have.
    tell: is told how many were killed.
    """
    scene, until = set_up(folder), monotonic() + seconds
    kept = Kept(scene)
    with closing(Campaign(scene, seed)) as campaign:
        tally = campaign.tally
        while tally.kills.total() < kills and monotonic() < until and not tally.wrong:
            campaign.kill()
            tell(number := tally.kills.total())
            if number % _TAKEN_EVERY == 0:
                kept.take(campaign.load.acknowledged)
            if number % _CHECKED_EVERY == 0:
                tally.wrong.extend(check_log(scene, dict(campaign.load.acknowledged)))
    tally.wrong.extend(campaign.load.wrong)
    tally.wrong.extend(check_log(scene, campaign.load.acknowledged))
    tally.wrong.extend(kept.check())
    late = [
        f"a {one}: not well within {SOON:.0f} s, but {took:.0f}" for one, took in tally.longest.items() if took > SOON
    ]
    missed = [f"{one.name.lower()} was hit {tally.of_phase(one)} times" for one in Phase if tally.of_phase(one) < least]
    tally.wrong.extend((*late, *missed))
    acknowledged = f"{len(campaign.load.acknowledged)} statements acknowledged"
    summary = f"{acknowledged}, {len(kept)} earlier proofs and {len(kept.evidence)} answers with evidence checked"
    return tally, summary


def table_of(tally: Tally) -> Table:
    """Return kills by victim and by what was going on; one kill counts in each phase that was."""
    table = Table("killed (-9)", "kills", *(phase.name.lower() for phase in Phase), "longest until well, s")
    for victim in Victim:
        hits = [str(tally.phases[victim, phase] or "") for phase in Phase]
        took = f"{tally.longest[victim]:.1f}" if victim in tally.longest else ""
        table.add_row(victim, str(tally.kills[victim]), *hits, took)
    table.add_section()
    table.add_row("all", str(tally.kills.total()), *(str(tally.of_phase(phase)) for phase in Phase))
    return table


def main() -> None:
    """Run a campaign and print its table."""
    parser = argparse.ArgumentParser(prog="python -m scripts.faults", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many; 200 if left out")
    parser.add_argument("--seconds", type=float, default=3600, help="stop after so long; an hour if left out")
    parser.add_argument("--seed", type=int, default=1, help="of what is left to chance")
    parser.add_argument("--least", type=int, default=1, help="how often each phase must have been hit")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vialog-faults-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user; its own directory inside is closed
        with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
            task = shown.add_task("Killing", total=given.kills)
            tally, summary = run(
                folder,
                kills=given.kills,
                seconds=given.seconds,
                seed=given.seed,
                least=given.least,
                tell=lambda done: shown.update(task, completed=done),
            )
    end(table_of(tally), tally.wrong, summary)


if __name__ == "__main__":
    main()
