"""What stands beside the entries of a log is held against them before anything of it is told over HTTP.

As ``tests/faults/test_column_attacks.py`` has it for the commands: every column of an entry is changed, and whoever
asks hears what was said before, or that stored bytes contradict themselves; by an id that no row bears any more, 404.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

from api.access.record import AtHead
from api.access.remembered import Remembered
from api.http.app import document
from ledger.domain.registry.keys import KeyRevoked
from ledger.errors import IntegrityFailed
from ledger.ids import Tag, key_tag
from ledger.statement.entries.state_entry import STATE_KIND
from projections.reading import event_at, is_event
from tests.authors import OPERATOR, made
from tests.faults.columns import COLUMNS, ROWS, said_otherwise
from tests.http.seen_world import ASKS, LABS
from tests.http.test_listed_from_views import made_anew, seen
from tests.http.test_signing_in import signed_in

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from tests.http.serving import Served

__all__ = ["seen"]

CONTRADICTED: Final = (500, "urn:vialog:problem:integrity-failed")
TARGETS: Final = ("key.enrolled/1", "site.registered/1", "item.collected/1")


@pytest.fixture(scope="module")
def cookie(seen: Served) -> dict[str, str]:
    """Who asks: the laboratory, of a log that has settled and whose views have all of it."""
    seen.doors.publisher.wait_for(seen.doors.ledger.store.head(), 60)
    made_anew(seen)
    return {"Cookie": signed_in(seen, ASKS.signer), "Accept-Language": "en"}


def own(log: Served, kind: str) -> Event[Any]:
    """Return the last entry of a kind that the laboratory is named in and may read."""
    events = [event_at(one) for one in log.doors.ledger.store.read() if is_event(one)]
    return [one for one in events if one.said.kind == kind and Tag(ASKS.party) in one.tags][-1]


def addresses(event: Event[Any]) -> list[str]:
    """Return where something is told that has to do with an event."""
    item = next((tag for tag in sorted(event.tags) if tag.startswith("item:")), "item:own")
    party = f"party={ASKS.party}&first=2026-01-01&last=2027-12-31"
    return [
        f"/v1/entries/{event.position}",
        f"/v1/entries?kinds={event.said.kind}",
        f"/v1/entries?about={ASKS.party}",
        f"/v1/statements/{event.said.id}",
        f"/v1/statements/{event.said.id}/proof",
        f"/v1/questions/signatures?statement={event.position}",
        f"/v1/questions/whereabouts?item={item}",
        f"/v1/questions/custody-chain?item={item}",
        f"/v1/questions/compliance-file?{party}",
        "/v1/questions/late-entries?hours=0",
        "/v1/questions/incidents",
        f"/v1/items/{item}",
        "/v1/items",
        "/v1/sites",
        "/v1/worklist",
    ]


def told(log: Served, cookie: dict[str, str], event: Event[Any]) -> dict[str, object]:
    """Return by address what is told there: the body, without by when it was asked; or the problem."""
    found: dict[str, object] = {}
    for address in addresses(event):
        answer = log.ask("GET", address, headers=cookie)
        if answer.status == 200 and address.endswith("/proof"):
            found[address] = answer.body
        elif answer.status == 200:
            found[address] = without_clock(json.loads(answer.body))
        else:
            found[address] = (answer.status, json.loads(answer.body)["type"])
    return found


def without_clock(value: object) -> object:
    if isinstance(value, dict):
        return {name: without_clock(one) for name, one in value.items() if name not in {"dates_as_of", "now"}}
    return [without_clock(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("kind", TARGETS)
@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_that_is_not_what_the_entry_says_is_never_told(
    seen: Served, cookie: dict[str, str], name: str, kind: str
) -> None:
    attacked = own(seen, kind)
    true = told(seen, cookie, attacked)
    assert not [one for one in true.values() if isinstance(one, tuple)]
    other = next(one.statement for one in seen.doors.ledger.store.read(attacked.position, 1))
    with said_otherwise(seen.database, COLUMNS[name], attacked.position, other):
        found = told(seen, cookie, attacked)
    others = {address: one for address, one in found.items() if one != true[address]}
    assert others
    assert CONTRADICTED in others.values()
    gone = [address for address, one in others.items() if one != CONTRADICTED]
    assert {others[address] for address in gone} <= {(404, "urn:vialog:problem:not-found")}
    assert all(address.startswith("/v1/statements/") for address in gone)


@pytest.mark.parametrize("name", ROWS)
def test_an_answer_that_lacks_what_rows_no_longer_lead_to_says_that_this_is_not_shown(
    seen: Served, cookie: dict[str, str], name: str
) -> None:
    attacked = own(seen, "item.collected/1")
    true = told(seen, cookie, attacked)
    with said_otherwise(seen.database, ROWS[name], attacked.position):
        found = told(seen, cookie, attacked)
    others = {address: one for address, one in found.items() if one != true[address] and not isinstance(one, tuple)}
    assert "Whether one is missing is not shown" in document()["paths"]["/v1/entries"]["get"]["description"]
    for address, answer in others.items():
        assert isinstance(answer, dict)
        assert address.startswith("/v1/entries?about=") or not answer["rests_on"]["checked"], address


def test_a_revocation_that_is_stored_as_something_else_ends_what_a_key_may_do(seen: Served) -> None:
    """What a request learnt of a key before is not what the next one goes by, whatever a column says."""
    store, key = seen.doors.ledger.store, key_tag(LABS["foreign"].signer.thumbprint)
    remembered, now = Remembered(), seen.doors.signing_in.clock.now()
    assert not AtHead(store, now, remembered).world.key(key).revoked
    seen.doors.ledger.record(made(KeyRevoked(key=key, ground="lost"), OPERATOR))
    at = next(one.position for one in reversed([*store.read()]) if one.kind != STATE_KIND)
    with said_otherwise(seen.database, COLUMNS["stored as another kind"], at):
        later = AtHead(store, now, remembered)
        with pytest.raises(IntegrityFailed, match=f"position {at}"):
            later.world.key(key)
    assert AtHead(store, now, remembered).world.key(key).revoked
