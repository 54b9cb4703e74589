"""Examples of drafts, one of each kind, as the OpenAPI document shows them; made by `make docs`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.words.table import Language, kinds_in

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_suffix(".json")


def examples() -> dict[str, Any]:
    """Return the examples as OpenAPI has them, by their kinds."""
    return shown(json.loads(FILE.read_text(encoding="utf-8")))


def shown(drafts: Mapping[str, Any]) -> dict[str, Any]:
    """Return drafts, by their kinds, as OpenAPI has examples."""
    says = kinds_in(Language.ENGLISH)
    return {kind: {"summary": says[kind].says, "value": draft} for kind, draft in sorted(drafts.items())}
