"""What subjects are called, kept up with the log: by what brings each into being, or by all statements that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.ids import Tag, type_of
from ledger.words.given import GIVEN, LABEL, RELABELLED
from ledger.words.table import Language
from projections.names import KINDS_READ, called_by, names_given, naming
from projections.views.names import FORMER, NAMES, former, row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from ledger.domain.judging import Event
    from projections.folding.owing import Folded
    from projections.folding.rows import Rows
    from projections.views.view import Change, Row

    Given = Callable[[Event[Any]], Mapping[str, Sequence[tuple[str, str]]]]

_NAMED: Final = frozenset({"item", "approval", "consignment", "permit", "case", "party", "site"})


class Calling:
    """Keeps up names. One thread uses it."""

    def __init__(self, folded: Folded) -> None:
        """Know of nothing yet."""
        self._folded = folded
        self._anew: set[Tag] = set()

    def made_anew(self, tags: Collection[Tag]) -> None:
        """Take that some subjects were made anew."""
        self._anew |= {tag for tag in tags if is_named(tag)}

    def take(self, event: Event[Any], changes: Sequence[Change], rows: Rows) -> None:
        """Take an event that comes in its order for some subjects, each before and after it, changed or not."""
        given = given_by(event) if event.said.kind in GIVEN else {}
        for change in changes:
            tag, known = change.tag, change.before.known
            if not change.after.known or (known and tag not in given) or not is_named(tag):
                continue
            if self._folded.is_first(tag):
                rows.put(NAMES, _row(tag, given.get(tag, ())))
            else:
                self._anew.add(tag)

    def settle(self, rows: Rows) -> None:
        """Make anew what is to be, by all statements that name it."""
        for tag in sorted(self._anew):
            rows.clear(NAMES, tag)
            rows.clear(FORMER, tag)
            known = self._folded.now(tag)
            if known is not None and known.known:
                put_named(tag, self._folded.events_of(tag), given_by, rows)
        self._anew.clear()


def is_named(tag: Tag) -> bool:
    """Say whether subjects of a tag's type have names."""
    return type_of(tag) in _NAMED


def put_named(tag: Tag, events: Sequence[Event[Any]], given: Given, rows: Rows) -> None:
    """Put what a subject that is known is called. events: all that name it, oldest first. given: as ``given_by``."""
    read = [event for event in events if event.said.kind in KINDS_READ]  # of all that a subject's acts are, a few
    names = [one for event in naming(read) for one in given(event).get(tag, ())]
    rows.put(NAMES, _row(tag, names))
    if any(event.said.kind == RELABELLED for event in read):
        labels = [text for sort, text in names if sort == LABEL]
        for place in former(tag, labels, labels[-1] if labels else None):
            rows.put(FORMER, place)


def _row(tag: Tag, names: Sequence[tuple[str, str]]) -> Row:
    return row(tag, called_by(dict(names), Language.ENGLISH), [text for _, text in names])


def given_by(event: Event[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the names that a statement gives, by whose they are: each with its sort."""
    given: dict[str, list[tuple[str, str]]] = {}
    for subject, sort, text in names_given(event.said):
        given.setdefault(subject, []).extend([] if text is None else [(sort, text)])
    return given
