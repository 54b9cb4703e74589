"""Charts of rows, drawn: each has its name on the left, and its bars, lengths of time or marks on the right."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any, Final

from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from api.pictures.paper import LINE, MARGIN, length, wrapped
from api.pictures.shades import LOOKS, day_of, tell_time

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from api.pictures.charts import Bar, Bars, Mark, Span, Timeline
    from api.pictures.paper import Sheet

_NAMES: Final = 240.0
"""How wide the column of names is."""
_NUMBERS: Final = 260.0
"""How wide the column of numbers behind bars is."""
_GAP: Final = 12.0
_AXIS: Final = 40.0
"""How high what is told along an axis is."""
_THICK: Final = 12.0
_BESIDE: Final = 7.0
"""So far behind a mark its text begins."""
_NEAR: Final = 6.0
"""So far before the next mark it ends, or it is left out: what stands below the chart has it."""
_RIGHT: Final = 40.0
"""Room for half of what is told at the end of an axis."""


def height_of_timeline(chart: Timeline) -> float:
    """Return how high a timeline is."""
    return _high([one.name for one in chart.tracks]) + _AXIS


def height_of_bars(chart: Bars) -> float:
    """Return how high a chart of bars is."""
    return sum(_bar_high(one) for one in chart.bars) + _AXIS + LINE


def draw_timeline(sheet: Sheet, chart: Timeline, top: float, zone: tzinfo) -> None:
    """Draw a timeline below a height."""
    heights = [_row_high(one.name) for one in chart.tracks]
    left = MARGIN + _NAMES + _GAP
    width = sheet.width - MARGIN - _RIGHT - left
    axes = sheet.axes(left, top, width, sum(heights))
    times = [*_times(chart), chart.until]
    tell_time(axes, min(times), max(times), zone)
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    scale = width / (axes.get_xlim()[1] - axes.get_xlim()[0])
    for track, height, above in _placed(chart.tracks, heights):
        _name(sheet, track.name, top + above)
        axes.axhline(above, color="#dddddd", linewidth=0.6, zorder=0)
        _spans(axes, track.spans, above + height / 2, max(times))
        _marks(axes, track.marks, above + height / 2, scale)


def draw_bars(sheet: Sheet, chart: Bars, top: float) -> None:
    """Draw bars below a height."""
    heights = [_bar_high(one) for one in chart.bars]
    left, width = MARGIN + _NAMES + _GAP, sheet.width - 2 * MARGIN - _NAMES - _NUMBERS - 2 * _GAP
    axes = sheet.axes(left, top, width, sum(heights))
    longest = max((float(sum(part for part, _ in one.parts)) for one in chart.bars), default=0.0)
    axes.set_xlim(0, longest or 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    for bar, height, above in _placed(chart.bars, heights):
        _name(sheet, bar.name, top + above)
        begin = 0.0
        for part, shade in bar.parts:
            axes.add_patch(Rectangle((begin, above + (height - _THICK) / 2), float(part), _THICK, **LOOKS[shade]))
            begin += float(part)
        for number, line in enumerate(wrapped(bar.numbers, _NUMBERS)):
            sheet.write(left + width + _GAP, top + above + LINE * (number + 0.9), line)
    sheet.write(left + width / 2, top + sum(heights) + _AXIS, chart.unit, align="center")


def _times(chart: Timeline) -> Iterator[datetime]:
    for track in chart.tracks:
        yield from (mark.at for mark in track.marks)
        for span in track.spans:
            yield from (span.begin, span.end or span.begin)


def _spans(axes: Any, spans: Sequence[Span], middle: float, last: datetime) -> None:  # noqa: ANN401  the library's
    for span in spans:
        begin, end = day_of(span.begin), day_of(span.end or last)
        axes.add_patch(Rectangle((begin, middle - _THICK / 2), end - begin, _THICK, **LOOKS[span.shade]))


def _marks(axes: Any, marks: Sequence[Mark], middle: float, scale: float) -> None:  # noqa: ANN401  the library's
    """Draw marks, each with its text where that reaches no other mark. scale: points of a day."""
    ordered = sorted(marks, key=lambda one: one.at)
    places = [day_of(one.at) for one in ordered]
    for mark, at, after in zip(ordered, places, [*places[1:], inf], strict=False):
        axes.plot([at], [middle], "D", color=LOOKS[mark.shade]["facecolor"], markeredgecolor="black", markersize=6)
        if (after - at) * scale > _BESIDE + length(mark.text) + _NEAR:
            axes.annotate(mark.text, (at, middle), (_BESIDE, -4), textcoords="offset points", parse_math=False)


def _name(sheet: Sheet, name: str, top: float) -> None:
    for number, line in enumerate(wrapped(name, _NAMES)):
        sheet.write(MARGIN, top + LINE * (number + 0.9), line)


def _placed(rows: Sequence[Any], heights: Sequence[float]) -> Iterator[tuple[Any, float, float]]:
    """Yield each row with how high it is and how far below the first one it begins."""
    above = 0.0
    for row, height in zip(rows, heights, strict=True):
        yield row, height, above
        above += height


def _high(names: Sequence[str]) -> float:
    return sum(map(_row_high, names))


def _row_high(name: str) -> float:
    return LINE * max(1, len(wrapped(name, _NAMES))) + 6


def _bar_high(bar: Bar) -> float:
    return max(_row_high(bar.name), LINE * len(wrapped(bar.numbers, _NUMBERS)) + 6)
