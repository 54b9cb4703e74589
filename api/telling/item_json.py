"""An item, and any subject's history, as the members of a JSON object: the same at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.answers import told_about
from api.telling.histories import children_of, custody_of
from api.telling.samples import sample_object
from ledger.clock import format_time
from ledger.domain.fold import VOIDED
from ledger.ids import Tag
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from api.rows import subjects as rows
    from api.telling.histories import Custody, History
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Item

_OF_SAMPLE: Final = frozenset({"sample", "kept", "thawed_at", "origin", "shown_from", "approval_number"})


def item_object(history: History, item: Item, ancestors: Sequence[Item], until: datetime | None) -> dict[str, Any]:
    """Return an item as ``rows.ItemShown``: state, sample, lineage, custody, history. until: as for ``history_of``."""
    return {
        "as_known_at": history.position,
        "as_of": None if until is None else format_time(until),
        "item": _state_object(item),
        "sample": sample_object(item, ancestors),
        "ancestors": [one.id for one in ancestors],
        "children": list(children_of(history, item.id)),
        "custody": [_custody_object(one) for one in custody_of(history)],
        "history": [event_object(event, history, Tag(item.id)) for event in history.events],
    }


def _state_object(item: Item) -> dict[str, Any]:
    """Return an item's state; what it is as a sample is told apart from it."""
    state: dict[str, Any] = msgspec.to_builtins(item, order="deterministic")
    if item.quantity is not None:
        state["quantity"] = {"value": format_decimal(item.quantity.value), "unit": item.quantity.unit}
    return {name: value for name, value in state.items() if name not in _OF_SAMPLE}


def _custody_object(one: Custody) -> rows.Custody:
    ended = format_time(one.ended) if one.ended is not None else None
    return {
        "party": one.party,
        "site": one.site,
        "place": one.place,
        "began": format_time(one.began),
        "ended": ended,
        "out_of_order": one.out_of_order,
    }


def event_object(event: Event[Any], history: History, item: Tag) -> rows.HistoryEvent:
    """Return a statement of a subject's history. item: the subject."""
    said = event.said
    step = history.step_of(event)
    return {
        "position": event.position,
        "recorded": format_time(event.recorded),
        "occurred_at": format_time(said.occurred_at),
        "kind": said.kind,
        "statement": said.id,
        "signers": [
            {"party": one.party, "person": one.person, "role": one.role, "meaning": one.meaning} for one in said.signers
        ],
        "breaches": told_about(item, event),
        "corrects": said.corrects,
        "counts": said.kind == VOIDED or step is not None,
        "out_of_order": step is not None and step.out_of_order,
    }
