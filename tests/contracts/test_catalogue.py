"""What a freshly migrated database has, on every server, is what is kept of it: the doctor compares with that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.store.database.catalogue import list_catalogue, read_kept
from ledger.store.database.inspection import inspect
from tests.contracts.behind import as_admin

if TYPE_CHECKING:
    from tests.servers import Database


def test_a_fresh_database_is_as_it_is_kept(database: Database) -> None:
    with psycopg.connect(database.owner) as connection:
        found = list_catalogue(connection)
    assert found == read_kept(), "after a new migration: python -m scripts.make_catalogue"


CHANGES = [
    pytest.param(change, what, id=f"{what}: {change[:60]}")
    for what, change in (
        ("trigger", "alter table vialog.event disable trigger append_only"),
        ("trigger", "alter table vialog.tile enable trigger only_longer"),
        ("trigger", "drop trigger only_larger on vialog.publication"),
        ("trigger", "create trigger own before insert on vialog.event_tag execute function vialog.refuse_change()"),
        (
            "function",
            "create or replace function vialog.refuse_change() returns trigger language plpgsql as"
            " 'begin return null; end'",
        ),
        ("function", "alter function vialog.only_forward() security definer"),
        ("function", "create function vialog.own() returns integer language sql as 'select 1'"),
        ("rule", "create rule own as on insert to vialog.disclosure do instead nothing"),
        ("policy", "create policy own on vialog.event using (position > 1)"),
        ("table", "alter table vialog.event enable row level security"),
        ("table", "alter table vialog.event_tag set unlogged"),
        ("table", "create table vialog.own (number integer)"),
        ("table", "create table public.own () inherits (vialog.event)"),
        ("table constraint", "alter table vialog.event drop constraint event_statement_key"),
        ("table constraint", "alter table vialog.head drop constraint head_recorded_finite"),
        ("index", "drop index vialog.event_tag_position"),
        ("index", "create index own on vialog.event (recorded)"),
        ("index", "update pg_index set indisvalid = false where indexrelid = 'vialog.event_tag_position'::regclass"),
        ("column", "alter table vialog.event alter column entry type text using entry::text"),
        ("column", "alter table vialog.head alter column position drop default"),
        ("column", "alter table vialog.head alter column position set default 7"),
        ("column", "alter table vialog.event alter column kind drop not null"),
        ("column", "alter table vialog.event add column own integer"),
        ("rights", "grant update on vialog.checkpoint to vialog_app"),
        ("rights", "grant update (entry) on vialog.event to vialog_app"),
        ("rights", "grant select on vialog.event to public"),
        ("rights", "grant create on schema vialog to vialog_app"),
        ("rights", "revoke insert on vialog.event_tag from vialog_app"),
        ("owner", "alter table vialog.event owner to vialog_app"),
        ("owner", "alter schema vialog owner to vialog_app"),
    )
]


@pytest.mark.parametrize(("change", "what"), CHANGES)
def test_whatever_is_changed_is_named(database: Database, change: str, what: str) -> None:
    as_admin(database, change)
    kept = inspect(database.admin).kept
    assert kept is not None
    assert what in {one.what for one in kept.differences}


def test_what_only_reads_is_no_difference(database: Database) -> None:
    as_admin(database, "create view public.report as select position from vialog.event")
    kept = inspect(database.owner).kept
    as_admin(database, "drop view public.report")
    assert kept is not None
    assert kept.differences == ()
