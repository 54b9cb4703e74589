"""What a verified bundle proves: its events, and of which subjects they are all. Here the boundary is taken literally.

Whoever asks for the events of a subject of which not all are proven gets none, and the subject is named.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.errors import Malformed
from ledger.evidence.checks.verdicts import Verdict
from ledger.ids import StatementId
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.reading import read_event
from ledger.tlog.index import status_name
from projections.questions.records.signatures import Signed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ledger.domain.judging import Event
    from ledger.evidence.checks.events import Taken
    from ledger.evidence.checks.opening import Opened
    from ledger.evidence.checks.verdicts import Report
    from ledger.ids import Tag

_HOLDS: Final = frozenset({Verdict.KNOWN, Verdict.UNKNOWN})


class Proven:
    """The events of a bundle up to a position, and those behind it.

    unproven: the subjects that were asked for and of which the bundle does not prove that all is there. unread: why an
    event that was asked for cannot be used, by its position.
    """

    def __init__(self, opened: Opened, taken: Taken, report: Report, as_of: int) -> None:
        """Take a bundle of which nothing failed. as_of: what was recorded behind that position is later."""
        self.unproven: set[Tag] = set()
        self.unread: dict[int, str] = {}
        self._opened, self._taken, self._as_of = opened, taken, as_of
        self._verdicts = {claim.about: claim.verdict for claim in report.claims}
        self._events: dict[int, Event[Any]] = {}
        self._under: defaultdict[str, list[int]] = defaultdict(list)
        for name, held in self._taken.counting().items():
            self._under[name] = [position for position, _ in held]

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag, oldest first; none where not all are proven to be here."""
        return self._all(tag, f"tag {tag}", tag)

    def later(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that bear a tag behind the position, up to the checkpoint, as ``about`` does."""
        return self._all(tag, f"tag {tag}", tag, later=True)

    def ruling(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return all events that count for the status of a tag, as ``about`` does."""
        if tag in self._opened.manifest.complete:
            return [event for event in self.about(tag) if tag in event.status]
        return self._all(tag, status_name(tag), status_name(tag))

    def signed(self, statement: Tag) -> Signed | None:
        """Return a statement by its id; None: the bundle does not hold it up to the position, or it cannot be used."""
        held = (one for one, payload in self._taken.read.items() if payload.id == StatementId(statement))
        position = next(held, None)
        if position is None or position > self._as_of or (event := self._event(position)) is None:
            return None
        return Signed(event, parse_envelope(self._taken.held[position].entry.data))

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Do nothing: all that is proven is here."""

    def _all(self, tag: Tag, about: str, name: str, *, later: bool = False) -> list[Event[Any]]:
        if not self._is_whole(about):
            self.unproven.add(tag)
            return []
        asked = (position for position in self._under.get(name, ()) if (position > self._as_of) is later)
        found = [self._event(position) for position in asked]
        return [event for event in found if event is not None]

    def _is_whole(self, about: str) -> bool:
        """Say whether all events are here as far as the index goes: vouched for by a mirror, or by the operator."""
        verdict = self._verdicts.get(about)
        by_word = not self._opened.witnessed.replayed and self._taken.unread is None
        return verdict is Verdict.KNOWN or (verdict is Verdict.NOT_CHECKED and by_word)

    def _event(self, position: int) -> Event[Any] | None:
        if position in self._events or position in self.unread:
            return self._events.get(position)
        event = self._taken.events.get(position)
        if event is None or event.verdict not in _HOLDS:
            self.unread[position] = "its keys or signatures could not be checked"
            return None
        try:
            self._events[position] = read_event(self._taken.held[position].entry)
        except Malformed as error:
            self.unread[position] = f"this reader is too old: {error.newer}" if error.newer else str(error)
            return None
        return self._events[position]
