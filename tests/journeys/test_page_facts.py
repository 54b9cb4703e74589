"""The verifier page finds the facts that the program in Python finds: whatever happened, however it was told."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ledger.clock import format_time
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.judging import Event, Signed
from ledger.evidence.report.contradictions import contradictions
from ledger.evidence.report.facts import Fact, facts_of
from ledger.evidence.report.people import people
from ledger.evidence.report.standing import Known, Standing
from ledger.evidence.report.state import state_of
from ledger.evidence.report.troubles import troubles
from ledger.ids import StatementId, Tag, is_tag, new_statement_id
from ledger.statement.catalogue import KINDS
from ledger.words.reader import Reader
from ledger.words.table import Language
from ledger.words.telling import fact_told
from projections.names import Names
from scripts.examples import body_of
from tests.journeys.page import run_verifier
from tests.journeys.test_page_tells import BEIJING, texts, zone
from tests.spec.world import NOON, signer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ledger.domain.judging import Signatory

STORIES: Final = 100
SUBJECTS: Final = (Tag("item:T-0001"), Tag("item:T-0002"), Tag("approval:2026-7"), Tag("consignment:2026-41"))
BEGINNINGS: Final = (
    *("item.listed/1", "item.collected/1", "stock.opened/1", "item.aliquoted/1", "item.pooled/1"),
    *("approval.granted/1", "consignment.announced/1"),
)
BORDER: Final = [kind for kind in KINDS if kind.startswith(("approval.", "consignment.", "use."))]
TELLING: Final = [kind for kind in KINDS if not kind.startswith(("log.", "key."))] + BORDER * 2
SPOKEN_OF_ALIKE: Final = (
    *("item.received/1", "destination.declared/1", "custody.handed-over/1", "custody.accepted/1"),
    *("disposal.approved/1", "item.destroyed/1", "destruction.ordered/1", "destruction.executed/1"),
)
"""Kinds of which several speak of the same: who counted what, and who let it be destroyed."""
DECISIONS: Final = ("use", "quarantine", "discard")
AMOUNTS: Final = (("mL", "uL", "L"), ("vial",))


@dataclass(frozen=True)
class Stated:
    """A statement as it was signed."""

    id: str
    kind: str
    occurred_at: datetime
    signers: Sequence[Signatory]
    body: dict[str, Any]
    corrects: str | None
    reason: str | None = None


def test_the_page_knows_what_every_kind_makes_of_an_item() -> None:
    changing = {kind.name for kind in KINDS.values() if kind.changes("item")}
    (known,) = run_verifier(calls=[("effects",)]).answers
    assert changing == set(known["value"])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_facts_of_any_story_are_the_same(subject: Tag) -> None:
    stories = [story(random.Random(number)) for number in range(STORIES)]
    compare([(subject, one) for one in stories])


def test_contradictions_and_who_let_it_be_destroyed_are_the_same() -> None:
    stories = [story(random.Random(number), SPOKEN_OF_ALIKE) for number in range(STORIES)]
    compare([(subject, one) for one in stories for subject in SUBJECTS[:2]])
    names = [one.name for told in stories for one in contradictions(Standing(SUBJECTS[0], told))]
    assert len(names) > STORIES // 10


def compare(given: Sequence[tuple[Tag, Sequence[Known]]]) -> None:
    calls = [("facts", json.dumps([subject, list(map(as_json, told))]).encode().hex()) for subject, told in given]
    answers = [answer["value"] for answer in run_verifier(calls=calls).answers]
    expected = [in_python(subject, told) for subject, told in given]
    assert sum(len(facts) for facts, _ in expected) > STORIES // 3
    for answer, one in zip(answers, expected, strict=True):
        assert answer == one


def in_python(subject: Tag, told: Sequence[Known]) -> list[Any]:
    known = Standing(subject, told)
    called = Names(one.event for one in told).called
    places = {one.payload.id: str(one.event.position) for one in told}

    def name(language: Language, ident: str) -> str | None:
        return called(Tag(ident), language) if is_tag(ident) else places.get(ident)

    readers = [Reader(language, zone(BEIJING), partial(name, language), subject) for language in Language]
    found = [*state_of(known), *facts_of(known), *people(known), *contradictions(known)]

    def said(one: Fact) -> list[Any]:
        return [one.name, *(fact_told(one.name, one.values, to) for to in readers), list(one.at)]

    wrong = [[one.at, list(map(said, one.beside))] for one in troubles(known)]
    return [list(map(said, found)), wrong]


def as_json(one: Known) -> dict[str, Any]:
    said = one.payload
    signers = [{"party": signs.party, "meaning": str(signs.meaning)} for signs in said.signers]
    members = {"id": said.id, "kind": said.kind, "body": said.body, "corrects": said.corrects, "reason": said.reason}
    payload = members | {"occurredAt": format_time(said.occurred_at), "signers": signers}
    return {"position": one.event.position, "tags": sorted(one.event.tags), "payload": payload}


def story(chosen: random.Random, telling: Sequence[str] = TELLING) -> list[Known]:
    """Return some statements about a few items, as the form allows and no rule would. telling: of these kinds."""
    told: list[Known] = []
    for position in range(1, chosen.choice([4, 12, 30])):
        kind = chosen.choice(BEGINNINGS) if position < 5 else chosen.choice(telling)
        earlier = chosen.choice(told).payload if told and chosen.random() < 0.15 else None
        kind = "statement.voided/1" if earlier is not None and chosen.random() < 0.4 else kind
        kind, corrects = (earlier.kind, earlier.id) if earlier and kind != "statement.voided/1" else (kind, None)
        body = body_of(KINDS[kind], whole=chosen.random() < 0.5, many=chosen.choice([1, 2, 3]))
        body = varied(body, chosen, chosen.choice(AMOUNTS))
        if kind == "statement.voided/1" and earlier is not None:
            body["statement"] = earlier.id
        told.append(stated(position, kind, body, corrects, chosen))
    return told


def stated(position: int, kind: str, body: dict[str, Any], corrects: str | None, chosen: random.Random) -> Known:
    at = NOON + timedelta(hours=chosen.choice([position, position, chosen.randrange(30)]), milliseconds=position)
    parties = chosen.choice([("party:harbour",), ("party:carrier", "party:riverside")])
    signers = tuple(
        signer(party, Role.LABORATORY, meaning=chosen.choice(["performed", "received"])) for party in parties
    )
    typed = msgspec.convert(body, KINDS[kind].body)
    ident = new_statement_id(at)
    said = Signed(ident, kind, at, signers, typed, corrects=None if corrects is None else StatementId(corrects))
    tags = frozenset(Tag(one) for one in texts(body) if is_tag(one))
    payload = Stated(ident, kind, at, signers, body, corrects)
    return Known(Event(position, at, tags, said), payload)


def varied(value: Any, chosen: random.Random, units: tuple[str, ...]) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return an example with other items, amounts, conditions and decisions."""
    if isinstance(value, dict) and value.keys() == {"value", "unit"}:
        return {"value": chosen.choice(["0", "1", "1.5", "2.50", "0.000000001", "40"]), "unit": chosen.choice(units)}
    if isinstance(value, dict):
        return {name: other(name, varied(one, chosen, units), chosen) for name, one in value.items()}
    return [varied(one, chosen, units) for one in value] if isinstance(value, list) else value


