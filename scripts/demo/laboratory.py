"""The middle acts: receipt with damage and a missing vial, storage, use, aliquots, a pool, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.approval.changes import ApprovalSiteAdded
from ledger.domain.bodies.vocabulary import Amount, Packaging, Reference
from ledger.domain.border.destination import DestinationDeclared, UseConsented
from ledger.domain.custody.carriage import Decision, ExcursionDispositioned
from ledger.domain.custody.custody import CustodyAccepted, CustodyHandedOver
from ledger.domain.custody.discrepancy import Difference, DiscrepancyRecorded, DiscrepancyResolved
from ledger.domain.custody.positions import Placed
from ledger.domain.custody.receipt import Condition, Documents, ItemReceived, ReceivedItem
from ledger.domain.custody.stock import Counted, ItemCheckedOut, ItemReturned, ItemStored, StockCounted
from ledger.domain.custody.transfer import Ground, TransferReceived, TransferSent
from ledger.domain.work.derive import ItemAliquoted, ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemUsed
from ledger.ids import CaseId, ItemId, new_id
from ledger.meaning import Meaning
from ledger.reference.activities import Activity
from scripts.demo.cast import FIRST, LAB, OTHER_LAB, REAGENTS, Cast, Vial
from scripts.demo.stage import Stage, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.ids import ConsignmentId
    from ledger.statement.authoring import Author

PROJECT = "neutralisation-2026"


def pair(cast: Cast) -> tuple[Author, Author]:
    """Return the two persons of the first laboratory, the second as witness."""
    return cast.first_lab.first, meaning(cast.first_lab.second, Meaning.WITNESSED)


def hand_over(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Hand a released consignment over at the laboratory's door: two statements, two persons each."""
    items = tuple(vial.item for vial in vials)
    seals = (f"SL-{vials[0].consignment[-4:]}",)
    stage.clock.later(hours=5)
    stage.say(
        CustodyHandedOver(
            items=items,
            receiver=cast.first_lab.id,
            count=len(items),
            packaging=Packaging.INTACT,
            seals=seals,
            temperature="-74.0",
        ),
        meaning(cast.carrier.first, Meaning.HANDED_OVER),
        meaning(cast.carrier.second, Meaning.WITNESSED),
    )
    stage.clock.later(minutes=10)
    stage.say(
        CustodyAccepted(items=items, giver=cast.carrier.id, count=len(items), packaging=Packaging.INTACT, seals=seals),
        meaning(cast.first_lab.first, Meaning.RECEIVED),
        meaning(cast.first_lab.second, Meaning.WITNESSED),
    )


def receive(
    stage: Stage, cast: Cast, consignment: ConsignmentId, vials: Sequence[Vial], found: dict[str, Condition]
) -> None:
    """Receive a consignment item by item, and open a case for what is damaged or missing."""
    lines = tuple(ReceivedItem(item=vial.item, condition=found.get(vial.label, Condition.INTACT)) for vial in vials)
    stage.clock.later(minutes=40)
    stage.say(
        ItemReceived(
            consignment=consignment, laboratory=LAB, items=lines, documents=Documents.MATCH, temperature="-72.5"
        ),
        meaning(cast.first_lab.first, Meaning.RECEIVED),
        meaning(cast.first_lab.second, Meaning.WITNESSED),
        because="reported-to-customs" if found else None,
    )
    for label, condition in found.items():
        item = next(vial.item for vial in vials if vial.label == label)
        case = CaseId(new_id("case"))
        difference = Difference.MISSING if condition is Condition.MISSING else Difference.DAMAGED
        stage.say(
            DiscrepancyRecorded(
                case=case, consignment=consignment, items=(item,), discrepancy=difference, evidence=("7f" * 32,)
            ),
            cast.first_lab.first,
            disclose={"note": f"Vial {label}: {condition.value}, photographed at opening."},
        )
        stage.clock.later(hours=6)
        stage.say(DiscrepancyResolved(case=case, items=(item,), resolution="accepted-as-found"), cast.first_lab.second)


def storage_of(vial: Vial) -> str:
    """Return the storage condition of the freezer, or refrigerator, that a vial stands in."""
    return "2-8" if vial.unit == "kit" else "minus-80"


def store(stage: Stage, cast: Cast, vials: Sequence[Vial], freezer: str) -> None:
    """Put each vial into its own position, as the bench scans them one by one."""
    for number, vial in enumerate(vials):
        stage.clock.later(seconds=40)
        place = f"{freezer}/R{number // 20 + 1}/B{number % 20 // 10 + 1}/{number % 10 + 1}"
        stored = ItemStored(site=LAB, items=(Placed(item=vial.item, place=place),), storage=storage_of(vial))
        stage.say(stored, *pair(cast))


def consent(stage: Stage, cast: Cast) -> None:
    """Declare the plasma to the customs at destination, who consent to its use."""
    stage.clock.later(days=2)
    stage.say(
        DestinationDeclared(consignment=FIRST, receipt_number="DD-3306", declared_on=stage.clock.now().date()),
        cast.first_lab.first,
    )
    stage.clock.later(days=3)
    stage.say(UseConsented(consignment=FIRST, scope=("research",)), cast.destination.first)


