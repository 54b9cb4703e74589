"""JSON Schemas of the bodies of statements, made from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.kind import Kind

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: Kind[Any]) -> str:
    """Return the JSON Schema of a kind's body, indented, with a newline at its end; the same text each time."""
    schema: Mapping[str, Any] = msgspec.json.schema(kind.body)
    titled = {"$schema": DRAFT, "title": f"Body of {kind.name}", **schema}
    return msgspec.json.format(msgspec.json.encode(titled, order="deterministic"), indent=2).decode() + "\n"
