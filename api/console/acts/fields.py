"""The fields of a page on which an act is said: the members of its kind that can be named, as fields of a form.

What may stand in them, which must be said and what they mean comes from the kind's schema, as for ``vialog record``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.drafts.acts.kinds import ACTS
from api.drafts.acts.slots import Slot, Slots
from api.language import label, spoken
from ledger.statement.catalogue import KINDS
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
"""The acts that are stated in the browser, by their word in an address, and what they are called."""

SECOND: Final = "second"
"""The parameter that says by which code of theirs the second person signs, of an act that takes two."""

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
    "item": "What is printed on it, or its id",
    "items": "What is printed on them, one on each line",
    "number": "As it is printed",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. name: of its parameter. sort: text, select or lines. choices: of a select, with their words."""

    name: str
    label: str
    hint: str
    sort: str
    required: bool
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a kind.

    own: of the statement. lists: by what each list is called, the fields of one of its rows.
    """

    own: tuple[Field, ...]
    lists: tuple[tuple[str, tuple[Field, ...]], ...]

    @property
    def rows(self) -> frozenset[str]:
        """Return the names of the fields that stand once in each row."""
        return frozenset(field.name for _, fields in self.lists for field in fields)


def fields_of(act: str, places: Sequence[tuple[str, str]], language: Language) -> Fields:
    """Return the fields of an act. places: the party's sites, each by its id and what it is called."""
    kind = KINDS[ACTS[act]]
    slots = Slots(kind)
    made = _Making(language, places)
    needed = {*slots.body.missing({})}
    own = [made.field(one, one.path.partition(".")[0] in needed) for one in slots.all if _is_said(one, None)]
    lists = []
    for path, members in slots.lists.items():
        asked = {*members.missing({})}
        fields = [made.field(one, one.path in asked) for one in slots.all if _is_said(one, path)]
        lists.append((label(NAMES[path], language), _needed_first(fields)))
    return Fields(_needed_first(own), tuple(lists))


def _is_said(slot: Slot, within: str | None) -> bool:
    """Say whether a person says a member: not the id of what is begun, which is made."""
    return slot.within == within and not slot.begins


def _needed_first(fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(sorted(fields, key=lambda one: not one.required))


@dataclass(frozen=True, slots=True)
class _Making:
    language: Language
    places: Sequence[tuple[str, str]]

    def field(self, slot: Slot, required: bool) -> Field:  # noqa: FBT001  what is said of it, not a switch
        last = slot.path.rpartition(".")[2]
        name = label(NAMES[last], self.language)
        if "." in slot.path:
            name = f"{label(NAMES[slot.path.partition('.')[0]], self.language)} · {name}"
        choices = self._choices(slot, last)
        sort = "select" if choices else "lines" if slot.member.item is not None else "text"
        return Field(slot.full, name, self._hint(slot, sort), sort, required, choices)

    def _choices(self, slot: Slot, last: str) -> tuple[tuple[str, str], ...]:
        member = slot.member
        if member.id_type == "site":
            return tuple(self.places)
        if member.sort == "boolean":
            return (("true", spoken("yes", self.language)), ("false", spoken("no", self.language)))
        tables = words_in(self.language).code
        named = [tables[one] for one in (member.codes or last, last) if one in tables]
        words = next((one for one in (*named, *tables.values()) if one.keys() >= {*member.choices}), {})
        codes = words if member.codes is not None else member.choices
        return tuple((code, words.get(code, code)) for code in codes)

    def _hint(self, slot: Slot, sort: str) -> str:
        member = slot.member.item or slot.member
        if sort == "select" or member.sort in {"boolean", "integer"}:
            return ""
        if slot.amount is not None:
            return label(HINTS["amount"], self.language)
        if member.id_type is not None:
            return label(
                HINTS["items" if sort == "lines" else "item" if member.id_type == "item" else "number"], self.language
            )
        return spoken(member.demand, self.language)
