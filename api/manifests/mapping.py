"""Mappings: layouts as people write them, in TOML.

kind = "item.listed/1"          what each statement is
rows = "items"                  the list that each row adds to; left out: each row is a statement of its own
rows_in_statement = 200         at most so many rows in one statement
sheet = "Items"                 of a workbook; left out: the first
encoding = "gb18030"            of CSV; left out: utf-8
header = 1                      the line that names the columns, or "find": the first that names all that stand here
only_for = "…"                  the SHA-256 of the one file that it is for; left out: it is for any
unique = ["label"]              members of a row that must differ within one manifest
one_spelling = ["Column"]       columns in which full-width characters, odd spaces and hyphens count as plain ones
decimal_comma = ["Column"]      columns that write 1,5 for 1.5
merged = ["Column"]             columns in which a cell merged with others below it holds for all of them
ignored = ["column E"]          columns without a name of their own that may hold anything
[constants]                     member of the body = value
[row_constants]                 member of the row = value, where no column says it
[shared]                        "Column" = member of the body; rows with the same values share a statement
[columns]                       "Column" = member of the row, such as quantity.value, or quantity for "500 uL"
[joined]                        member of the row = columns whose values stand between slashes in it, as in a place
[fresh]                         member of the row = type of id; a fresh id is made for each row
[dates]                         "Column" = year-month-day, day-month-year or month-day-year
[values."Column"]               what stands in a cell = what is meant; "" for nothing
[pass_over]                     headers = true, hidden = true, begins = ["Total"]: which rows are none
[pass_over.columns]             "Column" = ["Total"]: rows whose value there begins so
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final

import msgspec

from api.manifests.layout import LETTERED, Layout, keyed
from api.manifests.passing import PassOver
from api.manifests.reading.encodings import Encoding
from api.manifests.reading.grid import header_key, word_key
from api.manifests.spelling import DateOrder, Spelling
from ledger.errors import Malformed
from ledger.statement.catalogue import KINDS
from ledger.statement.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RULES: Final = {
    "IMP-05": "A layout is TOML with the members that its form names, for a kind that has the members it fills.",
}

FIND: Final = "find"

_LARGEST: Final = 100_000
_MOST_POINTS: Final = 50
"""In one line: reading TOML takes as long as the square of how many parts a key has, and a key stands in one line."""

_WHERE: Final = re.compile(r"line (?P<line>[0-9]+), column (?P<column>[0-9]+)")
_DIGEST: Final = re.compile("[0-9a-f]{64}")


class PassedOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which rows are passed over, as written."""

    headers: bool = False
    hidden: bool = False
    begins: tuple[str, ...] = ()
    columns: dict[str, tuple[str, ...]] = {}


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file as written."""

    kind: str
    rows: str | None = None
    rows_in_statement: int = 200
    sheet: str | None = None
    encoding: Encoding | None = None
    header: int | str = 1
    only_for: str | None = None
    unique: tuple[str, ...] = ()
    one_spelling: tuple[str, ...] = ()
    decimal_comma: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    constants: dict[str, str | int | bool] = {}
    row_constants: dict[str, str | int | bool] = {}
    shared: dict[str, str] = {}
    columns: dict[str, str] = {}
    joined: dict[str, tuple[str, ...]] = {}
    fresh: dict[str, str] = {}
    dates: dict[str, DateOrder] = {}
    values: dict[str, dict[str, str]] = {}
    pass_over: PassedOver = PassedOver()


def read_layout(path: Path) -> Layout:
    """Read a mapping. Raises Malformed: IMP-05 it is not one, or names a kind that is not known. OSError."""
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise Malformed("IMP-05", path.name, f"{len(data)} bytes, more than {_LARGEST}")
    return layout_of(path.name, data)


def layout_of(file: str, data: bytes) -> Layout:
    """Return the layout that a mapping writes. file: for problems. Raises Malformed: IMP-05."""
    try:
        text = data.decode("utf-8-sig")
        _check_lines(file, text)
        document = tomllib.loads(text)
        written = msgspec.convert(document, Written)
    except msgspec.ValidationError as error:
        member, problem = in_words(error, Written, document)
        raise Malformed("IMP-05", f"{file}: {member.replace('[...]', '')[1:]}", problem) from None
    except UnicodeDecodeError:
        raise Malformed("IMP-05", file, "is not UTF-8; save the file in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _WHERE.search(str(error))
        place = f" in line {where['line']}, at character {where['column']}" if where else ""
        raise Malformed("IMP-05", file, f"is not TOML{place}") from None
    _check(file, written)
    return Layout(
        kind=written.kind,
        rows=written.rows,
        rows_in_statement=written.rows_in_statement if written.rows is not None else 1,
        sheet=written.sheet,
        encoding=written.encoding,
        header=None if isinstance(written.header, str) else written.header,
        only_for=written.only_for,
        unique=written.unique,
        constants=written.constants,
        row_constants=written.row_constants,
        shared=keyed(written.shared),
        columns=keyed(written.columns),
        joined={path: tuple(map(header_key, columns)) for path, columns in written.joined.items()},
        fresh=written.fresh,
        spellings=_spellings(file, written),
        ignored=frozenset(map(header_key, written.ignored)),
        pass_over=PassOver(
            headers=written.pass_over.headers,
            hidden=written.pass_over.hidden,
            begins=written.pass_over.begins,
            columns={header_key(column): words for column, words in written.pass_over.columns.items()},
        ),
    )


def _check_lines(file: str, text: str) -> None:
    lines = text.split("\n")  # no other mark ends a line of TOML
    if (line := next((number for number, one in enumerate(lines, 1) if one.count(".") > _MOST_POINTS), 0)) != 0:
        raise Malformed("IMP-05", file, f"has more than {_MOST_POINTS} points in line {line}: break the line")


def _check(file: str, written: Written) -> None:
    if written.kind not in KINDS:
        raise Malformed("IMP-05", f"{file}: kind", f"{written.kind} is not a kind that this ledger knows")
    if isinstance(written.header, str) and written.header != FIND:
        raise Malformed("IMP-05", f"{file}: header", f'must be a whole number, or "{FIND}"')
    counted = 1 if isinstance(written.header, str) else written.header
    if written.rows_in_statement < 1 or counted < 1:
        raise Malformed("IMP-05", file, "rows_in_statement and header count from 1")
    if written.only_for is not None and _DIGEST.fullmatch(written.only_for) is None:
        raise Malformed("IMP-05", f"{file}: only_for", "is not a SHA-256, 64 lower-case hex digits")
    named = keyed(written.shared).keys() | keyed(written.columns).keys()
    named |= {header_key(column) for columns in written.joined.values() for column in columns}
    if isinstance(written.header, str) and not named - LETTERED:
        raise Malformed("IMP-05", f"{file}: header", "no header is found by no names: state its line")
    read = (*written.one_spelling, *written.decimal_comma, *written.merged, *written.dates, *written.values)
    for column in read:
        if header_key(column) not in named:
            problem = f'says how "{column}" is read, which stands in none of columns, shared and joined'
            raise Malformed("IMP-05", file, problem)


def _spellings(file: str, written: Written) -> dict[str, Spelling]:
    read = (*written.one_spelling, *written.decimal_comma, *written.merged, *written.dates, *written.values)
    dates = {header_key(column): order for column, order in written.dates.items()}
    values = {header_key(column): _values(file, column, meant) for column, meant in written.values.items()}
    comma, merged = set(map(header_key, written.decimal_comma)), set(map(header_key, written.merged))
    one_spelling = set(map(header_key, written.one_spelling))
    return {
        column: Spelling(
            values=values.get(column, {}),
            dates=dates.get(column),
            one_spelling=column in one_spelling,
            decimal_comma=column in comma,
            merged=column in merged,
        )
        for column in map(header_key, read)
    }


def _values(file: str, column: str, meant: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for written, said in meant.items():
        if found.setdefault(word_key(written), said) != said:
            raise Malformed("IMP-05", f'{file}: values."{column}"', f'says two things of what "{written}" looks like')
    return found
