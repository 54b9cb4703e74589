"""JSON Schemas of the bodies of statements, made from the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.domain.bodies.vocabulary import LIST
from ledger.reference.codes import load_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.kind import Kind

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: Kind[Any]) -> str:
    """Return the JSON Schema of a kind's body, indented, with a newline at its end; the same text each time."""
    schema: Mapping[str, Any] = _with_codes(_without_null(msgspec.json.schema(kind.body)))
    titled = {"$schema": DRAFT, "title": f"Body of {kind.name}", **schema}
    return msgspec.json.format(msgspec.json.encode(titled, order="deterministic"), indent=2).decode() + "\n"


def _with_codes(schema: Any) -> Any:  # noqa: ANN401  any part of a schema
    """Return a schema with the codes that this program knows as examples wherever it names a list of codes."""
    if isinstance(schema, list):
        return [_with_codes(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _with_codes(one) for name, one in schema.items()}
    return told | ({"examples": list(load_names().by_list[schema[LIST]])} if LIST in schema else {})


def _without_null(schema: Any) -> Any:  # noqa: ANN401  any part of a schema
    """Return a schema, or a part of one, without the null that its types allow in Python: STM-19 refuses it."""
    if isinstance(schema, list):
        return [_without_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _without_null(one) for name, one in schema.items() if (name, one) != ("default", None)}
    said = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if len(said) == len(kept.get("anyOf", ())):
        return kept
    rest = {name: one for name, one in kept.items() if name != "anyOf"}
    return rest | (said[0] if len(said) == 1 else {"anyOf": said})
