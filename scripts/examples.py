"""Examples of statements of every kind, made from the schema of its body: short, whole, and with long lists.

What members hold is fixed, so the same schema has the same examples: golden sentences are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.meaning import Meaning
from scripts.example_values import BY_KIND, DIGEST, LABORATORY, NOON, PARTNER, STATEMENT, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.domain.kind import Kind
    from ledger.words.template import JsonValue

_OTHERWISE: Final[Mapping[str, tuple[dict[str, JsonValue], ...]]] = {
    "approval.amended/1": ({"purposes": []},),
    "approval.granted/1": ({"write_off": "batch", "follow_up": True},),
    "approval.withdrawn/1": ({"order": "none"},),
    "permit.changed/1": ({"conditions": []},),
    "custody.accepted/1": ({"seals": []},),
    "custody.handed-over/1": ({"seals": []},),
    "consignment.arrived/1": ({"packages": 12},),
    "item.received/1": (
        {"items": [{"item": "item:T-0001", "condition": "missing"}]},
        {
            "items": [
                *({"item": f"item:T-{number:04}", "condition": "intact"} for number in range(1, 50)),
                {"item": "item:T-0050", "condition": "missing"},
            ]
        },
        {
            "items": [
                {"item": "item:T-0001", "condition": "damaged", "quantity": {"value": "1", "unit": "mL"}},
                {"item": "item:T-0002", "condition": "leaking"},
                {"item": "item:T-0003", "condition": "thawed", "quantity": {"value": "2", "unit": "vial"}},
            ],
            "documents": "mismatch",
        },
    ),
    "item.used/1": ({"quantity": {"value": "0", "unit": "mL"}}, {"quantity": {"value": "1", "unit": "vial"}}),
    "party.registered/1": ({"natural_person": True},),
    "assessment-meeting.held/1": (
        {
            "outcomes": [
                {"assessment": "case:2026-3", "line": 1, "outcome": "pass", "spot_check": True},
                {"assessment": "case:2026-3", "line": 2, "outcome": "supplement", "reasons": ["papers-incomplete"]},
                {
                    "assessment": "case:2026-4",
                    "line": 1,
                    "outcome": "fail",
                    "reasons": ["risk-unclear", "waste-unsafe"],
                },
            ]
        },
    ),
    "risk-assessment.reported/1": ({"lines": [{"line": 1, "passed": True}, {"line": 2, "passed": False}]},),
    "risk-assessment.requested/1": ({"first": True},),
    "consent.withdrawn/1": ({"dispose": True},),
    "incident.notified/1": ({"written": True},),
    "recall.ordered/1": ({"approval": "approval:2026-7"}, {"consignment": "consignment:2026-41", "lot": "L-7"}),
    "supervision.visited/1": (
        {
            "points": [
                {"point": "B1.4", "result": "does-not-conform", "starred": True},
                {"point": "B1.5", "result": "not-done", "because": "no-access"},
            ],
            "conclusion": "rectify",
            "unit_signed": "refused",
        },
    ),
    "site.changed/1": ({"active": False},),
    "site.registered/1": ({"certificate_to": "2030-12-31"},),
    "stock.counted/1": (
        {"items": [{"item": "item:T-0001", "present": False}]},
        {
            "items": [
                {"item": "item:T-0001", "present": True, "counted": {"value": "0.4", "unit": "mL"}},
                {"item": "item:T-0002", "present": False},
                {"item": "item:T-0003", "present": True},
            ]
        },
    ),
    "temperature.recorded/1": ({"low": "-80"}, {"high": "-60"}),
}
"""Further examples of a kind: what they say otherwise than its shortest one."""

_SECOND: Final[Mapping[str, Meaning]] = {
    "custody.handed-over/1": Meaning.RECEIVED,
    "destruction.executed/1": Meaning.WITNESSED,
    "item.destroyed/1": Meaning.WITNESSED,
    "waste.handed-over/1": Meaning.RECEIVED,
}
"""What a second signer of the whole example means by signing."""

_CORRECTED: Final = "item.used/1"
"""The kind whose whole example corrects another statement."""


@dataclass(frozen=True, slots=True)
class ExampleSigner:
    """One who signs an example."""

    party: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Example:
    """An example of a statement, as far as it is told."""

    kind: str
    body: Mapping[str, Any]
    signers: tuple[ExampleSigner, ...]
    occurred_at: datetime = NOON
    corrects: str | None = None
    reason: str | None = None


def examples_of(kind: Kind[Any]) -> Iterator[Example]:
    """Yield examples of a kind: the shortest, the whole one, one with long lists, and the others."""
    first = ExampleSigner(LABORATORY, Meaning.PERFORMED)
    short = body_of(kind, whole=False, many=1)
    yield Example(kind.name, short, (first,))
    also = (ExampleSigner(PARTNER, _SECOND[kind.name]),) if kind.name in _SECOND else ()
    whole = body_of(kind, whole=True, many=2)
    corrects, reason = (STATEMENT, "misread") if kind.name == _CORRECTED else (None, None)
    yield Example(kind.name, whole, (first, *also), corrects=corrects, reason=reason)
    long = body_of(kind, whole=False, many=50)
    if long != short:
        yield Example(kind.name, long, (first,))
    for otherwise in _OTHERWISE.get(kind.name, ()):
        yield Example(kind.name, short | otherwise, (first,))


def body_of(kind: Kind[Any], *, whole: bool, many: int) -> dict[str, Any]:
    """Return an example of a body. whole: with every member that may be left out. many: how long its lists are."""
    schema: dict[str, Any] = msgspec.json.schema(kind.body)
    values = {**VALUES, **BY_KIND.get(kind.name, {})}
    made = _Making(definitions=schema["$defs"], values=values, whole=whole, many=many)
    return made.object(made.resolved(schema), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """How one example is made: out of which definitions and values, and how much of it."""

    definitions: Mapping[str, Any]
    values: Mapping[str, JsonValue]
    whole: bool
    many: int

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a schema without references and without the alternative null."""
        if "$ref" in schema:
            return self.resolved(self.definitions[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.resolved(next(one for one in schema["anyOf"] if one.get("type") != "null"))
        return schema

    def object(self, schema: Mapping[str, Any], at: int) -> dict[str, Any]:
        """Return an object: its required members, and of a whole example all of them. at: its place in a list."""
        required = schema.get("required", ())
        return {
            name: self.value(name, self.resolved(member), at)
            for name, member in schema["properties"].items()
            if name in required or self.whole
        }

    def value(self, name: str, schema: Mapping[str, Any], at: int) -> JsonValue:
        match schema:
            case {"enum": words}:
                wanted = self.named(name, at) if name in self.values else None
                return wanted if wanted in words else words[0]
            case {"type": "object"}:
                return self.object(schema, at)
            case {"type": "array"}:
                number = max(min(self.many, schema.get("maxItems", self.many)), schema.get("minItems", 0))
                inner = self.resolved(schema["items"])
                return [self.value(name, inner, one) for one in range(number)]
            case {"type": "boolean"}:
                return False
            case {"format": "date-time"}:
                return "2026-08-11T16:05:00Z"
            case {"format": "date"}:
                return "2026-08-11"
            case {"pattern": str(pattern)} if pattern.startswith("^item:"):
                return f"item:T-{at + 1:04}"
            case {"pattern": str(pattern)} if pattern == "^[0-9a-f]{64}$":
                return DIGEST
            case {"minimum": int(), "maximum": 999}:
                return at + 1
            case _:
                return self.named(name, at)

    def named(self, name: str, at: int) -> JsonValue:
        """Return what stands in a member; of several values the one of its place in a list."""
        found = self.values[name]
        return found[at % len(found)] if isinstance(found, list) else found
