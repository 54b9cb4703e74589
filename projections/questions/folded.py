"""Subjects folded from events that somebody gives: all of a log, or all of a declared boundary. Pure; keeps nothing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import fold
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject


def subjects_of(events: Iterable[Event[Any]], id_type: str) -> dict[Tag, Subject]:
    """Return the subjects of an id type that are on record, by ascending tag, corrections and voidings taken in.

    events: oldest first; of each subject all that bear its tag.
    """
    told: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
    for event in events:
        for tag in event.tags:
            if type_of(tag) == id_type:
                told[tag].append(event)
    folded = {tag: fold(tag, told[tag], KINDS) for tag in sorted(told)}
    return {tag: subject for tag, subject in folded.items() if subject.known}
