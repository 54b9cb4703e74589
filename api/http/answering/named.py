"""Whom a text may mean, of what somebody may see: looked up in the views, and else in the whole log.

The views say who may bear a name. What each bears is read of what the reader is shown, and so is whether it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from api.http.answering.subjects import LISTS
from api.http.bounds.whole_logs import Why
from ledger.domain.bodies.printed import search_key
from ledger.ids import Tag, type_of
from ledger.statement.entries.enrolment import ENROLLING
from projections.names import Names, likest
from projections.views.names import NAMES
from projections.views.states.keys import KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.http.answering.reading import Reading
    from projections.database.tables import Still

MOST: Final = 500
"""So many that bear a name are looked at."""

_BEGINNING: Final = 2
_NEAREST: Final = 3
_ALIKE: Final = 2_000
_TYPES: Final = frozenset(one.id_type for one in LISTS.values())


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. text: by which of its names; old: one that it bears no more."""

    tag: Tag
    text: str
    old: bool


def found_in(reads: Reading, text: str) -> tuple[list[Hit], list[Hit]]:
    """Return whom a text means, those that bear it now first; where nobody does, who has a name that looks like it."""
    with reads.views() as still:
        if still is not None:
            return _looked_up(reads, text, still)
    with reads.whole_log(Why.NO_VIEWS):
        named = (Hit(one.subject, one.text, one.old) for one in reads.source.names.find(text))
        seen = [one for one in named if _is_shown(reads, one.tag)]
        persons = reads.source.events(frozenset(ENROLLING))
        parties = {Tag(one.said.body.party) for one in persons if one.said.body.person == text}
        hits = _each_once(text, parties, seen)
        near = () if hits else reads.source.names.near(text, None)
        return hits, [Hit(one.subject, like, one.old) for like in near for one in reads.source.names.find(like)[:1]]


def _looked_up(reads: Reading, text: str, still: Still) -> tuple[list[Hit], list[Hit]]:
    key = search_key(text)
    bearing = [Tag(row[0]) for row in still.ask(NAMES, "bearing", text=key, limit=MOST)]
    of_person = still.ask(KEYS, "of_person", person=text)
    bearing += [Tag(row[0]) for row in of_person]
    seen = [hit for tag in bearing if _is_shown(reads, tag) for hit in _borne(reads, tag, key)]
    parties = {Tag(row[1]) for row in of_person if row[1] is not None}
    if hits := _each_once(text, parties, sorted(seen, key=lambda one: one.old)):
        return hits, []
    return [], list(islice(_near(reads, key, still), _NEAREST))


def _near(reads: Reading, key: str, still: Still) -> Iterator[Hit]:
    """Yield who has a name that looks like a text, the likest first, of what the reader may see."""
    alike = [row[0] for row in still.ask(NAMES, "alike", beginning=key[:_BEGINNING], limit=_ALIKE)]
    for one in likest(key, alike):
        bearing = (Tag(row[0]) for row in still.ask(NAMES, "bearing", text=one, limit=MOST))
        hits = (hit for tag in bearing if _is_shown(reads, tag) for hit in _borne(reads, tag, one))
        if (hit := next(hits, None)) is not None:
            yield hit


def _each_once(text: str, parties: set[Tag], seen: list[Hit]) -> list[Hit]:
    of_persons = {one: Hit(one, text, old=False) for one in sorted(parties)}
    return list((of_persons | {one.tag: one for one in seen}).values())


def _is_shown(reads: Reading, tag: Tag) -> bool:
    return type_of(tag) in _TYPES and bool(reads.looking.sight(tag))


def _borne(reads: Reading, tag: Tag, key: str) -> Iterator[Hit]:
    """Yield by which of its names, as the reader is shown them, a subject was found."""
    names = Names(reads.source.about(tag)).of(tag)
    found = next((one for one in names if search_key(one.text) == key), None)
    if found is not None:
        yield Hit(tag, found.text, found.old)
