"""What is owed, kept up event by event: the rows are those computed at once, whatever is corrected, voided or late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.acts import place_of
from ledger.domain.duties.steps import Told as Steps
from ledger.domain.fold import VOIDED, fold, initial, rewritten
from ledger.domain.judging import Signed
from ledger.ids import Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import obligations
from ledger.tlog.index import NO_EVENTS, TagState
from projections.folding.applying import Applying
from projections.folding.around import Around
from projections.folding.editions import Begun
from projections.folding.outcome import Outcome
from projections.folding.past import Past
from projections.folding.reached import changed_by, reached
from projections.folding.whole import Whole
from projections.obligations import begun
from projections.views.obligations import OBLIGATIONS, RESTING
from tests.spec.bench import A, vials
from tests.spec.owing.ending import destroyed
from tests.spec.owing.scenes import moved_to, told, voided
from tests.spec.owing.test_duties import SCENES
from tests.spec.owing.test_obligations_kept import ORDERED, RECALL, confirmed, on
from tests.spec.world import NOON, packs
from tests.viewed import owed_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.domain.acts import Place
    from ledger.domain.judging import Event
    from projections.folding.applying import Noting
    from projections.views.view import Row, View
    from tests.spec.owing.scenes import Scene


@dataclass
class Told:
    """Events as a store has them, and what a runner wrote and noted of them: its tables without a database."""

    events: Sequence[Event[Any]]
    noted: dict[Tag, TagState] = field(default_factory=dict)
    rows: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=dict)

    def about(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield the events of some kinds about some subjects."""
        for one in self.events:
            if one.position > after and any(one.said.kind in wanted.get(tag, ()) for tag in one.tags):
                yield one, leaf(one)

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return what is noted of some subjects."""
        return {tag: self.noted.get(tag, NO_EVENTS) for tag in tags}

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose rows rest on some subjects as they were at an instant or later."""
        rows: list[Any] = list(self.rows.get(RESTING.name, {}).values())
        return {row[0] for row in rows if row[1] in changed and row[2] >= changed[row[1]]}

    def write(self, noting: Noting) -> None:
        """Write a batch, or a part of what is made at once."""
        self.noted |= noting.seen
        for view in (OBLIGATIONS, RESTING):
            kept = self.rows.setdefault(view.name, {})
            cleared = set(map(str, noting.rows.cleared(view)))
            kept = {key: row for key, row in kept.items() if row[0] not in cleared}
            self.rows[view.name] = kept | {row[: view.key]: row for row in noting.rows.of(view)}

    def written(self, view: View) -> list[Row]:
        """Return the rows of a view in the order of their keys."""
        return [row for _, row in sorted(self.rows[view.name].items())]


def leaf(event: Event[Any]) -> bytes:
    """Return what stands for an entry's hash."""
    return sha256(str(event.position).encode()).digest()


def followed(events: Sequence[Event[Any]], batches: Sequence[int], restarts: Sequence[bool]) -> Told:
    """Return what is written of events that come in batches, between which the runner may have started anew."""
    kept = Told(events)
    editions = Begun(packs(), events[-1].recorded)
    applying, at = Applying(kept, kept, editions), 0
    for size, anew in zip(batches, restarts, strict=True):
        if anew:
            applying = Applying(kept, kept, editions, at)
        for event in events[at : at + size]:
            applying.apply(event, changed_by(event), leaf(event))
            applying.position = at = event.position
        kept.write(applying.noting())
        applying.written()
    return kept


def made(events: Sequence[Event[Any]], parts: int) -> Told:
    """Return what is written of events that are taken all at once, their subjects in at most so many parts."""
    kept, whole = Told(events), Whole()
    for event in events:
        whole.gather(event, leaf(event))
    for tags in whole.parts(parts):
        for noting in Outcome(whole, Begun(packs(), events[-1].recorded)).notings(tags):
            assert kept.noted.keys().isdisjoint(noting.seen)
            kept.write(noting)
    return kept


def due(events: Sequence[Event[Any]]) -> list[tuple[Any, ...]]:
    """Return the rows that there are to be, computed from all events at once."""
    return sorted(
        (owed_row(one) for one in obligations(events, begun(packs(), events[-1].recorded))), key=lambda row: row[:4]
    )


def acts(scene: Scene) -> list[Signed[Any]]:
    """Return what a scene has beside its beginning."""
    more = (scene.pauses, scene.resumes, scene.moves, scene.closes)
    return [*scene.wrong, *scene.lapses, *(one for one in more if one is not None)]


def drawn(data: st.DataObject, statements: list[Signed[Any]], more: list[Signed[Any]]) -> list[Event[Any]]:
    """Draw what is told after some statements, in any order, with corrections and voidings of whatever was said."""
    for statement in data.draw(st.permutations(more)):
        statements.append(statement)
        target = data.draw(st.sampled_from(statements))
        match data.draw(st.sampled_from(["leave", "leave", "correct", "void"])):
            case "correct":
                hours = data.draw(st.sampled_from([-2, 2])) * timedelta(hours=1)
                statements.append(moved_to(target, target.occurred_at + hours))
            case "void":
                statements.append(voided(target, NOON))
    return told(once(statements))


