"""Amounts over time, drawn: a panel for each unit, in which an amount stays until it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.pictures.charts import Shade
from api.pictures.paper import LINE, MARGIN, wrapped
from api.pictures.shades import LOOKS, day_of, tell_time

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from api.pictures.charts import Panel, Panels
    from api.pictures.paper import Sheet

_HIGH: Final = 120.0
_AXIS: Final = 34.0
_LEFT: Final = 60.0
_NUMBERS: Final = 260.0
_GAP: Final = 48.0
LINES: Final[Mapping[Shade, tuple[str, float]]] = {
    Shade.DARK: ("solid", 2.0),
    Shade.LIGHT: ("solid", 1.0),
    Shade.HATCHED: ("dashed", 1.2),
    Shade.OPEN: ("dotted", 1.6),
}
"""How the line of an amount looks, and how thick it is."""


def height_of_panels(chart: Panels) -> float:
    """Return how high panels are."""
    return sum(_high(one) for one in chart.panels)


def draw_panels(sheet: Sheet, chart: Panels, top: float, zone: tzinfo) -> None:
    """Draw panels below a height."""
    first = min((one.points[0][0] for panel in chart.panels for one in panel.series), default=chart.until)
    width = sheet.width - 2 * MARGIN - _LEFT - _GAP - _NUMBERS
    for panel in chart.panels:
        names = wrapped(panel.name, sheet.width - 2 * MARGIN)
        for number, line in enumerate(names, 1):
            sheet.write(MARGIN, top + number * LINE, line, bold=True)
        above = top + LINE * len(names) + 8
        axes = sheet.axes(MARGIN + _LEFT, above, width, _HIGH)
        for series in panel.series:
            times = [*(day_of(at) for at, _ in series.points), day_of(chart.until)]
            amounts = [*(float(amount) for _, amount in series.points), float(series.points[-1][1])]
            style, thick = LINES[series.shade]
            if series.shade is Shade.LIGHT:
                axes.fill_between(times, amounts, step="post", color=LOOKS[Shade.LIGHT]["facecolor"])
            axes.step(times, amounts, where="post", color="black", linestyle=style, linewidth=thick)
        axes.set_ylim(*_reach(panel))
        tell_time(axes, first, chart.until, zone)
        for number, line in enumerate(_numbers(panel), 1):
            sheet.write(MARGIN + _LEFT + width + _GAP, above + number * LINE, line)
        top += _high(panel)


def _reach(panel: Panel) -> tuple[float, float]:
    """Return from where to where the axis of amounts goes: with nothing on it, and a little beyond the most."""
    amounts = [0.0, *(float(amount) for one in panel.series for _, amount in one.points)]
    return min(amounts) * 1.05, max(amounts) * 1.05 or 1.0


def _numbers(panel: Panel) -> list[str]:
    told = [*(one.numbers for one in panel.series), *panel.notes]
    return [line for one in told for line in wrapped(one, _NUMBERS)]


def _high(panel: Panel) -> float:
    name = LINE * len(wrapped(panel.name, 912.0)) + 8
    return name + max(_HIGH + _AXIS, LINE * (len(_numbers(panel)) + 1))
