"""What the doctor finds where a log's database is not as the migrations make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.cli.operate.doctor.findings import Finding, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.database.catalogue import Difference
    from ledger.store.database.inspection import Kept

_MOST: Final = 20
_THEN: Final = "then check all entries: `vialog fsck`"
_GUARDING: Final = f"find out who did it and since when, undo it, {_THEN}"
_REMEDIES: Final = {
    "rights": f"revoke what is too much, grant what is missing, {_THEN}",
    "role": f"take from the role what it has no need of, {_THEN}",
    "owner": f"give it back to the owner of the schema, {_THEN}",
    "index": "reindex it, or make it again as ledger/store/database/migrations say",
    "trigger": _GUARDING,
    "function": _GUARDING,
    "rule": _GUARDING,
    "policy": _GUARDING,
    "event trigger": _GUARDING,
}
_REMEDY: Final = f"put it back as ledger/store/database/migrations make it, {_THEN}"


def examine_schema(kept: Kept) -> Iterator[Finding]:
    """Yield what is not as the migrations make it, or that everything is."""
    for one in kept.differences[:_MOST]:
        yield Finding(Level.FAIL, "schema", _words(one), _REMEDIES.get(one.what, _REMEDY))
    if (more := len(kept.differences) - _MOST) > 0:
        yield Finding(Level.FAIL, "schema", f"{more} things more are not as the migrations make them", _REMEDY)
    if kept.pending or kept.unknown:
        # No warning: whoever takes a line out of what is noted would have nothing compared.
        found = "not compared with what the migrations make: those noted are not this program's"
        yield Finding(
            Level.FAIL, "schema", found, "open the log (`vialog log show`), which applies them; then look again"
        )
    elif not kept.differences:
        found = "as the migrations make it: the guards are on, and nobody may change or remove an entry"
        yield Finding(Level.OK, "schema", found)


def _words(one: Difference) -> str:
    named = f"{one.what} {one.name}"
    if not one.found:
        return f"{named}: missing; it has to be: {one.due}"
    if not one.due:
        return f"{named}: no migration made it: {one.found}"
    return f"{named}: {one.found}; it has to be: {one.due}"
