"""Asking a service: lists page by page, subjects, questions, statements and evidence, as whoever asks may read them.

What is answered is what the service says. What can be checked without believing it is checked by ``proving``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

from api.client.transport import POSITION, path_of
from api.rows.access import Accesses
from api.rows.http import Answered, Entries, EntryShown, Listed, Questions, SignedIn, SubjectShown
from ledger.errors import Malformed, NotFound
from ledger.ids import Tag, type_of
from ledger.tlog.checkpoint import decode_checkpoint
from ledger.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.client.transport import Transport
    from api.rows.access import AccessRow

_Form = TypeVar("_Form")
_Page = TypeVar("_Page", Listed, Accesses, Entries)

PAGE: Final = 1_000
"""Rows of a page: as many as a service gives at most."""

NOUNS: Final = {
    "item": "items",
    "approval": "approvals",
    "permit": "permits",
    "consignment": "consignments",
    "party": "parties",
    "site": "sites",
    "case": "cases",
    "key": "keys",
}
"""By the type of a subject the noun of its address."""

_MOST_WITHOUT: Final = 1_000
"""Pages in a row that have none: of a log of five million entries of which nothing may be read."""

_NEXT: Final = re.compile(r'<([^>]*)>\s*;\s*rel="next"')


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a service. Each raises what the service says is wrong, and Unavailable."""

    service: Transport

    def pages(self, noun: str, **narrowed: str | None) -> Iterator[Listed]:
        """Yield the pages of a list, each behind the one before it, as they are read.

        noun: ``items``, ``approvals``, … ``storage``, ``worklist``. narrowed: its parameters; None: left out.
        """
        return self._pages(f"/v1/{noun}", narrowed, Listed)

    def rows(self, noun: str, **narrowed: str | None) -> Iterator[dict[str, Any]]:
        """Yield the rows of a list, page by page as they are read; as ``pages``."""
        return (row for page in self.pages(noun, **narrowed) for row in page["rows"])

    def accesses(self, **narrowed: str | None) -> Iterator[AccessRow]:
        """Yield who was told what of the party that asks, the newest first. narrowed: by its parameters."""
        return (row for page in self._pages("/v1/accesses", narrowed, Accesses) for row in page["rows"])

    def subject(self, tag: str, at: str | None = None) -> SubjectShown:
        """Return a subject with its history. at: a position, a time or a day; None: now."""
        noun = NOUNS.get(type_of(Tag(tag)), "")
        return self._get(f"/v1/{noun}/{quote(tag, safe=':')}", SubjectShown, at=at)

    def questions(self) -> Questions:
        """Return the questions that can be asked."""
        return self._get("/v1/questions", Questions)

    def answer(self, question: str, **parameters: str | None) -> Answered:
        """Return the answer to a question, by its name; subjects are named by their ids."""
        return self._get(f"/v1/questions/{quote(question, safe='')}", Answered, **parameters)

    def entry(self, position: int) -> EntryShown:
        """Return the entry at a position."""
        return self._get(f"/v1/entries/{position}", EntryShown)

    def entries(self, **narrowed: str | None) -> Iterator[Entries]:
        """Yield the pages of the entries that may be read, oldest first. narrowed: ``about``, ``kinds``, and so on."""
        return self._pages("/v1/entries", narrowed, Entries)

    def statement(self, statement: str) -> EntryShown:
        """Return the entry of a statement, by its id."""
        return self._get(f"/v1/statements/{quote(statement, safe='')}", EntryShown)

    def evidence(self, tag: str, **asked: str | None) -> bytes:
        """Return the evidence about a subject, a zip that anybody can check; as ``bundle``."""
        return self.bundle(tag, **asked)[0]

    def bundle(self, tag: str, **asked: str | None) -> tuple[bytes, int]:
        """Return the evidence about a subject, a zip that anybody can check, and the size of its checkpoint.

        asked: ``question``, with ``lot``, ``donor`` and ``at`` as it takes them; none: no answer is in it. ``part``:
        ``yes``: where whoever asks may not read all that it rests on, it may be one that says what it withholds.

        Raises Malformed: SVC-03 it is not the zip whose digest was told.
        """
        noun = NOUNS.get(type_of(Tag(tag)), "")
        query = _given(asked)
        answer = self.service.ask("GET", f"/v1/{noun}/{quote(tag, safe=':')}/evidence", query=query)
        digest = base64.b64encode(hashlib.sha256(answer.body).digest()).decode()
        if answer.headers.get("Repr-Digest") != f"sha-256=:{digest}:":
            raise Malformed("SVC-03", "Repr-Digest", "is not the digest of what came")
        size = answer.headers.get(POSITION, "")
        if not size.isdecimal():
            raise Malformed("SVC-03", POSITION, "is not the size of a checkpoint")
        return answer.body, int(size)

    def published(self) -> int:
        """Return how many entries the newest checkpoint covers, as the service says; 0: none is published."""
        try:
            note = self.service.ask("GET", "/log/checkpoint").body
        except NotFound:
            return 0
        return decode_checkpoint(parse_note(note).text).size

    def who(self) -> SignedIn:
        """Return who asks."""
        return self._get("/v1/sessions/current", SignedIn)

    def _get(self, path: str, form: type[_Form], /, **parameters: str | None) -> _Form:
        return self.service.ask("GET", path, query=_given(parameters), accept="application/json").said(form)

    def _pages(self, path: str, narrowed: dict[str, str | None], form: type[_Page]) -> Iterator[_Page]:
        """Yield pages as long as each leads to one that was not read yet. Raises Malformed: SVC-03 they lead nowhere.

        Where all are distinct and have rows, how far they go is for who reads them to say: a log has no last entry.
        """
        query, led_to, without = _given(narrowed), set[str](), 0
        while True:
            answer = self.service.ask("GET", path, query=query, accept="application/json")
            page = answer.said(form)
            yield page
            following = _NEXT.search(answer.headers.get("Link", ""))
            if following is None:
                return
            path, query = path_of(following[1], self.service.origin), []
            without = 0 if page["rows"] else without + 1
            if path in led_to:
                raise Malformed("SVC-03", "Link", "leads back to a page that was read already")
            if without > _MOST_WITHOUT:
                raise Malformed("SVC-03", "Link", f"leads through {_MOST_WITHOUT} pages and more without a row")
            led_to.add(path)


def _given(parameters: Mapping[str, str | None]) -> list[tuple[str, str]]:
    return [(name, one) for name, one in parameters.items() if one is not None]
