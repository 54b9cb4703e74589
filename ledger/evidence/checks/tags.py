"""The tags of an entry in a bundle: step 8 of ``verify``. As far as the bundle shows, they are those of section 10.

What a payload names is there. What an entry that corrects or voids another adds, is there exactly where the bundle
holds that other one and shows that it stood. Which approvals and consignments follow from items is left open: that
takes the lineage of all of them, and who replays the log derives it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.ids import Tag, type_of

if TYPE_CHECKING:
    from ledger.evidence.bundle.manifest import Manifest
    from ledger.statement.entries.entry import Entry
    from ledger.statement.form.payload import Payload

VOIDED: Final = "statement.voided/1"

RULES: Final = {
    "EVD-09": "Every id in a payload is among its entry's tags.",
    "EVD-17": "An entry that corrects or voids another bears its tags, and no entry bears a tag without a reason.",
    "EVD-18": "An entry of a bundle bears a complete tag of the manifest's or one in part, or counts for a status "
    "that it lists.",
    "EVD-21": "An entry that corrects or voids another counts for its status too.",
}

_DERIVED: Final = frozenset({"approval", "consignment"})


@dataclass(slots=True)
class _Said:
    """An entry with a statement of the bundle, and whether a later one has corrected or voided it."""

    entry: Entry
    rewritten: bool = False


class Tagging:
    """The tags of a bundle's statements; entries are checked by ascending position."""

    def __init__(self, manifest: Manifest) -> None:
        """Hold no statement yet."""
        self._complete = frozenset(manifest.complete)
        self._status = frozenset(manifest.status)
        self._part = frozenset(manifest.part)
        self._said: dict[str, _Said] = {}
        self._left = 0

    def check(self, payload: Payload, entry: Entry) -> None:
        """Check the tags of the next entry, and take its statement in, whether or not they hold.

        Raises Malformed: EVD-09, EVD-17, EVD-18, EVD-21.
        """
        if newer_about(payload.kind):
            self.leave(entry.position)
            target, is_told = None, False
        else:
            target, is_told = self._target(payload)
        self._said[payload.id] = _Said(entry)
        reasons = payload.tags if target is None else payload.tags | target.tags
        if missing := payload.tags - entry.tags:
            raise Malformed("EVD-09", "tags", f"the header leaves out {', '.join(sorted(missing))}")
        if missing := reasons - entry.tags:
            raise Malformed("EVD-17", "tags", f"the statement that it names bears {', '.join(sorted(missing))} too")
        if target is not None and (missing := target.status - entry.status):
            raise Malformed("EVD-21", "status", f"the statement that it names counts for {', '.join(sorted(missing))}")
        if is_told and (others := _without_reason(entry.tags, reasons)):
            raise Malformed("EVD-17", "tags", f"there is no reason for {', '.join(sorted(others))}")
        if not self._is_whole(entry) and not entry.tags & self._part:
            problem = "it bears no complete tag of the manifest's, and counts for no status that it lists"
            raise Malformed("EVD-18", "tags", problem)

    def leave(self, position: int) -> None:
        """Remember that what stands at a position cannot be read here: it may correct or void whatever stands above."""
        self._left = position

    def _target(self, payload: Payload) -> tuple[Entry | None, bool]:
        """Return the entry whose tags and status a payload takes over, and whether the bundle shows that it is all."""
        named = rewritten(payload)
        if named is None:
            return None, True
        said = self._said.get(named)
        # An earlier rewriting of what is not listed, or in part, may have been left out: then this takes nothing over.
        if said is None or not self._is_whole(said.entry):
            return None, False
        was_rewritten, said.rewritten = said.rewritten, True
        if not was_rewritten and said.entry.position < self._left:  # what cannot be read in between may have done it
            return None, False
        return None if was_rewritten else said.entry, True

    def _is_whole(self, entry: Entry) -> bool:
        """Say whether whatever rewrites an entry has to be here."""
        return bool(entry.tags & self._complete or entry.status & self._status)


def newer_about(kind: str) -> str:
    """Return what a reader says of a kind unknown here that says something of another statement; "" of any other kind.

    Such kinds begin with ``statement.``: whose tags and status they take over, only a later program knows.
    """
    if kind == VOIDED or not kind.startswith("statement."):
        return ""
    return f"the kind {kind}, which says something of another statement; it knows up to {VOIDED}"


def rewritten(payload: Payload) -> str | None:
    """Return the id of the statement that a payload corrects or voids, if it says so."""
    if payload.kind == VOIDED:
        named = payload.body.get("statement")
        return named if isinstance(named, str) else None
    return payload.corrects


def _without_reason(tags: frozenset[Tag], reasons: frozenset[Tag]) -> frozenset[Tag]:
    others = tags - reasons
    is_of_items = any(type_of(tag) == "item" for tag in reasons)
    return frozenset(tag for tag in others if not is_of_items or type_of(tag) not in _DERIVED)
