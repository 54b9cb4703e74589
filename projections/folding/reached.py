"""What statements reach: in whose chains something may be owed otherwise by some events, whichever came of them.

Named by tags and by rows alone, without the states of anybody: whoever holds two positions of a log against each other
learns whose obligations are the same at both. More may be named than is otherwise, and never less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from ledger.domain.acts import BY_POSITION, is_link
from ledger.domain.duties.spanning import ORIGINS
from ledger.domain.fold import initial, rewrites
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.permit import Permit
from ledger.ids import Tag, type_of
from ledger.statement.duties import ABOUT, HEARD
from projections.folding.others import ANEW
from projections.folding.past import CHANGED, MAKING, made_by

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Set
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject

LOOKED_AT: Final[Mapping[str, frozenset[str]]] = {
    of: frozenset().union(*(duty.kinds for duty in duties)) for of, duties in ABOUT.items()
}
"""By the type of a subject the kinds of which a statement does something to what is owed in its chain."""

_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {"approval": ("consignment",), "party": ("case",)}
"""By type who else hears of a subject: goods of their approvals, supervisions of their unit."""


class Near(Protocol):
    """What is around some subjects, by the log."""

    def below(self, tags: Set[Tag]) -> Collection[Tag]:
        """Return the items that came in under some subjects, or were made of these or of them."""
        ...

    def beside(self, tag: Tag, of: str) -> Collection[Tag]:
        """Return the subjects of a type that events of a subject name."""
        ...

    def is_spoken_of(self, tag: Tag) -> bool:
        """Say whether a statement of ``duties.HEARD`` bears a tag."""
        ...


def reached(
    events: Iterable[Event[Any]], near: Near, resting_on: Callable[[Mapping[Tag, datetime]], Collection[Tag]]
) -> set[Tag]:
    """Return in whose chains something may be owed otherwise with some events than without them.

    near: by a log that has them. resting_on: whose obligations rest on some subjects as they were at an instant or
    later, with these events or without them: whom a chain asks for first is the same either way, and what comes of
    that differs where it is reached.
    """
    found: set[Tag] = set()
    touched: dict[Tag, datetime] = {}
    heard_of: set[Tag] = set()
    made: set[Tag] = set()
    renamed: set[Tag] = set()
    for event in events:
        rewriting = rewrites(event)
        tags = changed_by(event)
        found.update(tag for tag in tags if rewriting or _does_something(tag, event))
        for tag in tags:
            since = ANEW if rewriting else since_when(initial(tag), event)
            if since is not None:
                touched[tag] = min(since, touched.get(tag, since))
        if event.said.kind in HEARD:
            heard_of |= event.tags
        if rewriting:
            heard_of |= {tag for tag in event.tags if near.is_spoken_of(tag)}
            renamed |= {tag for tag in event.tags if type_of(tag) in ORIGINS}
            made |= {tag for tag in event.tags if type_of(tag) == "item"}
        elif event.said.kind in MAKING:
            made = made.union(*made_by(event).values())
    found |= set(resting_on(touched)) | set(near.below(made)) | hearers(heard_of, near) | cases_of(renamed, near)
    return {tag for tag in found if type_of(tag) in ABOUT}


def changed_by(event: Event[Any]) -> list[Tag]:
    """Return the subjects that are folded from an event, sorted."""
    return sorted(changed_of(event.said.kind, event.tags))


def changed_of(kind: str, tags: Iterable[Tag]) -> list[Tag]:
    """Return those of the tags of an event that are of subjects that are folded from it. kind: its statement's."""
    beginnings = CHANGED[kind]
    return [tag for tag in tags if tag.startswith(beginnings)] if beginnings else []


def _does_something(tag: Tag, event: Event[Any]) -> bool:
    """Say whether an event may do something to what is owed in the chain of a subject that is folded from it.

    What no duty looks at changes what the subject is at the acts behind it: of an approval or a permit, which go by the
    order of the log, these come after it in any case.
    """
    return event.said.kind in LOOKED_AT.get(type_of(tag), ()) or type(initial(tag)) not in BY_POSITION


def hearers(heard_of: Collection[Tag], near: Near) -> set[Tag]:
    """Return who may hear of what was said of some subjects."""
    found = set(near.below({tag for tag in heard_of if type_of(tag) in ORIGINS}))
    for tag in heard_of:
        for of in _BESIDE.get(type_of(tag), ()):
            found |= set(near.beside(tag, of))
    return found


def cases_of(renamed: Collection[Tag], near: Near) -> set[Tag]:
    """Return the cases that may have been looking for what is below subjects of which a statement was rewritten."""
    return {case for tag in renamed for case in near.beside(tag, "case")}


def since_when(subject: Subject, event: Event[Any]) -> datetime | None:
    """Return since when an event counts in what a subject was at a place; None: never at an earlier one.

    subject: whichever of its type, before an event that comes in its order. The status of an approval or a permit goes
    by a history, which is asked by instant wherever the place is (``acts.is_before``).
    """
    link = is_link(subject, event.said.kind)
    if isinstance(subject, Approval | Permit):
        return ANEW if link else None
    if type(subject) in BY_POSITION or (isinstance(subject, Consignment) and not link):
        return None
    return event.said.occurred_at
