"""What stands on the label of an item: what it is called, its lot, how it is to be kept, and its code for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.labels.arranging import Label
from api.labels.codes import code_of
from api.language import label
from api.telling.histories import children_of, history_of
from ledger.domain.states.border import Consignment
from ledger.domain.states.subjects import Item
from ledger.errors import NotFound
from ledger.ids import Tag
from ledger.words.reader import code_word

if TYPE_CHECKING:
    from ledger.ids import ConsignmentId, ItemId
    from ledger.store.port import Readable
    from ledger.words.reader import Reader

_GROUP = 5


def label_of(item: Item, reader: Reader) -> Label:
    """Return the label of an item, in the language of a reader."""
    code = code_of(item.id)
    lines = [item.label or item.id.partition(":")[2]]
    if item.lot is not None:
        lines.append(label("lot {lot}", reader.language).format(lot=item.lot))
    if item.sample.storage is not None:
        lines.append(code_word("storage", item.sample.storage, reader))
    lines.append(" ".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP)))
    return Label(code, tuple(lines))


def items_in(consignment: ConsignmentId, store: Readable) -> list[ItemId]:
    """Return the items that came with a consignment, sorted. Raises NotFound: it is not on record."""
    goods = history_of(store, Tag(consignment)).subject
    if not isinstance(goods, Consignment):
        raise NotFound("the record has no such consignment")
    return sorted(goods.items)


def made_of(item: ItemId, store: Readable) -> tuple[ItemId, ...]:
    """Return the items that were made directly of one, sorted. Raises NotFound: it is not on record."""
    return children_of(history_of(store, Tag(item)), item)
