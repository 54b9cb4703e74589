"""The scenario of the Nanjing platform: its public figures come out of the record by counting, and move with it."""

from __future__ import annotations

from contextlib import closing
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.memory import MemoryStore
from scripts.demo.stage import BEGIN, Stage, StoryClock
from scripts.nanjing.__main__ import ORIGIN
from scripts.nanjing.figures import figures_of
from scripts.nanjing.scenario import MEETINGS, Scenario

if TYPE_CHECKING:
    from scripts.nanjing.figures import Figures


def counted(meetings: int = MEETINGS, fails_more: int = 0) -> Figures:
    """Play the scenario and count its record."""
    clock, packs = StoryClock(), load_packs()
    calendar = packs.at_instant("CN", BEGIN).working_days
    with closing(Ledger(MemoryStore(ORIGIN), packs, clock=clock)) as ledger:
        Scenario(Stage(ledger, clock), calendar, meetings=meetings, fails_more=fails_more).play()
        return figures_of(ledger.store, calendar)


def test_the_public_figures_are_counted_from_the_record() -> None:
    found = counted()
    assert (found.meetings, found.participations) == (16, 272)
    assert (found.products, found.passed, found.pass_rate) == (922, 870, Fraction(870, 922))
    assert f"{float(found.pass_rate or 0):.2%}" == "94.36%"
    assert set(found.decided_in) == {1, 2, 3}
    assert sum(found.decided_in.values()) == 272


def test_one_outcome_more_that_fails_moves_the_figures() -> None:
    as_it_was, perturbed = counted(meetings=2), counted(meetings=2, fails_more=20)
    assert (as_it_was.products, as_it_was.participations) == (perturbed.products, perturbed.participations)
    assert perturbed.passed == as_it_was.passed - 1
    assert perturbed.pass_rate == Fraction(perturbed.passed, perturbed.products)
