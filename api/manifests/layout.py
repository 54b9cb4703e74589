"""How a manifest's columns become the members of statements: written in TOML, or the built-in one for plain headers.

kind = "item.listed/1"          what each statement is
rows = "items"                  the list that each row adds to; left out: each row is a statement of its own
rows_in_statement = 200         at most so many rows in one statement
sheet = "Items"                 of a workbook; left out: the first
header = 1                      the line that names the columns
unique = ["label"]              members of a row that must differ within one manifest
[constants]                     member of the body = value
[shared]                        "Column" = member of the body; rows with the same values share a statement
[columns]                       "Column" = member of the row, such as quantity.value
[fresh]                         member of the row = type of id; a fresh id is made for each row
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.manifests.reading.grid import header_key
from ledger.errors import Malformed
from ledger.statement.catalogue import KINDS
from ledger.statement.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.domain.kind import Kind

RULES: Final = {
    "IMP-05": "A layout is TOML with the members that its form names, for a kind that has the members it fills.",
}

_LARGEST: Final = 100_000
_WHERE: Final = re.compile(r"line (?P<line>[0-9]+), column (?P<column>[0-9]+)")


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file as written."""

    kind: str
    rows: str | None = None
    rows_in_statement: int = 200
    sheet: str | None = None
    header: int = 1
    unique: tuple[str, ...] = ()
    constants: dict[str, str | int | bool] = {}
    shared: dict[str, str] = {}
    columns: dict[str, str] = {}
    fresh: dict[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout; of the names of columns it has their ``header_key``, by which headers are compared."""

    kind: str
    rows: str | None
    rows_in_statement: int
    sheet: str | None
    header: int
    unique: tuple[str, ...]
    constants: Mapping[str, str | int | bool]
    shared: Mapping[str, str]
    columns: Mapping[str, str]
    fresh: Mapping[str, str]
    optional: bool = False
    """True where a manifest may lack any of the columns; its members are then missing or not, as the kind says."""

    @property
    def of_kind(self) -> Kind[Any]:
        """Return the kind of the statements."""
        return KINDS[self.kind]

    def with_constants(self, constants: Mapping[str, str]) -> Layout:
        """Return the layout with some members of the body fixed, whatever column they came from before."""
        shared = {column: member for column, member in self.shared.items() if member not in constants}
        return replace(self, constants={**self.constants, **constants}, shared=shared)


BUILT_IN: Final = Layout(
    kind="item.listed/1",
    rows="items",
    rows_in_statement=200,
    sheet=None,
    header=1,
    unique=("item", "label"),
    constants={},
    shared={"consignment": "consignment", "approval": "approval", "line": "line"},
    columns={"item": "item", "label": "label", "quantity": "quantity.value", "unit": "quantity.unit", "lot": "lot"},
    fresh={"item": "item"},
    optional=True,
)
"""For manifests with the obvious headers. Where there is no column for items, each row gets a fresh id."""


def read_layout(path: Path) -> Layout:
    """Read a layout. Raises Malformed: IMP-05 it is not one, or names a kind that is not known. OSError."""
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise Malformed("IMP-05", path.name, f"{len(data)} bytes, more than {_LARGEST}")
    try:
        written = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), Written)
    except msgspec.ValidationError as error:
        member, problem = in_words(error, Written)
        raise Malformed("IMP-05", f"{path.name}: {member.replace('[...]', '')[1:]}", problem) from None
    except UnicodeDecodeError:
        raise Malformed("IMP-05", path.name, "is not UTF-8; save the file in UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _WHERE.search(str(error))
        place = f" in line {where['line']}, at character {where['column']}" if where else ""
        raise Malformed("IMP-05", path.name, f"is not TOML{place}") from None
    if written.kind not in KINDS:
        raise Malformed("IMP-05", f"{path.name}: kind", f"{written.kind} is not a kind that this ledger knows")
    if written.rows_in_statement < 1 or written.header < 1:
        raise Malformed("IMP-05", path.name, "rows_in_statement and header count from 1")
    return Layout(
        kind=written.kind,
        rows=written.rows,
        rows_in_statement=written.rows_in_statement if written.rows is not None else 1,
        sheet=written.sheet,
        header=written.header,
        unique=written.unique,
        constants=written.constants,
        shared={header_key(column): member for column, member in written.shared.items()},
        columns={header_key(column): member for column, member in written.columns.items()},
        fresh=written.fresh,
    )
