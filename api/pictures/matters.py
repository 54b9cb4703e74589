"""Pictures of what is owed by months, of visits by units, and of the days that applications took to be decided."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.language import label
from api.pictures.charts import Bar, Bars, Mark, Picture, Shade, Timeline, Track
from ledger.domain.duties.obligation import State
from ledger.words.reader import code_word, name_of
from ledger.words.table import words_in
from ledger.words.times import zoned
from projections.asked.entry.applications import StepRow
from projections.asked.supervision.owed import OwedRow
from projections.asked.supervision.supervision import ScoreRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked
    from projections.obligations import ObligationRow

_MONTHS: Final = 120
"""So many months stand in a row; of more, those with nothing in them are left out."""
_SHADES: Final = {"overdue": Shade.HATCHED, "open": Shade.OPEN, "met": Shade.LIGHT, "lapsed": Shade.DARK}


def owed(_: Asked, found: Answer, reader: Reader) -> Picture:
    """Return how many obligations end in each month, and how they stand."""
    return by_month([row for row in found.rows if isinstance(row, OwedRow)], reader)


def by_month(rows: Iterable[OwedRow | ObligationRow], reader: Reader) -> Picture:
    """Return how many of some obligations end in each month, and how they stand."""
    months: dict[str, Counter[str]] = {}
    for row in rows:
        months.setdefault(_month(row, reader), Counter())[_standing(row)] += 1
    return Picture(
        title="",
        about=(),
        chart=Bars(
            tuple(_month_bar(month, months.get(month, Counter()), reader) for month in _months(months)),
            label("obligations, by the month in which they are due", reader.language),
        )
        if months
        else None,
        legend=tuple((shade, _stands(name, reader)) for name, shade in _SHADES.items()) if months else (),
    )


def _month(row: OwedRow | ObligationRow, reader: Reader) -> str:
    return "" if row.due is None else f"{row.due.astimezone(reader.zone.offset):%Y-%m}"


def _months(found: dict[str, Counter[str]]) -> list[str]:
    """Return the months from the first to the last, those of nothing too, and last those of no date."""
    dated = sorted(month for month in found if month)
    numbers = [int(month[:4]) * 12 + int(month[5:]) - 1 for month in dated]
    if dated and numbers[-1] - numbers[0] < _MONTHS:
        dated = [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(numbers[0], numbers[-1] + 1)]
    return [*dated, *([""] if "" in found else [])]


def _month_bar(month: str, counted: Counter[str], reader: Reader) -> Bar:
    between = words_in(reader.language).form["between"]
    numbers = between.join(f"{_stands(name, reader)} {counted[name]}" for name in _SHADES if counted[name])
    parts = tuple((Fraction(counted[name]), shade) for name, shade in _SHADES.items() if counted[name])
    return Bar(month or label("no date is known", reader.language), parts, numbers or "0")


def _standing(row: OwedRow | ObligationRow) -> str:
    if row.overdue:
        return "overdue"
    return row.state.value if row.state in {State.MET, State.LAPSED} else "open"


def _stands(name: str, reader: Reader) -> str:
    return label("overdue", reader.language) if name == "overdue" else code_word("obligation", name, reader)


def visits(asked: Asked, found: Answer, reader: Reader) -> Picture:
    """Return the visits of each unit over time, each with its score."""
    rows = [one for one in found.rows if isinstance(one, ScoreRow)]
    units = sorted({one.unit for one in rows}, key=lambda one: (name_of(one, reader), one))
    tracks = tuple(
        Track(name_of(unit, reader), marks=tuple(_visit(one) for one in rows if one.unit == unit)) for unit in units
    )
    return Picture(
        title="",
        about=(),
        chart=Timeline(tracks, asked.at) if rows else None,
        legend=(
            (Shade.DARK, label("a visit, with the officers' score where they gave one", reader.language)),
            (Shade.OPEN, label("a visit whose score is not what its points come to", reader.language)),
        )
        if rows
        else (),
        notes=tuple(_visited(one, reader) for one in sorted(rows, key=lambda one: (one.at, one.unit))),
    )


def _visit(row: ScoreRow) -> Mark:
    return Mark(row.at, "" if row.score is None else str(row.score), Shade.OPEN if row.differs else Shade.DARK)


def _visited(row: ScoreRow, reader: Reader) -> str:
    counted = label(
        "conforming points {conforms}, others {others}; score {score}, by its points {computed}",
        reader.language,
    )
    unknown = label("not known", reader.language)
    told = counted.format(
        conforms=row.conforms,
        others=row.does_not,
        score=unknown if row.score is None else row.score,
        computed=unknown if row.computed is None else row.computed,
    )
    return _line((zoned(row.at, reader.zone, reader.language), name_of(row.unit, reader), told), reader)


def applications(_: Asked, found: Answer, reader: Reader) -> Picture:
    """Return for each application how many working days it took to be decided, or has waited, step by step."""
    rows = [one for one in found.rows if isinstance(one, StepRow)]
    cases = dict.fromkeys(one.case for one in rows)
    bars = tuple(_application([one for one in rows if one.case == case], reader) for case in cases)
    return Picture(
        title="",
        about=(),
        chart=Bars(bars, label("working days from the application on", reader.language)) if rows else None,
        legend=(
            (Shade.LIGHT, label("days that count against the term of the decision", reader.language)),
            (Shade.HATCHED, label("days that do not count", reader.language)),
        )
        if rows
        else (),
    )


def _application(steps: Sequence[StepRow], reader: Reader) -> Bar:
    counting = sum(one.days for one in steps if one.counts)
    others = sum(one.days for one in steps) - counting
    told = label("days that count: {number}, that do not: {others}", reader.language)
    waits = [label("waits", reader.language)] if steps[-1].ended is None else []
    parts = tuple((Fraction(one.days), Shade.LIGHT if one.counts else Shade.HATCHED) for one in steps)
    name = _line((name_of(steps[0].case, reader), name_of(steps[0].applicant, reader)), reader)
    return Bar(name, parts, _line((told.format(number=counting, others=others), *waits), reader))


def _line(parts: Sequence[str], reader: Reader) -> str:
    return words_in(reader.language).form["between"].join(parts)
