"""Correcting: which statement is put right, and what of it the new one takes over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from api.cli.ask.entries import recorded_of
from ledger.errors import NotFound
from ledger.statement.entries.entry import parse_known
from ledger.statement.entries.state_entry import is_state
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.statement.text.strict_json import JsonValue
    from ledger.store.port import Readable


@dataclass(frozen=True, slots=True)
class Earlier:
    """A recorded statement as its signers wrote it. occurred_at: as a payload writes times."""

    id: str
    kind: str
    occurred_at: str
    body: Mapping[str, JsonValue]


NOTHING: Final = Earlier("", "", "", {})
"""What is corrected where nothing is."""


def earlier_of(store: Readable, written: str) -> Earlier:
    """Return the statement that an id or a position means.

    A correction happened when what it corrects did, unless it says otherwise: told without a time it would move the act
    to the time of the telling.

    Raises NotFound: there is none.
    """
    entry = parse_known(recorded_of(store, written).entry)
    if is_state(entry):
        raise NotFound(f"--corrects: position {written} holds no statement")
    payload = read_known(parse_envelope(entry.data).payload)
    said = payload.value
    return Earlier(payload.id, payload.kind, str(said["occurred_at"]), cast("Mapping[str, JsonValue]", said["body"]))
