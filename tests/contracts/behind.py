"""What an administrator can do to a log's database behind the store's back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from tests.contracts.records import APPROVAL, AT

if TYPE_CHECKING:
    from typing import Any

    from tests.servers import Database


def other_letter(place: int) -> str:
    """Return SQL for a note with another letter at a place, counted from its end: never the one that stands there."""
    at = f"octet_length(note) - {place}"
    return f"set_byte(note, {at}, case get_byte(note, {at}) when 65 then 66 else 65 end)"


def as_admin(database: Database, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as a superuser, and return its rows."""
    with psycopg.connect(database.admin, autocommit=True) as connection:
        answer = connection.execute(statement.encode())
        return answer.fetchall() if answer.description else []


def fill(database: Database, events: int) -> None:
    """Fill an empty log quickly, telling nobody: each event bears a hot tag and one of its own; kinds take turns."""
    statement = f"""
        insert into vialog.event
        select n, gen_random_uuid(), 'kind-' || n % 7, '{AT.isoformat()}', '', sha256('')
          from generate_series(1, {events}) n;
        insert into vialog.event_tag
        select tag, 'kind-' || n % 7, n
          from generate_series(1, {events}) n, unnest(array['{APPROVAL}', 'item:' || n]) tag;
        update vialog.head set position = {events}, recorded = '{AT.isoformat()}';
        analyze vialog.event, vialog.event_tag
    """
    as_admin(database, statement)
