"""The table of effects says of any history what the functions say that answer elsewhere, row by row."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.clock import format_time
from ledger.evidence.answers.acts import VOIDED, Act, Beyond
from ledger.evidence.answers.asking import asked_of
from ledger.evidence.answers.checking import ELSEWHERE
from ledger.evidence.answers.folding import evolve, fresh
from ledger.evidence.answers.rows import ABOUT, QUESTIONS
from ledger.evidence.answers.table import effects
from ledger.ids import Tag, type_of
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import parse_known
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_known
from ledger.statement.rulebook import RULEBOOK
from projections.claims.asking import follow
from projections.claims.table import CLAIMABLE
from scripts.page_answers import KNOWN, written
from tests.corpus.claimed import asked
from tests.journeys.test_page_facts import story
from tests.properties.test_claimed_answers import history, of_types
from tests.recorded.record import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.store.port import Store

PACKS: Final = load_packs()
STORIES: Final = 150


class Events:
    """Some events, up to a position and behind it."""

    def __init__(self, events: Iterable[Event[Any]], as_of: int) -> None:
        self._of: defaultdict[str, list[Event[Any]]] = defaultdict(list)
        self._as_of = as_of
        for event in events:
            for tag in event.tags:
                self._of[tag].append(event)

    def about(self, tag: str) -> list[Event[Any]]:
        return [one for one in self._of.get(tag, ()) if one.position <= self._as_of]

    def ruling(self, tag: str) -> list[Event[Any]]:
        return [one for one in self.about(tag) if tag in one.status]

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Do nothing: all is here."""

    def later(self, tag: str) -> list[Event[Any]]:
        return [one for one in self._of.get(tag, ()) if one.position > self._as_of]

    def signed(self, _: str) -> None:
        """Return nothing: no question that the table answers is about a statement."""


class Acts:
    """The same, as the table reads them."""

    def __init__(self, events: Events, bodies: dict[int, Any]) -> None:
        self._events, self._bodies = events, bodies

    def about(self, tag: str) -> list[Act]:
        return [self.act(one) for one in self._events.about(tag)]

    def later(self, tag: str) -> list[Act]:
        return [self.act(one) for one in self._events.later(tag)]

    def act(self, event: Event[Any]) -> Act:
        """Return an event as the table reads it."""
        said, body = event.said, self._bodies[event.position]
        return Act(
            position=event.position,
            ident=said.id,
            kind=said.kind,
            at=format_time(said.occurred_at),
            party=said.party,
            received=frozenset(one.party for one in said.signers if one.meaning == "received"),
            body=body,
            replaces=body["statement"] if said.kind == VOIDED else said.corrects,
            tags=frozenset(event.tags),
            rules=event.rules,
        )


@dataclass(frozen=True)
class When:
    """The times of what is asked."""

    now: datetime
    as_of: int
    until: datetime | None = None


