"""The log as somebody may read it: what the function of rights says is shown, and answers rest on nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.access.principal import Principal
from api.access.read import ReadOfOthers
from api.access.record import AtHead
from api.access.rights.seeing import Looking, shows
from api.access.shown import Shown
from ledger.statement.entries.state_entry import STATE_KIND
from projections.asked.answering import answer, read
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from projections.reading import read_checked
from tests.spec.world import packs
from tests.story import story_log

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from ledger.store.memory import MemoryStore

NOW: Final = datetime(2026, 11, 29, tzinfo=UTC)
PARTIES: Final = ("party:importer", "party:waste-contractor", "party:destination-customs", "party:operator")


@pytest.fixture(scope="module")
def story() -> MemoryStore:
    return story_log()


def events(story: MemoryStore) -> list[Event[Any]]:
    return [read_checked(one) for one in story.read() if one.kind != STATE_KIND]


def looking(story: MemoryStore, party: str) -> tuple[Principal, AtHead, Shown]:
    signer = next(event.said.signers[0] for event in events(story) if event.said.party == party)
    who, record = Principal(signer.party, signer.person, signer.key, "session-1"), AtHead(story, NOW)
    return who, record, Shown(story, Looking(who, record), record, ReadOfOthers())


@pytest.mark.parametrize("party", PARTIES)
def test_who_looks_again_and_again_sees_what_who_looks_once_sees(story: MemoryStore, party: str) -> None:
    who, _, shown = looking(story, party)
    positions = {one.position for one in shown.read()}
    every = events(story)
    assert 0 < len(positions) < len(every)
    for event in every[::40]:
        assert (event.position in positions) == shows(who, event, AtHead(story, NOW)), event.said.kind
        assert (shown.find(event.said.id) is not None) == (event.position in positions)


@pytest.mark.parametrize("name", ["recalls", "discrepancies", "few-signers", "places"])
def test_a_row_of_an_answer_rests_on_what_is_shown(story: MemoryStore, name: str) -> None:
    for party in PARTIES:
        _, record, shown = looking(story, party)
        positions = {one.position for one in shown.read()}
        question, asked = QUESTIONS[name], Asked((), packs(), "CN", NOW)
        found = answer(question, read(shown, question, asked, record.position), record.position)
        assert {row.why.position for row in found.rows} <= positions | {None}


def test_nothing_behind_the_record_is_shown(story: MemoryStore) -> None:
    _, record, shown = looking(story, "party:importer")
    record.position = 40
    assert max(one.position for one in shown.read()) <= shown.head() == 40
    assert all(one.position <= 40 for tag in events(story)[-1].tags for one in shown.about(tag))
