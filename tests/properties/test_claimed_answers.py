"""Claimed answers: from what they rest on the same rows follow as from the whole log, whatever was corrected since."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.domain.ending.incidents import Loss, LossReported
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.errors import NotFound
from ledger.evidence.bundle import bundle
from ledger.evidence.bundle.archive import read_archive
from ledger.evidence.bundle.manifest import parse_manifest
from ledger.evidence.checks.trust import parse_trust
from ledger.ids import CaseId, ItemId, Tag, new_statement_id, type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.deciding.earlier import event_of
from ledger.store.memory import MemoryStore
from ledger.tlog.policy import parse_policy
from projections.asked.answering import answer, read
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from projections.claims.asking import follow, question_of, row_value
from projections.claims.checking import Finding, check_answer
from projections.claims.recorded import Recorded
from projections.claims.table import CLAIMABLE, NEEDED
from tests.corpus.bundle_log import Saying, SmallLog, policy, tags_in
from tests.corpus.bundle_story import CHILD, FIRST, LAB, LINEAGE, SCIENTIST, SECOND, TECHNICIAN, begun, ml, trust
from tests.corpus.claimed import asked, claimed
from tests.recorded.record import ORIGIN, play

if TYPE_CHECKING:
    from ledger.domain.judging import Event

PACKS: Final = load_packs()
NOW: Final = datetime(2027, 6, 1, tzinfo=UTC)


@cache
def history() -> tuple[MemoryStore, tuple[Event[Any], ...]]:
    """Return a log of every kind, corrections, voidings, pools and late acts among them, and its events."""
    store = MemoryStore(ORIGIN)
    play(store)
    return store, tuple(event_of(one) for one in store.read() if one.kind != STATE_KIND)


def of_types(*types: str) -> list[Tag]:
    """Return the subjects of some types; of many some, spread over all of them, and some that a recall names.

    Of statements, too, some.
    """
    if types == ("statement",):
        return [Tag(event.said.id) for event in history()[1][::12]]
    found = sorted({tag for event in history()[1] for tag in event.tags if type_of(tag) in types})
    recalled = {tag for event in history()[1] if event.said.kind == "recall.ordered/1" for tag in event.tags}
    return sorted({*found[:: max(1, len(found) // 12)], *sorted(recalled.intersection(found))[:3]})


def everything(events: tuple[Event[Any], ...], subject: Tag) -> Asked:
    """Return what is asked about a subject of some events."""
    return Asked(events=events, packs=PACKS, jurisdiction="CN", at=NOW, subject=subject)


@pytest.mark.parametrize("name", CLAIMABLE)
def test_what_an_answer_rests_on_gives_the_rows_that_the_whole_log_gives(name: str) -> None:
    store, events = history()
    question = QUESTIONS[name]
    subjects = of_types(*question.about)
    assert subjects
    for subject in subjects:
        told = Recorded(store, store.head(), store.head())
        whole = replace(everything(events, subject), signed=told.signed(subject))
        said = asked(name, subject, store.head(), log=ORIGIN, now=NOW)
        follows = follow(said, told, PACKS)
        assert follows.claimed.rows == tuple(map(row_value, question.answer(whole))), subject


@pytest.mark.parametrize("name", NEEDED)
def test_what_is_read_of_a_log_about_one_subject_gives_the_rows_that_all_of_it_gives(name: str) -> None:
    store, events = history()
    question, some = QUESTIONS[name], False
    for subject in of_types(*question.about):
        signed = Recorded(store, store.head(), store.head()).signed(subject)
        whole = replace(everything(events, subject), signed=signed)
        told = read(store, question, everything((), subject), store.head())
        rows = answer(question, told, store.head()).rows
        assert rows == question.answer(whole), subject
        some = some or bool(rows)
    assert some


def test_of_a_statement_that_is_not_recorded_up_to_a_position_nothing_is_told() -> None:
    store, events = history()
    question, last = QUESTIONS["signatures"], events[-1]
    for subject, position in ((Tag(last.said.id), last.position - 1), (Tag(new_statement_id(NOW)), store.head())):
        assert answer(question, read(store, question, everything((), subject), position), position).rows == ()
        with pytest.raises(NotFound, match=f"no statement {subject} is here up to position {position}"):
            follow(asked("signatures", subject, position), Recorded(store, position, store.head()), PACKS)


def aliquoted(log: SmallLog, parent: ItemId, saying: Saying) -> int:
    """Write that the child was made of a parent."""
    children = (Child(item=CHILD, label="c", quantity=ml("0.4")),)
    body = ItemAliquoted(parent=parent, laboratory=LAB, children=children, residual=ml("0.5"), loss=ml("0"))
    return log.say(body, TECHNICIAN, saying=saying)


def made_of(data: bytes) -> list[str]:
    """Return the items of an answer that agrees."""
    found = check_answer(data, parse_policy(policy()), parse_trust(trust()), PACKS)
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words
    assert found.follows is not None
    return [str(row["item"]) for row in found.follows.claimed.rows]


def test_a_lineage_is_that_which_counts_now_and_as_of_an_earlier_position_the_earlier_one() -> None:
    log, _ = begun()
    at = aliquoted(log, FIRST, Saying(tags=LINEAGE))
    aliquoted(log, SECOND, Saying(tags=tags_in(log.entry(at)), corrects=at))
    store, frame = log.store, log.publish()
    assert made_of(claimed(store, frame, "descendants", FIRST)) == [FIRST]
    assert made_of(claimed(store, frame, "descendants", SECOND)) == [CHILD, SECOND]
    assert made_of(claimed(store, frame, "ancestors", CHILD)) == [CHILD, SECOND]
    assert made_of(claimed(store, frame, "ancestors", CHILD, as_of=at)) == [CHILD, FIRST]
    assert made_of(claimed(store, frame, "descendants", FIRST, as_of=at)) == [CHILD, FIRST]


def test_a_bundle_holds_all_events_of_both_parents_that_an_item_was_ever_said_to_have() -> None:
    log, _ = begun()
    at = aliquoted(log, FIRST, Saying(tags=LINEAGE))
    aliquoted(log, SECOND, Saying(tags=tags_in(log.entry(at)), corrects=at))
    data = claimed(log.store, log.publish(), "ancestors", CHILD)
    assert {CHILD, FIRST, SECOND} <= set(parse_manifest(read_archive(data)[bundle.MANIFEST]).complete)


def whereabouts_of(data: bytes) -> list[tuple[object, object]]:
    """Return how the rows of an answer that agrees are known, and the status that they tell."""
    found = check_answer(data, parse_policy(policy()), parse_trust(trust()), PACKS)
    assert (found.finding, found.exit_code) == (Finding.AGREES, 0), found.words
    assert found.follows is not None
    return [(row["known"], row["status"]) for row in found.follows.claimed.rows]


def test_what_was_recorded_since_is_told_beside_what_was_known_up_to_the_checkpoint_and_no_further() -> None:
    log, _ = begun()
    at = aliquoted(log, FIRST, Saying(tags=LINEAGE))
    made = log.publish()
    aliquoted(log, SECOND, Saying(tags=tags_in(log.entry(at)), corrects=at))
    lost_it = LossReported(case=CaseId("case:1"), items=(CHILD,), loss=Loss.LOST, discovered_at=NOW)
    log.say(lost_it, SCIENTIST, saying=Saying(tags=LINEAGE))
    assert whereabouts_of(claimed(log.store, made, "whereabouts", CHILD, as_of=at)) == [("then", "received")]
    lost = log.publish()
    then_and_now = [("then", "received"), ("now", "lost")]
    assert whereabouts_of(claimed(log.store, lost, "whereabouts", CHILD, as_of=at)) == then_and_now
    assert whereabouts_of(claimed(log.store, lost, "whereabouts", CHILD, as_of=at - 1)) == [("now", "lost")]
    assert whereabouts_of(claimed(log.store, lost, "whereabouts", CHILD)) == [("then", "lost")]
    for as_of in (at - 1, at):
        said = asked("whereabouts", CHILD, as_of, log=log.store.origin)
        known = Asked(events=(), packs=PACKS, jurisdiction="CN", at=said.now, subject=said.subject)
        whole = answer(question_of(said), read(log.store, question_of(said), known, as_of), as_of)
        told = Recorded(log.store, as_of, log.store.head())
        assert follow(said, told, PACKS).answer.rows == whole.rows


def test_an_answer_as_it_was_at_a_time_leaves_out_what_happened_later() -> None:
    log, _ = begun()
    at = aliquoted(log, FIRST, Saying(tags=LINEAGE))
    happened = event_of(next(iter(log.store.read(at - 1, 1)))).said.occurred_at
    frame = log.publish()
    assert made_of(claimed(log.store, frame, "descendants", FIRST, until=happened, now=happened)) == [CHILD, FIRST]
    before = datetime.fromtimestamp(happened.timestamp() - 1, UTC)
    assert made_of(claimed(log.store, frame, "descendants", FIRST, until=before, now=before)) == [FIRST]
