"""A service on a hot standby: it reads what the primary has recorded, and records nothing."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from threading import enumerate as threads
from typing import TYPE_CHECKING, Any, Final

import pytest
from psycopg.conninfo import make_conninfo

from api.http.app import create_app
from api.logs.standby import open_standby
from api.settings import Settings
from api.submissions import write_submission
from ledger.domain.registry.audits import AuditGranted
from ledger.ids import CaseId
from tests.authors import START, admissions, made, opening
from tests.http.serving import WEB_ORIGIN, Answer, Served, listening, served
from tests.http.test_asking import FOREIGN, OWN, stated
from tests.http.test_signing_in import challenged, signed_in
from tests.publishing import log_keys
from tests.servers import INSTALLED, standby_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers

PRIMARY: Final = "https://primary.example.org"


@dataclass(frozen=True)
class Pair:
    """A log that is served where it is recorded, and what a standby of it needs."""

    primary: Served
    copied: str
    data: Path

    @contextmanager
    def standby(self, *, with_primary: bool) -> Iterator[Served]:
        """Serve the standby for a with block."""
        settings = Settings(
            data=self.data,
            database_url=self.copied,
            primary_database_url=self.primary.database.owner if with_primary else None,
            primary_origin=PRIMARY if with_primary else None,
        )
        with open_standby(settings, WEB_ORIGIN) as (doors, publishing):
            app = create_app(doors)
            with listening(app, on_stop=publishing.let_go) as port:
                yield Served(doors, self.primary.publisher, app, port, self.primary.database)


@pytest.fixture(scope="module", params=INSTALLED)
def pair(request: pytest.FixtureRequest, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A served log and a standby that follows it: two laboratories, of which one lets the other see what is its own."""
    server, folder = servers.get(request.param), tmp_path_factory.mktemp("primary")
    with standby_of(server, request.param) as admin, served(server, folder) as log:
        given = [opening(), *admissions(OWN, FOREIGN)]
        audit = AuditGranted(case=CaseId("case:a"), auditor=OWN.party, until=START.replace(year=2027))
        for one in (*given, *stated("lab-1", "item:own", "A-1"), *stated("lab-2", "item:foreign", "F-1")):
            log.doors.ledger.record(one)
        log.doors.ledger.record(made(audit, FOREIGN))
        keys = folder / "log-keys"
        keys.mkdir()
        (keys / "vkeys").write_text("".join(f"{one}\n" for one in log_keys(log.doors.ledger.store.origin).vkeys))
        yield Pair(log, make_conninfo(admin, dbname=log.database.name), folder)


def _read(log: Served, path: str, cookie: str, position: int, language: str = "en") -> Answer:
    headers = {"Cookie": cookie, "Vialog-Min-Position": str(position), "Accept-Language": language}
    return log.ask("GET", path, headers=headers)


def _problem(answer: Answer) -> dict[str, Any]:
    problem: dict[str, Any] = json.loads(answer.body)
    return problem


def test_it_answers_what_the_primary_answers_once_it_has_it(pair: Pair) -> None:
    with pair.standby(with_primary=True) as copy:
        cookie = signed_in(copy, OWN.signer)
        (*_, recorded) = stated("lab-1", "item:own-2", "A-2")
        position = pair.primary.doors.ledger.record(recorded).event
        assert position is not None
        for path in ("/v1/items", "/v1/items/item:own", "/v1/questions/discrepancies", "/v1/entries?about=item:own"):
            there = _read(pair.primary, path, cookie, position.position)
            here = _read(copy, path, cookie, position.position)
            assert (here.status, there.status) == (200, 200), here.body
            assert _timeless(here) == _timeless(there)


def _timeless(answer: Answer) -> Any:  # noqa: ANN401  JSON
    said = json.loads(answer.body)
    return {name: value for name, value in said.items() if name not in {"as_known_at", "rests_on"}}


def test_what_would_change_anything_is_refused_in_words_that_name_the_primary(pair: Pair) -> None:
    statement = write_submission([*stated("lab-1", "item:own-3", "A-3")][-1])
    before = pair.primary.handed_in()
    with pair.standby(with_primary=True) as copy:
        for path in ("/v1/statements", "/v1/statements?wait=proof", "/v1/statements/check", "/v1/statements/batch"):
            answer = copy.ask("POST", path, statement)
            problem = _problem(answer)
            assert (answer.status, problem["type"]) == (405, "urn:vialog:problem:read-only")
            assert PRIMARY in problem["detail"]
            assert answer.headers["allow"] == "GET, HEAD"
        chinese = copy.ask("POST", "/v1/statements", statement, headers={"Accept-Language": "zh"})
        assert "只" in _problem(chinese)["title"]
        assert copy.get("/v1/hooks/keys").status == 405
    assert pair.primary.handed_in() == before


def test_data_of_others_are_told_where_the_access_log_is_written_at_the_primary(pair: Pair) -> None:
    head = pair.primary.doors.ledger.store.head()
    with pair.standby(with_primary=True) as copy:
        cookie = signed_in(copy, OWN.signer)
        before = [*pair.primary.doors.accesses.entries()]
        assert _read(copy, "/v1/items/item:foreign", cookie, head).status == 200
        (entry,) = [*pair.primary.doors.accesses.entries()][len(before) :]
        assert entry.reader == OWN.party


def test_without_the_primary_ones_own_data_are_told_and_nobody_signs_in(pair: Pair) -> None:
    with pair.standby(with_primary=True) as copy:
        cookie = signed_in(copy, OWN.signer)
    # What is recorded behind the session is on the standby behind it.
    recorded = pair.primary.doors.ledger.record([*stated("lab-1", "item:own-4", "A-4")][-1]).event
    assert recorded is not None
    with pair.standby(with_primary=False) as copy:
        copy.doors.ledger.store.wait(recorded.position - 1, 20)
        assert _read(copy, "/v1/items/item:own", cookie, recorded.position).status == 200
        foreign = _read(copy, "/v1/items/item:foreign", cookie, recorded.position)
        assert foreign.status == 503
        assert "data of others are told by the primary" in _problem(foreign)["detail"]
        chinese = _read(copy, "/v1/items/item:foreign", cookie, recorded.position, "zh")
        assert "主" in _problem(chinese)["detail"]
        answer = copy.ask("POST", "/v1/challenges", json.dumps({"key": OWN.signer.thumbprint}).encode())
        assert (answer.status, _problem(answer)["type"]) == (405, "urn:vialog:problem:read-only")
    assert challenged(pair.primary, OWN.signer.thumbprint)


def test_it_is_well_and_starts_nothing_that_records_or_publishes(pair: Pair) -> None:
    running = sorted(one.name for one in threads() if one.name in {"committer", "intake", "publisher"})
    with pair.standby(with_primary=True) as copy:
        said = json.loads(copy.get("/healthz").body)
        assert said["only_reads"] is True
        assert said["size"] >= said["checkpoint"] > 0
        assert copy.get("/log/checkpoint").status == 200
        assert copy.get("/readyz").status == 200
        assert copy.get("/metrics").status == 200
        assert sorted(one.name for one in threads() if one.name in {"committer", "intake", "publisher"}) == running
