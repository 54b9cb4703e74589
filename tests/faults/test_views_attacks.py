"""What is changed behind the views' back stops their runner, or is named when they are checked."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from ledger.clock import format_time
from ledger.errors import IntegrityFailed, NotFound, TooOld
from ledger.ids import ItemId, Tag, new_statement_id
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.form.tags import tags_of
from ledger.store.port import Record
from projections.asked.answering import read
from projections.asked.question import Asked
from projections.asked.table import QUESTIONS
from projections.listed import listed
from projections.lists import ITEMS, Part, Where, folded
from projections.running.following import Following
from projections.source import Source
from tests.authors import START
from tests.contracts.behind import as_admin
from tests.contracts.records import AT
from tests.faults.test_later_log import value_of
from tests.imports import PACKS, open_ledger, record_all, to_the_bench, use, voiding
from tests.later import STATEMENTS, later_statement
from tests.publishing import Rig, rig
from tests.viewed import Viewed, viewed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.service import Ledger
    from tests.servers import Database

A: Final = ItemId("item:A")
B: Final = ItemId("item:B")


@pytest.fixture
def views(embedded_database: Database) -> Iterator[Viewed]:
    """The views of a log with two vials at the bench, all applied."""
    with viewed(embedded_database) as views, closing(open_ledger(views.store)) as ledger:
        record_all(ledger, to_the_bench(A, B))
        views.follow()
        yield views


@pytest.fixture
def ledger(views: Viewed) -> Ledger:
    """What more is recorded by."""
    return open_ledger(views.store)


def unguarded(database: Database, table: str, statement: str) -> None:
    """Change a table of the log, whose triggers would refuse it."""
    as_admin(database, f"alter table {table} disable trigger all; {statement}; alter table {table} enable trigger all")


ROWS: Final = {
    "a changed cell": (
        "update vialog_views.item set amount = 9 where item = 'item:A'",
        "vialog_views.item, row item:A: amount",
    ),
    "a row that is gone": (
        "delete from vialog_views.custody where item = 'item:B'",
        "vialog_views.custody, row item:B",
    ),
    "a row too many": (
        "insert into vialog_views.key values ('key:x', null, 'p-9', 'ed25519', false)",
        "vialog_views.key, row key:x: the log makes no such row",
    ),
    "an amount booked elsewhere": ("update vialog_views.booking set line = 2", "vialog_views.booking, row item:"),
    "other events": (
        "update vialog_views.subject set count = count + 5 where tag = 'item:A'",
        "vialog_views.subject, row item:A: count is",
    ),
    "another chain": (
        "update vialog_views.subject set chain = sha256(chain) where tag = 'item:A'",
        "vialog_views.subject, row item:A: chain is",
    ),
    "a checkpoint that there is not": ("update vialog_views.runner set checked = 1", "a checkpoint of 1 entries, and"),
    "a checkpoint far ahead": ("update vialog_views.runner set checked = 999999999", "a checkpoint of 999999999"),
    "a root that was never passed": (
        "insert into vialog_views.passed values (1, sha256(''))",
        "vialog_views.passed, row 1: the root",
    ),
    "another position": ("update vialog_views.runner set position = position - 1", "their tree"),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_row_that_is_not_what_the_log_makes_is_named(views: Viewed, embedded_database: Database, name: str) -> None:
    views.check()
    statement, named = ROWS[name]
    as_admin(embedded_database, statement)
    with pytest.raises(IntegrityFailed, match=named):
        views.check()
    views.rebuild()
    views.check()


def test_a_changed_entry_stops_the_runner_which_says_so_and_goes_on_when_it_is_mended(
    views: Viewed, ledger: Ledger, embedded_database: Database
) -> None:
    before = views.rows()
    record_all(ledger, [use(A, "1")])
    position = views.store.head()
    changed = "update vialog.event set entry = set_byte(entry, 400, get_byte(entry, 400) # 1) where position = {}"
    unguarded(embedded_database, "vialog.event", changed.format(position))
    with pytest.raises(IntegrityFailed, match=rf"position {position}, item\.used/1: the stored entry is not the one"):
        views.follow()
    standing = views.tables.standing()
    assert standing is not None
    assert standing.position == position - 1
    assert f"position {position}, item.used/1" in (standing.stopped or "")
    assert views.rows() == before
    unguarded(embedded_database, "vialog.event", changed.format(position))
    views.tables.resume()
    views.follow()
    views.check()


CHANGES: Final = {
    "a byte of a signature": "entry = overlay(entry placing 'AAAA' from length(entry) - 200)",
    "whom it is about": "entry = replace(convert_from(entry, 'LATIN1'), ' item:A', ' item:Z')::bytea",
    "that it is about anybody": "entry = regexp_replace(convert_from(entry, 'LATIN1'), 'tags [^\n]+', 'tags x')::bytea",
    "that it tells whom": "entry = regexp_replace(convert_from(entry, 'LATIN1'), 'tags [^\n]+', 'tags')::bytea",
    "its kind, to one that changes others": "kind = 'party.registered/1'",
    "its kind, to one that nobody knows": "kind = 'item.sung-to/1'",
    "its kind, to that of no statement": f"kind = '{STATE_KIND}'",
}
"""What may be changed of an entry of vial A, as SQL puts it."""


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_entry_stops_whoever_makes_the_views_anew(
    views: Viewed, ledger: Ledger, embedded_database: Database, name: str, processes: int
) -> None:
    record_all(ledger, [use(A, "1"), use(B, "1")])
    views.follow()
    position, before = views.store.head() - 1, views.rows()
    change = f"update vialog.event set {CHANGES[name]} where position = {position}"
    unguarded(embedded_database, "vialog.event", change)
    with pytest.raises(IntegrityFailed, match=rf"position {position}\b"):
        views.rebuild(processes)
    assert views.rows() == before


def test_an_earlier_entry_that_was_changed_after_it_was_applied_is_found_by_the_check(
    views: Viewed, embedded_database: Database
) -> None:
    unguarded(
        embedded_database,
        "vialog.event",
        "update vialog.event set entry = set_byte(entry, 400, get_byte(entry, 400) # 1) where position = 15",
    )
    with pytest.raises(IntegrityFailed, match="position 15"):
        views.check()


def test_a_changed_entry_stops_every_answer_that_reads_it(views: Viewed, embedded_database: Database) -> None:
    last = views.store.head()
    change = (
        "entry = overlay(entry placing 'AAAA' from length(entry) - 200)"  # within a signature, which nobody decodes
    )
    unguarded(embedded_database, "vialog.event", f"update vialog.event set {change} where position = {last}")
    source = Source(views.store)
    for answer in (
        lambda: folded(ITEMS, source, Where(), Part(20)),
        lambda: source.subject(Tag(B)),
        lambda: read(views.store, next(iter(QUESTIONS.values())), Asked((), PACKS, "CN", START), last),
    ):
        with pytest.raises(IntegrityFailed, match=f"position {last}, .*leaf hash"):
            answer()


def test_a_row_of_tags_that_is_gone_stops_the_runner_where_it_counts(
    views: Viewed, ledger: Ledger, embedded_database: Database
) -> None:
    taken = use(A, "1")
    record_all(ledger, [taken, use(A, "2")])
    views.follow()
    unguarded(
        embedded_database,
        "vialog.event_tag",
        f"delete from vialog.event_tag where tag = 'item:A' and position = {views.store.head()}",
    )
    record_all(ledger, [voiding(taken)])
    with pytest.raises(IntegrityFailed, match=r"item:A: the views note .* events of it"):
        views.follow()


def test_a_kind_that_this_program_does_not_know_stops_the_runner_in_words(views: Viewed) -> None:
    change, _ = STATEMENTS["a kind"]
    envelope = later_statement(change)
    tags = tags_of(value_of(envelope))
    record = Record(new_statement_id(START), "sample.frozen/1", tags, PACKS.at_instant("CN", START).name, envelope)
    with views.store.locked() as log:
        position = log.append([record], START)[0].position
    with pytest.raises(TooOld, match=rf"position {position}: .*sample\.frozen/1"):
        views.follow()
    standing = views.tables.standing()
    assert standing is not None
    assert "sample.frozen/1" in (standing.stopped or "")
    assert standing.position == position - 1


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("name", ["a kind", "a member"])
def test_a_later_statement_stops_whoever_makes_the_views_anew(views: Viewed, name: str, processes: int) -> None:
    change, told = STATEMENTS[name]
    envelope = later_statement(change)
    value = value_of(envelope)
    rules = PACKS.at_instant("CN", START).name
    record = Record(new_statement_id(START), value["kind"], tags_of(value), rules, envelope)
    with views.store.locked() as log:
        position = log.append([record], START)[0].position
    with pytest.raises(TooOld, match=rf"position {position}: .*{told}"):
        views.rebuild(processes)


def test_a_log_that_was_put_back_behind_the_views_stops_the_runner(views: Viewed, embedded_database: Database) -> None:
    last = views.store.head()
    unguarded(embedded_database, "vialog.event", f"delete from vialog.event where position = {last}")
    unguarded(
        embedded_database,
        "vialog.head",
        f"update vialog.head set position = {last - 1}, recorded = '{format_time(START)}'",
    )
    with pytest.raises(IntegrityFailed, match=f"the log ends before position {last}"):
        views.follow()


def test_views_of_another_version_answer_nothing(views: Viewed, embedded_database: Database) -> None:
    as_admin(embedded_database, "update vialog_views.runner set version = 'older'")
    for asked in (views.rows, views.check, Following(views.log, views.tables).once):
        with pytest.raises(NotFound, match="another version"):
            asked()


@pytest.fixture
def published(embedded_database: Database, tmp_path: Path) -> Iterator[Rig]:
    """The same log as it is published."""
    with rig(embedded_database, tmp_path) as log:
        yield log


def test_every_checkpoint_that_is_passed_is_compared(views: Viewed, ledger: Ledger, published: Rig) -> None:
    published.publisher().publish_once()
    views.follow()
    record_all(ledger, [use(A, "1", at=AT)])
    views.follow()
    published.publisher().publish_once()
    views.follow()
    standing = views.tables.standing()
    assert standing is not None
    assert standing.bound.checked == views.store.head() == published.publication.size()
    assert standing.bound.roots == {}
    views.rebuild()
    assert views.check().checkpoint == views.store.head()


def test_forged_peaks_stop_the_runner_at_the_next_checkpoint(
    views: Viewed, ledger: Ledger, embedded_database: Database, published: Rig
) -> None:
    published.publisher().publish_once()
    views.follow()
    as_admin(embedded_database, "update vialog_views.runner set peaks = sha256(peaks) || substring(peaks from 33)")
    record_all(ledger, [use(A, "1", at=AT)])
    views.follow()
    published.publisher().publish_once()
    with pytest.raises(IntegrityFailed, match="of another tree"):
        views.follow()


def test_a_root_that_was_passed_and_changed_is_named(
    views: Viewed, embedded_database: Database, published: Rig
) -> None:
    published.publisher().publish_once()
    size = published.publication.size()
    views.rebuild()
    as_admin(embedded_database, "update vialog_views.runner set checked = 0")
    with pytest.raises(IntegrityFailed, match=f"vialog_views.passed, row {size}"):
        views.check()


def test_a_runner_that_says_it_is_checked_ahead_does_not_go_on(views: Viewed, embedded_database: Database) -> None:
    as_admin(embedded_database, "update vialog_views.runner set checked = position + 1")
    with pytest.raises(IntegrityFailed, match="run `vialog views rebuild`"):
        views.follow()


def test_a_checkpoint_of_another_tree_stops_the_runner(
    views: Viewed, embedded_database: Database, published: Rig
) -> None:
    published.publisher().publish_once()
    unguarded(
        embedded_database,
        "vialog.checkpoint",
        "update vialog.checkpoint set note = convert_to(regexp_replace(convert_from(note, 'UTF8'),"
        " '^([^\\n]*\\n[0-9]+\\n)...', '\\1AAA'), 'UTF8')",
    )
    with pytest.raises(IntegrityFailed, match="of another tree"):
        views.follow()
    standing = views.tables.standing()
    assert standing is not None
    assert "of another tree" in (standing.stopped or "")
    assert Tag(A) in {row[0] for row in views.rows()["item"]}


FORGED: Final = {
    "another status": "update vialog_views.item set status = 'received' where item = 'item:A'",
    "another place in the list": "update vialog_views.item set sort_key = 'zz' where item = 'item:A'",
    "another label": "update vialog_views.item set label = 'X', sort_key = 'x' where item = 'item:A'",
    "another subject": "update vialog_views.item set item = 'item:Z' where item = 'item:A'",
    "a row that was made up": (
        "insert into vialog_views.item select 'item:Z', label, status, amount, unit, place, site, custodian,"
        " whereabouts, receiver, consignments, approvals, holds, sort_key from vialog_views.item limit 1"
    ),
    "another origin": "update vialog_views.item set approvals = '{approval:X}' where item = 'item:A'",
    "other events": "update vialog_views.subject set chain = sha256(chain) where tag = 'item:A'",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_row_is_never_told_in_a_list(views: Viewed, embedded_database: Database, name: str) -> None:
    """A cell that the list does not go by is folded from the log; one that it goes by is found to differ."""
    true = folded(ITEMS, Source(views.store), Where(), Part(20)).rows
    as_admin(embedded_database, FORGED[name])
    for where in (Where(), Where(status="received"), Where(approval=Tag("approval:X"))):
        with views.tables.still() as still:
            try:
                told = listed(ITEMS, still, views.store, where, Part(20)).rows
            except IntegrityFailed:
                continue
        assert set(told) <= set(true)


@pytest.mark.parametrize("name", sorted(FORGED.keys() - {"another status", "another origin"}))
def test_a_forged_row_that_a_list_goes_by_is_named(views: Viewed, embedded_database: Database, name: str) -> None:
    as_admin(embedded_database, FORGED[name])
    with views.tables.still() as still, pytest.raises(IntegrityFailed, match=r"item:[AZ]"):
        listed(ITEMS, still, views.store, Where(), Part(20))


def test_a_page_behind_what_is_not_there_is_refused(views: Viewed) -> None:
    with views.tables.still() as still, pytest.raises(NotFound, match="item:Q"):
        listed(ITEMS, still, views.store, Where(), Part(20, Tag("item:Q")))
    with pytest.raises(NotFound, match="item:Q"):
        folded(ITEMS, Source(views.store), Where(), Part(20, Tag("item:Q")))


@pytest.mark.parametrize(
    ("name", "subject"), [("late-entries", None), ("whereabouts", Tag(A)), ("custody-chain", Tag(A))]
)
def test_an_entry_that_is_stored_as_a_state_entry_is_left_out_of_no_answer_unnoticed(
    views: Viewed, ledger: Ledger, embedded_database: Database, name: str, subject: Tag | None
) -> None:
    record_all(ledger, [use(A, "1")])
    position, asked = views.store.head(), Asked((), PACKS, "CN", START, subject=subject)
    change = f"update vialog.event set kind = '{STATE_KIND}' where position = {position}"
    unguarded(embedded_database, "vialog.event", change)
    with pytest.raises(IntegrityFailed, match=f"position {position}"):
        read(views.store, QUESTIONS[name], asked, position)
