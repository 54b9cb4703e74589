"""What the schema of a body says: of which type of subject its members are ids, and where in a value these stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.statement.text.strict_json import member_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.domain.kind import Kind
    from ledger.statement.text.strict_json import JsonValue

Schema = dict[str, Any]

BEGUN: Final[Mapping[str, tuple[str, ...]]] = {
    "log.opened/1": ("party", "key"),
    "party.registered/1": ("party",),
    "site.registered/1": ("site",),
    "key.enrolled/1": ("key",),
    "approval.granted/1": ("approval",),
    "permit.recorded/1": ("permit",),
    "consignment.announced/1": ("consignment",),
    "consignment.certified/1": ("consignment", "items.item"),
    "item.listed/1": ("items.item",),
    "item.collected/1": ("items.item",),
    "stock.opened/1": ("items.item",),
    "item.aliquoted/1": ("children.item",),
    "item.pooled/1": ("output.item",),
    "item.derived/1": ("outputs.item",),
    "item.propagated/1": ("outputs.item",),
    "return.ordered/1": ("case",),
    "destruction.ordered/1": ("case",),
    "discrepancy.recorded/1": ("case",),
    "transfer.sent/1": ("case",),
    "disposal.requested/1": ("case",),
    "application.submitted/1": ("case",),
    "assessment-meeting.held/1": ("case",),
    "risk-assessment.requested/1": ("case",),
    "supervision.planned/1": ("case",),
    "recall.ordered/1": ("case",),
    "legal-hold.placed/1": ("case",),
    "audit.granted/1": ("case",),
    "consent.withdrawn/1": ("case",),
    "loss.reported/1": ("case",),
    "incident.reported/1": ("case",),
    "waste.handed-over/1": ("case",),
}
"""By kind, the members whose ids are new: the statement brings their subjects into being."""

_INDEX: Final = re.compile(r"\[[0-9]+\]")
_OF_IDS: Final = re.compile(r"\^(item|approval|consignment|party|site|case|permit|key):")


class BodySchema:
    """The JSON Schema of the body of one kind."""

    def __init__(self, kind: Kind[Any]) -> None:
        """Make the schema of a kind's body."""
        schema: Schema = msgspec.json.schema(kind.body)
        self._begun = BEGUN.get(kind.name, ())
        self.definitions: Schema = schema["$defs"]
        self.root = self.resolved(schema)

    def resolved(self, schema: Schema) -> Schema:
        """Return a schema without references, and without the null of members that may be left out."""
        for one in schema.get("anyOf", ()):
            if one.get("type") != "null":
                return self.resolved(one)
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found: Schema = self.definitions[reference.rpartition("/")[2]]
        return {**self.resolved(found), **{name: value for name, value in schema.items() if name != "$ref"}}

    def with_ids(self, value: JsonValue, find: Callable[[str, str, str], str]) -> JsonValue:
        """Return a body in which each text that stands for the id of a known subject is replaced.

        find: returns the id, from what is written, the type that is meant there, and the member's path.
        """
        return self._with_ids(value, self.root, "$.body", find)

    def _with_ids(
        self, value: JsonValue, schema: Schema, member: str, find: Callable[[str, str, str], str]
    ) -> JsonValue:
        match value:
            case str():
                id_type = id_type_of(schema)
                begins = _INDEX.sub("", member).removeprefix("$.body.") in self._begun
                return value if id_type is None or begins else find(value, id_type, member)
            case list():
                parts = schema.get("prefixItems") or [schema.get("items", {})] * len(value)
                return [
                    self._with_ids(one, self.resolved(part), f"{member}[{index}]", find)
                    for index, (one, part) in enumerate(zip(value, parts, strict=False))
                ]
            case dict():
                known = schema.get("properties", {})
                return {
                    name: self._with_ids(one, self.resolved(known.get(name, {})), member_path(member, name), find)
                    for name, one in value.items()
                }
            case _:
                return value


def id_type_of(schema: Schema) -> str | None:
    """Return of which type of subject a member is the id; None where it is none."""
    found = _OF_IDS.match(schema.get("pattern", ""))
    return found[1] if found is not None else None
