"""What holds of an approval's balance whatever is declared, released, returned and amended, in whatever order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from ledger.domain.approval.approvals import ApprovalGranted
from ledger.domain.approval.balance import LineQuantity
from ledger.domain.approval.changes import AmendedLine, ApprovalAmended
from ledger.domain.approval.conversions import ApprovalConversionStated
from ledger.domain.bodies.vocabulary import Amount, Body
from ledger.domain.border.executions import ReturnExecuted
from ledger.domain.border.listing import ListedItem
from ledger.domain.border.orders import ReturnOrdered
from ledger.domain.fold import initial
from ledger.domain.judging import Event, Signed, World
from ledger.domain.states.border import Approval, Line
from ledger.errors import Refused
from ledger.ids import CaseId, ConsignmentId, ItemId, Tag
from ledger.quantity import Quantity, format_decimal
from ledger.statement.catalogue import KINDS
from tests.spec.crossing import (
    ANNOUNCEMENT,
    APPROVAL,
    APPROVED,
    DECLARATION,
    LAB,
    LIST,
    OFFICER,
    PARTIES,
    RELEASE,
    SINGLE,
    declared_on_line,
    on_line,
)
from tests.spec.parties import IMPORTER
from tests.spec.world import NOON, rules_at, said

CONSIGNMENTS: Final = [ConsignmentId(f"consignment:p-{number}") for number in (1, 2)]
ITEMS: Final = {one: (ItemId(f"item:{one[-1]}-a"), ItemId(f"item:{one[-1]}-b")) for one in CONSIGNMENTS}
CASES: Final = [CaseId(f"case:p-{number}") for number in (1, 2)]
TUBE_IN_ML: Final = ApprovalConversionStated(approval=APPROVAL, line=2, unit="tube", factor="0.5")

consignments = st.sampled_from(CONSIGNMENTS)
counts = st.sampled_from([0, 1, 2, 3, 5, 8, 12])
parts = st.sampled_from([(0,), (1,), (0, 1)])


@dataclass
class Record:
    """A record of one approval and two consignments: each statement is judged and, if accepted, takes effect."""

    subjects: dict[Tag, Any] = field(default_factory=dict)
    size: int = 0

    def takes(self, statement: Signed[Any]) -> bool:
        """Say whether a statement is accepted, breaches or not; an accepted one takes effect on every subject."""
        world = World(subjects=self.subjects, now=NOON, size=self.size)
        kind = KINDS[statement.kind]
        try:
            list(kind.judge(world, statement, rules_at(NOON)))
        except Refused:
            return False
        self.append(statement)
        return True

    def append(self, statement: Signed[Any]) -> None:
        self.size += 1
        event = Event(self.size, NOON, frozenset(self.subjects), statement)
        kind = KINDS[statement.kind]
        self.subjects = {tag: kind.evolve(subject, event) for tag, subject in self.subjects.items()}

    @property
    def approval(self) -> Approval:
        found: Approval = self.subjects[Tag(APPROVAL)]
        return found


def started(approved: ApprovalGranted) -> Record:
    """Return a record in which two consignments, each of a vial and a tube, are announced under one approval."""
    items = [item for pair in ITEMS.values() for item in pair]
    names = (APPROVAL, LAB, *CONSIGNMENTS, *items, *CASES, *{one.party for said in PARTIES for one in said.signers})
    record = Record({Tag(name): initial(Tag(name)) for name in names})
    for body in opening(approved):
        record.append(said(body, IMPORTER))
    return record


def opening(approved: ApprovalGranted) -> list[Body]:
    bodies: list[Body] = [approved, TUBE_IN_ML]
    for one in CONSIGNMENTS:
        bodies.append(replace(ANNOUNCEMENT, consignment=one))
        for line, item in enumerate(ITEMS[one], start=1):
            listed = (ListedItem(item=item, label=item[5:]),)
            bodies.append(replace(LIST, consignment=one, line=line, items=listed))
    return bodies


class Balance(RuleBasedStateMachine):
    """Declare, release, return and amend at random; the judges alone keep the balance."""

    @initialize(single=st.booleans())
    def start(self, single: bool) -> None:
        self.record = started(SINGLE if single else APPROVED)
        self.single = single
        self.declared: set[ConsignmentId] = set()
        self.write_offs = 0

    @rule(one=consignments, vials=counts, tubes=counts)
    def declare(self, one: ConsignmentId, vials: int, tubes: int) -> None:
        lines = (declared_on_line(1, str(vials)), declared_on_line(2, str(tubes), "tube"))
        statement = said(replace(DECLARATION, consignment=one, lines=lines), IMPORTER)
        taken = self.record.takes(statement)
        assert not (taken and one in self.declared), "declared twice"
        if taken:
            self.declared.add(one)
            assert not self.record.takes(statement), "the same declared twice"

    @rule(one=consignments, vials=counts, millilitres=counts, part=parts)
    def release(self, one: ConsignmentId, vials: int, millilitres: int, part: tuple[int, ...]) -> None:
        lines = (on_line(1, str(vials)), on_line(2, str(millilitres), "mL"))
        chosen = {"items": tuple(ITEMS[one][n] for n in part), "lines": tuple(lines[n] for n in part)}
        self.write_offs += self.record.takes(said(replace(RELEASE, consignment=one, **chosen), OFFICER))

    @rule(one=consignments)
    def declare_and_release_a_little(self, one: ConsignmentId) -> None:
        self.declare(one, 1, 2)
        self.release(one, 1, 1, (0, 1))

    @rule(one=consignments, vials=counts, case=st.sampled_from(CASES))
    def send_back(self, one: ConsignmentId, vials: int, case: CaseId) -> None:
        items = ITEMS[one][:1]
        order = ReturnOrdered(
            case=case,
            consignment=one,
            items=items,
            notice_number="N",
            ground="lot-differs",
            due=NOON + timedelta(days=1),
        )
        self.record.takes(said(order, OFFICER))
        freed = (on_line(1, str(vials)),)
        done = ReturnExecuted(case=case, consignment=one, items=items, evidence="0" * 64, freed=freed)
        self.record.takes(said(done, OFFICER))

    @rule(vials=st.sampled_from([0, 2, 4, 9, 20]))
    def amend(self, vials: int) -> None:
        lines = (AmendedLine(line=1, quantity=Amount(value=str(vials), unit="vial")),)
        body = ApprovalAmended(approval=APPROVAL, effective_on=NOON.date(), lines=lines)
        self.record.takes(said(body, OFFICER))

    @invariant()
    def committed_and_reserved_stay_within_the_approved(self) -> None:
        for line in self.record.approval.lines.values():
            assert line.committed_total + line.reserved_total <= line.approved.value
            assert line.remaining.value >= 0

    @invariant()
    def totals_are_the_sums_of_their_parts(self) -> None:
        for line in self.record.approval.lines.values():
            assert line.reserved_total == sum(line.reserved.values(), Decimal(0))
            assert line.committed_total == sum(line.committed.values(), Decimal(0))

    @invariant()
    def an_approval_of_single_use_is_written_off_at_most_once(self) -> None:
        assert not (self.single and self.write_offs > 1)
        users = {user for line in self.record.approval.lines.values() for user in (*line.committed, *line.reserved)}
        assert not (self.single and len(users) > 1)


TestBalance = pytest.mark.rule("CON-30", "CON-33", "CON-34", "BOR-34", "BOR-35", "APR-22", "ORD-12")(Balance.TestCase)
TestBalance.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)

decimals = st.decimals("0", "1000000", places=9)


@given(value=decimals, factor=decimals)
@settings(max_examples=100)
def test_a_conversion_is_exact(value: Decimal, factor: Decimal) -> None:
    line = Line(product="Serum", approved=Quantity(Decimal(5), "mL"))
    line = replace(line, factors=line.factors.insert("tube", factor))
    converted = line.counted(Quantity(value, "tube"))
    assert converted is not None
    assert Fraction(converted) == Fraction(value) * Fraction(factor)


@given(st.lists(st.tuples(st.integers(1, 3), decimals), max_size=6))
@settings(max_examples=30)
def test_effects_are_total_on_an_approval_that_nobody_granted(stated: list[tuple[int, Decimal]]) -> None:
    lines = tuple(LineQuantity(approval=APPROVAL, line=n, quantity=_amount(value)) for n, value in stated)
    record = Record({Tag(APPROVAL): Approval(id=APPROVAL), Tag(CONSIGNMENTS[0]): initial(Tag(CONSIGNMENTS[0]))})
    record.append(said(replace(RELEASE, lines=lines), OFFICER))
    assert not record.approval.known
    assert not record.approval.lines


def _amount(value: Decimal) -> Amount:
    return Amount(value=format_decimal(value), unit="mL")
