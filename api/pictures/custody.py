"""The picture of a chain of custody: who had the item when, gaps among it, and how warm it was on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.asking.cells import Column, kind_word, told
from api.language import label
from api.pictures.charts import Mark, Picture, Shade, Span, Timeline, Track
from ledger.words.reader import name_of
from ledger.words.table import words_in
from ledger.words.times import zoned
from projections.asked.goods.chain import ChainRow
from projections.asked.question import Celsius

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked

_MEASURED: Final = "temperature.recorded/1"
_TEMPERATURE: Final = Column("temperature", Celsius, many=True)


def custody(asked: Asked, found: Answer, reader: Reader) -> Picture:
    """Return who had an item, row by row of its chain; each act is a mark, and stands below by the mark's number."""
    rows = [one for one in found.rows if isinstance(one, ChainRow)]
    if not rows:
        return Picture("", (), None)
    held = [*_held(rows, asked.at, reader)]
    names = [*dict.fromkeys(name for name, _ in held)]
    numbered = [*enumerate(rows, 1)]
    acts = [(number, row) for number, row in numbered if row.kind != _MEASURED]
    tracks = [
        Track(
            name,
            tuple(span for one, span in held if one == name),
            tuple(_mark(number, row) for number, row in acts if _who(row, reader) == name),
        )
        for name in names
    ]
    warm = tuple(Mark(row.at, _warm(row, reader).removesuffix(" °C"), Shade.LIGHT) for row in rows if row.temperature)
    if warm:
        tracks.append(Track(label("temperature in °C", reader.language), marks=warm))
    return Picture(
        title="",
        about=(),
        chart=Timeline(tuple(tracks), asked.at),
        legend=tuple(_legend(reader)),
        notes=tuple(_note(number, row, reader) for number, row in numbered),
    )


def _held(rows: Sequence[ChainRow], until: datetime, reader: Reader) -> Iterator[tuple[str, Span]]:
    """Yield who had the item from each change of hands to the next one; nobody is a row of its own."""
    links = [one for one in rows if one.kind != _MEASURED]
    for link, after in zip(links, [*links, None][1:], strict=True):
        shade = Shade.LIGHT if link.has is not None else Shade.HATCHED
        yield _who(link, reader), Span(link.at, until if after is None else after.at, shade)


def _who(row: ChainRow, reader: Reader) -> str:
    return label("nobody", reader.language) if row.has is None else name_of(row.has, reader)


def _mark(number: int, row: ChainRow) -> Mark:
    return Mark(row.at, str(number), Shade.OPEN if row.gap else Shade.DARK)


def _legend(reader: Reader) -> Iterator[tuple[Shade, str]]:
    yield Shade.LIGHT, label("somebody has it", reader.language)
    yield Shade.HATCHED, label("nobody has it: it is handed over and not taken", reader.language)
    yield Shade.DARK, label("a change of hands, by its number below", reader.language)
    yield Shade.OPEN, label("a gap: it was taken though nobody had handed it over", reader.language)


def _note(number: int, row: ChainRow, reader: Reader) -> str:
    """Return an act in words, behind its number."""
    between = words_in(reader.language).form["between"]
    hands = " → ".join(name_of(one, reader) for one in (row.giver, row.taker) if one is not None)
    warm = _warm(row, reader) if row.temperature else ""
    place = "" if row.site is None else name_of(row.site, reader)
    gap = label("a gap", reader.language) if row.gap else ""
    said = (zoned(row.at, reader.zone, reader.language), name_of(row.item, reader), kind_word(row.kind, reader))
    return f"{number}  {between.join(one for one in (*said, hands, place, warm, gap) if one)}"


def _warm(row: ChainRow, reader: Reader) -> str:
    """Return the temperatures of a row as its table tells them; one that did not change once."""
    return told(tuple(dict.fromkeys(row.temperature)), _TEMPERATURE, reader)
