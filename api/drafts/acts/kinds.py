"""Kinds as they are written at a command: by name, with or without the version, or as an act of the bench for short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.nearest import nearest, suggestion
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from ledger.domain.kind import Kind

ACTS: Final = {
    "receive": "item.received/1",
    "store": "item.stored/1",
    "move": "item.moved/1",
    "check-out": "item.checked-out/1",
    "return": "item.returned/1",
    "use": "item.used/1",
    "aliquot": "item.aliquoted/1",
    "pool": "item.pooled/1",
    "label": "item.labelled/1",
    "hand-over": "custody.handed-over/1",
    "accept": "custody.accepted/1",
    "count": "stock.counted/1",
    "dispose": "item.destroyed/1",
}
"""What the acts of the bench are called for short."""


def kind_of(written: str) -> Kind[Any] | None:
    """Return the kind that is meant; without a version the newest one. None: this ledger knows none."""
    return next(iter(versions_of(written)), None)


def versions_of(written: str) -> list[Kind[Any]]:
    """Return the kinds that are meant, the newest version first: one alone where its version is written."""
    name = ACTS.get(written, written)
    if name in KINDS:
        return [KINDS[name]]
    found = [kind for kind in KINDS.values() if kind.name.rpartition("/")[0] == name]
    return sorted(found, key=_version, reverse=True)


def likely(written: str) -> str:
    """Return, for people, which kinds were likely meant by what is none, behind a semicolon; nothing where none is."""
    near = nearest(written, [*ACTS, *dict.fromkeys(name.rpartition("/")[0] for name in KINDS)])
    return f"; {suggestion(near, near)}" if near else ""


def _version(kind: Kind[Any]) -> int:
    return int(kind.name.rpartition("/")[2])
