"""The words that statement bodies are made of: roles, codes, ids as members, amounts.

Every type here is also a JSON Schema: the pattern or the enumeration is what a stranger's program is told. Nothing
here is free text; a note or a name of a person travels as a disclosure beside the envelope.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from ledger.domain.bodies.printed import NUMBER_PATTERN, PLACE_PATTERN
from ledger.ids import (
    NAME_PATTERN,
    ApprovalId,
    CaseId,
    ConsignmentId,
    ItemId,
    KeyId,
    PartyId,
    PermitId,
    SiteId,
    StatementId,
)
from ledger.quantity import DECIMAL_PATTERN, UNIT_PATTERN, Quantity, parse_decimal

COMMITMENT_PATTERN: Final = "^[0-9A-Za-z_-]{43}$"
"""The form of a disclosure's digest."""
DIGEST_PATTERN: Final = "^[0-9a-f]{64}$"
"""That of a document's, SHA-256."""
REGISTERED_NAME_PATTERN: Final = (
    # No id either: every id in a statement is a tag, and by a tag it counts among what was said of that subject.
    # That of a permit is no id here (``ledger.ids``), and stays a name: what is on record may be called so.
    r"^(?!(?:item|approval|consignment|party|site|case|key):)"
    r"[^\s\x00-\x1f](?:[^\x00-\x1f]{0,198}[^\s\x00-\x1f])?$"
)


class Role(StrEnum):
    """What a party may speak as; granted and withdrawn by the operator."""

    OPERATOR = "operator"
    APPLICANT = "applicant"
    BROKER = "broker"
    CARRIER = "carrier"
    LABORATORY = "laboratory"
    CUSTOMS = "customs"
    HEALTH_AUTHORITY = "health-authority"
    WASTE_CONTRACTOR = "waste-contractor"
    SCIENCE_AUTHORITY = "science-authority"
    MARKET_AUTHORITY = "market-authority"
    ENVIRONMENT_AUTHORITY = "environment-authority"
    COMMERCE_AUTHORITY = "commerce-authority"
    POLICE = "police"
    ASSESSMENT_BODY = "assessment-body"
    ETHICS_COMMITTEE = "ethics-committee"
    DEPOSITORY = "depository"


class Department(StrEnum):
    """The department that an authority is of: those that supervise together (Nanjing Customs Announcement 2/2022)."""

    CUSTOMS = "customs"
    HEALTH = "health"
    SCIENCE = "science"
    MARKET = "market"
    ENVIRONMENT = "environment"
    COMMERCE = "commerce"
    POLICE = "police"


SPEAKS_AS: Final[Mapping[Department, Role]] = {
    Department.CUSTOMS: Role.CUSTOMS,
    Department.HEALTH: Role.HEALTH_AUTHORITY,
    Department.SCIENCE: Role.SCIENCE_AUTHORITY,
    Department.MARKET: Role.MARKET_AUTHORITY,
    Department.ENVIRONMENT: Role.ENVIRONMENT_AUTHORITY,
    Department.COMMERCE: Role.COMMERCE_AUTHORITY,
    Department.POLICE: Role.POLICE,
}
"""The role in which the authorities of a department speak."""


class Packaging(StrEnum):
    """The state of the packaging: intact, leak-free and marked, or not."""

    INTACT = "intact"
    DAMAGED = "damaged"


class Grade(StrEnum):
    """A risk grade of special items: the 2015 table's letters and the 2025 table's sub-grades."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class WriteOff(StrEnum):
    """Whether an approval is used up by one release or by several (Order 160 Art. 16)."""

    SINGLE = "single"
    BATCH = "batch"


ItemRef = Annotated[
    ItemId, Meta(pattern=f"^item:{NAME_PATTERN}$", description="An item's id.", examples=["item:T-0117"])
]
ApprovalRef = Annotated[
    ApprovalId,
    Meta(pattern=f"^approval:{NAME_PATTERN}$", description="An approval's id.", examples=["approval:2026-7"]),
]
ConsignmentRef = Annotated[
    ConsignmentId,
    Meta(pattern=f"^consignment:{NAME_PATTERN}$", description="A consignment's id.", examples=["consignment:2026-41"]),
]
PartyRef = Annotated[
    PartyId, Meta(pattern=f"^party:{NAME_PATTERN}$", description="A party's id.", examples=["party:importer"])
]
SiteRef = Annotated[SiteId, Meta(pattern=f"^site:{NAME_PATTERN}$", description="A site's id.", examples=["site:lab-2"])]
CaseRef = Annotated[
    CaseId, Meta(pattern=f"^case:{NAME_PATTERN}$", description="A case's id.", examples=["case:2026-3"])
]
PermitRef = Annotated[
    PermitId,
    Meta(pattern=f"^permit:{NAME_PATTERN}$", description="A permit's id.", examples=["permit:hgr-2026-3"]),
]
KeyRef = Annotated[
    KeyId,
    Meta(
        pattern="^key:[0-9a-f]{64}$",
        description="A key's id: key: and the SHA-256 of the key's SPKI, in 64 lower-case hex digits.",
    ),
]
StatementRef = Annotated[
    StatementId,
    Meta(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
        description="A statement's id, a UUID of version 7 in lower case.",
        examples=["01990f3c-5a00-7c31-9e44-2b6f0d8a1c57"],
    ),
]

LIST: Final = "x-codes"
"""Where a member's schema names the list, or the table, that its codes are of."""

