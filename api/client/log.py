"""A log as a service shows it: the entries that whoever asks may read, for whatever reads a log.

What is answered from it is computed here, by the very functions that answer on the machine of the log. Of each entry
the bytes are held against their leaf hash and against what is said beside them. That none is left out, and that these
are the log's, is the service's word; ``proving`` checks that.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from api.client.asking import NOUNS, PAGE, Asking
from ledger.clock import format_time
from ledger.errors import Malformed, NotFound
from ledger.ids import StatementId, Tag
from ledger.statement.entries.entry import leaf_of, parse_known
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known
from ledger.store.port import Recorded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from api.client.transport import Transport
    from api.rows.http import Entries, EntryRow, EntryShown
    from ledger.statement.entries.entry import Entry

_LONGEST: Final = 2_000
"""Characters of a parameter: as many as a service takes."""


class ServedLog:
    """A log behind a service, up to where it stood when it was asked first, and up to what was recorded here since."""

    def __init__(self, service: Transport) -> None:
        """Ask when something is read."""
        self._service = service
        self._asking = Asking(service)
        self._known = 0
        self._origin = ""
        self._reader = ""

    @property
    def origin(self) -> str:
        """Return the log's name. Raises as ``Transport.ask``."""
        if not self._origin:
            self._first({"limit": "1"})
        return self._origin

    def head(self) -> int:
        """Return the position up to which is read. Raises as ``Transport.ask``."""
        if not self._known:
            self._first({"limit": "1"})
        return max(self._known, self._service.position)

    def seen_by(self) -> str:
        """Return the party by whose rights is read. Raises as ``Transport.ask``."""
        if not self._reader:
            self._first({"limit": "1"})
        return self._reader

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield what may be read of the entries after a position. limit: of these entries, readable or not."""
        end = self.head() if limit is None else min(self.head(), after + limit)
        return (one for one, _ in self._entries(after, end, {}))

    def bearing(self, text: str, id_type: str | None) -> list[Tag]:
        """Return the subjects of which a name, or a part of one, is this; of a type, or of any. Raises as ``head``."""
        nouns = [NOUNS[id_type]] if id_type in NOUNS else [one for kind, one in NOUNS.items() if kind != "key"]
        return [Tag(row["id"]) for noun in nouns for row in self._asking.rows(noun, q=text, limit=str(PAGE))]

    def read_kinds(self, kinds: Collection[str]) -> Iterator[Recorded]:
        """Yield what may be read of some kinds, oldest first; the service looks through all of the log for it."""
        asked = _kinds_asked(kinds)
        return (one for one, _ in self._entries(0, self.head(), asked) if one.kind in kinds)

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield what may be read of the events that bear a tag, oldest first; of some kinds only where any are named.

        Raises Malformed: SVC-03 one of them does not bear it; as ``Transport.ask``.
        """
        narrowed = {"about": str(tag)} | (_kinds_asked(kinds) if kinds else {})
        for one, entry in self._entries(after, self.head(), narrowed):
            if tag not in entry.tags:
                raise Malformed("SVC-03", "$.rows", f"has position {one.position}, which is not about {tag}")
            if not kinds or one.kind in kinds:
                yield one

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield what may be read of the events that bear one of some tags, oldest first; asked tag by tag."""
        found = {one.position: one for tag, kinds in wanted.items() for one in self.about(tag, after, kinds)}
        return (found[position] for position in sorted(found))

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded, or may not be read. Raises as ``about``."""
        try:
            found, entry = _read(self._asking.statement(statement))
        except NotFound:
            return None
        if read_known(parse_envelope(entry.data).payload).id != statement:
            raise Malformed("SVC-03", "$.entry", "is the entry of another statement")
        return found if found.position <= self.head() else None

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield what may be read of the events of some statements, oldest first; asked one by one."""
        found = [one for one in map(self.find, set(statements)) if one is not None]
        return iter(sorted(found, key=lambda one: one.position))

    def disclosures(self, statement: StatementId) -> tuple[str, ...]:  # noqa: ARG002  as a store has it
        """Return none: a service hands no disclosures out."""
        return ()

    def known_at(self, instant: datetime) -> int:
        """Return the last position that was recorded up to an instant, as the service says; 0: none was."""
        return min(self.head(), self._first({"as_of": format_time(instant), "limit": "1"})["as_known_at"])

    def _first(self, narrowed: dict[str, str]) -> Entries:
        page = next(self._asking.entries(**narrowed))
        self._origin = self._origin or page["log"]
        self._reader = page["seen_by"]
        self._known = self._known or (0 if "as_of" in narrowed else page["as_known_at"])
        return page

    def _entries(self, after: int, end: int, narrowed: dict[str, str]) -> Iterator[tuple[Recorded, Entry]]:
        """Yield entries behind a position up to another one, each with what is in it."""
        if after >= end:
            return
        part = {"after": str(after), "limit": str(min(PAGE, end - after)), "as_of": str(end)}
        for page in self._asking.entries(**part, **narrowed):
            for row in page["rows"]:
                found, entry = _read(row)
                if not after < found.position <= end:
                    raise Malformed("SVC-03", "$.rows", "are not in the order of their positions")
                after = found.position
                yield found, entry


def _kinds_asked(kinds: Collection[str]) -> dict[str, str]:
    """Return what a service is asked for to tell some kinds; all, where their names are more than it takes."""
    written = ",".join(sorted(kinds))
    return {"kinds": written} if len(written) <= _LONGEST else {}


def _read(row: EntryRow | EntryShown) -> tuple[Recorded, Entry]:
    """Return an entry as a store holds it, and what is in it. Raises Malformed: SVC-03 it is not what is said of it."""
    try:
        written = base64.b64decode(row["entry"], validate=True)
    except ValueError as error:
        raise Malformed("SVC-03", "$.entry", "is not base64") from error
    leaf, entry = leaf_of(written), parse_known(written)
    if (leaf.hex(), entry.position) != (row["leaf"], row["position"]):
        raise Malformed("SVC-03", "$.entry", f"is not the entry of position {row['position']} and of its hash")
    return Recorded(entry.position, entry.recorded, StatementId(row["statement"]), row["kind"], written, leaf), entry
