"""What a statement would do to what is owed is what it then does: the same as all obligations before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.ids import PartyId, Tag
from ledger.statement.duties import obligations
from projections.foreseen import foresee
from projections.obligations import begun
from tests.spec.owing import before, border, custody, ending, supervised
from tests.spec.owing.scenes import MINUTE, told, voided, withdrawn
from tests.spec.world import packs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from projections.foreseen import Record
    from tests.spec.owing.scenes import Scene

SCENES: Final = (*before.SCENES, *border.SCENES, *custody.SCENES, *ending.SCENES, *supervised.SCENES)
Row = tuple[str, Tag, int, tuple[Tag, ...], PartyId | None]
Key = tuple[str, Tag, str, int]


def _record(events: Sequence[Event[Any]]) -> Record:
    def about(tag: Tag, kinds: Collection[str]) -> Iterator[Event[Any]]:
        return (event for event in events if tag in event.tags and event.said.kind in kinds)

    return about


def _last(events: Sequence[Event[Any]]) -> tuple[list[Row], list[Row]]:
    """Return what the last event opens and ends, by all obligations of the log before it and with it."""
    editions = begun(packs(), events[-1].recorded)
    before, after = (
        {(one.duty.id, one.subject, one.owed.key, one.opened.position): one for one in obligations(given, editions)}
        for given in (events[:-1], events)
    )
    running, then = (_unended(before), _unended(after))
    opens = [after[key] for key in after if key not in before or key in then - running]
    ends = [before[key] for key in before if key in running - then]
    return [_row(one) for one in opens], [_row(one) for one in ends]


def _unended(found: Mapping[Key, Obligation]) -> set[Key]:
    return {key for key, one in found.items() if one.met is None and one.lapsed is None}


def _row(one: Obligation) -> Row:
    return one.duty.id, one.subject, one.opened.position, one.owed.concerns, one.owed.debtor


def _foreseen(events: Sequence[Event[Any]]) -> tuple[list[Row], list[Row]]:
    found = foresee(_record(events[:-1]), packs(), events[-1])
    opens, ends = (
        [(one.duty, one.subject, one.opened_by, one.concerns, one.debtor) for one in rows]
        for rows in (found.opens, found.ends)
    )
    return opens, ends


EACH: Final = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)


@EACH
def test_what_is_foreseen_is_what_comes(scene: Scene) -> None:
    last = [*scene.lapses, *scene.wrong, scene.pauses, scene.closes, scene.opens]
    at = max(one.occurred_at for one in last if one is not None) + MINUTE
    closed = [] if scene.closes is None else [scene.closes]
    undone = [[*closed, voided(one, at)] for one in (scene.opens, *closed)]
    for more in ([], closed, *([one] for one in (*scene.lapses, *scene.wrong)), *undone):
        events = told([*scene.opened, *more], scene.duty)
        assert _foreseen(events) == _last(events), events[-1].said.kind
    opened, _ = _foreseen(told(scene.opened, scene.duty))
    assert scene.duty in {duty for duty, *_ in opened}


@EACH
def test_a_withdrawn_approval_is_foreseen_as_it_comes(scene: Scene) -> None:
    assert scene.approval is not None
    at = scene.opens.occurred_at + MINUTE
    events = told([*scene.opened, withdrawn(scene.approval, scene.opens.signers[0], at)], scene.duty)
    assert _foreseen(events) == _last(events)
