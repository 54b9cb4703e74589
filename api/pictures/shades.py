"""How shades look in black and white, and how time is told along an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from matplotlib.dates import AutoDateLocator, date2num, num2date
from matplotlib.ticker import FuncFormatter

from api.pictures.charts import Shade

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from matplotlib.axes import Axes

LOOKS: Final[Mapping[Shade, Mapping[str, Any]]] = {
    Shade.DARK: {"facecolor": "#555555", "edgecolor": "black", "linewidth": 0.8},
    Shade.LIGHT: {"facecolor": "#cccccc", "edgecolor": "black", "linewidth": 0.8},
    Shade.HATCHED: {"facecolor": "white", "edgecolor": "black", "linewidth": 0.8, "hatch": "////"},
    Shade.OPEN: {"facecolor": "white", "edgecolor": "black", "linewidth": 0.8},
}

_TICKS: Final = 6
_DAYS: Final = 3.0
"""From so many days on an axis tells days, below it hours."""


def day_of(instant: datetime) -> float:
    """Return an instant as axes count: in days."""
    return float(date2num(instant))


def tell_time(axes: Axes, first: datetime, last: datetime, zone: tzinfo) -> None:
    """Give an axis of time from one instant to another, a little wider, with few moments told in numbers."""
    begin, end = day_of(first), day_of(last)
    room = max(end - begin, 1 / 24) * 0.02
    axes.set_xlim(begin - room, end + room)
    form = "%Y-%m-%d" if end - begin >= _DAYS else "%m-%d %H:%M"
    axes.xaxis.set_major_locator(AutoDateLocator(tz=zone, minticks=2, maxticks=_TICKS))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: num2date(value, tz=zone).strftime(form)))
    axes.tick_params(axis="x", direction="out", length=4)
