"""From options, and the rows of a list, to the body of a statement; everything that is wrong is told at once.

In a list of objects the member that stands for an element, its id or what is said most often, begins the next one;
what stands before the first is said of all. Ids that a statement begins, and that nobody names, are made.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeVar

from api.manifests.cells import printed_in, value_of
from api.manifests.members import put
from api.manifests.spelling import Spelling
from api.manifests.splitting import parted
from api.telling.labels import is_written_as_id
from ledger.errors import Malformed, NotFound
from ledger.ids import Tag, is_tag, new_id
from ledger.statement.form.disclosure import COMMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.drafts.acts.slots import Slot, Slots
    from api.manifests.reading.grid import Cell
    from api.telling.labels import Labels
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "DRF-05": "An option of a command that records names one member of its kind, and gives what belongs there.",
}

T = TypeVar("T")

_FRESH: Final = ("item", "case", "consignment", "approval", "permit")
"""The types of subjects whose ids are made where a statement begins one and nobody names it."""

_WRONG: Final = "\0"
"""Stands where a value was given that is none, so that it does not count as missing too."""


@dataclass(frozen=True, slots=True)
class Given:
    """One option, or one cell of a list.

    name: of the member, as written. where: in words, such as ``--item`` or ``line 3, column "item"``.
    row: the line of the list; None of an option.
    """

    name: str
    value: Cell
    where: str
    row: int | None = None


Pair = tuple["Slot", Given]


def body_of(
    slots: Slots, given: Sequence[Given], labels: Labels, before: Mapping[str, JsonValue] = MappingProxyType({})
) -> dict[str, JsonValue]:
    """Return the body that some options and rows say; ids are found by what is printed.

    before: the body of the statement that it corrects; what is not said stays as it is there, a list as a whole.

    Raises Malformed: DRF-05, with everything that is wrong, one line each.
    """
    return _Saying(slots, labels).body(given, before)


class _Saying:
    """One body on its way. problems: what is wrong with it so far."""

    def __init__(self, slots: Slots, labels: Labels) -> None:
        self._slots, self._labels = slots, labels
        self._among: set[Tag] = set()
        self.problems: list[str] = []

    def body(self, given: Sequence[Given], before: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        named: list[Pair] = []
        for one in given:
            slot = self._asked(one, lambda one=one: self._slots.named(one.name))  # type: ignore[misc]
            if slot is not None:
                named.append((slot, one))
        body: dict[str, JsonValue] = {}
        # Of an item a label may be ambiguous until it is known what the statement is about.
        for slot, one in sorted((pair for pair in named if pair[0].within is None), key=_is_of_items):
            self._say(body, slot, one)
        for path in self._slots.lists:
            if elements := self._elements(path, [pair for pair in named if pair[0].within == path]):
                put(body, path, elements)
        _take_over(body, before)
        self._begin(body, None)
        self.problems.extend(map(self._lacking, self._slots.body.missing(body)))
        if self.problems:
            problems = "\n".join(f"  {one}" for one in self.problems)
            raise Malformed("DRF-05", self._slots.kind, f"is not said as it has to be:\n{problems}")
        return body

    def _elements(self, path: str, pairs: Sequence[Pair]) -> list[JsonValue]:
        """Return the elements of a list; what an option says of one goes before what its row says."""
        own, rows, key = elements_of(pairs)
        said = [self._element(path, one) for one in own]
        if not rows or key is None:
            return [*said, *(self._element(path, one) for one in rows)]
        instead = {str(_at(one, key)): one for one in said}
        elements = [self._element(path, one) for one in rows]
        found = [instead.pop(str(_at(one, key)), one) for one in elements]
        return [*found, *instead.values()]

    def _element(self, path: str, pairs: Sequence[Pair]) -> JsonValue:
        element: dict[str, JsonValue] = {}
        for slot, one in pairs:
            self._say(element, slot, one)
        self._begin(element, path)
        own = pairs[0][1]
        where = f"line {own.row}: " if own.row is not None else f"at {pairs[0][1].where} {pairs[0][1].value}: "
        lacking = self._slots.lists[path].missing(element)
        self.problems.extend(f"{where}{self._lacking(f'{path}.{name}')}" for name in lacking)
        return element

    def _say(self, into: dict[str, JsonValue], slot: Slot, one: Given) -> None:
        """Put what was given into a body or an element; a list of texts takes one more."""
        value = self._asked(one, lambda: self._value(one.value, slot))
        value = _WRONG if value is None else value
        there = _at(into, slot.path)
        if slot.member.item is not None:
            put(into, slot.path, [*(there if isinstance(there, list) else []), value])
        elif there is not None:
            self.problems.append(f"{one.where}: is given twice")
        else:
            put(into, slot.path, value)

    def _value(self, cell: Cell, slot: Slot) -> JsonValue:
        """Return what a cell says. Raises ValueError, NotFound, Malformed: it is no value of the member."""
        member = slot.member.item or slot.member
        if isinstance(cell, str) and cell.startswith(COMMITS):
            return cell  # the digest of what is disclosed under that name takes its place
        if slot.amount is not None:
            value, unit = parted(cell, Spelling())
            if unit is None:
                raise ValueError(f'"{cell}" has no unit: write it behind the number, such as "0.5 mL"')
            first, second = slot.amount
            return {"value": value_of(value, first, typed=True), "unit": value_of(unit, second, typed=True)}
        if member.id_type is None:
            return value_of(cell, member, typed=True)
        text = printed_in(cell, member)
        if is_written_as_id(text):
            found = str(value_of(text, member, typed=True))
        elif slot.begins:
            found = f"{member.id_type}:{text}"
            if not is_tag(found):
                raise ValueError(f'"{text}" is no name for an id: letters, digits and - alone')
        else:
            found = self._labels.id_of(text, member.id_type, "", self._among if member.id_type == "item" else ())
        self._among.add(Tag(found))
        return found

    def _begin(self, into: dict[str, JsonValue], within: str | None) -> None:
        """Make the ids of what is begun and not named; in an object inside, where anything else is said of it."""
        for slot in self._slots.all:
            id_type = slot.member.id_type
            if not slot.begins or slot.within != within or id_type not in _FRESH or id_type is None:
                continue
            around, dot, _ = slot.path.rpartition(".")
            if _at(into, slot.path) is None and (not dot or _at(into, around) is not None):
                put(into, slot.path, new_id(id_type))

    def _lacking(self, path: str) -> str:
        slots = self._slots.at(path)
        if len(slots) == 1:
            amount = "an amount with its unit, such as 0.5 mL" if slots[0].amount else slots[0].member.demand
            return f"{slots[0].option} is missing: {amount}"
        needed = (slot.option for slot in slots if not slot.begins)
        return f"{path} is missing: say {', '.join(needed)}"

    def _asked(self, given: Given, ask: Callable[[], T]) -> T | None:
        """Return an answer; None, with the problem noted, where there is none."""
        try:
            return ask()
        except (ValueError, NotFound) as error:
            self.problems.append(f"{given.where}: {str(error).removeprefix(': ')}")
        except Malformed as error:
            self.problems.append(f"{given.where}: {error.problem}")
        return None


def elements_of(pairs: Sequence[Pair]) -> tuple[list[list[Pair]], list[list[Pair]], str | None]:
    """Return what belongs to each element that options begin, and to each row; and by which member both are the same.

    What is said of all stands in each. Each row of a list is an element of its own. Among options, the id of something
    known begins an element; where none is said, and there are no rows, whatever is said most often.
    """
    options = [pair for pair in pairs if pair[1].row is None]
    rows: dict[int, list[Pair]] = {}
    for slot, one in pairs:
        if one.row is not None:
            rows.setdefault(one.row, []).append((slot, one))
    key = _id_among(options)
    if rows and not any(slot.path == key for own in rows.values() for slot, _ in own):
        return [], [_with_all(options, own) for own in rows.values()], None
    starts = [number for number, (slot, _) in enumerate(options) if slot.path == (key or _most_often(options))]
    ends = [*starts[1:], len(options)][: len(starts)]
    front = options[: starts[0]] if starts else []
    begun = [_with_all(front, options[start:end]) for start, end in zip(starts, ends, strict=True)]
    return begun, [_with_all(front, own) for own in rows.values()], key


def _with_all(front: Sequence[Pair], own: Sequence[Pair]) -> list[Pair]:
    """Return what is said of one element: its own, and of what is said of all what it does not say itself."""
    said = {slot.path for slot, _ in own}
    return [*own, *(pair for pair in front if pair[0].path not in said)]


def _id_among(options: Sequence[Pair]) -> str | None:
    return next((slot.path for slot, _ in options if slot.member.id_type is not None and not slot.begins), None)


def _most_often(options: Sequence[Pair]) -> str | None:
    counted = Counter(slot.path for slot, _ in options)
    return counted.most_common(1)[0][0] if counted else None


def _take_over(into: dict[str, JsonValue], before: Mapping[str, JsonValue]) -> None:
    for name, value in before.items():
        there = into.setdefault(name, value)
        if there is not value and isinstance(there, dict) and isinstance(value, dict):
            _take_over(there, value)


def _is_of_items(pair: Pair) -> bool:
    member: Any = pair[0].member.item or pair[0].member
    return bool(member.id_type == "item")


def _at(value: JsonValue, path: str) -> JsonValue:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
