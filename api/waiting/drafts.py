"""Drafts on the server: what a party has begun to write, seen by that party alone, and by nobody judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.errors import Malformed, NotFound, Refused
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_object

if TYPE_CHECKING:
    from api.access.principal import Principal
    from api.sessions.tables import DoorTables

RULES: Final = {
    "WAI-03": "A draft has a name of 1 to 64 small letters, digits, hyphens; a party keeps 100 at most, for 90 days.",
}

MOST: Final = 100
FOR: Final = timedelta(days=90)
_NAME: Final = re.compile("[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class KeptDraft(NamedTuple):
    """A draft. person: who kept it last. draft: its bytes; None in a list."""

    name: str
    person: str
    draft: bytes | None
    kept: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class KeptDrafts:
    """Those of one log's parties."""

    tables: DoorTables

    def keep(self, who: Principal, name: str, data: bytes, now: datetime) -> KeptDraft:
        """Keep a draft under a name, in the place of the one before. data: an object of strict JSON.

        Raises Malformed: it is none, or WAI-03 the name is none. Refused: WAI-03 the party keeps too many.
        """
        if _NAME.fullmatch(name) is None:
            raise Malformed("WAI-03", "$", "its name is not 1 to 64 small letters, digits and hyphens")
        read_object(strict_json.parse(data), "$")
        self.tables.ask("tidy", now=now)
        draft = KeptDraft(name, who.person, data, now, now + FOR)
        kept = self.tables.ask_in_turn(
            "take_turn",
            "keep",
            party=who.party,
            name=name,
            person=who.person,
            draft=data,
            kept=now,
            expires=draft.expires,
            most=MOST,
        )
        if not kept:
            raise Refused("WAI-03", f"a party keeps at most {MOST} drafts: drop one")
        return draft

    def of_party(self, who: Principal, now: datetime) -> list[KeptDraft]:
        """Return the drafts of a party by their names."""
        return [KeptDraft(*row) for row in self.tables.ask("drafts", party=who.party, now=now)]

    def find(self, who: Principal, name: str, now: datetime) -> KeptDraft:
        """Return a draft of a party. Raises NotFound."""
        if _NAME.fullmatch(name) is not None:
            for row in self.tables.ask("draft", party=who.party, name=name, now=now):
                return KeptDraft(*row)
        raise NotFound("there is no such draft")

    def drop(self, who: Principal, name: str) -> None:
        """Drop a draft of a party. Raises NotFound."""
        if _NAME.fullmatch(name) is None or not self.tables.ask("drop", party=who.party, name=name):
            raise NotFound("there is no such draft")
