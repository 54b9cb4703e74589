"""A picture, drawn: its words above, its chart, and its legend and numbers below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from matplotlib.patches import Rectangle

from api.pictures.charts import Bars, Panels, Shade, Timeline, Tree
from api.pictures.paper import LINE, MARGIN, svg, wrapped
from api.pictures.rows import draw_bars, draw_timeline, height_of_bars, height_of_timeline
from api.pictures.shades import LOOKS
from api.pictures.steps import LINES, draw_panels, height_of_panels
from api.pictures.trees import draw_tree, height_of_tree, width_of_tree

if TYPE_CHECKING:
    from datetime import tzinfo

    from api.pictures.charts import Chart, Picture
    from api.pictures.paper import Sheet

WIDTH: Final = 960.0
_BOX: Final = 20.0
"""Of the legend: how wide a shade is shown."""


def draw(picture: Picture, zone: tzinfo) -> bytes:
    """Return a picture as the bytes of an SVG file, with times in a zone."""
    width = max(WIDTH, width_of_tree(picture.chart)) if isinstance(picture.chart, Tree) else WIDTH
    within = width - 2 * MARGIN
    title = wrapped(picture.title, within * 0.9)  # bold letters are wider
    about = [line for one in picture.about for line in wrapped(one, within)]
    notes = [line for one in picture.notes for line in wrapped(one, within)]
    top = MARGIN + LINE * (len(title) + len(about) + 1)
    bottom = top + (0.0 if picture.chart is None else _height(picture.chart))
    height = bottom + LINE * (len(picture.legend) + len(notes) + 2) + MARGIN

    def paint(sheet: Sheet) -> None:
        for number, line in enumerate((*title, *about), 1):
            sheet.write(MARGIN, MARGIN + number * LINE, line, bold=number <= len(title))
        if picture.chart is not None:
            _draw(sheet, picture.chart, top, zone)
        for number, (shade, meaning) in enumerate(picture.legend, 1):
            _show(sheet, bottom + number * LINE, shade, picture.chart)
            sheet.write(MARGIN + _BOX + 8, bottom + number * LINE, meaning)
        for number, line in enumerate(notes, len(picture.legend) + 2):
            sheet.write(MARGIN, bottom + number * LINE, line)

    return svg(width, height, picture.title, " ".join((*picture.about, *picture.notes)), paint)


def _height(chart: Chart) -> float:
    match chart:
        case Timeline():
            return height_of_timeline(chart)
        case Bars():
            return height_of_bars(chart)
        case Panels():
            return height_of_panels(chart)
        case Tree():
            return height_of_tree(chart)


def _draw(sheet: Sheet, chart: Chart, top: float, zone: tzinfo) -> None:
    match chart:
        case Timeline():
            draw_timeline(sheet, chart, top, zone)
        case Bars():
            draw_bars(sheet, chart, top)
        case Panels():
            draw_panels(sheet, chart, top, zone)
        case Tree():
            draw_tree(sheet, chart, top)


def _show(sheet: Sheet, base: float, shade: Shade, chart: Chart | None) -> None:
    """Show a shade as it looks in its chart: as a line, a mark or an area."""
    axes = sheet.axes(MARGIN, base - 10, _BOX, 12)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    marks = {Timeline: "D", Tree: "o"}
    if isinstance(chart, Panels) and shade is not Shade.LIGHT:
        style, thick = LINES[shade]
        axes.plot([0, 1], [0.5, 0.5], color="black", linestyle=style, linewidth=thick)
    elif type(chart) in marks and shade in {Shade.DARK, Shade.OPEN}:
        face = LOOKS[shade]["facecolor"]
        axes.plot([0.5], [0.5], marks[type(chart)], color=face, markeredgecolor="black", markersize=6)
    else:
        axes.add_patch(Rectangle((0, 0), 1, 1, **LOOKS[shade]))