def compare(
    events: Sequence[Event[Any]],
    bodies: dict[int, Any],
    question: str,
    subject: Tag,
    when: When,
    *,
    earlier: int | None = None,
    narrowed: Mapping[str, str] | None = None,
) -> int:
    """Compare the rows of both, and return how many they are; -1 where the table does not answer."""
    times = {"now": when.now, "until": when.until}
    said = asked(question, subject, when.as_of, log=ORIGIN, parameters=narrowed or {}, earlier=earlier, **times)
    told = Events(events, when.as_of)
    by_table = asked_of(said, Acts(told, bodies))
    if question == "ancestors" and any(act.kind == "consent.withdrawn/1" for act in by_table.acts):
        return -1
    try:
        rows = QUESTIONS[question](by_table)
    except Beyond:
        return -1
    follows = follow(said, told, PACKS)
    assert by_table.whole == follows.needs.whole
    assert rows == [dict(row) for row in follows.claimed.rows], (question, subject, when)
    return len(rows)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_rows_of_a_log_of_every_kind_are_the_same(question: str) -> None:
    store, events = history()
    bodies = bodies_of(store)
    found = [
        compare(events, bodies, question, subject, When(events[-1].recorded, as_of, until))
        for subject in of_types(*ABOUT[question])
        for as_of in (store.head(), store.head() * 2 // 3)
        for until in (None, events[len(events) // 2].said.occurred_at)
    ]
    assert sum(one > 0 for one in found) > len(found) // 6, found


def judged_story(number: int) -> tuple[list[Event[Any]], dict[int, Any]]:
    """Return the events of a story, each judged by some edition, with their bodies by position."""
    chance = random.Random(number)
    told = story(chance)
    packs = [one.pack.name for one in PACKS.editions]
    events = [replace(one.event, rules=chance.choice(packs)) for one in told]
    return events, {one.event.position: one.payload.body for one in told}


def bodies_of(store: Store) -> dict[int, Any]:
    """Return the bodies of a log's statements by their positions."""
    entries = ((one.position, parse_known(one.entry)) for one in store.read() if one.kind != STATE_KIND)
    return {position: read_known(parse_envelope(entry.data).payload).body for position, entry in entries}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_rows_of_any_story_are_the_same(question: str) -> None:
    rows = 0
    for number in range(STORIES):
        events, bodies = judged_story(number)
        subjects = sorted({tag for event in events for tag in event.tags if type_of(tag) in ABOUT[question]})
        last = max(event.said.occurred_at for event in events)
        for subject in subjects:
            for now in (last, last - timedelta(hours=9)):
                rows += max(0, compare(events, bodies, question, subject, When(now, events[-1].position)))
    assert rows > STORIES // 3


def narrowings(bodies: Iterable[Any]) -> list[dict[str, str]]:
    """Return the lots and donors that some bodies name, as written and otherwise, and one that nobody names."""
    found: list[dict[str, str]] = [{"lot": "L-nobody"}]
    pending = list(bodies)
    for one in pending:
        if isinstance(one, dict):
            named = {name: one[name] for name in ("lot", "donor") if isinstance(one.get(name), str)}
            small = {name: value.lower() for name, value in named.items()}
            found += [given for given in (named, small, {"lot": named.get("lot", "").upper()}) if any(given.values())]
            pending += one.values()
        elif isinstance(one, list):
            pending += one
    return [dict(each) for each in dict.fromkeys(tuple(sorted(given.items())) for given in found)]


def test_the_rows_of_lots_and_of_donors_are_the_same() -> None:
    store, events = history()
    bodies = bodies_of(store)
    found = [
        compare(events, bodies, "descendants", subject, When(events[-1].recorded, store.head()), narrowed=narrowed)
        for subject in of_types(*ABOUT["descendants"])
        for narrowed in narrowings(bodies.values())
    ]
    assert 0 < sum(one > 0 for one in found) < len(found)


def test_the_table_knows_every_kind_that_changes_an_item_and_no_other() -> None:
    assert set(effects()["item"]) == {kind.name for kind in KINDS.values() if kind.changes("item")}


def test_the_table_cites_rules_as_the_rulebook_does() -> None:
    for rule, (clause, confidence) in effects()["rules"].items():
        assert (clause, confidence) == (RULEBOOK[rule].clause, RULEBOOK[rule].confidence)


def test_what_is_known_beside_the_table_is_what_the_program_knows() -> None:
    assert KNOWN.read_text(encoding="utf-8") == written()


def test_whatever_can_be_claimed_is_in_the_table_but_what_rests_on_the_rules_of_the_ledger() -> None:
    assert set(CLAIMABLE) - set(QUESTIONS) == {"judged-by", "signatures", "site-shares"}
    assert set(QUESTIONS) < set(CLAIMABLE)
    assert "{question}" in ELSEWHERE
    assert evolve(fresh("item:x"), Act(1, "", "party.registered/1", "", "", frozenset(), {}, None, frozenset(), ""))
