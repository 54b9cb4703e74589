"""Delivering: one of several services looks at the log for each hook, and tells it what its party may see.

Who may see what is decided twice by the one function that decides it everywhere: when the log is looked at, and again,
at the head, once the hook is connected to and before anything is sent. In between a right may have ended.

A delivery may come twice, where a service ends between the hook's answer and the note of it; its id is the same. It
never comes from two services at a time: a lock of the database's elects one, and it is free once its session is gone.
"""

from __future__ import annotations

import logging
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Event as Flag
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from api.access.principal import Principal, Scope
from api.access.rights.seeing import is_current
from api.hooks.addresses import read_address
from api.hooks.events import Event, Stream
from api.hooks.sending import FAULTS, connected
from api.http.answering.forms import encoded
from api.http.bounds.logged import Telling
from api.notices.keeping import What
from ledger.errors import LedgerError, Malformed, Refused
from ledger.ids import KeyId, PartyId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from api.access.record import AtHead
    from api.accesses.log import AccessLog
    from api.hooks.events import Events
    from api.hooks.keeping import Hooks
    from api.sessions.election import Election
    from api.sessions.signing_in import SigningIn

_LOG: Final = logging.getLogger("vialog.hooks")

ROUTE: Final = "deliver_hook"
"""What a delivery is called in the access log."""

