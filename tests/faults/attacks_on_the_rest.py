"""What an administrator can do to the end of a log, to what is published of it, and to the schema. See ``attacks``."""

from __future__ import annotations

from typing import Final

from tests.contracts.behind import other_letter
from tests.faults.attack import Attack

_OTHER_LETTER = other_letter(40)
_CUT = """
    delete from vialog.event where position > {0}; delete from vialog.event_tag where position > {0};
    update vialog.head set position = {0}, recorded = (select recorded from vialog.event where position = {0})
"""
_BACK = "truncate vialog.{0}; insert into vialog.{0} select * from yesterday.{0}"

CUT_OFF: Final = (
    Attack("the log cut off below its newest checkpoint", _CUT.format(8), "RPSLFDM"),
    Attack(
        "the log cut off, and the checkpoint with it",
        _CUT.format(5) + "; delete from vialog.checkpoint where size > 5;update vialog.publication set size = 5",
        "RPSLFDM",
    ),
    Attack(
        "everything as it was yesterday",
        ";".join(
            _BACK.format(table)
            for table in ("event", "event_tag", "head", "tile", "index_page", "checkpoint", "publication")
        ),
        "RPSLFDM",
    ),
    Attack("the rows of tags as they were yesterday", _BACK.format("event_tag"), "RPF"),
    Attack("the index as it was yesterday", _BACK.format("index_page"), "RPF"),
)

PUBLISHED: Final = (
    Attack(
        "a tile changed",
        "update vialog.tile set hashes = set_byte(hashes, 223, get_byte(hashes, 223) # 1) where level = 0",
        "RPSFDM",
    ),
    Attack("a tile deleted", "delete from vialog.tile", "RPSFDM"),
    Attack("a tile too many", "insert into vialog.tile select 1, 0, hashes from vialog.tile", "F"),
    Attack(
        "a page of the index changed",
        "update vialog.index_page set page = set_byte(page, 4, get_byte(page, 4) # 1) where path = ''",
        "RPF",
    ),
    Attack("a page of the index deleted", "delete from vialog.index_page where path = ''", "RPF"),
    Attack(
        "the newest checkpoint's root changed",
        "update vialog.checkpoint set note = overlay(note placing 'AAAA' from 20 for 4) where size = 11",
        "RPSLFM",
    ),
    Attack(
        "a byte of the newest checkpoint's signature changed",
        f"update vialog.checkpoint set note = {_OTHER_LETTER} where size = 11",
        "RPSLFM",
    ),
    Attack(
        "a byte of an older checkpoint's signature changed",
        f"update vialog.checkpoint set note = {_OTHER_LETTER} where size = 5",
        "F",
    ),
    Attack(
        "an older note in the newest one's place",
        "update vialog.checkpoint set note = (select note from vialog.checkpoint where size = 5) where size = 11",
        "RPSLFDM",
    ),
    Attack("the newest checkpoint deleted", "delete from vialog.checkpoint where size = 11", "RPSLFDM"),
    Attack("an older checkpoint deleted", "delete from vialog.checkpoint where size = 5", "F"),
    Attack(
        "a line of nobody known added to an older checkpoint",
        r"update vialog.checkpoint set note = note || '— w.example/x AAAAAAAA' || E'\n' where size = 5",
        "F",
    ),
    Attack(
        "a line of nobody known added to the newest checkpoint",
        r"update vialog.checkpoint set note = note || '— w.example/x AAAAAAAA' || E'\n' where size = 11",
        "",
    ),
    Attack("an older checkpoint under another size", "update vialog.checkpoint set size = 6 where size = 5", "F"),
    Attack("what is published set back", "update vialog.publication set size = 5", "RPF"),
    Attack("what is published set forward", "update vialog.publication set size = 12", "RPSLFDM"),
)

DISCLOSURES: Final = (
    Attack(
        "a disclosure's text changed",
        "update vialog.disclosure set disclosed = disclosed || 'A'"
        " where statement = (select statement from vialog.event where position = 8)",
        "F",
    ),
    Attack(
        "a disclosure's digest changed",
        "update vialog.disclosure set digest = 'x'"
        " where statement = (select statement from vialog.event where position = 8)",
        "F",
    ),
    Attack(
        "disclosures of two statements in each other's place",
        "update vialog.disclosure set statement = (select min(statement::text)::uuid from vialog.disclosure as one"
        " where one.statement <> disclosure.statement)",
        "F",
    ),
    Attack("a disclosure of no statement", "insert into vialog.disclosure values (gen_random_uuid(), 'x', 'y')", "F"),
    Attack(
        "a disclosure deleted, which is how one is erased",
        "delete from vialog.disclosure where statement = (select statement from vialog.event where position = 8)",
        "",
    ),
)

SCHEMA: Final = tuple(
    Attack(name, sql, caught, guarded=False)
    for name, sql, caught in (
        ("a guard switched off", "alter table vialog.event disable trigger append_only", "D"),
        ("a guard dropped", "drop trigger only_longer on vialog.tile", "D"),
        (
            "the body of a guard's function replaced",
            "create or replace function vialog.refuse_change() returns trigger"
            " language plpgsql as 'begin return null; end'",
            "D",
        ),
        ("a constraint dropped", "alter table vialog.event drop constraint event_statement_key", "D"),
        ("an index dropped", "drop index vialog.event_tag_position", "D"),
        (
            "an index not valid",
            "update pg_index set indisvalid = false where indexrelid = 'vialog.event_tag_position'::regclass",
            "D",
        ),
        ("the type of a column changed", "alter table vialog.checkpoint alter column size type numeric", "D"),
        ("a default changed", "alter table vialog.head alter column position set default 7", "D"),
        ("rights widened", "grant update, delete on vialog.event to vialog_app", "D"),
        ("the owner changed", "alter table vialog.event owner to vialog_app", "D"),
        (
            "a trigger that swallows what is recorded",
            "create function public.swallow() returns trigger language plpgsql"
            " as 'begin return null; end'; create trigger swallow before insert on vialog.event_tag"
            " for each row execute function public.swallow()",
            "D",
        ),
        (
            "a rule that swallows disclosures",
            "create rule swallow as on insert to vialog.disclosure do instead nothing",
            "D",
        ),
        (
            "a policy that hides entries",
            "alter table vialog.event enable row level security;"
            "create policy hide on vialog.event for all to vialog_app using (position <> 7)",
            "SLFDM",
        ),
        ("a table that adds rows to the entries", "create table public.more () inherits (vialog.event)", "D"),
        (
            "an event trigger",
            "create function public.note() returns event_trigger language plpgsql"
            " as 'begin end'; create event trigger note on ddl_command_end execute function public.note()",
            "D",
        ),
        ("a noted migration changed", "update vialog.migration set sha256 = 'x' where name like '0001%'", "RPSLFDM"),
        (
            "a noted migration deleted, and a guard's function replaced",
            "delete from vialog.migration where name like '0008%'; create or replace function vialog.refuse_change()"
            " returns trigger language plpgsql as 'begin return null; end'",
            "RPSLFDM",
        ),
        ("a noted migration deleted", "delete from vialog.migration where name like '0008%'", "RPSLFDM"),
    )
)
