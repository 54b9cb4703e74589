"""Folding with corrections and voidings: what holds for all sequences of events."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.domain.acts import Place
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.fold import effective, fold, standing
from ledger.domain.judging import Event, Signed
from ledger.domain.registry.parties import RoleGranted, RoleWithdrawn
from ledger.domain.states.party import Party
from ledger.ids import Tag, new_statement_id
from ledger.statement.catalogue import KINDS
from tests.spec.parties import IMPORTER, OPERATOR, opened, registered
from tests.spec.world import NOON, events_of, said

ROLES = st.sampled_from(sorted(Role))
CHANGES = st.lists(st.tuples(st.booleans(), ROLES), max_size=12)
PARTY = Tag(IMPORTER.party)


def changes(drawn: list[tuple[bool, Role]]) -> list[Signed[Any]]:
    return [
        said((RoleGranted if grant else RoleWithdrawn)(party=IMPORTER.party, role=role), OPERATOR)
        for grant, role in drawn
    ]


def roles_after(events: list[Event[Any]]) -> frozenset[Role]:
    party = fold(PARTY, [event for event in events if PARTY in event.tags], KINDS)
    assert isinstance(party, Party)
    return party.roles


@given(CHANGES, CHANGES)
def test_folding_on_is_folding_all(first: list[tuple[bool, Role]], then: list[tuple[bool, Role]]) -> None:
    events = events_of([opened(), registered(IMPORTER.party), *changes(first), *changes(then)])
    party = fold(PARTY, events[: 2 + len(first)], KINDS)
    for event in events[2 + len(first) :]:
        party = KINDS[event.said.kind].evolve(party, event)
    assert party == fold(PARTY, events, KINDS)


@given(CHANGES.filter(bool), st.data())
def test_a_correction_counts_in_the_place_of_what_it_corrects(
    drawn: list[tuple[bool, Role]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(drawn) - 1))
    other = data.draw(ROLES)
    statements = [opened(), registered(IMPORTER.party), *changes(drawn)]
    wrong = statements[2 + index]
    right = replace(
        wrong, id=new_statement_id(NOON), corrects=wrong.id, body=type(wrong.body)(party=IMPORTER.party, role=other)
    )
    as_if = [*statements[: 2 + index], right, *statements[3 + index :]]
    assert roles_after(events_of([*statements, right])) == roles_after(events_of(as_if))


@given(CHANGES.filter(bool), st.data())
def test_what_counts_before_a_place_is_folded_as_it_counts_now(
    drawn: list[tuple[bool, Role]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(drawn) + 3))
    index = data.draw(st.integers(0, len(drawn) - 1))
    statements = [opened(), registered(IMPORTER.party), *changes(drawn)]
    wrong = statements[2 + index]
    right = replace(wrong, id=new_statement_id(NOON), corrects=wrong.id)
    mended = [event for event in events_of([*statements, right]) if PARTY in event.tags]
    plain = [event for event in events_of(statements) if PARTY in event.tags and event.position < place]
    assert fold(PARTY, mended, KINDS, before=Place(NOON, place)) == fold(PARTY, plain, KINDS)


@given(CHANGES.filter(bool), st.data())
def test_what_stands_is_what_counts(drawn: list[tuple[bool, Role]], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(drawn) - 1))
    statements = [opened(), registered(IMPORTER.party), *changes(drawn)]
    wrong = statements[2 + index]
    right = replace(wrong, id=new_statement_id(NOON), corrects=wrong.id)
    events = events_of([*statements, right])
    found = [standing(events, one.said.id) for one in events]
    assert [one for one in found if one is not None and one.said.id != right.id] + [found[-1]] == [
        *(one for one in effective(events) if one.said.id != right.id),
        *(one for one in effective(events) if one.said.id == right.id),
    ]
    assert standing(events, wrong.id) is None
