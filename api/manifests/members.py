"""The members that the columns of a manifest fill: what the schema of their kind says of each."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import msgspec

from ledger.domain.bodies.printed import KEYS, NUMBER_PATTERN
from ledger.domain.bodies.vocabulary import COMMITMENT_PATTERN, DIGEST_PATTERN, LIST, REGISTERED_NAME_PATTERN
from ledger.ids import IdType
from ledger.quantity import UNIT_PATTERN
from ledger.statement.wording import described

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.statement.text.strict_json import JsonValue

Schema = dict[str, Any]

_ID_TYPES: Final = get_args(IdType)
_A_NUMBER: Final = "1.5"
_NO_NUMBER: Final = "A"
_SORTS: Final = {
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a day, such as 2026-03-01",
    "date-time": "an instant in UTC, such as 2026-03-01T08:30:00Z",
}


def put(into: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    """Set a member by its dotted path."""
    *steps, last = path.split(".")
    for step in steps:
        into = cast("dict[str, JsonValue]", into.setdefault(step, {}))
    into[last] = value


class Member:
    """A member of a body, or of one row of its list, and what may stand there.

    sort: the type that JSON has for it; a text if none is said.
    form: what further form a text has, ``date`` or ``date-time``; "" for none.
    choices: the texts that alone may stand there; empty if any may.
    says: its description.
    parts: the names of its own members, where it has any.
    codes: the list that its codes are of; None of what takes none, or free ones.
    least, most: of a whole number. longest: how many a list may hold.
    """

    def __init__(self, path: str, schema: Schema, items: Schema | None = None) -> None:
        self.path = path
        self.sort: str = schema.get("type", "string")
        self.form: str = schema.get("format", "")
        self.choices: tuple[str, ...] = tuple(schema.get("enum", ()))
        self.least: int | None = schema.get("minimum")
        self.most: int | None = schema.get("maximum")
        self.longest: int | None = schema.get("maxItems")
        self.parts: tuple[str, ...] = tuple(schema.get("properties", ()))
        self._pattern: str = schema.get("pattern", "")
        self.says: str = schema.get("description", "")
        self._examples: object = schema.get("examples")
        self.codes: str | None = schema.get(LIST)
        self.item = None if items is None else Member(path, items)

    @cached_property
    def is_decimal(self) -> bool:
        """Say whether it is a number that is written as a text."""
        return bool(self._pattern) and self.takes(_A_NUMBER) and not self.takes(_NO_NUMBER)

    @property
    def is_printed(self) -> bool:
        """Say whether it is a number as printed: a label, a lot, the number of a paper."""
        return self._pattern == NUMBER_PATTERN

    @cached_property
    def id_type(self) -> IdType | None:
        """Return the type of the ids that may stand there; None where none may."""
        kind = self._pattern.removeprefix("^").partition(":")[0]
        return cast("IdType", kind) if kind in _ID_TYPES and ":" in self._pattern else None

    @property
    def is_commitment(self) -> bool:
        """Say whether it commits to what its column holds, which then stands in a disclosure."""
        return self._pattern == COMMITMENT_PATTERN

    @property
    def is_digest(self) -> bool:
        """Say whether it is the digest of a document."""
        return self._pattern == DIGEST_PATTERN

    @property
    def is_name(self) -> bool:
        """Say whether it is a registered name."""
        return self._pattern == REGISTERED_NAME_PATTERN

    @property
    def is_unit(self) -> bool:
        """Say whether it is a unit of the table."""
        return self._pattern == UNIT_PATTERN

    def takes(self, text: str) -> bool:
        """Say whether a text has its pattern."""
        return re.search(self._pattern, text) is not None

    def key(self, value: JsonValue) -> JsonValue:
        """Return what a value is told apart by from others."""
        return KEYS[self._pattern](value) if isinstance(value, str) and self._pattern in KEYS else value

    @property
    def is_amount(self) -> bool:
        """Say whether it is an amount: a value and a unit."""
        return self.parts == ("value", "unit")

    @property
    def demand(self) -> str:
        """Return, for people, what must stand there."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.says:
            return described(self.says, self._examples)
        return self.item.demand if self.item is not None else _SORTS.get(self.form or self.sort, "a text")


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

    def find(self, path: str) -> Member | None:
        """Return a member; None if there is no such one."""
        found = self._root
        for name in path.split("."):
            if name not in found.get("properties", {}):
                return None
            found = self._resolved(found["properties"][name])
        return Member(path, found, self._resolved(found["items"]) if "items" in found else None)

    def paths(self) -> Iterator[str]:
        """Yield the path of every member, those that have members of their own and then these."""
        yield from self._paths(self._root, "")

    def _paths(self, schema: Schema, path: str) -> Iterator[str]:
        for name, said in schema.get("properties", {}).items():
            yield f"{path}{name}"
            yield from self._paths(self._resolved(said), f"{path}{name}.")

    def missing(self, given: Mapping[str, JsonValue]) -> Iterator[str]:
        """Yield the paths of what must be there, and is not; of what may be left out, only if part of it is there."""
        yield from self._missing(self._root, given, "")

    def _missing(self, schema: Schema, given: Mapping[str, JsonValue], path: str) -> Iterator[str]:
        for name, said in schema.get("properties", {}).items():
            value = given.get(name)
            if isinstance(value, dict):
                yield from self._missing(self._resolved(said), value, f"{path}{name}.")
            elif name not in given and name in schema.get("required", ()):
                yield f"{path}{name}"

    def _resolved(self, schema: Schema) -> Schema:
        """Return a schema without references, and without the null of members that may be left out."""
        for one in schema.get("anyOf", ()):
            if one.get("type") != "null":
                return self._resolved(one)
        if "$ref" in schema:
            return self._resolved(self._definitions[schema["$ref"].rpartition("/")[2]])
        return schema