def other(name: str, value: Any, chosen: random.Random) -> Any:  # noqa: ANN401  whatever JSON holds
    more: dict[str, Callable[[], Any]] = {
        "condition": lambda: chosen.choice(["intact", "missing", "damaged", "thawed"]),
        "decision": lambda: chosen.choice(DECISIONS) if value in DECISIONS else value,
        "indicator": lambda: chosen.choice(["passed", "failed", "none"]),
        "minimum": lambda: chosen.choice(["-90", "-71.5", "-0.5"]),
        "maximum": lambda: chosen.choice(["-60.5", "-59.5", "3"]),
        "valid_to": lambda: chosen.choice(["2026-11-02", "2027-01-31"]),
        "parent": lambda: chosen.choice(SUBJECTS[:2]),
        "count": lambda: chosen.choice([1, 2, 3]),
        "packaging": lambda: chosen.choice(["intact", "damaged"]),
        "documents": lambda: chosen.choice(["match", "mismatch"]),
        "receiver": lambda: chosen.choice(["party:harbour", "party:carrier"]),
        "giver": lambda: chosen.choice(["party:harbour", "party:carrier"]),
    }
    if name == "item" and is_tag(str(value)) and chosen.random() < 0.6:
        return f"item:T-000{chosen.randrange(1, 5)}"
    return more[name]() if name in more and chosen.random() < 0.7 and value is not None else value
