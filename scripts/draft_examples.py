"""One draft of each kind, whole but for what it hides: made of the schema of its body and of fixed values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ledger.meaning import Meaning
from ledger.statement.catalogue import KINDS
from ledger.statement.signing.keys import Algorithm
from scripts.example_values import DIGEST, LABORATORY
from scripts.examples import body_of

if TYPE_CHECKING:
    from ledger.domain.kind import Kind


def drafts() -> dict[str, Any]:
    """Return the drafts by their kinds."""
    return {name: _draft(kind) for name, kind in sorted(KINDS.items())}


def draft_file() -> str:
    """Return the file that holds them."""
    return json.dumps(drafts(), ensure_ascii=False, indent=1) + "\n"


def _draft(kind: Kind[Any]) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "occurred_at": "2026-08-10T09:20:00.000000Z",
        "signers": [_signer(kind, number) for number in range(1, kind.persons + 1)],
        "body": body_of(kind, whole=False, many=1),
    }


def _signer(kind: Kind[Any], number: int) -> dict[str, str]:
    role = min(kind.roles | kind.recorders)
    meaning = Meaning.PERFORMED if number == 1 else Meaning.WITNESSED
    key = f"{number}{DIGEST[1:]}"
    person = {"party": LABORATORY, "person": f"p-{number:02}", "role": str(role), "meaning": str(meaning)}
    return person | {"key": key, "alg": str(Algorithm.ED25519)}
