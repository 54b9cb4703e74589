"""Labels, drawn: one as a picture, and sheets of them as a PDF file. Black and white, dot by dot."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from api.labels.arranging import arrange
from api.labels.stock import PAGE
from api.labels.typefaces import typeface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL.Image import Image

    from api.labels.arranging import Arranged, Label
    from api.labels.stock import Sheet, Size

DOTS: Final = 12
"""To a millimetre, of pictures and sheets: some 300 to an inch."""
_RESOLUTION: Final = DOTS * 25.4
_DARK, _LIGHT = 0, 1


def paint(one: Arranged) -> Image:
    """Return a label as a picture, a bit to a dot."""
    image = paint_text(one)
    for row, dots in enumerate(one.modules):
        for column, dark in enumerate(dots):
            if dark:
                x, y = one.x + column * one.module, one.y + row * one.module
                image.paste(_DARK, (x, y, x + one.module, y + one.module))
    return image


def paint_text(one: Arranged) -> Image:
    """Return the text of a label alone as a picture of the whole label."""
    from PIL import Image, ImageDraw

    image = Image.new("1", (one.width, one.height), _LIGHT)
    drawing = ImageDraw.Draw(image)
    for line in one.lines:
        font = typeface(line.text, line.size)
        drawing.text((line.x, line.y + line.size), line.text, fill=_DARK, font=font, anchor="ls")
    return image


def png(label: Label, size: Size) -> bytes:
    """Return one label as a PNG file. Raises as ``arrange``."""
    file = BytesIO()
    paint(arrange(label, size, DOTS)).save(file, "PNG", dpi=(_RESOLUTION, _RESOLUTION))
    return file.getvalue()


def pdf(labels: Sequence[Label], sheet: Sheet, first: int = 1) -> bytes:
    """Return sheets of labels as a PDF file. first: the place on the first sheet where labels are left, from 1 on.

    Raises as ``arrange``.
    """
    from PIL import Image

    file, beginning = BytesIO(), (None,) * (first - 1)
    placed = (*beginning, *labels)
    for number in range(0, len(placed), sheet.labels):
        page = Image.new("1", (round(PAGE[0] * DOTS), round(PAGE[1] * DOTS)), _LIGHT)
        for place, label in enumerate(placed[number : number + sheet.labels]):
            if label is not None:
                x, y = sheet.place(place)
                page.paste(paint(arrange(label, sheet.size, DOTS)), (round(x * DOTS), round(y * DOTS)))
        # One page after the other, because each takes nine megabytes while it is drawn.
        page.save(file, "PDF", resolution=_RESOLUTION, append=number > 0, title="Vialog")
    return file.getvalue()
