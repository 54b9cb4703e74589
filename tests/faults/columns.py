"""What whoever runs a log's database can say beside its entries without changing a byte of them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from ledger.statement.entries.state_entry import STATE_KIND
from tests.contracts.behind import as_admin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers import Database

_AFAR: Final = 1_000_000
"""Behind every head here."""

_SWAPPED: Final = (
    f"update vialog.event set position = {_AFAR} where position = {{at}};"
    "update vialog.event set position = {at} where position = {at} + 1;"
    f"update vialog.event set position = {{at}} + 1 where position = {_AFAR}"
)

COLUMNS: Final = {
    "stored as another kind": "update vialog.event set kind = 'stock.counted/1' where position = {at}",
    "stored as how the log itself stands": f"update vialog.event set kind = '{STATE_KIND}' where position = {{at}}",
    "recorded long before": "update vialog.event set recorded = recorded - interval '400 days' where position = {at}",
    "recorded long after": "update vialog.event set recorded = recorded + interval '400 days' where position = {at}",
    "under the id of no statement": "update vialog.event set statement = gen_random_uuid() where position = {at}",
    "under the id of another": (
        "update vialog.event set statement = gen_random_uuid() where position = {at} + 1;"
        "update vialog.event set statement = '{other}' where position = {at}"
    ),
    "with another leaf": "update vialog.event set leaf = sha256('') where position = {at}",
    "in each other's places": _SWAPPED,
}
"""Of an entry: each column that stands beside its bytes. other: the id of the statement behind it."""

ROWS: Final = {
    "gone": "delete from vialog.event where position = {at}",
    "behind the head": f"update vialog.event set position = {_AFAR} where position = {{at}}",
    "no row of it": "delete from vialog.event_tag where position = {at}",
    "rows of another kind": "update vialog.event_tag set kind = 'stock.counted/1' where position = {at}",
    "rows that lead elsewhere": (
        "delete from vialog.event_tag where position = {at} + 1;"
        "update vialog.event_tag set position = {at} + 1 where position = {at}"
    ),
    "a row of whom it is not about": (
        "insert into vialog.event_tag select tag, 'item.used/1', {at} from vialog.event_tag"
        " where position <> {at} and tag like 'item:%' group by tag"
        " having not bool_or(position = {at}) limit 3"
    ),
}
"""Of the entry itself, and of the rows by which a subject's entries are found."""


@contextmanager
def said_otherwise(database: Database, change: str, at: int, other: str = "") -> Iterator[None]:
    """Let a database say something else beside the entry at a position, for a with block, and no trigger object."""
    kept = ("event", "event_tag")
    free = ";".join(f"alter table vialog.{name} disable trigger all" for name in kept)
    copies = ";".join(f"create table public.{name} as table vialog.{name}" for name in kept)
    as_admin(database, f"{free};{copies};{change.format(at=at, other=other)}")
    try:
        yield
    finally:
        back = (f"delete from vialog.{one};insert into vialog.{one} table public.{one}" for one in kept)
        as_admin(database, ";".join((free, *back, *(f"drop table public.{one}" for one in kept))))
