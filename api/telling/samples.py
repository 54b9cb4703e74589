"""What the record knows of an item as a sample: computed from its own state and its ancestors', for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.domain.judging import World
from ledger.domain.work.description import described, thaws_of
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.states.subjects import Item, Sample


def sample_object(item: Item, ancestors: Iterable[Item]) -> dict[str, object]:
    """Return what an item is, its own description or those of what it is a part of; nothing of what nobody stated.

    ancestors: all of the item's.

    origin: how it, or what it was made of, came onto the record. shown_from: of opening stock the day from which on the
        record shows anything; approval_declared: the approval that its holder says it had, which nothing here shows.
    thawed: how often, as far as the record knows; thawed_at_least: it may be more often, a beginning is not stated.
    """
    subjects = {Tag(one.id): one for one in (item, *ancestors)}
    world = World(subjects=subjects, now=datetime.max.replace(tzinfo=UTC), size=0)
    samples = [one.sample for one in described(world, item.id)]
    roots = world.roots(item.id)
    count, known = thaws_of(world, item.id)
    said: dict[str, object] = {
        "origin": _values(one.origin for one in roots),
        "shown_from": min((f"{one.shown_from}" for one in roots if one.shown_from is not None), default=None),
        "approval_declared": item.approval_number,
        "types": _values(one.type for one in samples),
        "collected": _values(map(_collected, samples)),
        "donors": _values(one.donor for one in samples),
        "donor_origins": _values(one.donor_origin for one in samples),
        "storage": _values(one.storage for one in samples),
        "kept": item.kept,
        "thawed" if known else "thawed_at_least": count if known or count else None,
    }
    return {name: value for name, value in said.items() if value not in (None, [])}


def _values(stated: Iterable[str | None]) -> list[str]:
    return sorted({str(one) for one in stated if one is not None})


def _collected(sample: Sample) -> str | None:
    first, last = sample.collected_on, sample.collected_until
    return None if first is None else f"{first}" if last is None else f"{first} to {last}"
