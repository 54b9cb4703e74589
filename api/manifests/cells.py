"""From a cell to a member of a statement: the member's schema says what may stand there. Nothing is guessed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from api.manifests.sheets import Cell
    from ledger.statement.strict_json import JsonValue

Schema = dict[str, Any]

_WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\Z", re.ASCII)
_TRUTH: Final = {"true": True, "false": False}
_ERROR: Final = re.compile(
    r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|GETTING_DATA)"
    r"|Err:[0-9]{3}",
    re.ASCII,
)


def is_error(cell: Cell) -> bool:
    """Say whether a cell, or one word of its list, is what a spreadsheet shows in place of a value it has not."""
    return isinstance(cell, str) and any(_ERROR.fullmatch(one.strip()) for one in cell.split(","))


class Members:
    """The members that a body, or one row of its list, can have, by dotted path."""

    def __init__(self, body: type, rows: str | None) -> None:
        """Read the schema of a body.

        rows: the list whose elements are meant; None for the body itself.

        Raises KeyError: the body has no such list.
        """
        schema: Schema = msgspec.json.schema(body)
        self._definitions: Schema = schema["$defs"]
        self._root = self._resolved(schema)
        if rows is not None:
            self._root = self._resolved(self._resolved(self._root["properties"][rows])["items"])

    def find(self, path: str) -> Schema | None:
        """Return the schema of a member; None if there is no such member."""
        found = self._root
        for name in path.split("."):
            if name not in found.get("properties", {}):
                return None
            found = self._resolved(found["properties"][name])
        return found

    def _resolved(self, schema: Schema) -> Schema:
        """Return a schema without references, and without the null of members that may be left out."""
        for one in schema.get("anyOf", ()):
            if one.get("type") != "null":
                return self._resolved(one)
        if "$ref" in schema:
            return self._resolved(self._definitions[schema["$ref"].rpartition("/")[2]])
        return schema


def value_of(cell: Cell, schema: Schema) -> JsonValue:
    """Return a cell as a value of a member.

    A list of texts is written with commas. Raises ValueError, in the user's words: it is not a value of that type.
    """
    match schema.get("type"):
        case "integer":
            return _whole(cell)
        case "boolean":
            return _truth(cell)
        case "array":
            return [one.strip() for one in _text(cell, schema).split(",")]
        case _:
            return _text(cell, schema)


def _whole(cell: Cell) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return int(cell)
    if isinstance(cell, str) and _WHOLE.match(cell):
        return int(cell)
    raise ValueError(f"{cell} is not a whole number")


def _truth(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.casefold() in _TRUTH:
        return _TRUTH[cell.casefold()]
    raise ValueError(f"{cell} is neither true nor false")


def _text(cell: Cell, schema: Schema) -> str:
    match cell:
        case str():
            return cell
        case bool():
            raise ValueError(f"{cell} is a yes or no; a text is expected")
        case int():
            return str(cell)
        case Decimal():
            return format_decimal(cell)
        case date() if schema.get("format") == "date":
            return cell.isoformat()
        case _:
            raise ValueError(f"{cell} is a date; a text is expected: format the cell as text")
