"""The recorder behind the eventsourcing library's port: the library's own test case, and what it does not test."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.dcb.popo import InMemoryDCBRecorder
from eventsourcing.dcb.tests import DCBRecorderTestCase
from eventsourcing.persistence import IntegrityError, ProgrammingError

from ledger.clock import SystemClock
from ledger.ids import Tag
from ledger.statement.entries.entry import parse_entry
from ledger.store.recorder import LedgerRecorder
from tests.contracts.records import append, record

if TYPE_CHECKING:
    from ledger.store.port import Store

_LONG = 30.0  # seconds: a test that needs them has failed
_OPENED = DCBEvent("opened", b"1", ["case:1", "site:2"])


@pytest.fixture
def recorder(store: Store) -> LedgerRecorder:
    return LedgerRecorder(store, SystemClock())


def test_the_librarys_test_case_passes(recorder: LedgerRecorder) -> None:
    DCBRecorderTestCase()._test_append_read(recorder)


def test_the_librarys_test_case_passes_behind_events_that_stand(recorder: LedgerRecorder) -> None:
    append(recorder.store, record(), record())
    DCBRecorderTestCase()._test_append_read(recorder, initial_position=2)


def test_the_librarys_subscription_test_case_passes(recorder: LedgerRecorder) -> None:
    DCBRecorderTestCase()._test_append_subscribe(recorder)


def test_the_test_case_is_the_one_that_the_librarys_own_recorder_passes() -> None:
    DCBRecorderTestCase()._test_append_read(InMemoryDCBRecorder())


def test_the_data_of_an_event_is_the_data_of_its_entry(recorder: LedgerRecorder) -> None:
    recorder.append([_OPENED])
    (event,) = recorder.store.read()
    entry = parse_entry(event.entry)
    assert (event.kind, entry.data, sorted(entry.tags), entry.rules) == ("opened", b"1", _OPENED.tags, "none")


def test_events_of_the_ledger_are_read_too(recorder: LedgerRecorder) -> None:
    said = record(Tag("item:A1"), data=b"said")
    append(recorder.store, said)
    (read,) = recorder.read()
    assert (read.position, read.event) == (1, DCBEvent(said.kind, b"said", ["item:A1"]))


def test_appending_nothing_is_an_error_of_the_program(recorder: LedgerRecorder) -> None:
    with pytest.raises(ProgrammingError):
        recorder.append([])


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(DCBQueryItem(tags=["case:1", "case:1"]), id="a tag twice"),
        pytest.param(DCBQueryItem(types=["opened", "opened"]), id="a type twice"),
        pytest.param(DCBQueryItem(["opened", "opened"], ["site:2", "case:1", "site:2"]), id="both"),
    ],
)
def test_what_a_query_names_twice_counts_once(recorder: LedgerRecorder, item: DCBQueryItem) -> None:
    recorder.append([_OPENED])
    query = DCBQuery([item, item])
    assert [event.position for event in recorder.read(query)] == [1]
    with pytest.raises(IntegrityError):
        recorder.append([_OPENED], DCBAppendCondition(query))


def test_of_two_appends_on_one_condition_exactly_one_stands(recorder: LedgerRecorder) -> None:
    condition = DCBAppendCondition(DCBQuery([DCBQueryItem(["opened"], ["case:1"])]))

    def stands(_: int) -> bool:
        try:
            recorder.append([_OPENED], condition)
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(stands, range(4))) == [False, False, False, True]
    assert recorder.store.head() == 1


def test_a_subscription_gives_what_matches_and_ends_when_it_is_stopped(recorder: LedgerRecorder) -> None:
    closed = DCBEvent("closed", b"2", ["case:1"])
    recorder.append([_OPENED, closed])
    with recorder.subscribe(DCBQuery([DCBQueryItem(["closed"])])) as subscription, ThreadPoolExecutor() as threads:
        assert next(subscription).position == 2
        recorder.append([_OPENED])
        following = threads.submit(next, subscription)
        recorder.append([closed])
        assert following.result(_LONG).position == 4
        ended = threads.submit(list, subscription)
        subscription.stop()
        assert ended.result(_LONG) == []
