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
    from ledger.evidence.manifest import Manifest
    from ledger.statement.entry import Entry
    from ledger.statement.payload import Payload

VOIDED: Final = "statement.voided/1"

RULES: Final = {
    "EVD-09": "Every id in a payload is among its entry's tags.",
    "EVD-17": "An entry that corrects or voids another bears its tags, and no entry bears a tag without a reason.",
    "EVD-18": "An entry of a bundle bears a tag that the manifest lists.",
}

_DERIVED: Final = frozenset({"approval", "consignment"})
_NONE: Final[frozenset[Tag]] = frozenset()


@dataclass(slots=True)
class _Said:
    """A statement of the bundle: where it stands, its tags, and whether a later one has corrected or voided it."""

    position: int
    tags: frozenset[Tag]
    rewritten: bool = False


class Tagging:
    """The tags of a bundle's statements; entries are checked by ascending position."""

    def __init__(self, manifest: Manifest) -> None:
        """Hold no statement yet."""
        self._complete = frozenset(manifest.complete)
        self._listed = self._complete | frozenset(manifest.partial)
        self._said: dict[str, _Said] = {}
        self._left = 0

    def check(self, payload: Payload, entry: Entry) -> None:
        """Check the tags of the next entry, and take its statement in, whether or not they hold.

        Raises Malformed: EVD-09, EVD-17, EVD-18.
        """
        reasons, is_told = self._reasons(payload)
        self._said[payload.id] = _Said(entry.position, entry.tags)
        if missing := payload.tags - entry.tags:
            raise Malformed("EVD-09", "tags", f"the header leaves out {', '.join(sorted(missing))}")
        if missing := reasons - entry.tags:
            raise Malformed("EVD-17", "tags", f"the statement that it names bears {', '.join(sorted(missing))} too")
        if is_told and (others := _without_reason(entry.tags, reasons)):
            raise Malformed("EVD-17", "tags", f"there is no reason for {', '.join(sorted(others))}")
        if not entry.tags & self._listed:
            raise Malformed("EVD-18", "tags", "it bears no tag that the manifest lists")

    def leave(self, position: int) -> None:
        """Remember that what stands at a position cannot be read here: it may correct or void whatever stands above."""
        self._left = position

    def _reasons(self, payload: Payload) -> tuple[frozenset[Tag], bool]:
        """Return the tags that the bundle gives a reason for, lineage left aside, and whether it shows all of them."""
        named = _rewritten(payload)
        if named is None:
            return payload.tags, True
        said = self._said.get(named)
        # Without a complete tag an earlier rewriting of it may have been left out, and then this one adds none.
        if said is None or not said.tags & self._complete:
            return payload.tags, False
        was_rewritten, said.rewritten = said.rewritten, True
        if not was_rewritten and said.position < self._left:  # what cannot be read in between may have rewritten it
            return payload.tags, False
        return payload.tags | (_NONE if was_rewritten else said.tags), True


def _rewritten(payload: Payload) -> str | None:
    """Return the id of the statement that a payload corrects or voids, if it says so."""
    if payload.kind == VOIDED:
        named = payload.body.get("statement")
        return named if isinstance(named, str) else None
    return payload.corrects


def _without_reason(tags: frozenset[Tag], reasons: frozenset[Tag]) -> frozenset[Tag]:
    others = tags - reasons
    is_of_items = any(type_of(tag) == "item" for tag in reasons)
    return frozenset(tag for tag in others if not is_of_items or type_of(tag) not in _DERIVED)
