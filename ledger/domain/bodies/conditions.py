"""Members of bodies that say how goods are kept and carried: seals, temperatures, storage, what they are of."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from ledger.domain.bodies.printed import SEAL_PATTERN
from ledger.domain.bodies.vocabulary import LIST, Code

Seal = Annotated[
    str,
    Meta(
        pattern=SEAL_PATTERN,
        description="A seal's number of at most 40 letters, digits and hyphens.",
        examples=["CN-204518"],
    ),
]


UnNumber = Annotated[
    str, Meta(pattern="^[0-9]{4}$", description='The four digits of a UN number, without "UN".', examples=["3373"])
]


SampleType = Annotated[
    Code,
    Meta(
        description="A sample type: a code of the list sample-type.",
        examples=["plasma-edta"],
        extra_json_schema={LIST: "sample-type"},
    ),
]


StorageCondition = Annotated[
    Code,
    Meta(
        description="A storage condition: a code of the list storage-condition.",
        examples=["minus-80"],
        extra_json_schema={LIST: "storage-condition"},
    ),
]


Thawed = Annotated[bool, Meta(description="Whether it was thawed for this; left out where nobody says.")]


Celsius = Annotated[
    str,
    Meta(
        # Down to absolute zero. Up to what a logger shows in a fire: a shipment that burnt is a fact.
        pattern=r"^(?:(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,2})?"
        r"|-(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-6][0-9]|27[0-2])(?:\.[0-9]{1,2})?"
        r"|-273(?:\.(?:0[0-9]?|1[0-5]?))?)$",
        description="Degrees Celsius as a plain decimal from -273.15, which is absolute zero, to 999.99, with at most "
        "two digits after the point.",
        examples=["-70.5"],
    ),
]


@lru_cache(1_000)
def celsius(text: str) -> Decimal:
    """Return a written temperature as an exact number of degrees."""
    return Decimal(text)
