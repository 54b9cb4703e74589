"""What the first laboratory has besides imports: a freezer that was full before, and blood of its own hospital."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.bodies.vocabulary import Amount, Reference
from ledger.domain.custody.opening import OpenedItem, StockOpened
from ledger.domain.work.collection import Basis, ItemCollected, NewItem
from ledger.domain.work.use import ItemUsed
from ledger.ids import ItemId, new_id
from ledger.reference.activities import Activity
from scripts.demo.cast import LAB
from scripts.demo.laboratory import PROJECT, pair

if TYPE_CHECKING:
    from scripts.demo.cast import Cast
    from scripts.demo.stage import Stage


def open_stock(stage: Stage, cast: Cast) -> None:
    """Put on record the serum that stood in the freezer when the record began; who signs knows what nothing shows."""
    tubes = tuple(
        OpenedItem(
            item=ItemId(new_id("item")),
            label=f"OS-{number}",
            quantity=Amount(value="750", unit="uL"),
            type="serum",
            storage="minus-80",
            place=f"F0/R1/B1/{number}",
            received_on=date(2021, 3, 9),
            approval_number="GX 2021 0031",
        )
        for number in range(1, 4)
    )
    stage.clock.day(1, 9)
    stage.say(
        StockOpened(site=LAB, opened_on=date(2026, 6, 30), items=tubes),
        cast.first_lab.first,
        because="x-stock-taken-over",
    )


def collect(stage: Stage, cast: Cast) -> None:
    """Put two tubes of blood of the hospital on record, and use some of one; no border asks for anything."""
    stage.clock.later(hours=1)
    document = Reference(document="EC 2026 31", issued_by="Ethics Committee of the Hospital", digest="4c" * 32)
    tubes = tuple(
        NewItem(
            item=ItemId(new_id("item")),
            label=f"DB-{number}",
            quantity=Amount(value="2", unit="mL"),
            type="whole-blood",
            collected_on=stage.clock.now().date(),
            donor=f"disclose:donor of DB-{number}",
            donor_origin="CN",
            storage="2-8",
            thaws=0,
        )
        for number in (1, 2)
    )
    stage.say(
        ItemCollected(
            laboratory=LAB,
            country="CN",
            collected_by="Gulou Hospital",
            basis=Basis.ETHICS_APPROVAL,
            document=document,
            items=tubes,
        ),
        cast.first_lab.first,
        disclose={f"donor of DB-{number}": f"B-{number:03d}" for number in (1, 2)},
    )
    stage.clock.later(hours=1)
    stage.say(
        ItemUsed(
            item=tubes[0].item,
            laboratory=LAB,
            project=PROJECT,
            purpose="research",
            activity=Activity.NONINFECTIOUS,
            quantity=Amount(value="250", unit="uL"),
            thawed=False,
        ),
        *pair(cast),
    )
