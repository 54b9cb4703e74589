"""The picture of an approval's balance: what came in under each line over time, and how much of it is on hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.asking.products import product_word
from api.language import label
from api.pictures.charts import Panel, Panels, Picture, Series, Shade
from ledger.words.reader import code_word
from ledger.words.table import Language, labels_in
from projections.asked.entry.lines import BalanceRow
from projections.asked.entry.lines import balance as balance_of
from projections.booking import OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked

_MOST: Final = 60
"""At so many moments the balance is struck again at most: each folds all events before it."""
_DRAWN: Final = (("written_off", Shade.HATCHED), ("listed", Shade.DARK), ("on_hand", Shade.LIGHT))
_TOLD: Final = ("in_transit", "in_use", *(flow.member for flow in OUT), "difference")


def balance(asked: Asked, found: Answer, reader: Reader) -> Picture:
    """Return the balance of each line at the end of each day on which something happened, or of 60 such days."""
    rows = [one for one in found.rows if isinstance(one, BalanceRow)]
    struck = [(at, {_key(one): one for one in balance_of(replace(asked, until=at))}) for at in _moments(asked, reader)]
    struck.append((asked.at, {_key(one): one for one in rows}))
    return Picture(
        title="",
        about=(),
        chart=Panels(tuple(_panel(one, struck, reader) for one in rows), asked.at) if rows else None,
        legend=tuple((shade, _word(name, reader)) for name, shade in _DRAWN) if rows else (),
    )


def _moments(asked: Asked, reader: Reader) -> list[datetime]:
    """Return the ends of the local days on which something happened; of many some, evenly."""
    days = sorted({event.said.occurred_at.astimezone(reader.zone.offset).date() for event in asked.counting})
    ends = [datetime.combine(day + timedelta(1), time(), reader.zone.offset) for day in days]
    past = [one for one in ends if one <= asked.at]
    return past if len(past) <= _MOST else [past[number * (len(past) - 1) // (_MOST - 1)] for number in range(_MOST)]


def _key(row: BalanceRow) -> tuple[int, str]:
    return row.line, row.unit


def _panel(
    row: BalanceRow, struck: Sequence[tuple[datetime, dict[tuple[int, str], BalanceRow]]], reader: Reader
) -> Panel:
    name = label("line {line}, {product}, in {unit}", reader.language)
    unit = code_word("unit", row.unit, reader)
    known = [(at, rows[_key(row)]) for at, rows in struck if _key(row) in rows]
    return Panel(
        name=name.format(line=row.line, product=product_word(row.product, reader), unit=unit),
        series=tuple(_series(known, *one, reader) for one in _DRAWN),
        notes=tuple(_notes(row, reader)),
    )


def _series(known: Sequence[tuple[datetime, BalanceRow]], name: str, shade: Shade, reader: Reader) -> Series:
    points = tuple((at, Fraction(getattr(row, name) or 0)) for at, row in known)
    return Series(points, shade, _told(known[-1][1], name, reader))


def _notes(row: BalanceRow, reader: Reader) -> Iterator[str]:
    yield from (_told(row, name, reader) for name in _TOLD if getattr(row, name) not in {None, "0"})


def _told(row: BalanceRow, name: str, reader: Reader) -> str:
    value = getattr(row, name)
    return f"{_word(name, reader)} {label('not known', reader.language) if value is None else value}"


def _word(name: str, reader: Reader) -> str:
    head = name.replace("_", " ")
    return head if reader.language is Language.ENGLISH else labels_in(reader.language).get(head, head)
