"""From a cell to a member of a statement: the member's schema says what may stand there. Nothing is guessed.

What cannot be taken as it stands is said with its value and with what to do about it, in the user's words.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import TYPE_CHECKING, Final

from api.manifests.amounts import no_decimal
from api.manifests.choices import choice_called
from api.manifests.reading.formats import as_shown, shows_another_amount
from api.manifests.reading.grid import Cell, Faulty, Moment, Number
from api.manifests.reading.texts import is_error, made_by_spreadsheet, quoted, stands_for_nothing, unseen
from ledger.domain.bodies.printed import other_spelling
from ledger.errors import Malformed
from ledger.nearest import nearest, suggestion
from ledger.quantity import format_decimal
from ledger.reference.codes import load_names
from ledger.reference.units import load_units

if TYPE_CHECKING:
    from decimal import Decimal

    from api.manifests.members import Member
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "IMP-09": "No cell that is imported holds an error value of a spreadsheet.",
    "IMP-15": "An imported number is shown as it is: a name with its digits, an amount not as a share, money or date.",
}

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z", re.ASCII)
_ALMOST_WHOLE: Final = re.compile(r"[+]?0*([0-9]{1,16}?)(?:[.,]0*)?", re.ASCII)
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?\Z", re.ASCII)
_LOST_DIGITS: Final = 10**15
_TRUTH: Final = {"true": True, "false": False}
_ENTER_ANEW: Final = "format the cell as text, and enter anew what is printed"


def value_of(cell: Cell, member: Member, *, typed: bool) -> JsonValue:
    """Return a cell as a value of a member. A list of texts is written with commas.

    typed: whether the cell knows what it is, as that of a workbook does.

    Raises Malformed: the rule of its fault, IMP-09, IMP-15. ValueError: it is not what the member takes.
    """
    match cell:
        case Faulty():
            raise Malformed(cell.rule, member.path, cell.problem)
        case Number():
            return _of_number(cell, member)
        case Moment():
            return _of_moment(cell, member)
        case bool():
            return _of_truth(cell, member)
        case _:
            return _of_text(str(cell), member, typed=typed)


def printed_in(cell: Cell, member: Member) -> str:
    """Return what a cell says is printed. Raises Malformed: as value_of. ValueError: it is no text, nor digits."""
    match cell:
        case Faulty():
            raise Malformed(cell.rule, member.path, cell.problem)
        case Number():
            written = format_decimal(cell.value)
            _check_digits(cell, member, written)
            return written
        case str():
            if is_error(cell):
                raise Malformed("IMP-09", member.path, f"{cell} is an error of the spreadsheet, not a value")
            return cell
        case _:
            return str(value_of(cell, member, typed=True))


def _of_text(text: str, member: Member, *, typed: bool) -> JsonValue:
    if is_error(text):
        raise Malformed("IMP-09", member.path, f"{text} is an error of the spreadsheet, not a value")
    if (fault := unseen(text)) is not None:
        raise ValueError(f"{quoted(text)} has {fault}")
    match member.sort:
        case "integer":
            if _WHOLE.match(text) is None:
                raise ValueError(f"{quoted(text)} is not a whole number{_whole_meant(text)}")
            return _within(int(text), member)
        case "boolean":
            if text.casefold() not in _TRUTH:
                raise ValueError(f"{quoted(text)} is neither true nor false")
            return _TRUTH[text.casefold()]
        case "array" if member.item is not None:
            return [_fitting(one.strip(), member.item, typed=typed) for one in text.split(",")]
        case _:
            return _fitting(text, member, typed=typed)


def _whole_meant(text: str) -> str:
    """Return what to write for a whole number in another form, such as 1.0; nothing where that is not known."""
    found = _ALMOST_WHOLE.fullmatch(unicodedata.normalize("NFKC", text))
    return "" if found is None else f"; write {found[1]}"


def _within(value: int, member: Member) -> int:
    least, most = member.least, member.most
    if (least is not None and value < least) or (most is not None and value > most):
        raise ValueError(f"{value} must be a whole number from {least:,} to {most:,}")
    return value


def _fitting(text: str, member: Member, *, typed: bool) -> str:
    """Return a text that a member takes as it is. Raises ValueError."""
    if stands_for_nothing(text) and (member.is_printed or member.is_decimal or member.is_unit):
        raise ValueError(f"{quoted(text)} says that there is nothing: leave the cell empty")
    if member.is_printed:
        _check_printed(text, typed=typed)
    if member.is_unit and load_units().find(text) is None:
        raise ValueError(load_units().unknown(text))
    if member.codes is not None:
        return _code(text, member.codes)
    if member.form == "date":
        _check_day(text)
    if member.choices:
        return _choice(text, member)
    if not member.takes(text):
        remedy = no_decimal(text) if member.is_decimal else None
        raise ValueError(f"{quoted(text)} {remedy or f'must be {member.demand}'}")
    return text


def _code(text: str, name: str) -> str:
    """Return the code that a cell says, by itself or by its whole name in English or Chinese. Raises ValueError."""
    codes = load_names()
    found = text if codes.takes(name, text) else codes.meant(name, text)
    if found is None:
        raise ValueError(f"{quoted(text)} is not of the list {name}; {codes.hint(name, text)}")
    return found


def _choice(text: str, member: Member) -> str:
    """Return the word of a closed list that a cell says, by itself or by its whole name. Raises ValueError."""
    found = text if text in member.choices else choice_called(member.choices, text)
    if found is None:
        near = nearest(text, member.choices)
        raise ValueError(f"{quoted(text)} must be {member.demand}{f'; {suggestion(near, ())}' if near else ''}")
    return found


def _check_printed(text: str, *, typed: bool) -> None:
    if (fault := other_spelling(text)) is not None:
        raise ValueError(f"{quoted(text)} has {fault}")
    if not typed and (made := made_by_spreadsheet(text)) is not None:
        remedy = "write what is printed or, if this is, a workbook (XLSX) with the cell formatted as text"
        raise ValueError(f"{quoted(text)} looks like {made}: {remedy}")


def _check_day(text: str) -> None:
    found = _DAY.match(text)
    try:
        day = date(*map(int, found.groups())).isoformat() if found else ""
    except ValueError:
        day = ""
    if not day:
        raise ValueError(f'{quoted(text)} must be a date such as "2026-09-01"')
    if day != text:
        raise ValueError(f"{quoted(text)} is a date in another form; write {day}")


def _of_number(cell: Number, member: Member) -> JsonValue:
    written = format_decimal(cell.value)
    match member.sort:
        case "integer":
            _check_amount(cell, member)
            if cell.value != cell.value.to_integral_value():
                raise ValueError(f"{written} is not a whole number")
            return _within(int(cell.value), member)
        case "boolean":
            raise ValueError(f"{written} is neither true nor false")
        case _ if member.form:
            raise ValueError(f"{written} is a number; a {member.form.replace('-time', ' and time')} is expected")
        case _ if member.is_decimal:
            _check_amount(cell, member)
            return _fitting(written, member, typed=True)
        case _:
            _check_digits(cell, member, written)
            return _of_text(written, member, typed=True)


def _check_amount(cell: Number, member: Member) -> None:
    if shows_another_amount(cell.value, cell.format):
        remedy = "format the cell as a plain number, and enter anew what is meant"
        raise Malformed("IMP-15", member.path, f"{_shown(cell.value, cell.format)}: {remedy}")


def _check_digits(cell: Number, member: Member, written: str) -> None:
    if abs(cell.value) >= _LOST_DIGITS:
        problem = f"is the number {written}, of which a spreadsheet keeps 15 digits: {_ENTER_ANEW}"
        raise Malformed("IMP-15", member.path, problem)
    if as_shown(cell.value, cell.format) != written:
        raise Malformed("IMP-15", member.path, f"{_shown(cell.value, cell.format)}: {_ENTER_ANEW}")


def _shown(value: Decimal, code: str) -> str:
    shown = as_shown(value, code)
    said = f"in the format {quoted(code)}" if shown is None else f"shown as {shown or 'nothing'}"
    written = format_decimal(value) if abs(value.adjusted()) < 30 else str(value)
    return f"is the number {written}, {said}"


def _of_moment(cell: Moment, member: Member) -> JsonValue:
    if cell.value is None:
        said = "a time of day, or a duration"
    elif cell.value.time() == time():
        said = f"the date {cell.value.date().isoformat()}"
    else:
        said = f"the time {cell.value.isoformat(' ', 'minutes')}"
    if member.form == "date":
        if cell.value is None or cell.value.time() != time():
            raise ValueError(f"is {said}; a date without a time is expected")
        return cell.value.date().isoformat()
    if member.form == "date-time":
        raise ValueError(f"is {said} without a zone; write it as text such as 2026-09-01T08:30:00Z")
    if member.is_decimal or member.sort == "integer":
        remedy = ": format the cell as a plain number, and enter it anew"
    else:
        remedy = f", which a spreadsheet may have made of something else: {_ENTER_ANEW}"
    raise Malformed("IMP-15", member.path, f"is {said}{remedy}")


def _of_truth(cell: bool, member: Member) -> JsonValue:  # noqa: FBT001  it is the value, not a switch
    if member.sort == "boolean":
        return cell
    raise Malformed("IMP-15", member.path, f"is {str(cell).upper()}, a yes or no: {_ENTER_ANEW}")
