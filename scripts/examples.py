"""Examples of statements of every kind, made from the schema of its body: short, whole, and with long lists.

What members hold is fixed, so the same schema has the same examples: golden sentences are made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.meaning import Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.domain.kind import Kind
    from ledger.words.template import JsonValue

NOON: Final = datetime(2026, 8, 10, 9, 20, tzinfo=UTC)
STATEMENT: Final = "01990f3c-5a00-7c31-9e44-2b6f0d8a1c57"
LABORATORY: Final = "party:harbour"
PARTNER: Final = "party:riverside"
_DIGEST: Final = "3b4c5d6e7f809192a3b4c5d6e7f809192a3b4c5d6e7f809192a3b4c5d6e7f809"

_COMMITMENTS: Final = [f"{letter}0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY" for letter in "FGHJ"]

_VALUES: Final[Mapping[str, JsonValue]] = {
    "access_number": "ZR 2026/5",
    "agents": ["virus-3", "bacterium-12"],
    "activity": "uncultured",
    "application": "case:2026-1",
    "assessment": ["case:2026-3", "case:2026-4"],
    "body": PARTNER,
    "evidence": _DIGEST,
    "experts": _COMMITMENTS[:3],
    "leader": _COMMITMENTS[0],
    "numbers": ["N1", "N2"],
    "outcome": ["pass", "fail"],
    "outside": 2,
    "severity": ["minor", "major"],
    "verification": "accepted",
    "reasons": "risk-unclear",
    "recused": _COMMITMENTS[3:],
    "reported": 1,
    "using_unit": PARTNER,
    "assessor": PARTNER,
    "capability": 2,
    "checklist": "checklist-2015",
    "points": 5,
    "item": ["A1.1", "B1.7"],
    "scheme": "aqsiq",
    "addressed_to": PARTNER,
    "filing_number": "BA 2026/3",
    "origin": "DE",
    "missing": ["transport-plan", "waste-plan"],
    "paper": ["risk-dossier", "transport-plan"],
    "specification": "10 x 1 mL",
    "area": "storage",
    "areas": ["storage", "waste"],
    "because": "no-activity",
    "buyer": "Riverside Diagnostics",
    "buyer_party": PARTNER,
    "asked": "hold",
    "clause": "269/2015 B2.10",
    "conclusion": "rectify",
    "description": "F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY",
    "finding": 1,
    "invoice": "FP 2026/21",
    "note": "F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY",
    "orders": ["case:2026-8"],
    "persons": 3,
    "point": ["B2.10", "B1.4"],
    "receipt": "HZ 2026/3",
    "score": 90,
    "to": PARTNER,
    "unit_class": 2,
    "unit_signed": "signed",
    "visits": 2,
    "alg": "ed25519",
    "condition": "intact",
    "direction": "import",
    "discrepancy": "damaged",
    "documents": "match",
    "grade": "B1",
    "incident": "spill",
    "indicator": "passed",
    "material": "uncultured",
    "packaging": "intact",
    "result": "passed",
    "role": "laboratory",
    "route": "import",
    "write_off": "single",
    "applicant": LABORATORY,
    "approval_number": "SH 2019/0044",
    "basis": "ethics-approval",
    "collected_by": "Gulou Hospital",
    "approval": "approval:2026-7",
    "approvals": ["approval:2026-7", "approval:2026-8"],
    "arrived_on": "2026-08-10T09:20:00Z",
    "assessment_number": "PG 2026/12",
    "authorisation": "XK 2026/8",
    "broker": "party:broker",
    "business": "research",
    "carriers": ["party:carrier", "party:airline"],
    "case": "case:2026-3",
    "cause": "human-error",
    "certificate": "CNAS BL0101",
    "certificate_number": "HW 2026/77",
    "ciq_code": "101",
    "conditions": ["follow-up-supervision", "consent-before-use"],
    "consignment": "consignment:2026-41",
    "consignee": LABORATORY,
    "consignor_name": "Port Biobank",
    "contractor": "party:waste",
    "country": "DE",
    "consignor_country": "DE",
    "destination_country": "DE",
    "count": 2,
    "cycle": "C 118",
    "declaration_number": "2301 2026 0117",
    "destination": "site:freezer",
    "department": "customs",
    "device": "logger-1",
    "district": "nanjing",
    "donor": "F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY",
    "donor_origin": "SE",
    "document": "SH 2026/0117",
    "equipment": "autoclave-2",
    "export_declaration": "2301 2026 0222",
    "factor": "12",
    "from_site": "site:freezer",
    "giver": PARTNER,
    "ground": "laboratory-differs",
    "high": "-60",
    "hs_code": "300212",
    "issued_by": "Nanjing Customs",
    "key": f"key:{_DIGEST}",
    "label": [f"HC-{number:04}" for number in range(1, 51)],
    "holder": LABORATORY,
    "issuer": "party:authority",
    "level": 2,
    "line": 1,
    "lot": "L-7",
    "mismatches": ["lot", "quantity"],
    "low": "-80",
    "manufacturer": "Port Biologicals",
    "issuer_country": "CN",
    "managed_as": "medical-device",
    "manifest_number": "LD 2026/9",
    "maximum": "-48.5",
    "method": "autoclave",
    "minimum": "-71",
    "name": "Harbour Laboratory",
    "name_en": "human plasma",
    "name_zh": "人血浆",
    "notice_number": "TZ 2026/4",
    "number": "SH 2026/0117",
    "office": "Jinling Customs",
    "order": "case:2026-3",
    "packages": 1,
    "packing_instruction": "p650",
    "party": LABORATORY,
    "passage": 3,
    "permit": "permit:2026-3",
    "permits": ["permit:2025-1", "permit:2025-2"],
    "person": "t-07",
    "place": "F2/R3/B1/A4",
    "port": "site:port",
    "port_code": "2301",
    "project": "p-7",
    "purpose": "research",
    "purposes": ["research", "clinical-trial"],
    "reported_to": ["police", "customs"],
    "receipt_number": "HZ 2026/31",
    "receiver": PARTNER,
    "refrigerant": "dry-ice",
    "register_number": "91310000MA1FL0AB2X",
    "release_number": "FX 2026/18",
    "transport_document": "784-12345675",
    "resolution": "found",
    "scope": ["research", "diagnosis"],
    "seal": "CN-204518",
    "seals": ["CN-204518", "CN-204519"],
    "site": "site:freezer",
    "sites": ["site:freezer", "site:store"],
    "spki": "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=",
    "laboratory": "site:freezer",
    "statement": STATEMENT,
    "storage": "minus-80",
    "temperature": "-70.5",
    "test": "pcr",
    "thaws": 1,
    "to_site": "site:store",
    "un_number": "3373",
    "type": "plasma-edta",
    "types": ["research", "testing"],
    "unit": "vial",
    "use": "laboratory",
    "value": "1.50",
}
"""What stands in members, by their names; in others of a closed list its first word, and times are fixed."""

_BY_KIND: Final[Mapping[str, Mapping[str, JsonValue]]] = {
    "approval.withdrawn/1": {"order": "return"},
    "permit.recorded/1": {"conditions": ["own-research-only", "use-ledger"]},
    "permit.changed/1": {"conditions": ["own-research-only", "use-ledger"]},
    "permit.ended/1": {"ground": "withdrawn"},
    "consignment.held/1": {"ground": "laboratory-test"},
    "consignment.hold-lifted/1": {"ground": "laboratory-test"},
    "application.not-accepted/1": {"ground": "no-special-item", "number": "BY 2026/2"},
    "application.refused/1": {"ground": "conditions-not-met", "number": "JD 2026/6"},
    "risk-assessment.visited/1": {"number": ["N1", "N2"]},
    "risk-assessment.relied-on/1": {"case": "case:2025-8"},
    "scope.excluded/1": {"issued_by": "NMPA", "document": "GX 2024/77", "name_en": "reagent kit", "name_zh": "试剂盒"},
    "credit.rated/1": {"level": "AA"},
    "unit.assessed/1": {"scope": ["research", "testing"]},
    "custody.refused/1": {"ground": "count-differs"},
    "incident.notified/1": {"body": "health-authority"},
    "recall.ordered/1": {"ground": "contamination"},
    "supervision.visited/1": {"result": "not-done"},
    "destruction.ordered/1": {"ground": "approval-withdrawn"},
    "return.ordered/1": {"ground": "quantity-exceeds"},
    "item.derived/1": {"method": "extraction", "type": "dna"},
    "item.propagated/1": {"type": "culture"},
    "item.collected/1": {"country": "CN", "label": ["S-0001", "S-0002", "S-0003"]},
    "item.inactivated/1": {"method": "heat"},
    "key.revoked/1": {"ground": "lost"},
    "statement.voided/1": {"ground": "entered-twice"},
    "consignment.sampled/1": {"laboratory": "customs-laboratory"},
    "disposal.requested/1": {"ground": "expired"},
}
"""Members that hold something else in a kind, by their names."""

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
    values = {**_VALUES, **_BY_KIND.get(kind.name, {})}
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
                return _DIGEST
            case {"minimum": int(), "maximum": 999}:
                return at + 1
            case _:
                return self.named(name, at)

    def named(self, name: str, at: int) -> JsonValue:
        """Return what stands in a member; of several values the one of its place in a list."""
        found = self.values[name]
        return found[at % len(found)] if isinstance(found, list) else found
