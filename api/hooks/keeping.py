"""The hooks of parties: registered, listed, withdrawn, and what was delivered to them, told and delivered once more.

A hook belongs to a party, as rights do: whoever speaks for that sees it and withdraws it, also when the person who
registered it has gone. What it hears follows from the key of that person, and ends with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from api.access.principal import Scope
from api.hooks.addresses import look_up, read_address
from api.hooks.events import Event
from api.sessions.secret import is_name, new_name
from ledger.errors import Malformed, NotFound, Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.access.principal import Principal
    from api.hooks.events import Stream
    from api.hooks.signing import HookKey
    from api.sessions.tables import DoorTables

RULES: Final = {
    "HOK-03": "A party has at most ten hooks, each with a label of at most 100 characters.",
    "HOK-04": "A hook hears of statement, due-soon, overdue or digest, of one at least, each named once.",
}

QUERIES: Final = Path(__file__).parent / "sql" / "hooks.sql"
MOST: Final = 10
_LONGEST_LABEL: Final = 100
_MOST_POSITION: Final = 2**62


class Wanted(NamedTuple):
    """What somebody asks for: where a hook is, what it is for in their words, and what it hears of."""

    url: str
    label: str
    events: Sequence[Event]


class Hook(NamedTuple):
    """A hook as its party sees it. waiting, failed: deliveries. looked: the position up to which the log was looked at.

    events: what it hears of. token: the token that registered it; None: a person. failures: in a row. ended, why: None
    while it is called.
    """

    name: str
    url: str
    label: str
    events: list[str]
    person: str
    token: str | None
    made: datetime
    looked: int
    failures: int
    ended: datetime | None
    why: str | None
    waiting: int = 0
    failed: int = 0


class Delivery(NamedTuple):
    """What became of one position. due: when it is tried next, while it waits. status: of the last answer."""

    position: int
    state: str
    attempts: int
    due: datetime
    tried: datetime | None
    status: int | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks of one log. here: whether this machine itself may be named, over http: for tests."""

    tables: DoorTables
    key: HookKey
    here: bool = False

    def register(self, who: Principal, said: Wanted, position: int, now: datetime, *, today: int) -> Hook:
        """Keep a hook that hears of what is recorded behind a position, noted from now on, and of days behind one.

        Raises Malformed: HOK-01, HOK-04. Refused: HOK-02, HOK-03.
        """
        url, label, events = said
        if not events or len(set(events)) < len(events):
            raise Malformed("HOK-04", "$.events", "names one twice, or none")
        look_up(read_address(url, "$.url", here=self.here))
        if not label.strip() or len(label) > _LONGEST_LABEL or not label.isprintable():
            raise Malformed("HOK-03", "$.label", f"is not 1 to {_LONGEST_LABEL} printable characters")
        # A session is short and ends by itself; a token is withdrawn by whoever does not trust its program any more.
        token = None if Scope.TOKENS in who.scopes else who.proof
        hook = Hook(new_name(), url, label, list(events), who.person, token, now, position, 0, None, None)
        kept = self.tables.ask_in_turn(
            "take_turn",
            "register",
            name=hook.name,
            url=url,
            label=label,
            party=who.party,
            person=who.person,
            key=who.key,
            token=token,
            made=now,
            looked=position,
            events=list(events),
            digested=today,
            most=MOST,
        )
        if not kept:
            raise Refused("HOK-03", f"a party has at most {MOST} hooks: withdraw one")
        return hook

    def of_party(self, who: Principal) -> list[Hook]:
        """Return the hooks of a party, oldest first."""
        return [Hook(*row) for row in self.tables.ask("of_party", party=who.party)]

    def withdraw(self, who: Principal, name: str) -> None:
        """Take a hook away: what is not on its way yet is not delivered. Raises NotFound: the party has none of it."""
        if not is_name(name) or not self.tables.ask("withdraw", name=name, party=who.party):
            raise NotFound("there is no such hook")

    def deliveries(self, who: Principal, name: str, stream: Stream, below: int | None, limit: int) -> list[Delivery]:
        """Return deliveries of a hook, the newest position first. below: a position; None: all. Raises NotFound."""
        self._check(who, name)
        asked = self.tables.ask("deliveries", name=name, stream=stream, below=below or _MOST_POSITION, limit=limit)
        return [Delivery(*row) for row in asked]

    def replay(self, who: Principal, name: str, stream: Stream, behind: tuple[int, int | None], now: datetime) -> int:
        """Have what stands behind a position and up to another delivered once more, and return how many deliveries.

        Those that were given up too. behind: the two positions; the second None: all. Raises NotFound.
        """
        self._check(who, name)
        after, until = (_MOST_POSITION if one is None else min(one, _MOST_POSITION) for one in behind)
        again = self.tables.ask("replay", name=name, stream=stream, after=after, until=until, now=now)
        self.tables.ask("go_on", name=name, now=now)
        return len(again)

    def _check(self, who: Principal, name: str) -> None:
        if not is_name(name) or not self.tables.ask("known", name=name, party=who.party):
            raise NotFound("there is no such hook")
