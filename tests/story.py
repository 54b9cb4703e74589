"""The demo's whole story on a log in memory, for tests that ask a record in which much has happened."""

from __future__ import annotations

from itertools import groupby

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.store.memory import MemoryStore
from scripts.demo.cast import Cast, Vial, make_cast, make_vials
from scripts.demo.stage import Stage, StoryClock
from scripts.demo.story import Story


def story_log() -> MemoryStore:
    """Return the log: some six hundred statements of nine parties."""
    clock, store = StoryClock(), MemoryStore("story.test/log")
    play(Ledger(store, load_packs(), clock=clock), clock)
    return store


def play(ledger: Ledger, clock: StoryClock) -> tuple[Cast, list[Vial]]:
    """Play the story on an empty log, and return who plays in it and the vials that it is about."""
    cast, vials = make_cast(), make_vials()
    stage = Stage(ledger, clock)

    def list_items() -> None:
        for (consignment, approval, line), row in groupby(
            vials, lambda vial: (vial.consignment, vial.approval, vial.line)
        ):
            items = tuple(
                ListedItem(item=vial.item, label=vial.label, quantity=Amount(value=vial.value, unit=vial.unit))
                for vial in row
            )
            body = ItemListed(consignment=consignment, approval=approval, line=line, items=items)
            stage.say(body, cast.importer.first)

    for _, act in Story(stage, cast, vials, list_items).acts():
        act()
    return cast, vials
