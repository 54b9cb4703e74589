"""The table by which verifiers compute what is owed says what the ledger says, and owns up to what it does not say."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from ledger.domain.acts import LINKS
from ledger.domain.fold import initial
from ledger.domain.states.subjects import Item
from ledger.evidence.answers.owing import kinds_in
from ledger.evidence.answers.rows import ABOUT
from ledger.evidence.answers.table import duties
from ledger.ids import Tag, type_of
from ledger.statement.duties import DUTIES
from tests.properties.test_answers_by_table import PACKS, When, compare
from tests.spec.owing.test_duties import SCENES
from tests.spec.world import events_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.judging import Event, Signed
    from tests.spec.owing.scenes import Scene

TYPES: Final = sorted(ABOUT["owed"])
MINE: Final = {duty: of for of in TYPES for duty in duties()[of]}
NAMES: Final = [one.pack.name for one in PACKS.editions if one.pack.jurisdiction in {"CN", "US"}]
"""The editions that scenes are told under, each event by some of them."""


def _told(said: Sequence[Signed[Any]], chance: random.Random) -> tuple[list[Event[Any]], dict[int, Any]]:
    events = [replace(event, rules=chance.choice(NAMES)) for event in events_of(said)]
    return events, {one.position: msgspec.json.decode(msgspec.json.encode(one.said.body)) for one in events}


def _histories(scene: Scene) -> list[list[Signed[Any]]]:
    more = [scene.closes, scene.pauses, scene.moves, *scene.lapses]
    return [scene.opened, *([*scene.opened, *scene.wrong, one] for one in more if one is not None)]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.duty)
def test_what_is_owed_in_a_scene_is_the_same_by_the_table(scene: Scene) -> None:
    found = []
    for number, said in enumerate(_histories(scene)):
        events, bodies = _told(said, random.Random(number))
        last = max(event.said.occurred_at for event in events)
        for subject in sorted({tag for event in events for tag in event.tags if type_of(tag) in TYPES}):
            for now in (last, last - timedelta(hours=1), last + timedelta(days=400)):
                found.append(compare(events, bodies, "owed", subject, When(now, events[-1].position)))
    assert scene.duty not in MINE or max(found) > 0


def test_every_duty_is_in_the_table_or_is_told_to_be_elsewhere() -> None:
    elsewhere = {one["duty"] for of in TYPES for one in duties()["elsewhere"][of]}
    about = {duty.id for duty in DUTIES.values() if duty.about in {type(initial(Tag(f"{of}:x"))) for of in TYPES}}
    assert set(MINE) | elsewhere == about
    assert not set(MINE) & elsewhere


@pytest.mark.parametrize("ident", MINE)
def test_a_duty_of_the_table_is_the_ledgers(ident: str) -> None:
    row, duty = duties()[MINE[ident]][ident], DUTIES[ident]
    assert duty.about is type(initial(Tag(f"{MINE[ident]}:x")))
    for part, kinds in (
        ("opens", duty.opens),
        ("closes", duty.closes.kinds),
        ("lapses", duty.lapses.kinds),
        ("pauses", duty.pauses.kinds),
    ):
        beyond = set(row.get("unless", {}).get("kinds", ()))
        assert set(kinds_in(row.get(part, ()))) == kinds - beyond, part
    assert set(row.get("moves", ())) == duty.moves
    assert row.get("term") == (None if duty.term is None else duty.term.name)
    assert row.get("law") == (None if duty.law is None else duty.law.name)
    if duty.term is None and duty.law is None:
        assert (row.get("clause", ""), row.get("confidence", "V")) == (duty.clause, duty.confidence)


def test_the_links_of_an_item_are_those_of_the_ledger() -> None:
    assert set(duties()["links"]["item"]) == LINKS[Item]


def test_what_is_elsewhere_is_named_by_the_kinds_that_open_it() -> None:
    for of in TYPES:
        for one in duties()["elsewhere"][of]:
            assert set(one["kinds"]) == DUTIES[one["duty"]].opens
