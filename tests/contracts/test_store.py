"""What every store does, in memory or in PostgreSQL."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.errors import Conflict, Malformed
from ledger.ids import Tag
from ledger.statement.entries.entry import MAX_ENTRY, Entry, encode_entry, leaf_of, parse_entry
from ledger.statement.form.disclosure import digest_of, make_disclosure
from tests.contracts.records import APPROVAL, AT, ITEM, OTHER, RECEIVED, USED, append, positions, record
from tests.servers import ORIGIN

if TYPE_CHECKING:
    from ledger.store.port import Record, Store
    from tests.conftest import NewStore

_WRITERS = 4
_LONG = 30.0  # seconds: a test that needs them has failed


class _ChangedMind(Exception):
    pass


def test_an_empty_log_has_no_head_and_no_events(store: Store) -> None:
    assert store.head() == 0
    assert list(store.read()) == []
    with store.locked() as log:
        assert (log.head, log.recorded) == (0, None)


def test_a_log_says_its_name(store: Store) -> None:
    assert store.origin == ORIGIN


def test_positions_are_one_two_three_in_the_order_of_appending(store: Store) -> None:
    first, second, third = record(ITEM), record(), record(ITEM)
    append(store, first)
    append(store, second, third)
    events = list(store.read())
    assert positions(events) == [1, 2, 3]
    assert [event.statement for event in events] == [first.statement, second.statement, third.statement]
    assert store.head() == 3


def test_the_entry_and_its_leaf_are_the_bytes_of_the_format(store: Store) -> None:
    said = record(OTHER, ITEM, data=bytes(range(256)))
    (appended,) = append(store, said)
    entry = encode_entry(Entry(1, AT, said.rules, said.tags, said.data))
    assert (appended.entry, appended.leaf) == (entry, leaf_of(entry))
    assert list(store.read()) == [appended]
    assert (appended.kind, appended.recorded) == (said.kind, AT)


def test_an_aborted_block_leaves_nothing_and_no_gaps_or_reordering_of_positions(store: Store) -> None:
    append(store, record(ITEM))
    lost = record(ITEM, disclosures=(make_disclosure("note", "gone").text,))
    with pytest.raises(_ChangedMind), store.locked() as log:
        log.append([lost, record(ITEM)], AT)
        raise _ChangedMind
    append(store, record(ITEM))
    assert positions(store.read()) == [1, 2]
    assert positions(store.about(ITEM)) == [1, 2]
    assert store.find(lost.statement) is None
    assert store.disclosures(lost.statement) == []


def test_a_block_may_append_several_times_or_not_at_all(store: Store) -> None:
    with store.locked() as log:
        assert log.append([], AT) == ()
    with store.locked() as log:
        log.append([record()], AT)
        assert log.head == 1
        log.append([record(), record()], AT)
    assert store.head() == 3


def test_a_repeated_statement_id_is_a_conflict(store: Store) -> None:
    said = record(ITEM)
    append(store, said)
    with pytest.raises(Conflict):
        append(store, record(ITEM), said)
    assert positions(store.read()) == [1]


def test_a_statement_id_twice_in_one_batch_is_a_conflict(store: Store) -> None:
    said = record(ITEM)
    with pytest.raises(Conflict):
        append(store, said, said)
    assert store.head() == 0


def test_a_refused_append_leaves_the_block_as_it_was(store: Store) -> None:
    said, too_large = record(ITEM), record(ITEM, data=bytes(MAX_ENTRY))
    with store.locked() as log:
        log.append([said], AT)
        with pytest.raises(Conflict):
            log.append([record(ITEM), said], AT)
        with pytest.raises(Malformed, match="ENT-01"):
            log.append([record(ITEM), too_large], AT)
        log.append([record(ITEM)], AT)
    assert positions(store.read()) == [1, 2]


def test_a_time_before_the_newest_event_is_refused(store: Store) -> None:
    append(store, record())
    with store.locked() as log:
        assert log.recorded == AT
        for earlier in (AT - timedelta(microseconds=1), AT.replace(tzinfo=None)):
            with pytest.raises(ValueError, match="cannot follow"):
                log.append([record()], earlier)
        log.append([record()], AT)
        log.append([record()], AT + timedelta(days=1))
        assert log.recorded == AT + timedelta(days=1)
    assert [event.recorded - AT for event in store.read()] == [timedelta(0), timedelta(0), timedelta(days=1)]


def test_reading_starts_after_a_position_and_ends_at_a_limit(store: Store) -> None:
    append(store, *(record() for _ in range(5)))
    assert positions(store.read(after=2)) == [3, 4, 5]
    assert positions(store.read(after=2, limit=2)) == [3, 4]
    assert positions(store.read(limit=0)) == []
    assert positions(store.read(after=9)) == []


def test_the_events_of_several_subjects_come_once_each_in_their_order(store: Store) -> None:
    kinds, tags = (RECEIVED, USED), ((ITEM,), (OTHER,), (ITEM, OTHER), (APPROVAL,), (ITEM, APPROVAL))
    append(store, *(record(*tags[number % 5], kind=kinds[number // 5 % 2]) for number in range(20)))
    assert positions(store.about_any({ITEM: (), OTHER: ()})) == [one for one in range(1, 21) if one % 5 != 4]
    assert positions(store.about_any({OTHER: (), APPROVAL: (USED,)})) == [2, 3, 7, 8, 9, 10, 12, 13, 17, 18, 19, 20]
    assert positions(store.about_any({ITEM: (USED,), OTHER: (RECEIVED,)})) == [2, 3, 6, 8, 10, 12, 13, 16, 18, 20]
    assert positions(store.about_any({OTHER: (USED, RECEIVED)}, after=7)) == [8, 12, 13, 17, 18]
    assert positions(store.about_any({Tag("item:nobody"): ()})) == []
    assert positions(store.about_any({})) == []


def test_long_readings_are_complete_and_in_order(store: Store) -> None:
    append(store, *(record(ITEM, kind=(RECEIVED, USED)[number % 2]) for number in range(1201)))
    statements = [one.statement for one in store.read()]
    assert positions(store.find_any(statements[1:][::-1])) == list(range(2, 1202))
    assert positions(store.read()) == list(range(1, 1202))
    assert positions(store.read(after=3, limit=1100)) == list(range(4, 1104))
    assert positions(store.about(ITEM)) == list(range(1, 1202))
    assert positions(store.about(ITEM, after=100, kinds=[USED])) == list(range(102, 1202, 2))
    assert positions(store.about_any({ITEM: (), OTHER: ()}, after=3)) == list(range(4, 1202))


def test_a_tag_finds_its_events_of_the_kinds_asked_for(store: Store) -> None:
    append(store, record(ITEM, APPROVAL), record(OTHER), record(ITEM, kind=USED), record(ITEM, OTHER))
    assert positions(store.about(ITEM)) == [1, 3, 4]
    assert positions(store.about(ITEM, after=1)) == [3, 4]
    assert positions(store.about(ITEM, kinds=[USED])) == [3]
    assert positions(store.about(ITEM, kinds=[USED, RECEIVED, USED])) == [1, 3, 4]
    assert positions(store.about(ITEM, kinds=["item.lost/1"])) == []
    assert positions(store.about(APPROVAL, after=1)) == []


def test_concerning_finds_each_event_once_by_tag_and_kind(store: Store) -> None:
    append(store, record(ITEM, APPROVAL), record(OTHER), record(ITEM, kind=USED), record(OTHER, APPROVAL, kind=USED))
    with store.locked() as log:
        assert positions(log.concerning({ITEM: [RECEIVED, USED]})) == [1, 3]
        assert positions(log.concerning({ITEM: [RECEIVED], APPROVAL: [RECEIVED, USED]})) == [1, 4]
        assert positions(log.concerning({OTHER: [USED, USED], APPROVAL: [USED]})) == [4]
        assert positions(log.concerning({ITEM: []})) == []
        assert positions(log.concerning({})) == []


def test_the_block_sees_what_it_appended_and_nobody_else_does(store: Store) -> None:
    append(store, record(ITEM))
    said = record(ITEM)
    with store.locked() as log:
        (appended,) = log.append([said], AT)
        assert positions(log.concerning({ITEM: [RECEIVED]})) == [1, 2]
        assert positions(log.since(0, 10)) == [1, 2]
        assert positions(log.since(1, 10)) == [2]
        assert positions(log.since(0, 1)) == [1]
        assert log.named([said.statement, record().statement]) == {said.statement: appended}
        assert store.head() == 1
        assert positions(store.about(ITEM)) == [1]
        assert store.find(said.statement) is None
    assert store.find(said.statement) == appended


def test_the_events_of_some_statements_are_found_in_one_look_oldest_first(store: Store) -> None:
    first, second, third = (record(ITEM) for _ in range(3))
    appended = [one for said in (first, second, third) for one in append(store, said)]
    wanted = [third.statement, record().statement, first.statement, third.statement]
    assert list(store.find_any(wanted)) == [appended[0], appended[2]]
    assert list(store.find_any(())) == []


def test_disclosures_are_kept_in_the_order_of_their_digests_and_erased_without_touching_an_entry(store: Store) -> None:
    note, name = make_disclosure("note", "damp").text, make_disclosure("name", "Zhang San").text
    (first,) = append(store, one := record(disclosures=(note, name)))
    append(store, two := record(disclosures=(name,)))
    assert store.disclosures(one.statement) == sorted((note, name), key=digest_of)
    assert store.erase([digest_of(name), digest_of("never kept")]) == 2
    assert store.disclosures(one.statement) == [note]
    assert store.disclosures(two.statement) == []
    assert store.erase([digest_of(name)]) == 0
    assert store.find(one.statement) == first


def test_waiting_ends_when_the_head_is_past_the_position(store: Store) -> None:
    with ThreadPoolExecutor() as threads:
        waiting = [threads.submit(store.wait, after, _LONG) for after in (0, 1)]
        append(store, record(), record())
        assert [waiter.result(_LONG) for waiter in waiting] == [2, 2]
    assert store.wait(1, _LONG) == 2


def test_waiting_ends_when_the_time_is_up(store: Store) -> None:
    append(store, record())
    assert store.wait(1, timeout=0.01) == 1


def test_readers_see_no_gaps_or_reordering_of_positions_while_several_write(store: Store) -> None:
    batches = [[[record(ITEM) for _ in range(1 + batch % 3)] for batch in range(20)] for _ in range(_WRITERS)]
    last = sum(map(len, chain.from_iterable(batches)))

    def write(own: list[list[Record]]) -> None:
        for batch in own:
            append(store, *batch)

    def follow() -> list[int]:
        seen: list[int] = []
        while len(seen) < last:
            after = store.wait(len(seen), _LONG)
            assert after > len(seen)
            seen += positions(store.read(len(seen)))
            assert positions(store.about(ITEM))[: len(seen)] == seen
        return seen

    with ThreadPoolExecutor() as threads:
        reader = threads.submit(follow)
        for writer in [threads.submit(write, own) for own in batches]:
            writer.result(_LONG)
        assert reader.result(_LONG) == list(range(1, last + 1))


def test_of_two_decisions_on_the_same_events_exactly_one_stands(store: Store) -> None:
    def take(item: Tag) -> bool:
        with store.locked() as log:
            if free := not log.concerning({item: [USED]}):
                log.append([record(item, kind=USED)], AT)
            return free

    items = [Tag(f"item:{number}") for number in range(10)]
    with ThreadPoolExecutor(_WRITERS) as threads:
        taken = list(threads.map(take, chain.from_iterable([item] * _WRITERS for item in items)))
    assert taken.count(True) == store.head() == len(items)


def test_a_batch_of_two_megabytes_does_not_hang(store: Store) -> None:
    append(store, *(record(ITEM, data=bytes(50_000)) for _ in range(40)))
    assert sum(len(event.entry) for event in store.read()) > 2_000_000


def test_two_logs_do_not_touch_each_other(new_store: NewStore) -> None:
    one, other = new_store(), new_store()
    said = record(ITEM)
    append(one, record(ITEM), said)
    with one.locked() as log, other.locked() as beside:
        log.append([record(ITEM)], AT)
        beside.append([said], AT)
    assert positions(one.read()) == [1, 2, 3]
    assert positions(other.read()) == [1]
    assert other.head() == 1


def test_the_breaches_that_a_statement_is_recorded_with_stand_in_its_entry(store: Store) -> None:
    breaches = (
        Breach("GAT-15", (Tag(ITEM),), (("approval", "approval:1"), ("purpose", "research"))),
        Breach("GEN-10"),
    )
    with store.locked() as log:
        (event,) = log.append([replace(record(ITEM), breaches=breaches)], AT)
    assert parse_entry(event.entry).breaches == breaches
