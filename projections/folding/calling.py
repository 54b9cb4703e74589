"""What subjects are called, kept up with the log: by what brings each into being, or by all statements that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.ids import Tag, type_of
from ledger.words.given import GIVEN, LABEL, RELABELLED
from ledger.words.table import Language
from projections.names import IDENTIFIER, Names, called_by, names_given
from projections.views.names import FORMER, NAMES, former, row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.domain.judging import Event
    from projections.folding.owing import Folded
    from projections.folding.rows import Rows
    from projections.views.view import Change

_NAMED: Final = frozenset({"item", "approval", "consignment", "permit", "case", "party", "site"})


class Calling:
    """Keeps up names. One thread uses it."""

    def __init__(self, folded: Folded) -> None:
        """Know of nothing yet."""
        self._folded = folded
        self._anew: set[Tag] = set()

    def made_anew(self, tags: Collection[Tag]) -> None:
        """Take that some subjects were made anew."""
        self._anew |= {tag for tag in tags if type_of(tag) in _NAMED}

    def take(self, event: Event[Any], changes: Sequence[Change], rows: Rows) -> None:
        """Take an event that comes in its order for some subjects, each before and after it, changed or not."""
        given = _given(event) if event.said.kind in GIVEN else {}
        for change in changes:
            tag, known = change.tag, change.before.known
            if not change.after.known or (known and tag not in given) or type_of(tag) not in _NAMED:
                continue
            if self._folded.is_first(tag):
                names = given.get(tag, [])
                rows.put(NAMES, row(tag, called_by(dict(names), Language.ENGLISH), [text for _, text in names]))
            else:
                self._anew.add(tag)

    def settle(self, rows: Rows) -> None:
        """Make anew what is to be, by all statements that name it."""
        for tag in sorted(self._anew):
            rows.clear(NAMES, tag)
            rows.clear(FORMER, tag)
            known = self._folded.now(tag)
            if known is not None and known.known:
                events = self._folded.events_of(tag)
                told = Names(events)
                borne = [one.text for one in told.of(tag) if one.sort != IDENTIFIER]
                rows.put(NAMES, row(tag, told.called(tag), borne))
                if any(event.said.kind == RELABELLED for event in events):
                    labels = [one.text for one in told.of(tag) if one.sort == LABEL]
                    for place in former(tag, labels, told.given(tag, LABEL)):
                        rows.put(FORMER, place)
        self._anew.clear()


def _given(event: Event[Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the names that a statement gives, by whose they are: each with its sort."""
    given: dict[str, list[tuple[str, str]]] = {}
    for subject, sort, text in names_given(event.said):
        given.setdefault(subject, []).extend([] if text is None else [(sort, text)])
    return given
