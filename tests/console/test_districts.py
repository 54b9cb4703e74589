"""A district is told by its code with the authorities that the register assigns to it, and by no name made up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.console.districts import district_told
from api.console.telling import Teller
from api.http.bounds.views import Views
from ledger.domain.bodies.vocabulary import Department
from ledger.domain.registry.authorities import AuthorityAssigned
from ledger.domain.registry.parties import RoleWithdrawn
from ledger.words.table import Language
from tests.authors import OPERATOR, made
from tests.http.cases_world import ACTED, IDLE, STRANGER
from tests.http.cases_world import story as cases
from tests.http.serving import served
from tests.http.test_listed_from_views import made_anew, read
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.bodies.vocabulary import Body
    from tests.http.serving import Served
    from tests.servers import Servers


@pytest.fixture
def log(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(servers.get(EMBEDDED), tmp_path_factory.mktemp("districts")) as log:
        for one in cases():
            log.doors.ledger.record(one)
        made_anew(log)
        yield log


def told(log: Served, code: str, language: Language = Language.ENGLISH) -> str:
    """Return what a laboratory that has nothing to do with any of them is told."""
    with read(log, STRANGER.signer) as reads:
        return district_told(Teller(reads, language), code)


def name_of(log: Served, party: str) -> str:
    with read(log, STRANGER.signer) as reads:
        return Teller(reads, Language.ENGLISH).name(party)


def said(log: Served, body: Body) -> None:
    assert log.doors.ledger.record(made(body, OPERATOR)).event is not None
    made_anew(log)


def test_it_is_told_with_who_belongs_to_it_by_the_record(log: Served) -> None:
    acted, idle = name_of(log, ACTED.party), name_of(log, IDLE.party)
    assert told(log, "nanjing") == f"nanjing ({acted})"
    assert told(log, "nanjing", Language.CHINESE) == f"nanjing（{acted}）"
    assert told(log, "wuxi") == f"wuxi ({idle})"
    assert told(log, "nowhere") == "nowhere"
    said(log, AuthorityAssigned(party=IDLE.party, department=Department.CUSTOMS, district="nanjing", office="Lukou"))
    assert told(log, "nanjing") == f"nanjing ({acted})", "of its offices only where there is no other"
    assert told(log, "wuxi") == "wuxi"
    said(log, RoleWithdrawn(party=ACTED.party, role=ACTED.role))
    assert told(log, "nanjing") == f"nanjing ({idle})"


def test_without_views_its_code_is_told(log: Served) -> None:
    assert told(replace(log, doors=replace(log.doors, look_up=Views())), "nanjing") == "nanjing"
