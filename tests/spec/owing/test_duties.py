"""Every duty: what opens it, what only looks like its end, what ends it; corrected, voided, paused, and outliving."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import msgspec
import pytest

from ledger.domain.duties.obligation import State
from ledger.domain.law.rules import Parameter
from ledger.ids import new_statement_id
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES, obligations
from ledger.statement.rulebook import RULEBOOK
from tests.spec.bench import CUSTOMS
from tests.spec.owing import before, border, custody, ending, supervised
from tests.spec.owing.scenes import MINUTE, YEARS, moved_to, opened_by, owed, told, voided, withdrawn
from tests.spec.world import NOON, packs

if TYPE_CHECKING:
    from tests.spec.owing.scenes import Scene

SCENES = (*before.SCENES, *border.SCENES, *custody.SCENES, *ending.SCENES, *supervised.SCENES)
EACH = pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
ENDING = pytest.mark.parametrize("scene", [one for one in SCENES if one.closes], ids=lambda scene: scene.duty)


def test_every_duty_has_its_scene() -> None:
    assert {scene.duty for scene in SCENES} == DUTIES.keys()


FEW: Final = 4
"""Of a duty that lapses with more kinds than these, any act lapses it after which it no longer holds: one is enough."""


@EACH
def test_all_that_its_row_names_is_in_its_scene(scene: Scene) -> None:
    """A wrong closer and what ends it, every kind of lapse, and whatever stops, moves or draws out its term."""
    duty = DUTIES[scene.duty]
    assert scene.wrong
    assert scene.approval is not None
    played = (scene.closes, scene.pauses, scene.resumes, scene.moves, scene.extends)
    named = (duty.closes.kinds, duty.pauses.kinds, duty.resumes.kinds, duty.moves, duty.extends)
    for statement, kinds in zip(played, named, strict=True):
        assert {statement.kind} <= kinds if statement is not None else not kinds
    lapses = {statement.kind for statement in scene.lapses}
    assert lapses == duty.lapses.kinds if len(duty.lapses.kinds) <= FEW else lapses and lapses <= duty.lapses.kinds


def test_no_duty_has_two_scenes() -> None:
    assert len(SCENES) == len(DUTIES)


def test_a_duty_names_kinds_and_rules_that_there_are() -> None:
    for duty in DUTIES.values():
        named = (
            duty.extends
            | duty.opens
            | duty.closes.kinds
            | duty.pauses.kinds
            | duty.resumes.kinds
            | duty.lapses.kinds
            | duty.moves
        )
        assert named <= KINDS.keys(), duty.id
        assert duty.missed in {"", *RULEBOOK}, duty.id
        assert duty.says.endswith("."), duty.id


@EACH
def test_it_is_opened(scene: Scene) -> None:
    assert opened_by(scene, scene.given) == []
    first, *others = opened_by(scene, scene.opened)
    assert len(others) == scene.count - 1
    assert first.due == scene.due
    assert first.state_at(scene.opens.occurred_at) is (State.OPEN if scene.due is None else State.DUE)
    assert first.state_at(scene.opens.occurred_at - MINUTE) is None
    assert (first.edition != "", first.calendar != "") == (True, scene.due is not None)


@EACH
def test_nothing_but_its_own_closing_statement_ends_it(scene: Scene) -> None:
    for statement in scene.wrong:
        (first, *_) = opened_by(scene, [*scene.opened, statement])
        assert (first.met, first.lapsed) == (None, None), statement.kind


@ENDING
def test_its_closing_statement_meets_it(scene: Scene) -> None:
    assert scene.closes is not None
    first, *others = opened_by(scene, [*scene.opened, scene.closes])
    assert first.met is not None
    assert first.met.at == scene.closes.occurred_at
    assert first.state_at(scene.closes.occurred_at - MINUTE) in {State.OPEN, State.DUE}
    assert first.state_at(scene.closes.occurred_at) is State.MET
    assert [one.met for one in others] == [None] * len(others)


@EACH
def test_neither_expiry_nor_withdrawal_of_the_approval_closes_it(scene: Scene) -> None:
    assert scene.approval is not None
    given = [*scene.opened, withdrawn(scene.approval, CUSTOMS, scene.opens.occurred_at + MINUTE)]
    (first, *_) = opened_by(scene, given)
    assert first.state_at(NOON + YEARS) in {State.OPEN, State.DUE}
    assert first.overdue_at(NOON + YEARS) is (scene.due is not None)


@EACH
def test_a_voided_opening_opens_nothing(scene: Scene) -> None:
    assert opened_by(scene, [*scene.opened, voided(scene.opens, NOON)]) == []


@EACH
def test_a_corrected_opening_opens_it_from_its_own_time(scene: Scene) -> None:
    """Its term runs from then, and under the edition of the first words."""
    at = scene.opens.occurred_at + MINUTE
    (was, *_), (now, *_) = (
        opened_by(scene, given) for given in (scene.opened, [*scene.opened, moved_to(scene.opens, at)])
    )
    assert (now.opened.at, now.opened.position) == (at, was.opened.position)
    assert now.edition == was.edition


@ENDING
def test_a_voided_closing_leaves_it_open(scene: Scene) -> None:
    assert scene.closes is not None
    given = [*scene.opened, scene.closes, voided(scene.closes, NOON)]
    (first, *_) = opened_by(scene, given)
    assert first.met is None


@ENDING
def test_a_corrected_closing_meets_it_at_its_own_time(scene: Scene) -> None:
    assert scene.closes is not None
    at = scene.closes.occurred_at + MINUTE
    (first, *_) = opened_by(scene, [*scene.opened, scene.closes, moved_to(scene.closes, at)])
    assert first.met is not None
    # A notice says itself when a body was told; that its statement is dated otherwise changes nothing of it.
    assert first.met.at == (at if DUTIES[scene.duty].done_at is None else scene.closes.body.told_at)


@pytest.mark.parametrize("scene", [one for one in SCENES if one.pauses], ids=lambda scene: scene.duty)
def test_its_clock_stands_while_it_is_paused(scene: Scene) -> None:
    assert scene.pauses is not None
    given = [*scene.opened, scene.pauses]
    (first, *_) = opened_by(scene, given)
    assert first.state_at(scene.pauses.occurred_at) is State.PAUSED
    assert not first.overdue_at(NOON + YEARS)
    (first, *_) = opened_by(scene, [*given, voided(scene.pauses, NOON)])
    assert first.pauses == ()
    later = moved_to(scene.pauses, scene.pauses.occurred_at + MINUTE)
    (first, *_) = opened_by(scene, [*given, later])
    assert first.pauses[0].begun.at == later.occurred_at
    if scene.resumes is not None:
        (first, *_) = opened_by(scene, [*given, scene.resumes])
        assert first.state_at(scene.resumes.occurred_at) in {State.OPEN, State.DUE}
    if scene.closes is not None:
        (first, *_) = opened_by(scene, [*given, scene.closes])
        assert first.state_at(scene.closes.occurred_at) is State.MET


@pytest.mark.parametrize("scene", [one for one in SCENES if one.lapses], ids=lambda scene: scene.duty)
def test_it_lapses_where_nothing_is_owed_any_more(scene: Scene) -> None:
    for statement in scene.lapses:
        (first, *_) = opened_by(scene, [*scene.opened, statement])
        assert first.state_at(statement.occurred_at) is State.LAPSED, statement.kind
        (first, *_) = opened_by(scene, [*scene.opened, statement, voided(statement, NOON)])
        assert first.lapsed is None, statement.kind


@pytest.mark.parametrize("scene", [one for one in SCENES if one.moves], ids=lambda scene: scene.duty)
def test_its_stated_date_moves(scene: Scene) -> None:
    assert scene.moves is not None
    (first, *_) = opened_by(scene, [*scene.opened, scene.moves])
    assert first.due == scene.moved


@pytest.mark.parametrize("scene", [one for one in SCENES if one.extends], ids=lambda scene: scene.duty)
def test_its_term_is_drawn_out_once(scene: Scene) -> None:
    assert scene.extends is not None
    again = msgspec.structs.replace(scene.extends, id=new_statement_id(scene.extends.occurred_at))
    for more in ([scene.extends], [scene.extends, again]):
        (first, *_) = opened_by(scene, [*scene.opened, *more])
        assert first.due == scene.extended
    (first, *_) = opened_by(scene, [*scene.opened, scene.extends, voided(scene.extends, NOON)])
    assert first.due == scene.due


@EACH
def test_the_boundary_that_its_row_declares_is_enough(scene: Scene) -> None:
    """Computed from the events of its subject and of what it spans, it is the same as from the whole log."""
    given = scene.opened if scene.closes is None else [*scene.opened, scene.closes]
    events = told(given, scene.duty)
    for one in owed(given, scene.duty):
        spans = {tag for event in events for tag in event.tags if tag.partition(":")[0] in one.duty.spans}
        boundary = spans | {one.subject}
        some = [event for event in events if event.tags & boundary]
        assert one in obligations(some, packs(), boundary, (one.duty,))


@EACH
def test_it_is_the_same_years_later_with_newer_packs_present(scene: Scene) -> None:
    shipped = packs().editions[-1]
    pack = replace(
        packs().by_id("cn-281/2026-08-01"), id="cn-999/2040-01-01", digest="f" * 64, effective_from=date(2040, 1, 1)
    )
    newer = replace(packs(), editions=(*packs().editions, replace(shipped, pack=pack)))
    assert owed(scene.opened, scene.duty, newer) == owed(scene.opened, scene.duty)


def test_a_later_edition_reaches_what_is_open_only_if_it_says_so() -> None:
    scene = next(one for one in SCENES if one.duty == "declare-at-destination")
    (shipped,) = [one for one in packs().editions if one.pack.id == "cn-281/2026-08-01"]
    term = shipped.pack.destination_declaration_days
    assert term is not None
    assert scene.due is not None
    reaches = Parameter(("destination_declaration_days",), "terms", term.clause, term.source, term.confidence)
    later = replace(
        shipped.pack,
        id="cn-281/2026-09-15",
        digest="f" * 64,
        effective_from=scene.due.date().replace(month=9, day=15),
        destination_declaration_days=replace(term, value=60),
        reaches_open_duties=reaches,
    )
    editions = replace(packs(), editions=(*packs().editions, replace(shipped, pack=later)))
    (one,) = owed(scene.opened, scene.duty, editions)
    assert (one.due, one.edition) == (scene.due + timedelta(days=30), later.id)
    assert scene.closes is not None  # on 4 September, before the later edition begins
    (met,) = owed([*scene.opened, scene.closes], scene.duty, editions)
    assert (met.due, met.edition) == (scene.due, shipped.pack.id)
