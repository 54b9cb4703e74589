"""Obligations computed event by event are those computed at once, whatever is corrected and voided on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.duties.steps import Told
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import obligations, own
from ledger.store.deciding.earlier import event_of
from ledger.store.memory import MemoryStore
from tests.recorded.record import ORIGIN, play
from tests.spec.owing.scenes import moved_to, told, voided
from tests.spec.owing.test_duties import SCENES
from tests.spec.world import NOON, packs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event, Signed
    from ledger.ids import Tag
    from tests.spec.owing.scenes import Scene


def following(events: Sequence[Event[Any]]) -> Iterator[list[Obligation]]:
    """Yield what is owed after each event, computed as it comes, of nothing but the subjects that it can concern.

    Those are the subjects of which some event bears a tag that the new one bears, too.
    """
    kept: dict[Tag, list[Obligation]] = {}
    beside: dict[Tag, set[Tag]] = {}
    for size, event in enumerate(events, start=1):
        for tag in event.tags:
            beside.setdefault(tag, set()).update(event.tags)
        concerned = {tag for tag, others in beside.items() if others & event.tags}
        boundary = {other for tag in concerned for other in beside[tag]}
        some = [one for one in events[:size] if one.tags & boundary]
        found = obligations(some, packs(), boundary)
        kept |= {tag: [one for one in found if one.subject == tag] for tag in concerned}
        told_now = (one for some in kept.values() for one in some)
        yield sorted(told_now, key=lambda one: (one.opened.position, one.duty.id, one.subject, one.owed.key))


@settings(deadline=None, max_examples=15)
@given(data=st.data())
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
def test_it_is_the_same_event_by_event_and_at_once(scene: Scene, data: st.DataObject) -> None:
    statements: list[Signed[Any]] = [*scene.opened]
    more = [*scene.wrong, *(one for one in (scene.pauses, scene.moves, scene.closes) if one is not None)]
    for statement in data.draw(st.permutations(more)):
        statements.append(statement)
        what = data.draw(st.sampled_from(["leave", "correct", "void"]))
        target = data.draw(st.sampled_from(statements[len(scene.given) :]))
        if what == "correct":
            statements.append(
                moved_to(target, target.occurred_at + data.draw(st.sampled_from([-1, 1])) * timedelta(hours=2))
            )
        elif what == "void":
            statements.append(voided(target, NOON))
    events = told(statements)
    for size, found in enumerate(following(events), start=1):
        if size > len(scene.given):
            assert found == obligations(events[:size], packs())


def test_a_whole_log_owes_the_same_in_parts_and_at_once() -> None:
    store = MemoryStore(ORIGIN)
    play(store)
    events = [event_of(one) for one in store.read() if one.kind in KINDS]
    whole = obligations(events, packs())
    assert {one.duty.id for one in whole} >= {"declare-at-destination", "hand-over-waste", "answer-handover"}
    for one in whole[::20]:
        boundary = {tag for event in events if one.subject in event.tags for tag in event.tags}
        some = [event for event in events if event.tags & boundary]
        assert one in own(Told(some, KINDS, boundary), one.subject, packs(), (one.duty,))
