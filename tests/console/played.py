"""The demo's whole story behind the console: who plays in it, and the pages that there are of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ledger.ids import Tag, key_tag
from scripts.demo.cast import FIRST, PLASMA, REAGENTS
from scripts.demo.stage import StoryClock
from tests.console.browsing import Console
from tests.told import story_served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.demo.cast import Cast, Vial
    from tests.journeys.chromium import Browser
    from tests.servers import Server


@dataclass(frozen=True)
class Played:
    """The story, told; whoever of the cast signs in sees what concerns them."""

    console: Console
    cast: Cast
    vials: list[Vial]

    @property
    def received(self) -> int:
        """Return where it is recorded that a vial was received; it differs from one telling to the other."""
        recorded = self.console.log.doors.ledger.store.about(Tag(self.vials[9].item), kinds=("item.received/1",))
        return next(iter(recorded)).position

    @property
    def pages(self) -> dict[str, str]:
        """Return every page that somebody who has signed in opens, by a name for it."""
        return {
            "worklist": "/worklist",
            "worklist-overdue": "/worklist?when=overdue",
            "inbox": "/inbox",
            "item": f"/items/{self.vials[9].item}",
            "item-with-children": f"/items/{self.vials[20].item}",
            "approval": f"/approvals/{REAGENTS}",
            "approval-then": f"/approvals/{PLASMA}?at=2026-09-15",
            "consignment": f"/consignments/{FIRST}",
            "party": f"/parties/{self.cast.first_lab.id}",
            "key": f"/keys/{key_tag(self.cast.first_lab.first.signer.thumbprint)}",
            "entry": f"/entries/{self.received}",
            "acts": "/acts",
            "act": "/acts/use?item=AC-012",
            "act-wrong": "/acts/store?tell=1&items.item=AC-0I5",
            "act-told": f"/acts/use?{urlencode(USED)}",
            "act-breach": f"/acts/use?{urlencode({**USED, 'activity': 'culture', 'purpose': 'teaching'})}",
            "search": "/search?q=",
            "search-several": "/search?q=p-01",
            "search-nothing": "/search?q=PL-999",
            "overview": "/overview",
            "evidence": f"/evidence/{self.vials[9].item}",
            "item-then": f"/items/{self.vials[9].item}?at=2026-08-05&as-of={self.received}",
            "lineage": f"/lineage/{self.vials[20].item}?graph=1",
            "bench": "/bench",
            "manifest": "/manifest",
            "positions": "/sites/site:first-lab/positions",
            "positions-grid": "/sites/site:first-lab/positions?within=F5/R9/B1",
            "cosign": "/cosign",
            "labels": f"/labels?item={self.vials[9].item}&item={self.vials[20].item}",
            "labels-wrong": f"/labels?item={self.vials[9].item}&sheet=99x99&margins=1x1",
            "questions": "/ask",
            "ask": "/ask/findings",
            "ask-about": f"/ask/custody-chain?item={self.vials[9].label}",
            "ask-balance": f"/ask/balance?approval={REAGENTS}",
            "accesses": "/accesses",
            "keys": "/keys",
            "not-there": "/items/item:nobodys",
            "tasks": "/cases/case:supervision-12/tasks",
            "file": f"/parties/{self.cast.first_lab.id}/file?{YEAR}",
            "recall": f"/recall?consignment={FIRST}",
            "find": "/find?q=PL-00&kind=items",
            "act-correct": "/acts/correct-finding?case=case:supervision-12&finding=1",
        }

    @property
    def official_pages(self) -> dict[str, str]:
        """Return the pages of who supervises, by a name for each."""
        return {
            "official-acts": "/acts",
            "official-overview": "/overview",
            "official-tasks": "/cases/case:supervision-12/tasks",
            "official-recall-tasks": "/cases/case:recall-5/tasks",
            "official-visit": "/cases/case:supervision-12/visit",
            "official-file": f"/parties/{self.cast.first_lab.id}/file?{YEAR}",
            "official-figures": f"/figures?{YEAR}&show=findings",
            "official-find": f"/find?party={self.cast.first_lab.id}&kind=cases",
            "official-finding": "/acts/raise-finding?case=case:supervision-12&finding=3&point=B2.10",
            "official-finding-wrong": "/acts/raise-finding?case=case:supervision-12&finding=3&tell=1",
            "official-visit-act": "/acts/visit?rows=2",
            "official-grant": "/acts/grant-approval?rows=2",
            "official-plan": "/acts/plan-supervision",
        }

    @property
    def assessing_pages(self) -> dict[str, str]:
        """Return the pages of who assesses, by a name for each."""
        return {
            "assessing-application": "/cases/case:application-233/tasks",
            "assessing-tasks": "/cases/case:assessment-78/tasks",
            "assessing-agenda": "/agenda",
            "assessing-meeting": "/acts/hold-meeting",
            "assessing-panel": "/acts/form-panel",
        }


USED = {
    "tell": "1",
    "item": "AC-012",
    "laboratory": "site:first-lab",
    "project": "neutralisation-2026",
    "purpose": "research",
    "activity": "inactivated",
    "quantity": "0.05 mL",
}
"""What is said of a use, as the address of the page that tells it has it."""

YEAR = "first=2026-01-01&last=2026-12-31"

OPEN_PAGES = {"welcome": "/", "sign-in": "/sign-in"}
"""The pages for everybody."""


@contextmanager
def played(server: Server, folder: Path, browser: Browser, clock: StoryClock | None = None) -> Iterator[Played]:
    """Tell the story on a log behind the console, for a with block. clock: of the story; one of its own if left out."""
    clock = clock or StoryClock()
    with story_served(server, folder, clock) as (log, cast, vials):
        yield Played(Console(log, browser), cast, vials)
