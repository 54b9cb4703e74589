"""Which subjects an answer rests on: all acts of each of these are needed. A walk over whatever was ever said."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from ledger.evidence.answers.folding import evolve, fresh
from ledger.evidence.answers.record import Record
from ledger.evidence.answers.table import type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.evidence.answers.acts import Act
    from ledger.evidence.answers.asking import Told

    Tags = frozenset[str]


def itself(subject: str, _: Told) -> Tags:
    """Return the subject alone."""
    return frozenset({subject})


def ancestors(subject: str, told: Told) -> Tags:
    """Return an item, all that it was made of, what that came in under, and the cases that these name."""
    items = _Lineage(told).upwards({subject})
    goods = items | _beside(items, told, "approval", "consignment", "permit")
    return goods | _beside(goods, told, "case")


def chain(subject: str, told: Told) -> Tags:
    """Return an item, all that it was made of, and the consignments that these came with."""
    items = _Lineage(told).upwards({subject})
    return items | _beside(items, told, "consignment")


def lineage(subject: str, told: Told) -> Tags:
    """Return all that was made of something, and what that was made of besides."""
    walk = _Lineage(told)
    return walk.upwards(walk.downwards(subject)) | {subject}


def matter(subject: str, told: Told) -> Tags:
    """Return a subject, what it was made of, and the approvals and consignments that any of these came in under."""
    found, further = frozenset[str](), frozenset({subject})
    while not further <= found:
        found |= further
        held = {act.position: act for tag in found for act in told.about(tag)}
        record = Record([held[position] for position in sorted(held)], found)
        further = frozenset(_came_under(record, subject))
    return found


def _came_under(record: Record, subject: str) -> Iterator[str]:
    yield subject
    match type_of(subject):
        case "item" if any(after["known"] for _, _, after in record.steps(subject)):
            for one in record.lineage(subject):
                yield from (tag for tag in (one["id"], one["approval"], one["consignment"]) if tag is not None)
        case "consignment":
            yield from record.now(subject)["approvals"]


NEEDS: Final[Mapping[str, Callable[[str, Told], Tags]]] = {
    "ancestors": ancestors,
    "balance": lineage,
    "custody-chain": chain,
    "descendants": lineage,
    "owed": matter,
    "whereabouts": itself,
}
"""By question."""


class _Lineage:
    """A walk down and up: what each act says that items come from is looked at once, however many it names."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._origins: dict[int, Mapping[str, Tags]] = {}
        self._made: dict[int, Mapping[str, Tags]] = {}

    def downwards(self, subject: str) -> Tags:
        """Return a subject with the items that came in with or under it, or were made of it, and so on."""
        return _walked({subject}, lambda tag: self._of(tag, self._made))

    def upwards(self, tags: Iterable[str]) -> Tags:
        """Return some items with all that they were made of."""
        return _walked(set(tags), lambda tag: {one for one in self._of(tag, self._origins) if type_of(one) == "item"})

    def _of(self, tag: str, way: Mapping[int, Mapping[str, Tags]]) -> set[str]:
        acts = self._told.about(tag)
        for act in acts:
            self._look(act)
        return {one for act in acts for one in way[act.position].get(tag, ())}

    def _look(self, act: Act) -> None:
        if act.position in self._origins:
            return
        origins = {item: _origin(item, act) for item in act.tags if type_of(item) == "item"}
        made: defaultdict[str, set[str]] = defaultdict(set)
        for item, found in origins.items():
            for one in found:
                made[one].add(item)
        self._origins[act.position] = origins
        self._made[act.position] = {one: frozenset(items) for one, items in made.items()}


def _walked(tags: set[str], further: Callable[[str], set[str]]) -> Tags:
    found, pending = set[str](), set(tags)
    while pending:
        tag = pending.pop()
        found.add(tag)
        pending |= further(tag) - found
    return frozenset(found)


def _origin(item: str, act: Act) -> Tags:
    """Return what an act says that an item comes from: parents, or consignment and approval."""
    made = evolve(fresh(item), act)
    if not made["known"]:
        return frozenset()
    return frozenset(one for one in (*made["parents"], made["consignment"], made["approval"]) if one is not None)


def _beside(whole: Tags, told: Told, *types: str) -> Tags:
    named = {tag for one in whole for act in told.about(one) for tag in act.tags}
    return frozenset(tag for tag in named if type_of(tag) in types) - whole
