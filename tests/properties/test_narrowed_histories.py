"""Questions by the views: whatever is held, recalled, sampled, ended or drawn, the rows are those of the whole log."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.approval.approvals import Direction
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.assessment.scope import ManagedAs, ScopeExcluded
from ledger.domain.bodies.vocabulary import Packaging, Reference, WriteOff
from ledger.domain.border.entry import ConsignmentDeclared, DeclaredLine
from ledger.domain.border.inspection import (
    ConsignmentHeld,
    ConsignmentHoldLifted,
    ConsignmentInspected,
    ConsignmentSampled,
    InspectionResult,
)
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.border.release import ConsignmentReleased
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.law.rules import Retained
from ledger.domain.registry.units import UnitRegistered
from ledger.domain.supervision.keeping import HoldReason, LegalHoldLifted, LegalHoldPlaced, RetentionSet
from ledger.domain.supervision.recalls import RecallAsked, RecallGround, RecallLifted, RecallOrdered
from ledger.domain.work.derive import ItemAliquoted, ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.errors import LedgerError, NeedsAcknowledgement
from ledger.ids import CaseId, ConsignmentId, ItemId
from tests.authors import START
from tests.imports import (
    APPROVAL,
    CUSTOMS,
    GOODS,
    IMPORTER,
    LAB,
    LABORATORY,
    WITNESS,
    announcement,
    approval,
    declaration,
    founding,
    hand_over,
    handed_in,
    laboratory,
    ml,
    open_ledger,
    receipt,
    record_all,
    release,
    state,
    used,
    vials,
    voiding,
)
from tests.narrowing import check_narrowed
from tests.servers import EMBEDDED
from tests.viewed import naive, viewed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ledger.domain.bodies.vocabulary import Body
    from ledger.service import Ledger
    from ledger.statement.authoring import Author, Made
    from tests.servers import Servers

ITEMS: Final = (ItemId("item:A"), ItemId("item:B"))
OTHER: Final = (ItemId("item:Y"), ItemId("item:Z"))
MADE: Final = (ItemId("item:C"), ItemId("item:P"))
MORE: Final = ConsignmentId("consignment:2")
LATE: Final = START - timedelta(days=3)
AFTER: Final = START + timedelta(days=90)

items = st.sampled_from([*ITEMS, *OTHER, *MADE])
goods = st.sampled_from([GOODS, MORE])
cases = st.sampled_from([CaseId("case:1"), CaseId("case:2")])
instants = st.sampled_from([LATE, START, START + timedelta(minutes=3)])


def listed(consignment: ConsignmentId, *vial: ItemId) -> Made:
    """Return the list of a consignment's vials, all of one lot."""
    lines = tuple(ListedItem(item=one, label=one[5:], quantity=ml("10"), lot="L-1") for one in vial)
    return state(ItemListed(consignment=consignment, approval=APPROVAL, line=1, items=lines), IMPORTER)


def beginning(write_off: WriteOff) -> list[Made]:
    """Return two consignments under one approval, of which one is released and at the bench."""
    return [
        *founding(), laboratory(), approval("4", write_off=write_off), announcement(), announcement(MORE),
        listed(GOODS, *ITEMS), listed(MORE, *OTHER), declaration(), release(*ITEMS), hand_over(*ITEMS), receipt(*ITEMS),
    ]  # fmt: skip


roots: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from([{"approval": APPROVAL}, {"consignment": GOODS}, {"consignment": MORE}]),
    items.map(lambda item: {"items": (item,)}),
)
portions = items.map(lambda item: (Portion(item=item, quantity=ml("1")),))
SHOWN: Final = Reference(document="S 1", issued_by="Drug authority", digest="5" * 64)

