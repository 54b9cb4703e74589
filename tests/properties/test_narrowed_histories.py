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
from ledger.domain.authorisation.drawing import PermitDrawn
from ledger.domain.authorisation.permits import PermitRecorded
from ledger.domain.bodies.vocabulary import Packaging, Reference, Role, WriteOff
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
from ledger.domain.custody.stock import ItemCheckedOut
from ledger.domain.ending.destruction import Destroyed, Indicator, ItemDestroyed
from ledger.domain.ending.disposal import Method
from ledger.domain.ending.exits import ActivityEnded
from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.law.rules import Retained
from ledger.domain.law.schemes import Scheme
from ledger.domain.registry.parties import SiteChanged
from ledger.domain.registry.units import UnitRegistered
from ledger.domain.supervision import recalls
from ledger.domain.supervision.keeping import HoldReason, LegalHoldLifted, LegalHoldPlaced, RetentionSet
from ledger.domain.supervision.recalls import RecallAsked, RecallGround, RecallLifted, RecallOrdered
from ledger.domain.work.derive import ItemAliquoted, ItemPooled
from ledger.domain.work.making import Child
from ledger.domain.work.portions import Portion
from ledger.errors import LedgerError, NeedsAcknowledgement
from ledger.ids import CaseId, ConsignmentId, ItemId, PermitId
from tests.authors import START, author
from tests.imports import (
    APPROVAL,
    CAST,
    CUSTOMS,
    GOODS,
    IMPORTER,
    LAB,
    LABORATORY,
    WITNESS,
    TestClock,
    announcement,
    approved,
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
    from tests.servers import Database, Servers

HEALTH: Final = author("party:health", Role.HEALTH_AUTHORITY)
ITEMS: Final = (ItemId("item:A"), ItemId("item:B"))
OTHER: Final = (ItemId("item:Y"), ItemId("item:Z"))
MADE: Final = (ItemId("item:C"), ItemId("item:P"))
MORE: Final = ConsignmentId("consignment:2")
FIRST: Final = date(2026, 8, 1)
LATE: Final = START - timedelta(days=3)
SOON: Final = START + timedelta(minutes=3)
LATER: Final = START + timedelta(minutes=10)
AFTER: Final = START + timedelta(days=90)

items = st.sampled_from([*ITEMS, *OTHER, *MADE])
goods = st.sampled_from([GOODS, MORE])
permits = st.sampled_from([PermitId("permit:1"), PermitId("permit:2")])
recalled, kept, lost = (
    st.sampled_from([CaseId(f"case:{sort}-{one}") for one in "12"]) for sort in ("recall", "hold", "loss")
)
instants = st.sampled_from([LATE, START, SOON, SOON, SOON])


GRANTED: Final = state(approved("4"), CUSTOMS)


def listed(consignment: ConsignmentId, *vial: ItemId) -> Made:
    """Return the list of a consignment's vials, all of one lot."""
    lines = tuple(ListedItem(item=one, label=one[5:], quantity=ml("10"), lot="L-1") for one in vial)
    return state(ItemListed(consignment=consignment, approval=APPROVAL, line=1, items=lines), IMPORTER)


def beginning() -> list[Made]:
    """Return two consignments under one approval; of one the vials are released, one by one, and at the bench."""
    return [
        *founding(*CAST, HEALTH), laboratory(), GRANTED, announcement(), announcement(MORE),
        listed(GOODS, *ITEMS), listed(MORE, *OTHER), declaration(), release(ITEMS[0], quantity="1"),
        release(ITEMS[1], quantity="1"), hand_over(*ITEMS), receipt(*ITEMS),
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
            recalled, roots, st.sampled_from([None, "l-1"]),
        ),
        (CUSTOMS,),
    ),
    "recall over": (st.builds(lambda case, root: RecallLifted(case=case, **root), recalled, roots), (CUSTOMS,)),
    "recall more": (
        st.builds(
            lambda case, item: recalls.RecallExtended(case=case, asked=RecallAsked.HOLD, items=(item,)), recalled, items
        ),
        (CUSTOMS,),
    ),
    "confirm": (
        st.builds(
            lambda case, some: recalls.RecallConfirmed(case=case, items=some),
            recalled, st.sampled_from([(), ITEMS[:1], ITEMS]),
        ),
        (LABORATORY,),
    ),
    "lose": (
        st.builds(
            lambda case, item: LossReported(case=case, items=(item,), loss=Loss.LOST, discovered_at=LATE), lost, items
        ),
        (LABORATORY,),
    ),
    "check out": (
        st.builds(
            lambda item, until: ItemCheckedOut(site=LAB, items=(item,), project="p", until=until),
            items, st.sampled_from([None, LATER]),
        ),
        (LABORATORY,),
    ),
    "keep": (
        st.builds(lambda case, root: LegalHoldPlaced(case=case, ground=HoldReason.AUDIT, **root), kept, roots),
        (CUSTOMS,),
    ),
    "keep no more": (st.builds(lambda case, root: LegalHoldLifted(case=case, **root), kept, roots), (CUSTOMS,)),
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
    "permit": (
        st.builds(
            lambda permit, last, approvals, permits: PermitRecorded(
                permit=permit,
                scheme=Scheme.HGR_LICENCE,
                number="2026-1",
                holder=LABORATORY.party,
                country="CN",
                issued_on=date(2026, 7, 1),
                valid_from=date(2026, 7, 1),
                valid_to=last,
                approvals=approvals,
                permits=permits,
            ),
            permits,
            st.sampled_from([date(2026, 12, 31), date(2028, 1, 1)]),
            st.sampled_from([(), (APPROVAL,)]),
            st.one_of(st.just(()), permits.map(lambda one: (one,))),
        ),
        (HEALTH,),
    ),
    "draw": (st.builds(lambda one, item: PermitDrawn(permit=one, items=(item,)), permits, items), (LABORATORY,)),
    "accredit": (
        st.sampled_from([date(2026, 12, 1), date(2028, 1, 1)]).map(
            lambda last: SiteChanged(site=LAB, certificate="C-1", certificate_to=last)
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
    clock = TestClock()
    with (
        servers.get(EMBEDDED).database() as database,
        viewed(database) as views,
        closing(open_ledger(views.store, clock)) as ledger,
    ):
        record_all(ledger, beginning())
        clock.time = LATER
        told: list[Told] = []
        for _ in range(data.draw(st.integers(4, 20))):
            told.append(draw_and_hand_in(data, ledger, told))
        views.follow(data.draw(st.sampled_from([1, 3, 1_000])))
        views.check()
        compared = views.compared()
        assert {name: compared[name] for name in ("draw", "lead")} == {
            name: rows for name, rows in naive(views.store).items() if name in {"draw", "lead"}
        }
        for at, until in ((AFTER, None), (START, START), (LATE, LATE), (AFTER, AFTER)):
            check_narrowed(views, at, until)


EACH: Final[tuple[tuple[Body, tuple[Author, ...]], ...]] = (
    (ConsignmentSampled(consignment=GOODS, samples=(Portion(item=ITEMS[0], quantity=ml("1")),)), (CUSTOMS,)),
    (
        ConsignmentDeclared(
            consignment=MORE,
            declaration_number="2",
            port_code="2301",
            declared_on=FIRST,
            lines=(DeclaredLine(approval=APPROVAL, line=1, quantity=vials("2")),),
        ),
        (IMPORTER,),
    ),
    (
        ConsignmentReleased(
            consignment=MORE,
            items=OTHER,
            release_number="2",
            lines=(LineQuantity(approval=APPROVAL, line=1, quantity=vials("2")),),
        ),
        (CUSTOMS,),
    ),
    (UnitRegistered(party=LABORATORY.party, number="U-1", registered_on=FIRST, types=("research",)), (CUSTOMS,)),
    (
        ItemAliquoted(
            parent=ITEMS[0],
            laboratory=LAB,
            children=(Child(item=MADE[0], quantity=ml("4")),),
            residual=ml("5"),
            loss=ml("0"),
        ),
        (LABORATORY,),
    ),
    (ActivityEnded(site=LAB, project="p", items=ITEMS[:1]), (LABORATORY,)),
    (
        ScopeExcluded(
            party=IMPORTER.party,
            name_en="Kit",
            managed_as=ManagedAs.MEDICAL_DEVICE,
            direction=Direction.IMPORT,
            from_on=FIRST,
            evidence=SHOWN,
            issuer_country="CN",
            items=ITEMS[:1],
        ),
        (CUSTOMS,),
    ),
    (
        PermitRecorded(
            permit=PermitId("permit:1"),
            scheme=Scheme.HGR_LICENCE,
            number="2026-1",
            holder=LABORATORY.party,
            country="CN",
            issued_on=FIRST,
            valid_from=FIRST,
            valid_to=date(2026, 12, 31),
            approvals=(APPROVAL,),
        ),
        (HEALTH,),
    ),
    (
        ItemDestroyed(
            laboratory=LAB,
            items=(Destroyed(item=ITEMS[1]),),
            method=Method.INCINERATION,
            indicator=Indicator.NONE,
        ),
        (LABORATORY, WITNESS),
    ),
    (
        RecallOrdered(
            case=CaseId("case:recall-1"),
            ground=RecallGround.QUALITY,
            asked=RecallAsked.HOLD,
            consignment=GOODS,
            lot="l-1",
        ),
        (CUSTOMS,),
    ),
    (LegalHoldPlaced(case=CaseId("case:hold-1"), ground=HoldReason.AUDIT, approval=APPROVAL), (CUSTOMS,)),
    (
        RetentionSet(record=Retained.CUSTOMS_PAPERS, since=date(2026, 9, 1), until=date(2050, 1, 1), consignment=GOODS),
        (CUSTOMS,),
    ),
)
"""Something of each, and who says so."""


def recorded(ledger: Ledger, body: Body, authors: tuple[Author, ...], corrected: Told | None = None) -> None:
    """Hand in what has to be recorded."""
    before = ledger.store.head()
    hand_in(ledger, body, authors, SOON if corrected is None else START, corrected)
    assert ledger.store.head() == before + 1, body


def test_each_has_rows_of_something_and_is_told_by_the_views(embedded_database: Database) -> None:
    clock = TestClock()
    with viewed(embedded_database) as views, closing(open_ledger(views.store, clock)) as ledger:
        record_all(ledger, beginning())
        clock.time = LATER
        for body, authors in EACH:
            recorded(ledger, body, authors)
        views.rebuild()
        answered = check_narrowed(views, AFTER)
    assert answered >= {"expiring", "held", "left-over", "left-scope", "legal-holds", "recalls", "samples"}
    assert answered >= {"uncovered", "unit-classes", "unproved-disposals"}


def test_an_approval_that_turns_out_to_be_of_single_use_is_told_by_the_views(embedded_database: Database) -> None:
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, beginning())
        recorded(ledger, approved("4", write_off=WriteOff.SINGLE), (CUSTOMS,), Told("approve", GRANTED, (CUSTOMS,)))
        views.rebuild()
        assert "single-use" in check_narrowed(views, AFTER)
