"""What holds of permits, sites and shares after any statements that were accepted, breaches and all."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.authorisation.changes import ChangedLine
from ledger.domain.authorisation.permits import PermittedLine
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.schemes import Scheme
from ledger.domain.shares import at_site
from ledger.domain.work.use import ItemUsed
from ledger.errors import Refused
from ledger.ids import Tag
from ledger.reference.activities import Activity
from ledger.statement.catalogue import KINDS
from ledger.statement.form.tags import tags_of
from tests.spec.authorisation.test_shares import (
    GIVEN,
    GOODS,
    STRANGE,
    TRIAL,
    VIALS,
    WARD,
    allotted,
    declared,
    received,
    released,
    sent,
    vial,
)
from tests.spec.authorisations import (
    LICENCE,
    LIST,
    PARTIES,
    SCIENCE,
    changed,
    drawn,
    ended,
    recorded,
    resumed,
    suspended,
)
from tests.spec.bench import LAB, ml
from tests.spec.parties import LABORATORY
from tests.spec.world import NOON, events_of, rules_at, said, world_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.breach import Breach
    from ledger.domain.states.subjects import Subject

RULES: Final = rules_at(NOON)
ITEMS: Final = st.sampled_from(VIALS)
SOME: Final = st.lists(ITEMS, min_size=1, max_size=3, unique=True)
SITES: Final = st.sampled_from([LAB, WARD, STRANGE])
NUMBERS: Final = st.sampled_from(["0", "1", "2", "3", "5", "9"])
CLINICAL: Final = frozenset({"clinical-trial", "diagnosis", "sale"})
PURPOSES: Final = st.sampled_from(["research", *sorted(CLINICAL)])
PERMITS: Final = st.sampled_from([LICENCE, LIST])


def used(item: Any, purpose: str, where: Any) -> Signed[Any]:  # noqa: ANN401  ids
    body = ItemUsed(item=item, laboratory=where, project="p", purpose=purpose, activity=Activity.UNCULTURED)
    return said(body, LABORATORY)


def put_under(permit: Any, items: list[Any], amount: str) -> Signed[Any]:  # noqa: ANN401  ids
    return drawn(*items, permit=permit, amounts=() if amount == "0" else ((1, ml(amount)),))


def limited(permit: Any, amount: str) -> Signed[Any]:  # noqa: ANN401  an id
    line = ChangedLine(line=1, quantity=None if amount == "0" else ml(amount))
    return changed(permit, by=SCIENCE, lines=(line,))


CASES: Final = st.integers(0, 9).map("case:{}".format)
STATEMENTS: Final = st.one_of(
    st.builds(used, ITEMS, PURPOSES, SITES),
    st.builds(put_under, PERMITS, SOME, NUMBERS),
    st.builds(limited, PERMITS, NUMBERS),
    st.builds(lambda permit: suspended(permit, by=SCIENCE), PERMITS),
    st.builds(lambda permit: resumed(permit, by=SCIENCE), PERMITS),
    st.builds(lambda permit: ended(permit=permit, by=SCIENCE), PERMITS),
    st.builds(lambda site, number: allotted((site, number)), SITES, NUMBERS),
    st.builds(
        lambda items, to, amount, case: sent(*items, to=to, amounts=() if amount == "0" else (amount,), case=case),
        SOME, SITES, NUMBERS, CASES,
    ),
)  # fmt: skip


@cache
def start() -> Mapping[Tag, Subject]:
    """Return the world of six vials at a site of a trial, and of a licence and an entry of the research list."""
    line = (PermittedLine(line=1, name_en="vials", quantity=ml("3")),)
    permits = [
        recorded(LICENCE, Scheme.HGR_LICENCE, lines=line),
        recorded(LIST, Scheme.RESEARCH_IMPORT_LIST, SCIENCE, lines=line),
    ]
    given = [*PARTIES, *GIVEN, *permits, *declared(), released(), received()]
    return world_of(events_of(given), NOON).subjects


class Record:
    """A record that grows by what it does not refuse."""

    def __init__(self) -> None:
        self.subjects: dict[Tag, Subject] = dict(start())
        self.size = 50

    @property
    def world(self) -> World:
        return World(self.subjects, NOON, self.size)

    def offer(self, statement: Signed[Any]) -> list[Breach] | None:
        """Record a statement, its breaches acknowledged, and return them; None: it was refused."""
        kind, world = KINDS[statement.kind], self.world
        try:
            found = list(kind.judge(world, statement, RULES))
        except Refused:
            return None
        self.size += 1
        named = tags_of(msgspec.json.decode(msgspec.json.encode(statement.body)))
        items = [VIAL for VIAL in VIALS if Tag(VIAL) in named]
        tags = named | {Tag(one.id) for one in world.approvals_of(items)} | {Tag(GOODS)}
        event = Event(self.size, NOON, frozenset(tags), statement)
        self.subjects |= {tag: kind.evolve(self.subjects[tag], event) for tag in tags if tag in self.subjects}
        return found


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, max_size=14))
def test_no_use_at_a_wrong_place_or_for_a_wrong_purpose_goes_unmarked(statements: list[Signed[Any]]) -> None:
    record = Record()
    for statement in statements:
        world = record.world
        broken = record.offer(statement)
        if broken is None or not isinstance(statement.body, ItemUsed):
            continue
        body, rules = statement.body, {one.rule for one in broken}
        of_the_list = any(one.id == LIST for one in world.permits_of(body.item))
        assert ("OWN-01" in rules) is (of_the_list and body.purpose in CLINICAL)
        assert ("GAT-11" in rules) is (body.laboratory == STRANGE)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATEMENTS, max_size=14))
def test_what_goes_beyond_a_permit_or_a_share_is_marked_where_it_happens(statements: list[Signed[Any]]) -> None:
    record = Record()
    for statement in statements:
        before = record.world
        broken = record.offer(statement)
        line = record.world.approval(TRIAL).lines[1]
        assert sum(line.allotted.values(), Decimal(0)) <= line.approved.value
        there = sum((at_site(record.world.approval(TRIAL), line, one) for one in (LAB, WARD, STRANGE)), Decimal(0))
        assert there == Decimal(6), "what goes on is neither lost nor doubled"
        if broken is None:
            continue
        rules = {one.rule for one in broken}
        if statement.kind == "transfer.sent/1" and line.allotted:
            to = statement.body.to_site
            within = at_site(record.world.approval(TRIAL), line, to) <= line.allotted.get(to, Decimal(0))
            assert within or rules & {"SHA-04", "SHA-05"}
        if statement.kind == "permit.drawn/1":
            permit = record.world.permit(statement.body.permit)
            allowed = permit.lines[1].allowed
            over = allowed is not None and permit.lines[1].drawn_in("mL").value > allowed.value
            assert not (over and statement.body.lines) or "PMT-22" in rules
            holds = before.permit(permit.id).why_not(NOON, RULES.working_days.local_date(NOON)) is None
            assert ("PMT-23" in rules) is not holds


def test_the_trial_begins_with_everything_at_one_site() -> None:
    world = World(start(), NOON, 50)
    assert at_site(world.approval(TRIAL), world.approval(TRIAL).lines[1], LAB) == Decimal(6)
    assert all(world.item(one).site == LAB for one in VIALS)
    assert vial("1").quantity.unit == world.approval(TRIAL).lines[1].approved.unit
