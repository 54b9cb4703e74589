"""``python -m scripts.nanjing``: play the scenario in memory and print what its record counts to."""

from __future__ import annotations

from contextlib import closing
from typing import Final

from rich.console import Console

from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.memory import MemoryStore
from scripts.demo.stage import BEGIN, Stage, StoryClock
from scripts.nanjing.figures import figures_of
from scripts.nanjing.scenario import Scenario

ORIGIN: Final = "nanjing.vialog/log"


def main() -> None:
    """Play the scenario and print its figures."""
    clock, packs, console = StoryClock(), load_packs(), Console()
    with closing(Ledger(MemoryStore(ORIGIN), packs, clock=clock)) as ledger:
        stage, calendar = Stage(ledger, clock), packs.at_instant("CN", BEGIN).working_days
        Scenario(stage, calendar).play()
        found = figures_of(ledger.store, calendar)
    rate = "none" if found.pass_rate is None else f"{float(found.pass_rate):.2%}"
    console.print(f"{stage.recorded} signed statements; counted from them:")
    console.print(f"  {found.meetings} risk-assessment meetings, {found.participations} enterprise participations")
    console.print(f"  {found.products} products, {found.passed} of them passed: {rate}")
    for days, approvals in found.decided_in.items():
        console.print(f"  {approvals} approvals in {days} working day{'s' * (days != 1)}")


if __name__ == "__main__":
    main()