def use(stage: Stage, cast: Cast, vial: Vial, value: str, because: str | None = None) -> ItemUsed:
    """Take from a vial at the bench; return what was stated."""
    body = ItemUsed(
        item=vial.item,
        laboratory=LAB,
        project=PROJECT,
        purpose="research",
        activity=Activity.NONINFECTIOUS if vial.unit == "kit" else Activity.UNCULTURED,
        quantity=Amount(value=value, unit=vial.unit),
        thawed=vial.unit != "kit",
    )
    stage.say(body, *pair(cast), because=because)
    return body


def work(stage: Stage, cast: Cast, vials: Sequence[Vial], value: str, freezer: str) -> None:
    """Check vials out, use them and put them back, one by one."""
    for number, vial in enumerate(vials):
        stage.clock.later(minutes=12)
        stage.say(ItemCheckedOut(site=LAB, items=(vial.item,), project=PROJECT), *pair(cast))
        stage.clock.later(minutes=25)
        use(stage, cast, vial, value)
        stage.clock.later(minutes=5)
        back = Placed(item=vial.item, place=f"{freezer}/R9/B{number // 50 + 1}/{number % 50 + 1}")
        stage.say(ItemReturned(site=LAB, items=(back,)), *pair(cast))


def misread(stage: Stage, cast: Cast, vial: Vial) -> None:
    """State a use with a misread volume, and correct it an hour later; both stay in the record."""
    wrong = ItemUsed(
        item=vial.item,
        laboratory=LAB,
        project=PROJECT,
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=Amount(value="0.05", unit="mL"),
    )
    done = stage.clock.now()
    said = stage.say(wrong, *pair(cast), occurred_at=done)
    stage.clock.later(hours=1)
    right = ItemUsed(
        item=wrong.item,
        laboratory=LAB,
        project=PROJECT,
        purpose=wrong.purpose,
        activity=wrong.activity,
        quantity=Amount(value="0.5", unit="mL"),
    )
    stage.say(right, *pair(cast), corrects=said, occurred_at=done)


def aliquot(stage: Stage, cast: Cast, vial: Vial, residual: str) -> list[ItemId]:
    """Split a vial into three tubes of 0.4 mL; return them.

    residual: what remains in the vial, in mL; 20 uL are lost in the pipette.
    """
    children = tuple(
        Child(item=ItemId(new_id("item")), quantity=Amount(value="0.4", unit="mL"), label=f"{vial.label}-{letter}")
        for letter in "ABC"
    )
    stage.clock.later(minutes=15)
    stage.say(
        ItemAliquoted(
            parent=vial.item,
            laboratory=LAB,
            children=children,
            residual=Amount(value=residual, unit="mL"),
            loss=Amount(value="20", unit="uL"),
            thawed=True,
        ),
        *pair(cast),
    )
    return [child.item for child in children]


def pool(stage: Stage, cast: Cast, tubes: Sequence[ItemId]) -> ItemId:
    """Pour tubes of 0.4 mL together; return the pool."""
    output = ItemId(new_id("item"))
    volume = f"{len(tubes) * 4 // 10}.{len(tubes) * 4 % 10}"
    stage.clock.later(minutes=30)
    stage.say(
        ItemPooled(
            inputs=tuple(Portion(item=tube, quantity=Amount(value="0.4", unit="mL")) for tube in tubes),
            laboratory=LAB,
            output=Child(item=output, quantity=Amount(value=volume, unit="mL"), label="POOL-1"),
            loss=Amount(value="0", unit="mL"),
        ),
        *pair(cast),
    )
    return output


def count(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Count a freezer, two persons."""
    stage.clock.later(hours=2)
    stage.say(StockCounted(site=LAB, items=tuple(Counted(item=vial.item, present=True) for vial in vials)), *pair(cast))


def share(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Add the second laboratory to the approval, and send it some antibody."""
    stage.clock.later(days=5)
    reference = Reference(document="GX 2026 0164 A", issued_by="Customs at the Destination", digest="6e" * 32)
    stage.say(
        ApprovalSiteAdded(approval=REAGENTS, site=OTHER_LAB, from_on=stage.clock.now().date(), reference=reference),
        cast.importer.first,
    )
    stage.clock.later(days=1)
    case = CaseId(new_id("case"))
    items = tuple(vial.item for vial in vials)
    stage.say(
        TransferSent(
            case=case,
            items=items,
            from_site=LAB,
            to_site=OTHER_LAB,
            receiver=cast.second_lab.id,
            ground=Ground.SAME_APPROVAL,
        ),
        *pair(cast),
    )
    stage.clock.later(hours=2)
    stage.say(
        CustodyHandedOver(
            items=items, receiver=cast.second_lab.id, count=len(items), packaging=Packaging.INTACT, site=LAB
        ),
        meaning(cast.first_lab.first, Meaning.HANDED_OVER),
        meaning(cast.second_lab.first, Meaning.RECEIVED),
    )
    stage.say(TransferReceived(case=case, items=items, site=OTHER_LAB), cast.second_lab.first)
    for vial in vials[:10]:
        stage.clock.later(minutes=20)
        stage.say(
            ItemUsed(
                item=vial.item,
                laboratory=OTHER_LAB,
                project="assay-7",
                purpose="x-assay-development",
                activity=Activity.NONINFECTIOUS,
                quantity=Amount(value="0.25", unit="mL"),
            ),
            cast.second_lab.first,
        )


def decide_excursion(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Decide that goods which had been too warm may be used."""
    stage.clock.later(days=1)
    items = tuple(vial.item for vial in vials)
    stage.say(ExcursionDispositioned(items=items, decision=Decision.USE), cast.first_lab.second)
