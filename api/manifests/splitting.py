"""Amounts whose value and unit stand in one cell: ``500 uL``. They are taken apart, and neither part is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from api.manifests.reading.formats import GENERAL, as_shown, shows_another_amount
from api.manifests.reading.grid import Number
from api.manifests.reading.texts import quoted
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from api.manifests.reading.grid import Cell
    from api.manifests.spelling import Spelling

_AMOUNT: Final = re.compile(r"(?P<value>[+-]?\d(?:[\d.,' ]*\d)?)\s*(?P<unit>[^\W\d_]\D*)?")


def parted(cell: Cell, spelling: Spelling) -> tuple[Cell, Cell]:
    """Return the value and the unit of an amount in one cell; without a unit None, where the row may say it.

    Raises ValueError: it is no number with a unit behind it.
    """
    if isinstance(cell, Number):
        return _of_number(cell, spelling)
    if not isinstance(cell, str):
        return cell, None
    found = _AMOUNT.fullmatch(cell)
    if found is None:
        raise ValueError(f"{quoted(cell)} must be an amount with its unit, such as 500 uL")
    unit = found["unit"]
    return spelling.of_text(found["value"]), None if unit is None else spelling.of_text(unit)


def _of_number(cell: Number, spelling: Spelling) -> tuple[Cell, Cell]:
    """Return a number and the unit that its format shows behind it; of any other number the cell as it is."""
    if not shows_another_amount(cell.value, cell.format):
        return cell, None
    found = _AMOUNT.fullmatch(as_shown(cell.value, cell.format) or "")
    if found is None or found["unit"] is None or found["value"] != format_decimal(cell.value):
        return cell, None
    return Number(cell.value, GENERAL), spelling.of_text(found["unit"])