AGAIN: Final = tuple(
    timedelta(seconds=one) for one in (5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""When what failed is tried again, after each failure; after the last one it is given up, some three days after."""

_JITTER: Final = 0.2
_LOOK: Final = 0.5
"""Seconds after which it is looked for deliveries that are due, where nothing new comes."""

_MOST_WAITING: Final = 1_000
"""Deliveries of a hook that wait at a time; the rest is in the log."""

_THREADS: Final = 8
_TIDY: Final = 3_600.0
_OK: Final = range(200, 300)
_GONE: Final = 410
_TYPE: Final = {"Content-Type": "application/cloudevents+json; charset=utf-8", "User-Agent": "Vialog"}


class _Live(NamedTuple):
    name: str
    url: str
    party: str
    person: str
    key: str
    token: str | None
    looked: int
    events: list[str]
    noticed: int
    digested: int
    waiting: int

    @property
    def who(self) -> Principal:
        """Return as whom it hears: the person that registered it, within reading."""
        return Principal(PartyId(self.party), self.person, KeyId(self.key), self.name, frozenset({Scope.READ}))


class _Behind(NamedTuple):
    """A hook, and up to where each stream goes. today: the day whose digest is there; 0: there is none yet."""

    live: _Live
    head: int
    newest: int
    today: int

    @property
    def statements(self) -> bool:
        """Say whether there are statements to be looked at."""
        return Event.STATEMENT in self.live.events and self.live.looked < self.head

    @property
    def notices(self) -> bool:
        """Say whether there are notices to be looked at."""
        return not frozenset(What).isdisjoint(self.live.events) and self.live.noticed < self.newest

    @property
    def days(self) -> bool:
        """Say whether a day is to be told."""
        return Event.DIGEST in self.live.events and self.live.digested < self.today

    @property
    def any(self) -> bool:
        """Say whether there is anything."""
        return self.statements or self.notices or self.days


class _Due(NamedTuple):
    """A delivery that is due. attempts: before this one."""

    stream: Stream
    position: int
    attempts: int


class _Attempt(NamedTuple):
    """What became of one. state: waiting: it failed. status: that the hook answered; None: it did not."""

    state: str
    status: int | None = None
    problem: str | None = None


class Deliverer:
    """Delivers until it is closed, while it is the elected one."""

    def __init__(
        self, hooks: Hooks, election: Election, signing_in: SigningIn, events: Events, accesses: AccessLog
    ) -> None:
        """Start its thread. accesses: where it stands what hooks are told of others."""
        self._hooks, self._election, self._signing_in = hooks, election, signing_in
        self._events, self._accesses = events, accesses
        self._closed = Flag()
        self._freed = Flag()
        self._busy: set[str] = set()
        self._guard = Lock()
        self.outcomes: dict[str, int] = {"delivered": 0, "failed": 0, "withheld": 0}
        """Attempts in this process, by what became of them."""
        self._thread = Thread(target=self._run, name="hooks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let what is on its way end, and stop."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        head, tidied, failure = 0, self._now() - timedelta(days=1), ""
        with closing(self._election), ThreadPoolExecutor(_THREADS, "hook") as threads:
            while not self._closed.is_set():
                try:
                    if not self._election.won():
                        self._closed.wait(_LOOK)
                        continue
                    lives = self._live()
                    more = self._look(lives)
                    begun = self._begin(threads, lives)
                    if (self._now() - tidied).total_seconds() > _TIDY:
                        self._hooks.tables.ask("tidy", now=self._now())
                        tidied = self._now()
                    if not more and not begun:
                        head = self._rest(head)
                    failure = ""
                except LedgerError as error:
                    if str(error) != failure:
                        _LOG.warning("hooks are not told now: %s", error)
                    failure = str(error)
                    self._closed.wait(_LOOK)

    def _rest(self, head: int) -> int:
        """Wait until there may be something to do, and return up to where the log was known."""
        with self._guard:
            busy = bool(self._busy)
        if not busy:
            return self._events.store.wait(head, _LOOK)
        self._freed.wait(_LOOK)
        self._freed.clear()
        return head

    def _look(self, lives: Sequence[_Live]) -> bool:
        """Look at the log for each hook, and say whether there is more to look at."""
        if not lives:
            return False
        more, record, newest = False, self._signing_in.record(), self._events.notices.newest()
        today = self._events.day(record.world.now)
        for live in lives:
            behind = _Behind(live, record.position, newest, today)
            if not behind.any or live.waiting >= _MOST_WAITING or self._ended(live, record):
                continue
            if behind.statements:
                positions, until = self._events.statements(live.who, record, live.looked)
                self._fill(Stream.STATEMENT, live.name, live.looked, until, positions)
                more = more or until < record.position
            if behind.notices:
                numbers, until = self._events.noted(live.who, record, live.events, live.noticed)
                # Of nobody else's is it known up to where there are none.
                upto = until if until > live.noticed else newest
                self._fill(Stream.NOTICE, live.name, live.noticed, upto, numbers)
                more = more or live.noticed < until < newest
            if behind.days:
                self._fill(Stream.DIGEST, live.name, live.digested, today, [today])
        return more

    def _fill(self, stream: Stream, hook: str, looked: int, until: int, positions: Sequence[int]) -> None:
        self._ask(
            "fill", name=hook, stream=stream, looked=looked, until=until, positions=list(positions), now=self._now()
        )

    def _begin(self, threads: ThreadPoolExecutor, lives: Sequence[_Live]) -> bool:
        """Begin what is due, one delivery of a hook at a time, and say whether anything was."""
        named = {one.name: one for one in lives}
        with self._guard:
            busy = list(self._busy)
        begun = False
        for hook, stream, position, attempts in self._ask("due", now=self._now(), busy=busy):
            if len(busy) < _THREADS and hook in named:
                busy.append(hook)
                with self._guard:
                    self._busy.add(hook)
                threads.submit(self._deliver, named[hook], _Due(Stream(stream), position, attempts))
                begun = True
        return begun

    def _deliver(self, live: _Live, due: _Due) -> None:
        try:
            made = self._attempt(live, due)
            if made is not None:
                self._settle(live.name, due, made)
        except LedgerError as error:
            _LOG.warning("a delivery is tried again: %s", error)
            self._closed.wait(_LOOK)
        except Exception:  # noqa: BLE001  a bug: the other hooks are told all the same
            _LOG.exception("a delivery ended in an error, and is tried again")
            self._closed.wait(_LOOK)
        finally:
            with self._guard:
                self._busy.discard(live.name)
            self._freed.set()

    def _attempt(self, live: _Live, due: _Due) -> _Attempt | None:
        """Try one delivery; None: the hook has ended instead. Raises Unavailable: nothing was sent."""
        try:
            address = read_address(live.url, "$.url", here=self._hooks.here)
            with connected(address) as line:
                record = self._signing_in.record()
                if self._ended(live, record):
                    return None
                telling = Telling(self._accesses, self._signing_in.clock, ROUTE, None)
                with telling.logged(live.who, record.world.now, record.position) as others:
                    event = self._events.event(live.who, record, others, due.stream, due.position)
                if event is None:
                    return _Attempt("withheld")
                status = line.post(*self._message(live.name, event))
        except FAULTS as error:
            return _Attempt("waiting", None, type(error).__name__)
        except (Refused, Malformed) as error:
            return _Attempt("waiting", None, error.rule)
        if status in _OK:
            if telling.number is not None:
                self._accesses.end(telling.number, self._now())
            return _Attempt("delivered", status)
        if status == _GONE:
            self._end(live.name, "gone")
        return _Attempt("waiting", status)

    def _message(self, hook: str, event: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
        body = encoded(event)
        signed = self._hooks.key.headers(f"msg_{hook}_{event['id'].replace('/', '_')}", self._now(), body)
        return _TYPE | signed, body

    def _settle(self, hook: str, due: _Due, made: _Attempt) -> None:
        attempts = due.attempts
        now, state, failed = self._now(), made.state, made.state == "waiting"
        if failed and attempts >= len(AGAIN):
            state = "failed"
        wait = AGAIN[min(attempts, len(AGAIN) - 1)] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311  no secret
        self._ask(
            "settle",
            hook=hook,
            stream=due.stream,
            position=due.position,
            attempts=attempts,
            state=state,
            failed=failed,
            due=now + wait,
            now=now,
            status=made.status,
            problem=made.problem,
        )
        with self._guard:
            self.outcomes["failed" if failed else state] += 1

    def _ended(self, live: _Live, record: AtHead) -> bool:
        """Say whether a hook hears nothing any more, and note it: its key is revoked, or its token has ended."""
        if not is_current(live.who, record):
            self._end(live.name, "key")
        elif live.token is not None and not self._signing_in.still_in([live.token]):
            self._end(live.name, "token")
        else:
            return False
        return True

    def _end(self, hook: str, why: str) -> None:
        self._ask("end_hook", name=hook, now=self._now(), why=why)

    def _live(self) -> list[_Live]:
        return [_Live(*row) for row in self._ask("live")]

    def _ask(self, query: str, /, **values: object) -> list[tuple[Any, ...]]:
        return self._hooks.tables.ask(query, **values)

    def _now(self) -> datetime:
        return self._signing_in.clock.now()
