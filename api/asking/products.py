"""What products are called in Chinese: by the approvals among the events that an answer rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.approval.approvals import ApprovalGranted
from ledger.words.table import Language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.judging import Event
    from ledger.words.reader import Reader

_PRODUCT: Final = "product:"
"""What names are asked for a product by, before its English name."""


def with_products(reader: Reader, events: Iterable[Event[Any]]) -> Reader:
    """Return a reader who also knows the Chinese names that approvals give to products."""
    if reader.language is Language.ENGLISH:
        return reader
    bodies = (event.said.body for event in events)
    lines = (line for body in bodies if isinstance(body, ApprovalGranted) for line in body.lines)
    called = {f"{_PRODUCT}{line.name_en}": line.name_zh for line in lines if line.name_zh}

    def names(ident: str) -> str | None:
        return called.get(ident) if ident.startswith(_PRODUCT) else reader.names(ident)

    return replace(reader, names=names)


def product_word(name: str, reader: Reader) -> str:
    """Return what a product is called, by its English name; that itself where no other is known."""
    return reader.names(f"{_PRODUCT}{name}") or name
