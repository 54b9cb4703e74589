"""The fields of a page on which an act is said: the members of its kind that can be named, as fields of a form.

What may stand in them, which must be said and what they mean comes from the kind's schema, as for ``vialog record``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.console.acts.stated import STATED, STATED_NAMES, is_left_out, kind_of_act
from api.drafts.acts.slots import Slot, Slots
from api.language import label, spoken
from ledger.words.table import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.words.table import Language

CALLED: Final[Mapping[str, str]] = {
    "use": "Use",
    "store": "Store",
    "move": "Move",
    "check-out": "Check out",
    "return": "Return",
    "receive": "Receive",
    "aliquot": "Aliquot",
    "pool": "Pool",
    "label": "Label anew",
    "hand-over": "Hand over",
    "accept": "Accept",
    "count": "Count",
    "dispose": "Destroy",
}
"""The acts of the bench that are stated in the browser, by their word in an address, and what they are called."""

SECOND: Final = "second"
"""The parameter that says by which code of theirs the second person signs, of an act that takes two."""

CONFIRMS: Final = "confirms"
"""The parameter that says by which code of theirs somebody signs for the unit that is visited."""

NAMES: Final[Mapping[str, str]] = {
    "activity": "Activity",
    "case": "Disposal that was approved",
    "children": "New tubes",
    "condition": "Condition on arrival",
    "consignment": "Consignment",
    "count": "How many were counted",
    "counted": "Amount that is there",
    "cycle": "Number of the cycle",
    "documents": "Goods and documents",
    "equipment": "Equipment",
    "evidence": "SHA-256 of the record of it",
    "giver": "From whom",
    "indicator": "Indicator",
    "inputs": "What is pooled",
    "item": "Item",
    "items": "Items",
    "label": "New label",
    "laboratory": "Place",
    "loss": "Lost on pipettes and walls",
    "method": "Method",
    "order": "Order that it serves",
    "output": "New tube",
    "packaging": "Packaging",
    "parent": "Parent",
    "place": "Position",
    "present": "Found",
    "project": "Project",
    "purpose": "Purpose",
    "quantity": "Amount",
    "receiver": "To whom",
    "residual": "What stays in the parent",
    "seal": "Seal",
    "seals": "Seals, one on each line",
    "site": "Place",
    "storage": "Storage condition",
    "temperature": "Temperature in °C",
    "thawed": "Thawed for it",
    "until": "To be back by, in UTC",
}
"""By the last name of a member, what its field is called."""

HINTS: Final[Mapping[str, str]] = {
    "amount": "A number and its unit, such as 0.5 mL",
    "ends": "That whole day is meant, by the calendar of the rules",
    "words": "Stands in a disclosure: only its digest is on record, and only whom you let may read it",
    "item": "What is printed on it, or its id",
    "items": "What is printed on them, one on each line",
    "name": "As it is called, in at most 200 characters",
    "number": "As it is printed",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    name: of its parameter. sort: text, select, checks of several, lines, day, words that are disclosed, or a digest or
    digests of files. choices: of a select or of checks, with their words.
    ends: of a day, whether its last instant is meant. discloses: whether what stands there is disclosed, and its digest
    recorded.
    """

    name: str
    label: str
    hint: str
    sort: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()
    ends: bool = False
    discloses: bool = False

    @property
    def holds_several(self) -> bool:
        """Say whether it may hold several values."""
        return self.sort in {"lines", "checks", "digests"}


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a kind.

    own: of the statement. lists: by what each list is called, the fields of one of its rows. needed: the names of
    those of which there is at least one row.
    """

    own: tuple[Field, ...]
    lists: tuple[tuple[str, tuple[Field, ...]], ...]
    needed: frozenset[str]

    @property
    def rows(self) -> frozenset[str]:
        """Return the names of the fields that stand once in each row."""
        return frozenset(field.name for _, fields in self.lists for field in fields)


def fields_of(act: str, places: Sequence[tuple[str, str]], language: Language) -> Fields:
    """Return the fields of an act. places: the party's sites, each by its id and what it is called."""
    kind = kind_of_act(act)
    slots = Slots(kind)
    made = _Making(language, () if act in STATED else places, STATED_NAMES if act in STATED else {})
    needed = {*slots.body.missing({})}
    own = [
        made.field(one, one.path.partition(".")[0] in needed)
        for one in slots.all
        if _is_said(one, None) and not is_left_out(kind.name, one.path)
    ]
    lists = []
    for path, members in slots.lists.items():
        asked = {*members.missing({})}
        fields = [made.field(one, one.path in asked) for one in slots.all if _is_said(one, path)]
        lists.append((made.called(path), _needed_first(fields) if act not in STATED else tuple(fields)))
    filled = frozenset(made.called(path) for path in slots.lists if path in needed)
    return Fields(_needed_first(own), tuple(lists), filled)


def _is_said(slot: Slot, within: str | None) -> bool:
    """Say whether a person says a member: not the id of what is begun, which is made."""
    return slot.within == within and not slot.begins


def _needed_first(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda one: not one.required))


@dataclass(frozen=True, slots=True)
class _Making:
    language: Language
    places: Sequence[tuple[str, str]]
    names: Mapping[str, str]

    def called(self, name: str) -> str:
        return label(self.names.get(name) or NAMES[name], self.language)

    def field(self, slot: Slot, required: bool) -> Field:  # noqa: FBT001  what is said of it, not a switch
        last = slot.path.rpartition(".")[2]
        name = self.called(last)
        if "." in slot.path:
            name = f"{self.called(slot.path.partition('.')[0])} · {name}"
        choices = self._choices(slot, last)
        sort = self._sort(slot, choices)
        ends = sort == "day" and slot.member.form == "date-time"
        discloses = (slot.member.item or slot.member).is_commitment
        return Field(slot.full, name, self._hint(slot, sort, ends=ends), sort, required, choices, ends, discloses)

    def _sort(self, slot: Slot, choices: tuple[tuple[str, str], ...]) -> str:
        member = slot.member.item or slot.member
        several = slot.member.item is not None
        if choices:
            return "checks" if several and slot.within is None else "select"
        if member.is_commitment:
            return "lines" if several else "words"
        if member.is_digest:
            return "digests" if several else "digest"
        if self.names and member.form in {"date", "date-time"}:
            return "day"
        return "lines" if several else "text"

    def _choices(self, slot: Slot, last: str) -> tuple[tuple[str, str], ...]:
        member = slot.member.item or slot.member
        if member.id_type == "site" and self.places:
            return tuple(self.places)
        if member.sort == "boolean":
            return (("true", spoken("yes", self.language)), ("false", spoken("no", self.language)))
        tables = words_in(self.language).code
        named = [tables[one] for one in (member.codes or last, last) if one in tables]
        words = next((one for one in (*named, *tables.values()) if one.keys() >= {*member.choices}), {})
        codes = words if member.codes is not None else member.choices
        return tuple((code, words.get(code, code)) for code in codes)

    def _hint(self, slot: Slot, sort: str, *, ends: bool) -> str:
        member = slot.member.item or slot.member
        if sort == "day":
            return label(HINTS["ends"], self.language) if ends else ""
        if member.is_commitment:
            return label(HINTS["words"], self.language)
        if sort in {"select", "checks"} or member.sort in {"boolean", "integer"}:
            return ""
        if slot.amount is not None:
            return label(HINTS["amount"], self.language)
        if member.id_type is not None:
            return label(
                HINTS["items" if sort == "lines" else "item" if member.id_type == "item" else "number"], self.language
            )
        if member.is_name:
            return label(HINTS["name"], self.language)
        return spoken(member.demand, self.language)