CODE_PATTERN: Final = "^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
Code = Annotated[
    str,
    Meta(
        pattern=CODE_PATTERN,
        description="A code word of whoever states it: lower case, digits, hyphens.",
        examples=["p-2026-7"],
    ),
]
District = Annotated[
    str,
    Meta(
        pattern=CODE_PATTERN,
        description="A district that authorities supervise, as the log's operator writes it: lower case, digits, "
        "hyphens.",
        examples=["nanjing"],
    ),
]
Number = Annotated[
    str,
    Meta(
        pattern=NUMBER_PATTERN,
        description="A number as printed, in one spelling: at most 100 characters, no colon, digits 0 to 9, - for each "
        "hyphen, and between words one plain space.",
        examples=["SH 2026/0117"],
    ),
]
Name = Annotated[
    str,
    Meta(
        pattern=REGISTERED_NAME_PATTERN,
        description="The registered name of an organisation, place or product, of at most 200 characters; never of a "
        "person, and never an id.",
        examples=["Institute of Virology"],
    ),
]
Place = Annotated[
    str,
    Meta(
        pattern=PLACE_PATTERN,
        description="A storage position inside a site, from the largest to the smallest, one slash between two steps.",
        examples=["F2/R3/B1/A4"],
    ),
]
Country = Annotated[
    str,
    Meta(
        pattern="^[A-Z]{2}$",
        description="The two letters of a country (ISO 3166-1), in capitals.",
        examples=["CN"],
    ),
]
Digest = Annotated[
    str, Meta(pattern=DIGEST_PATTERN, description="The SHA-256 of a document, in 64 lower-case hex digits.")
]
Commitment = Annotated[
    str,
    Meta(
        pattern=COMMITMENT_PATTERN,
        description="The digest of a disclosure of the same statement; in a draft disclose: and the disclosure's name.",
        examples=["F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY"],
    ),
]
Instant = Annotated[datetime, Meta(tz=True, description="RFC 3339 with a zone.")]
Level = Annotated[int, Meta(ge=1, le=4, description="Biosafety level, 1 to 4.")]
CreditLevel = Annotated[
    str,
    Meta(
        pattern="^[0-9A-Za-z](?:[0-9A-Za-z-]{0,38}[0-9A-Za-z])?$",
        description="A level of a credit scheme as the scheme writes it.",
        examples=["AA"],
    ),
]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
LineNo = Annotated[int, Meta(ge=1, le=999, description="The line's number on the approval.")]
Items = Annotated[tuple[ItemRef, ...], Meta(min_length=1, max_length=900, description="At least one item.")]
_DECIMAL: Final = DECIMAL_PATTERN


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What every statement's body is: frozen, and closed to members that its kind does not name."""


class Amount(Body, frozen=True):
    """An amount: a plain decimal and a unit of the reference table."""

    value: Annotated[
        str,
        Meta(
            pattern=_DECIMAL,
            description="A plain decimal: no sign, no exponent, no leading zero, at most 18 digits before the point "
            "and 9 after it.",
            examples=["1.50"],
        ),
    ]
    unit: Annotated[str, Meta(pattern=UNIT_PATTERN, description="A unit of the reference table.", examples=["vial"])]

    @property
    def quantity(self) -> Quantity:
        """Return the amount as an exact quantity."""
        return Quantity(parse_decimal(self.value), self.unit)


class Reference(Body, frozen=True):
    """An authority's decision as a document that a party holds, for when the authority does not sign itself.

    document: the document's number.
    issued_by: the issuing body.
    digest: SHA-256 of the document.
    """

    document: Number
    issued_by: Name
    digest: Digest