def once(statements: Sequence[Signed[Any]]) -> list[Signed[Any]]:
    """Return statements without those that bring something into being that is there, and what says more of these."""
    born, refused = set[Tag](), set[str]()
    for event in told(statements):
        if event.said.kind == VOIDED or event.said.corrects is not None:
            continue
        made = {tag for tag in event.tags if KINDS[event.said.kind].evolve(initial(tag), event).known}
        if made & born:
            refused.add(event.said.id)
        else:
            born |= made
    return [one for one in statements if refused.isdisjoint({one.id, rewritten(one)})]


def check_read(data: st.DataObject, events: Sequence[Event[Any]]) -> None:
    """Compare what is written of events in batches, with restarts between them, and at once, with what is due."""
    batches, left = [], len(events)
    while left:
        batches.append(min(left, data.draw(st.integers(1, 4))))
        left -= batches[-1]
    restarts = [data.draw(st.booleans()) for _ in batches]
    kept, whole = followed(events, batches, restarts), made(events, data.draw(st.integers(1, 3)))
    assert kept.written(OBLIGATIONS) == due(events)
    assert whole.written(OBLIGATIONS) == due(events)
    assert kept.written(RESTING) == whole.written(RESTING)
    assert kept.noted == whole.noted
    check_states(events, place_of(data.draw(st.sampled_from(events))))
    check_reached(data, events)


def check_reached(data: st.DataObject, events: Sequence[Event[Any]]) -> None:
    """Compare what is due before and behind some last events in the chains that these do not reach."""
    begin = data.draw(st.integers(0, len(events)))
    editions = begun(packs(), events[-1].recorded)
    fewer, more = (
        sorted(map(owed_row, obligations(some, editions)), key=lambda row: row[:4]) for some in (events[:begin], events)
    )
    behind = followed_to(events, len(events))
    near = Around(Past(behind, behind), {}, events[-1].position)
    for kept in (followed_to(events, begin), behind):
        tags = reached(events[begin:], near, kept.resting_on)
        assert [row for row in fewer if row[0] not in tags] == [row for row in more if row[0] not in tags]


def followed_to(events: Sequence[Event[Any]], end: int) -> Told:
    """Return what is written of the first of some events, by the editions that had begun when the last was recorded."""
    kept = Told(events[:end])
    applying = Applying(kept, kept, Begun(packs(), events[-1].recorded))
    for event in kept.events:
        applying.apply(event, changed_by(event), leaf(event))
        applying.position = event.position
    kept.write(applying.noting())
    return kept


def check_states(events: Sequence[Event[Any]], place: Place) -> None:
    """Compare what each subject was at a place, found among its states, with what is folded up to there."""
    told = Steps(events, KINDS)
    for tag in told.subjects:
        assert told.at(tag, place) == fold(tag, [one for one in events if tag in one.tags], KINDS, before=place)


@settings(deadline=None, max_examples=8)
@given(data=st.data())
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
def test_what_is_owed_is_the_same_however_it_is_read(scene: Scene, data: st.DataObject) -> None:
    check_read(data, drawn(data, [*scene.opened], acts(scene)))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_so_it_is_where_several_duties_are_owed_about_the_same_subjects(data: st.DataObject) -> None:
    scenes = data.draw(st.lists(st.sampled_from(SCENES), min_size=2, max_size=3, unique_by=lambda scene: scene.duty))
    beginning = list({one.id: one for scene in scenes for one in scene.given}.values())
    more = {one.id: one for scene in scenes for one in (scene.opens, *acts(scene))}
    check_read(data, drawn(data, beginning, [one for one in more.values() if one not in beginning]))


def test_what_is_told_late_of_an_item_whose_listing_is_void_counts_at_its_time() -> None:
    deposit, loss = (next(one for one in SCENES if one.duty == duty) for duty in ("receipt-deposit", "report-loss"))
    listed = next(one for one in deposit.given if one.kind == "item.listed/1")
    assert isinstance(loss.opens, Signed)
    assert isinstance(deposit.opens, Signed)
    assert loss.opens.occurred_at < deposit.opens.occurred_at
    closed = next(one for one in loss.wrong if one.kind == "incident.closed/1")
    events = told([*deposit.given, deposit.opens, voided(listed, NOON), loss.opens, closed])
    each = [1] * len(events)
    kept = followed(events, each, [False for _ in each])
    assert kept.written(OBLIGATIONS) == due(events)


def test_a_late_act_on_one_subject_reaches_another_whose_obligations_rest_on_it() -> None:
    events, recall = told([*vials(), on(0, ORDERED), confirmed(2), destroyed(A)]), Tag(RECALL)
    fewer, more = due(events[:-1]), due(events)
    assert {row[0] for row in set(fewer) - set(more)} >= {recall}, "nothing was left of the tube when it was confirmed"
    assert recall not in events[-1].tags
    behind = followed_to(events, len(events))
    near = Around(Past(behind, behind), {}, len(events))
    for kept in (followed_to(events, len(events) - 1), behind):
        assert recall in reached(events[-1:], near, kept.resting_on)
    assert recall not in reached(events[-1:], near, lambda _: ()), "nothing else leads to it"
