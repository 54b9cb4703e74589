"""Whatever is in a cell, COPY reads what the row has: no cell ends another, a line or an array before its time."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Final

from projections.database.copying import written
from projections.database.session import Session, prepare

if TYPE_CHECKING:
    from tests.servers import Database

HOSTILE: Final = (
    *("\\", "\t", "\n", "\r", '"', "'", "{", "}", ",", " ", ".", "N", "NULL"),
    *("é", "样", "\x1e", "\x7f", "\u2028"),
)
TEXTS: Final = ["", *HOSTILE, *map("".join, product(HOSTILE, repeat=2)), "a\tb\\\nc", r"\N", r"\x41", '"\\",{"']
OTHERS: Final = [
    (True, -1, Decimal(0), datetime.min.replace(tzinfo=UTC), date.min, b""),
    (False, 2**62, Decimal("-12.3400"), datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC), date.max, bytes(range(256))),
    (None, 0, Decimal(10) ** 40, datetime(9999, 12, 31, 12, tzinfo=UTC), date(2026, 2, 28), b"\\x41"),
    (None,) * 6,
]
TABLE: Final = """
    create temp table copied (
        number bigint, one text, words text[], yes boolean, whole bigint, amount numeric, at timestamptz, day date,
        hash bytea
    )
"""


def test_what_is_copied_is_what_was_written(embedded_database: Database) -> None:
    texts = [(text, (text, text[::-1], "a")) for text in TEXTS] + [(None, ()), ("", ("",))]
    rows = [(number, *text, *other) for number, (text, other) in enumerate(product(texts, OTHERS))]
    prepare(embedded_database.owner)
    with closing(Session(embedded_database.owner)) as session, session.lend() as connection:
        connection.execute(TABLE)
        with connection.cursor() as cursor, cursor.copy("copy copied from stdin") as copying:
            for lines in written(rows):
                copying.write(lines)
        found = connection.execute("select * from copied order by number").fetchall()
    assert [(number, one, tuple(words), *more) for number, one, words, *more in found] == rows
