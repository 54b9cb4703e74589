"""A database that is used again: as it was made, and not made again.

To drop the tables of a log and to make them anew costs some ten times what it costs to take the rows out of them. So
the rows are taken out, and those that it was made with are put back. Whether anybody changed the tables themselves, or
what guards them, is told by the system's catalogues: each of their rows says which transaction wrote it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

if TYPE_CHECKING:
    from psycopg import Connection

_SCHEMAS: Final = "select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$|public$)'"
_TABLES: Final = "select relnamespace::regnamespace::text, relname from pg_class where relkind = 'r' and oid >= 16384"
_GUARDS: Final = """
select relnamespace::regnamespace::text, relname, tgname, case tgenabled when 'A' then 'always' else '' end
  from pg_trigger join pg_class on pg_class.oid = tgrelid where not tgisinternal
"""
_CATALOGUES: Final = (
    *("pg_namespace", "pg_class", "pg_attribute", "pg_attrdef", "pg_type", "pg_index", "pg_sequence", "pg_inherits"),
    *("pg_constraint", "pg_trigger", "pg_event_trigger", "pg_proc", "pg_rewrite", "pg_policy", "pg_default_acl"),
    *("pg_statistic_ext", "pg_extension", "pg_collation", "pg_publication"),
)
_WRITTEN: Final = SQL("select {}").format(
    SQL(", ").join(
        SQL("(select (count(*), sum(xmin::text::bigint))::text from {})").format(Identifier("pg_catalog", one))
        for one in _CATALOGUES
    )
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a database was when it was made.

    schemas: their names. again: what takes out all rows, and puts back those that it was made with.
    written: what the catalogues tell of who wrote them.
    """

    schemas: frozenset[str]
    again: Composed
    written: Any


def drop_schemas(connection: Connection[Any], but: frozenset[str] = frozenset()) -> None:
    """Drop all schemas but some, with all that is in them."""
    for name in _schemas(connection) - but:
        connection.execute(SQL("drop schema {} cascade").format(Identifier(name)))


def look_at(connection: Connection[Any]) -> Made:
    """Return what a database is that was just made. connection: a superuser's, as for all here."""
    tables = [Identifier(*names) for names in connection.execute(_TABLES).fetchall()]
    guards = [(Identifier(*one[:2]), Identifier(one[2]), SQL(one[3])) for one in connection.execute(_GUARDS).fetchall()]
    steps: list[Composable] = [SQL("set session_replication_role = replica")]  # in no order that keys would ask for
    steps += [SQL("alter table {} disable trigger {}").format(table, guard) for table, guard, _ in guards]
    steps += [SQL("delete from {}").format(table) for table in tables]
    for table in tables:
        (rows,) = connection.execute(SQL("select jsonb_agg(to_jsonb(whole)) from {} whole").format(table)).fetchall()[0]
        put_back = SQL("insert into {0} select * from jsonb_populate_recordset(null::{0}, {1})")
        steps += [] if rows is None else [put_back.format(table, Literal(json.dumps(rows)))]
    steps += [SQL("alter table {} enable {} trigger {}").format(table, how, guard) for table, guard, how in guards]
    return Made(_schemas(connection), SQL("; ").join(steps), _written(connection))


def emptied(connection: Connection[Any], made: Made) -> Made | None:
    """Make a database what it was when it was made. None: it cannot be, since somebody changed its tables."""
    drop_schemas(connection, but=made.schemas)
    if _written(connection) != made.written:
        return None
    connection.execute(made.again)
    return replace(made, written=_written(connection))


def _schemas(connection: Connection[Any]) -> frozenset[str]:
    return frozenset(name for (name,) in connection.execute(_SCHEMAS).fetchall())


def _written(connection: Connection[Any]) -> Any:  # noqa: ANN401  one text for each of the catalogues
    return connection.execute(_WRITTEN).fetchone()
