"""Digests of the access log: ACC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.accesses import AccessDigested
from ledger.domain.states.party import Party
from ledger.statement.catalogue import KINDS
from tests.spec.parties import OPERATOR, registered
from tests.spec.test_seeing import voided
from tests.spec.world import NOON, judged, refused, said, state_of

if TYPE_CHECKING:
    from ledger.domain.judging import Signed


def digested(first: int, entries: int) -> Signed[Any]:
    return said(AccessDigested(first=first, entries=entries, root="0" * 64), OPERATOR)


FIRST = digested(1, 312)


@pytest.mark.rule("ACC-01")
@pytest.mark.parametrize("first", [1, 312, 314], ids=["from the beginning again", "one twice", "one left out"])
def test_a_digest_covers_what_is_behind_the_one_before_it(first: int) -> None:
    assert judged([FIRST], digested(313, 0)) == judged([FIRST, digested(313, 0)], digested(313, 5)) == []
    assert refused([FIRST], digested(first, 5)) == "ACC-01"
    assert refused([], digested(2, 5)) == "ACC-01"


def test_digests_add_up_to_how_many_entries_they_cover() -> None:
    found = state_of([registered(OPERATOR.party), FIRST, digested(313, 5)], OPERATOR.party)
    assert isinstance(found, Party)
    assert found.accesses == 317


@pytest.mark.rule("ACC-01")
def test_after_a_digest_that_is_voided_the_next_begins_where_it_did() -> None:
    assert judged([FIRST, voided(FIRST, OPERATOR, NOON)], digested(1, 313)) == []


def test_nobody_but_the_operator_states_one() -> None:
    assert KINDS["access.digested/1"].roles == {Role.OPERATOR}