_BY: Final[Mapping[str, tuple[st.SearchStrategy[Any], tuple[Author, ...]]]] = {
    "recall": (
        st.builds(
            lambda case, root, lot: RecallOrdered(
                case=case, ground=RecallGround.QUALITY, asked=RecallAsked.HOLD, lot=lot, **root
            ),
            cases, roots, st.sampled_from([None, "l-1"]),
        ),
        (CUSTOMS,),
    ),
    "recall over": (st.builds(lambda case, root: RecallLifted(case=case, **root), cases, roots), (CUSTOMS,)),
    "keep": (
        st.builds(lambda case, root: LegalHoldPlaced(case=case, ground=HoldReason.AUDIT, **root), cases, roots),
        (CUSTOMS,),
    ),
    "keep no more": (st.builds(lambda case, root: LegalHoldLifted(case=case, **root), cases, roots), (CUSTOMS,)),
    "retain": (
        roots.map(
            lambda root: RetentionSet(
                record=Retained.CUSTOMS_PAPERS, since=date(2026, 9, 1), until=date(2050, 1, 1), **root
            )
        ),
        (CUSTOMS,),
    ),
    "hold": (st.builds(ConsignmentHeld, consignment=goods, ground=st.just("x-1")), (CUSTOMS,)),
    "hold over": (st.builds(ConsignmentHoldLifted, consignment=goods, ground=st.just("x-1")), (CUSTOMS,)),
    "sample": (st.builds(ConsignmentSampled, consignment=goods, samples=portions), (CUSTOMS,)),
    "inspect": (
        st.builds(
            ConsignmentInspected,
            consignment=goods,
            result=st.sampled_from([InspectionResult.PASSED, InspectionResult.FAILED]),
            packaging=st.just(Packaging.INTACT),
        ),
        (CUSTOMS,),
    ),
    "declare": (
        st.builds(
            lambda lot, amount, day: ConsignmentDeclared(
                consignment=lot,
                declaration_number="2",
                port_code="2301",
                declared_on=day,
                lines=(DeclaredLine(approval=APPROVAL, line=1, quantity=vials(amount)),),
            ),
            goods, st.sampled_from(["2", "3"]), st.sampled_from([date(2026, 8, 1), date(2026, 9, 1)]),
        ),
        (IMPORTER,),
    ),
    "release": (
        goods.map(
            lambda lot: ConsignmentReleased(
                consignment=lot,
                items=ITEMS if lot == GOODS else OTHER,
                release_number="2",
                lines=(LineQuantity(approval=APPROVAL, line=1, quantity=vials("2")),),
            )
        ),
        (CUSTOMS,),
    ),
    "suspend": (
        st.just(ApprovalSuspended(approval=APPROVAL, ground="fraud")),
        (CUSTOMS,),
    ),
    "end": (items.map(lambda item: ActivityEnded(site=LAB, project="p", items=(item,))), (LABORATORY,)),
    "destroy": (
        st.builds(
            lambda item, method, indicator, evidence: ItemDestroyed(
                laboratory=LAB, items=(Destroyed(item=item),), method=method, indicator=indicator, evidence=evidence
            ),
            items,
            st.sampled_from([Method.AUTOCLAVE, Method.INCINERATION]),
            st.sampled_from([Indicator.NONE, Indicator.PASSED]),
            st.sampled_from([None, SHOWN.digest]),
        ),
        (LABORATORY, WITNESS),
    ),
    "exclude": (
        items.map(
            lambda item: ScopeExcluded(
                party=IMPORTER.party,
                name_en="Kit",
                managed_as=ManagedAs.MEDICAL_DEVICE,
                direction=Direction.IMPORT,
                from_on=date(2026, 8, 30),
                evidence=SHOWN,
                issuer_country="CN",
                items=(item,),
            )
        ),
        (CUSTOMS,),
    ),
    "register": (
        st.just(
            UnitRegistered(party=LABORATORY.party, number="U-1", registered_on=date(2026, 8, 1), types=("research",))
        ),
        (CUSTOMS,),
    ),
    "divide": (
        items.map(
            lambda item: ItemAliquoted(
                parent=item,
                laboratory=LAB,
                children=(Child(item=MADE[0], quantity=ml("4")),),
                residual=ml("6"),
                loss=ml("0"),
            )
        ),
        (LABORATORY,),
    ),
    "pool": (
        items.map(
            lambda item: ItemPooled(
                inputs=tuple(Portion(item=one, quantity=ml("1")) for one in (item, ITEMS[1])),
                laboratory=LAB,
                output=Child(item=MADE[1], quantity=ml("2")),
                loss=ml("0"),
            )
        ),
        (LABORATORY,),
    ),
    "use": (items.map(lambda item: used(item, "1")), (LABORATORY,)),
}  # fmt: skip
"""By a word for it what is drawn, and who says so."""


@dataclass(frozen=True)
class Told:
    """What was stated, recorded or not. what: its word in the table."""

    what: str
    made: Made
    authors: tuple[Author, ...]


def draw_and_hand_in(data: st.DataObject, ledger: Ledger, told: Sequence[Told]) -> Told:
    """Draw a statement, or one that corrects or voids one of those before, and hand it in."""
    before = data.draw(st.sampled_from(told)) if told and data.draw(st.integers(0, 3)) == 0 else None
    if before is not None and data.draw(st.booleans()):
        with suppress(LedgerError):
            ledger.submit(handed_in(voiding(before.made, *before.authors))).result()
        return before
    what = before.what if before is not None else data.draw(st.sampled_from(sorted(_BY)))
    bodies, authors = _BY[what]
    return Told(what, hand_in(ledger, data.draw(bodies), authors, data.draw(instants), before), authors)


def hand_in(ledger: Ledger, body: Body, authors: tuple[Author, ...], at: datetime, corrected: Told | None) -> Made:
    """Hand a statement in, acknowledging whatever it breaks; it may be refused all the same."""
    acknowledges: dict[str, str] = {}
    while True:
        corrects, reason = (None, None) if corrected is None else (corrected.made.id, "misread")
        made = state(body, *authors, acknowledges=acknowledges, at=at, corrects=corrects, reason=reason)
        try:
            ledger.submit(handed_in(made)).result()
        except NeedsAcknowledgement as needed:
            if {one.rule for one in needed.breaches} <= acknowledges.keys():
                raise
            acknowledges |= {one.rule: "late-entry" for one in needed.breaches}
        except LedgerError:
            return made
        else:
            return made


@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_the_rows_are_those_of_the_whole_log_whatever_is_told_and_when(servers: Servers, data: st.DataObject) -> None:
    with (
        servers.get(EMBEDDED).database() as database,
        viewed(database) as views,
        closing(open_ledger(views.store)) as ledger,
    ):
        record_all(ledger, beginning(data.draw(st.sampled_from(WriteOff))))
        told: list[Told] = []
        for _ in range(data.draw(st.integers(4, 20))):
            told.append(draw_and_hand_in(data, ledger, told))
        views.follow(data.draw(st.sampled_from([1, 3, 1_000])))
        views.check()
        compared = views.compared()
        assert {name: compared[name] for name in ("draw", "lead")} == {
            name: rows for name, rows in naive(views.store).items() if name in {"draw", "lead"}
        }
        for at, until in ((AFTER, None), (START, LATE), (AFTER, START)):
            check_narrowed(views, at, until)
