"""The picture of a lineage: what was made of what. Where it is too much for one picture it is folded, and told so."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from api.language import label
from api.pictures.charts import Node, Picture, Shade, Tree
from ledger.domain.states.subjects import ItemStatus
from ledger.words.reader import code_word, name_of
from projections.asked.goods.goods import DescendantRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.ids import ItemId
    from ledger.words.reader import Reader
    from projections.asked.answering import Answer
    from projections.asked.question import Asked

MOST: Final = 1_000
"""So many nodes are drawn; of more those that nothing was made of are folded, then whole generations."""
_GONE: Final = frozenset(
    {ItemStatus.DEPLETED, ItemStatus.DISPOSED, ItemStatus.RETURNED, ItemStatus.RE_EXPORTED, ItemStatus.LOST}
)


def lineage(_: Asked, found: Answer, reader: Reader) -> Picture:
    """Return what was made of what is asked about, each item behind what it was made of first."""
    rows = {one.item: one for one in found.rows if isinstance(one, DescendantRow)}
    order = [*_ordered(rows, {item: (name_of(item, reader), item) for item in rows})]
    nodes = _nodes(order, rows, reader)
    notes = tuple(_counted(rows, reader))
    if len(nodes) > MOST:
        nodes = _folded(order, rows, reader)
        folded = label("It is too much for one picture: what nothing was made of stands as a number.", reader.language)
        notes = (folded, *notes)
    if len(nodes) > MOST:
        nodes = _generations(order, rows, reader)
    return Picture(
        title="",
        about=(),
        chart=Tree(tuple(nodes)) if nodes else None,
        legend=(
            (Shade.DARK, label("it is not over: there is some of it, or it is missing", reader.language)),
            (Shade.OPEN, label("it is over", reader.language)),
        )
        if nodes
        else (),
        notes=notes if nodes else (),
    )


def _ordered(rows: Mapping[ItemId, DescendantRow], names: Mapping[ItemId, tuple[str, ItemId]]) -> Iterator[ItemId]:
    """Yield the items, each behind all that it was made of and right behind the last of these; else by their names."""
    children: dict[ItemId, list[ItemId]] = {}
    waiting = {item: {one for one in row.parents if one in rows} for item, row in rows.items()}
    for item, parents in waiting.items():
        for parent in parents:
            children.setdefault(parent, []).append(item)
    pending = [item for item in sorted(waiting, key=names.__getitem__, reverse=True) if not waiting[item]]
    while pending:
        item = pending.pop()
        yield item
        for child in sorted(children.get(item, ()), key=names.__getitem__, reverse=True):
            waiting[child].discard(item)
            if not waiting[child]:
                pending.append(child)


def _nodes(order: Sequence[ItemId], rows: Mapping[ItemId, DescendantRow], reader: Reader) -> list[Node]:
    places = {item: place for place, item in enumerate(order)}
    return [
        Node(_name(rows[item], reader), _places(rows[item].parents, places), rows[item].status in _GONE)
        for item in order
    ]


def _folded(order: Sequence[ItemId], rows: Mapping[ItemId, DescendantRow], reader: Reader) -> list[Node]:
    """Return the nodes with those that nothing was made of as one for each parent and status, behind the parent."""
    made_of = {parent for row in rows.values() for parent in row.parents}
    leaves: dict[tuple[ItemId, ...], Counter[ItemStatus]] = {}
    for item in order:
        if item not in made_of:
            parents = tuple(one for one in rows[item].parents if one in rows)
            leaves.setdefault(parents, Counter())[rows[item].status] += 1
    rank = {item: number for number, item in enumerate(order)}
    behind: dict[ItemId | None, list[tuple[ItemId, ...]]] = {}
    for parents in leaves:
        behind.setdefault(max(parents, key=rank.__getitem__, default=None), []).append(parents)
    places: dict[ItemId, int] = {}
    nodes = [node for parents in behind.get(None, ()) for node in _several(leaves[parents], (), reader)]
    for item in (one for one in order if one in made_of):
        places[item] = len(nodes)
        nodes.append(Node(_name(rows[item], reader), _places(rows[item].parents, places), rows[item].status in _GONE))
        for parents in behind.get(item, ()):
            nodes += _several(leaves[parents], _places(parents, places), reader)
    return nodes


def _generations(order: Sequence[ItemId], rows: Mapping[ItemId, DescendantRow], reader: Reader) -> list[Node]:
    """Return a node for each generation and status, each behind the first one of the generation before."""
    deep: dict[ItemId, int] = {}
    counts: dict[int, Counter[ItemStatus]] = {}
    for item in order:
        deep[item] = 1 + max((deep[one] for one in rows[item].parents if one in deep), default=-1)
        counts.setdefault(deep[item], Counter())[rows[item].status] += 1
    nodes: list[Node] = []
    behind: tuple[int, ...] = ()
    for _, counted in sorted(counts.items()):
        first = len(nodes)
        nodes += _several(counted, behind, reader)
        behind = (first,)
    return nodes


def _several(counted: Counter[ItemStatus], parents: tuple[int, ...], reader: Reader) -> list[Node]:
    form = label("items {status}: {number}", reader.language)
    return [
        Node(form.format(number=number, status=code_word("item_status", status, reader)), parents, status in _GONE)
        for status, number in sorted(counted.items())
    ]


def _counted(rows: Mapping[ItemId, DescendantRow], reader: Reader) -> Iterator[str]:
    form = label("items {status}: {number}", reader.language)
    for status, number in sorted(Counter(one.status for one in rows.values()).items()):
        yield form.format(number=number, status=code_word("item_status", status, reader))


def _places(parents: Iterable[ItemId], places: Mapping[ItemId, int]) -> tuple[int, ...]:
    return tuple(places[one] for one in parents if one in places)


def _name(row: DescendantRow, reader: Reader) -> str:
    form = label("{name} ({kind})", reader.language)
    return form.format(name=name_of(row.item, reader), kind=code_word("item_status", row.status, reader))
