"""Whatever brings something into being has its place among what gives names, and of items among what they came of."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ledger.domain.fold import BEGINNING, initial
from ledger.domain.states.subjects import Item
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from projections.names import MADE_OF, NAMING
from scripts.examples import body_of
from tests.spec.parties import LABORATORY
from tests.spec.world import events_of, said

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.ids import Tag

_HAVE_STATES: Final = frozenset({"item", "approval", "consignment", "party", "site", "case", "permit", "key"})


def example_of(kind: str) -> Event[Any]:
    """Return an event of a kind, its body as the schema's example has it, but that no item stands in it twice."""
    numbers = count(1)
    text = msgspec.json.encode(body_of(KINDS[kind], whole=True, many=1)).decode()
    text = re.sub(r"item:T-[0-9]+", lambda _: f"item:T-{next(numbers)}", text)
    body = msgspec.json.decode(text, type=KINDS[kind].body)
    (event,) = events_of([said(body, LABORATORY)])
    return event


def begun_by(kind: str) -> set[Tag]:
    """Return what an event of a kind brings into being where nothing is on record."""
    event = example_of(kind)
    named = {tag for tag in event.tags if type_of(tag) in _HAVE_STATES}
    after = {tag: KINDS[kind].evolve(initial(tag), event) for tag in named}
    return {tag for tag, subject in after.items() if subject.known}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_brings_a_subject_into_being_tells_of_its_id_at_least(kind: str) -> None:
    lacking = {tag for tag in begun_by(kind) if kind not in NAMING.get(type_of(tag), ())}
    assert not lacking


def test_what_brings_items_into_being_says_what_they_came_of() -> None:
    assert {kind for kind in KINDS if any(type_of(tag) == "item" for tag in begun_by(kind))} == BEGINNING[Item]
    assert MADE_OF.keys() == BEGINNING[Item]


@pytest.mark.parametrize("kind", sorted(MADE_OF))
def test_the_items_of_the_table_are_those_that_begin(kind: str) -> None:
    event = example_of(kind)
    made, of = MADE_OF[kind](event.said.body)
    items = {one.item for one in made}
    assert items == {tag for tag in begun_by(kind) if type_of(tag) == "item"}
    assert set(of) <= event.tags - items
