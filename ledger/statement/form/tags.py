"""The tags of a payload: every id that stands anywhere in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.ids import PERMIT_MEMBERS, Tag, is_tag, is_tag_anywhere

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.statement.text.strict_json import JsonValue

MOST_TAGS: Final = 1_000


def tags_of(value: JsonValue) -> frozenset[Tag]:
    """Return the ids of a payload, as ``ids_in`` does.

    Raises Malformed: STM-49 more than 1,000 different ones.
    """
    if len(tags := ids_in(value)) > MOST_TAGS:
        raise Malformed("STM-49", "$", f"names {len(tags)} different ids, more than {MOST_TAGS}")
    return tags


def ids_in(value: JsonValue) -> frozenset[Tag]:
    """Return every id that stands anywhere in a value as the whole of a text; names of members do not count.

    Ids of permits count where their member says so (``PERMIT_MEMBERS``).
    """
    tags: set[Tag] = set()
    pending = [value]
    for one in pending:  # which grows; a loop, not a recursion: this runs for every statement, and twice for none
        if type(one) is str:  # parsed, so of no subclass
            if is_tag_anywhere(one):
                tags.add(Tag(one))
        elif type(one) is dict:
            pending.extend(one.values())
            if not one.keys().isdisjoint(PERMIT_MEMBERS):  # of most objects that is all there is to ask
                tags.update(_permits_in(one))
        elif type(one) is list:
            pending.extend(one)
    return frozenset(tags)


def _permits_in(said: Mapping[str, JsonValue]) -> Iterator[Tag]:
    """Yield the ids of permits in the members of an object that hold one, or a list of them."""
    named = (said.get(member) for member in PERMIT_MEMBERS)
    for one in (one for value in named for one in (value if isinstance(value, list) else [value])):
        if isinstance(one, str) and one.startswith("permit:") and is_tag(one):
            yield Tag(one)
