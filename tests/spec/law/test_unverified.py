"""What nobody read in a legal text is marked so, from the file of the rules to the words that people are told."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

import pytest
from msgspec.structs import replace

from ledger.domain.law.rules import Confidence, Parameter, RulePack
from ledger.statement.duties import DUTIES
from ledger.statement.rulebook import RULEBOOK
from ledger.words.table import Language, words_in
from projections.obligations import basis_of
from tests.spec.bench import CUSTOMS
from tests.spec.owing.scenes import opened_by
from tests.spec.owing.test_duties import SCENES
from tests.spec.supervision.test_supervision import PLAN, unit
from tests.spec.world import NOON, breaches, packs, rules_at, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.spec.owing.scenes import Scene

PACKS: Final = pytest.mark.parametrize("pack", packs().packs, ids=lambda pack: pack.id)
NOT_READ: Final = ("carried", "memory", "summar", "conclusion")
"""In what is said of a source, what tells that the legal text itself was not read."""
REPLACED: Final = ("Order 160", "269/2015")
"""What Order 281 takes the place of: of none of its values can these be the clause."""


def parameters(pack: RulePack) -> Iterator[tuple[str, Parameter[Any]]]:
    """Yield every number, word and yes/no of an edition."""
    for one in fields(pack):
        value = getattr(pack, one.name)
        for found in value.values() if isinstance(value, dict) else (value,):
            if isinstance(found, Parameter):
                yield one.name, found


@PACKS
def test_nothing_that_was_taken_over_or_not_read_is_marked_as_read(pack: RulePack) -> None:
    for name, one in parameters(pack):
        told = f"{one.clause} {one.source}".lower()
        unread = "not read" in told or any(word in one.source.lower() for word in NOT_READ)
        assert not (unread and one.verified), name
        assert one.source, name


def test_no_value_of_order_281_rests_on_what_it_replaced() -> None:
    """A value that is the same as before is verified only by a clause of its own, and is else marked as uncertain."""
    checked = 0
    for pack in (one for one in packs().packs if one.id.startswith("cn-281/")):
        for name, one in parameters(pack):
            if any(word in f"{one.clause} {one.source}" for word in REPLACED):
                assert one.confidence is Confidence.U, name
                checked += 1
    assert checked > 0


@pytest.mark.parametrize("scene", [one for one in SCENES if DUTIES[one.duty].term], ids=lambda scene: scene.duty)
def test_what_is_owed_carries_the_mark_of_its_term(scene: Scene) -> None:
    (first, *_) = opened_by(scene, scene.opened)
    if first.basis is None:
        return
    assert basis_of(first) == (first.basis.clause, first.basis.confidence)
    assert first.basis.confidence is not Confidence.V or "not read" not in first.basis.clause


def test_a_declaration_at_destination_is_owed_by_a_term_that_nobody_read() -> None:
    scene = next(one for one in SCENES if one.duty == "declare-at-destination")
    (first,) = opened_by(scene, scene.opened)
    assert basis_of(first) == ("Order 281 (article not read)", Confidence.U)


def test_a_breach_of_a_number_that_nobody_read_carries_the_mark() -> None:
    (found,) = breaches(unit(), said(replace(PLAN, visits=1), CUSTOMS))
    assert RULEBOOK[found.rule].grounds(found, rules_at(NOON)) == ("Order 281 (article not read)", False)


@pytest.mark.parametrize(("language", "mark"), [(Language.ENGLISH, "unverified"), (Language.CHINESE, "未核实")])
def test_people_are_told_the_mark_in_their_language(language: Language, mark: str) -> None:
    told = words_in(language).code["confidence"]
    assert all(mark in told[one] for one in (Confidence.M, Confidence.U))
    assert mark not in told[Confidence.V]
