"""Records for the tests of stores: what they say does not matter there."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ledger.ids import Tag, new_statement_id
from ledger.rulepacks.load import load_packs
from ledger.store.port import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.ids import StatementId
    from ledger.store.port import Recorded, Store

AT: Final = datetime(2026, 11, 21, 1, 30, 0, 123456, tzinfo=UTC)
RULES: Final = load_packs().by_id("cn-281/2026-08-01").name
RECEIVED: Final = "item.received/1"
USED: Final = "item.used/1"
ITEM: Final = Tag("item:A1")
OTHER: Final = Tag("item:B2")
APPROVAL: Final = Tag("approval:2026-7")


def record(
    *tags: Tag,
    kind: str = RECEIVED,
    data: bytes = b"",
    disclosures: tuple[str, ...] = (),
    statement: StatementId | None = None,
) -> Record:
    """Return a record.

    data: if none is given, what names statement and kind, and no more. statement: its id; a fresh one if left out.
    """
    statement = statement or new_statement_id(AT)
    payload = f'{{"id":"{statement}","log":"","kind":"{kind}"}}'.encode()
    written = data or b'{"payload":"%b","payloadType":""}' % b64encode(payload)
    return Record(statement, kind, frozenset(tags), RULES, written, disclosures)


def append(store: Store, *records: Record) -> Sequence[Recorded]:
    """Append records in a batch of their own."""
    with store.locked() as log:
        return log.append(records, AT)


def positions(events: Iterable[Recorded]) -> list[int]:
    """Return the positions of events, in the order given."""
    return [event.position for event in events]
