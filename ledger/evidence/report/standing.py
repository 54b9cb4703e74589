"""The events of a bundle that count now, corrected ones replaced and voided ones left out, with what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from ledger.domain.fold import effective, fold
from ledger.domain.states.subjects import Item
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.words.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.words.template import JsonValue


class Stated(Said, Protocol):
    """A statement with its id: a payload, and whatever else has these members."""

    @property
    def id(self) -> str:
        """Return its id."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """An event of a kind that this program knows, as it was judged and as it was signed."""

    event: Event[Any]
    payload: Stated


class Standing:
    """What the events of one bundle add up to about its subject."""

    def __init__(self, subject: Tag, known: Sequence[Known]) -> None:
        """Take the events, oldest first: at least all of the subject and of the items that it was made of."""
        self.subject = subject
        self._known = known
        self._payloads = {one.payload.id: one.payload for one in known}
        self._at = {one.payload.id: one.event.position for one in known}
        self.events = effective(one.event for one in known)

    @cached_property
    def items(self) -> Mapping[Tag, Item]:
        """Return the subject, if it is an item, and all that it was made of, each as it is now, by ascending id."""
        return dict(sorted(self._lineage()))

    @cached_property
    def roots(self) -> Mapping[Tag, Item]:
        """Return those of these that were made of nothing on record."""
        return {tag: item for tag, item in self.items.items() if item.known and not item.parents}

    @property
    def approvals(self) -> list[Tag]:
        """Return the approvals under which the roots came in."""
        return sorted({Tag(one.approval) for one in self.roots.values() if one.approval is not None})

    @property
    def consignments(self) -> list[Tag]:
        """Return the consignments that the roots came in with."""
        return sorted({Tag(one.consignment) for one in self.roots.values() if one.consignment is not None})

    @property
    def newest(self) -> tuple[int, ...]:
        """Return the position of the subject's newest event, as the only one; none of a subject without events."""
        return tuple(event.position for event in self.of_subject[-1:])

    @cached_property
    def of_subject(self) -> list[Event[Any]]:
        """Return the events that bear the subject's tag, oldest first, corrected ones and corrections among them."""
        return [one.event for one in self._known if self.subject in one.event.tags]

    def signed(self, event: Event[Any]) -> Stated:
        """Return what was signed of an event."""
        return self._payloads[event.said.id]

    def at(self, said: Stated) -> int:
        """Return where a statement stands itself, whatever it takes the place of."""
        return self._at[said.id]

    def said(self, kind: str, member: str, tag: Tag) -> list[Stated]:
        """Return the statements of a kind whose member names a subject, oldest first."""
        found = (self.signed(event) for event in self.events if event.said.kind == kind)
        return [one for one in found if one.body.get(member) == tag]

    def _lineage(self) -> Iterator[tuple[Tag, Item]]:
        pending, seen = [self.subject] if type_of(self.subject) == "item" else [], set[Tag]()
        while pending:
            tag = pending.pop()
            if tag in seen:
                continue
            seen.add(tag)
            item = fold(tag, [one.event for one in self._known if tag in one.event.tags], KINDS)
            if isinstance(item, Item):
                pending += [Tag(parent) for parent in item.parents]
                yield tag, item


def rows_of(value: JsonValue) -> list[Mapping[str, JsonValue]]:
    """Return the rows in a member of a body: of a list of objects all, an object itself."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def some(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return those members that say something."""
    return {name: value for name, value in values.items() if value is not None}
