"""The middle acts: receipt with damage and a missing vial, storage, use, aliquots, a pool, and what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

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
    stage.clock.later(minutes=20)
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
    """Receive a consignment item by item; found: what is damaged or missing, by its label."""
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


def settle(
    stage: Stage, cast: Cast, consignment: ConsignmentId, vials: Sequence[Vial], found: dict[str, Condition]
) -> None:
    """Open a case for each vial that was damaged or missing, and close it the next morning."""
    cases: list[tuple[CaseId, ItemId]] = []
    for label, condition in found.items():
        stage.clock.later(minutes=10)
        case, item = CaseId(new_id("case")), next(vial.item for vial in vials if vial.label == label)
        difference = Difference.MISSING if condition is Condition.MISSING else Difference.DAMAGED
        stage.say(
            DiscrepancyRecorded(
                case=case, consignment=consignment, items=(item,), discrepancy=difference, evidence=("7f" * 32,)
            ),
            cast.first_lab.first,
            disclose={"note": f"Vial {label}: {condition.value}, photographed at opening."},
        )
        cases.append((case, item))
    stage.clock.day(1, 9, 30)
    for case, item in cases:
        stage.say(DiscrepancyResolved(case=case, items=(item,), resolution="accepted-as-found"), cast.first_lab.second)
        stage.clock.later(minutes=10)


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
    stage.clock.day(1, 10)
    stage.say(
        DestinationDeclared(consignment=FIRST, receipt_number="DD-3306", declared_on=stage.clock.now().date()),
        cast.first_lab.first,
    )
    stage.clock.day(3, 10)
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


def take_out(stage: Stage, cast: Cast, items: Sequence[ItemId], because: str | None = None) -> None:
    """Take items out of their freezer, for the bench."""
    stage.say(ItemCheckedOut(site=LAB, items=tuple(items), project=PROJECT), *pair(cast), because=because)


def put_back(stage: Stage, cast: Cast, item: ItemId, place: str) -> None:
    """Put an item back into a freezer."""
    stage.say(ItemReturned(site=LAB, items=(Placed(item=item, place=place),)), *pair(cast))


def use_against(stage: Stage, cast: Cast, vial: Vial, value: str, because: str) -> None:
    """Check a vial out, use it against a rule, and put it back; because: why its users went on."""
    stage.clock.day(0, 14)
    take_out(stage, cast, (vial.item,), because)
    stage.clock.later(minutes=10)
    use(stage, cast, vial, value, because)
    stage.clock.later(minutes=5)
    put_back(stage, cast, vial.item, f"F1/R8/B1/{int(vial.label[-2:])}")


def work(stage: Stage, cast: Cast, vials: Sequence[Vial], value: str, freezer: str) -> None:
    """Check vials out, use them and put them back, one by one."""
    for number, vial in enumerate(vials):
        stage.clock.later(minutes=4)
        take_out(stage, cast, (vial.item,))
        stage.clock.later(minutes=8)
        use(stage, cast, vial, value)
        stage.clock.later(minutes=3)
        put_back(stage, cast, vial.item, f"{freezer}/R9/B{number // 50 + 1}/{number % 50 + 1}")


def misread(stage: Stage, cast: Cast, vial: Vial) -> None:
    """Use a vial once more the next day with a misread volume, and correct that an hour later; both stay on record."""
    stage.clock.day(1, 9, 30)
    take_out(stage, cast, (vial.item,))
    stage.clock.later(minutes=10)
    wrong = ItemUsed(
        item=vial.item,
        laboratory=LAB,
        project=PROJECT,
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=Amount(value="0.05", unit="mL"),
        thawed=True,
    )
    done = stage.clock.now()
    said = stage.say(wrong, *pair(cast), occurred_at=done)
    stage.clock.later(minutes=5)
    put_back(stage, cast, vial.item, "F1/R9/B1/2")
    stage.clock.later(hours=1)
    right = replace(wrong, quantity=Amount(value="0.5", unit="mL"))
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


def put_away(stage: Stage, cast: Cast, vials: Sequence[ItemId], tubes: Sequence[ItemId]) -> None:
    """Put vials that were split back, and what was made of them into a freezer."""
    stage.clock.later(minutes=15)
    back = tuple(Placed(item=vial, place=f"F1/R2/B1/{number}") for number, vial in enumerate(vials, start=1))
    stage.say(ItemReturned(site=LAB, items=back), *pair(cast))
    stage.clock.later(minutes=5)
    new = tuple(Placed(item=tube, place=f"F6/R1/B1/{number}") for number, tube in enumerate(tubes, start=1))
    stage.say(ItemStored(site=LAB, items=new, storage="minus-80"), *pair(cast))


def count(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Count a freezer, two persons."""
    stage.clock.day(0, 15)
    stage.say(StockCounted(site=LAB, items=tuple(Counted(item=vial.item, present=True) for vial in vials)), *pair(cast))


def share(stage: Stage, cast: Cast, vials: Sequence[Vial]) -> None:
    """Add the second laboratory to the approval, and send it some antibody."""
    stage.clock.day(1, 10)
    reference = Reference(document="GX 2026 0164 A", issued_by="Customs at the Destination", digest="6e" * 32)
    stage.say(
        ApprovalSiteAdded(approval=REAGENTS, site=OTHER_LAB, from_on=stage.clock.now().date(), reference=reference),
        cast.importer.first,
    )
    stage.clock.day(3, 9)
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
    stage.clock.day(1, 9)
    items = tuple(vial.item for vial in vials)
    stage.say(ExcursionDispositioned(items=items, decision=Decision.USE), cast.first_lab.second)
