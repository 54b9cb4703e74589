"""Codes in the cells of a manifest: by themselves, or by their whole name in English or Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
import pytest

from api.manifests.cells import value_of
from api.manifests.choices import choice_called
from api.manifests.members import Members
from ledger.domain.approval.approvals import ApprovalGranted
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.custody.custody import CustodyAccepted
from ledger.domain.ending.disposal import DisposalRequested
from ledger.domain.work.making import Output
from ledger.domain.work.use import ItemUsed
from ledger.statement.catalogue import KINDS
from ledger.words.table import Language, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("body", "path", "text", "value"),
    [
        (ItemUsed, "purpose", "research", "research"),
        (ItemUsed, "purpose", "Clinical trial", "clinical-trial"),
        (ItemUsed, "purpose", "临床试验", "clinical-trial"),
        (ItemUsed, "purpose", "科研", "research"),
        (ItemUsed, "purpose", "x-vaccine-potency", "x-vaccine-potency"),
        (ShipmentPacked, "refrigerant", "干冰", "dry-ice"),
        (CustodyAccepted, "packaging", "破损", "damaged"),
        (CustodyAccepted, "packaging", "Intact", "intact"),
        (DisposalRequested, "method", "incineration", "incineration"),
        (Output, "type", "血清", "serum"),
        (Output, "storage", "室温", "room-temperature"),
        (ShipmentPacked, "packing_instruction", "P650", "p650"),
        (ApprovalGranted, "purposes", "科研, Testing", ["research", "testing"]),
    ],
)
def test_a_code_is_said_by_itself_or_by_its_whole_name_in_either_language(
    body: type, path: str, text: str, value: str | list[str]
) -> None:
    member = Members(body, None).find(path)
    assert member is not None
    assert value_of(text, member, typed=True) == value


@pytest.mark.parametrize(
    ("body", "path", "text", "problem"),
    [
        (
            ItemUsed,
            "purpose",
            "试验",
            '"试验" is not of the list purpose; did you mean clinical-trial? (a code of your own begins with x-)',
        ),
        (
            ShipmentPacked,
            "packing_instruction",
            "x-box",
            '"x-box" is not of the list packing; there are p620, pi620, p650, pi650, p904, pi959, p621, '
            "exempt-human-specimen, exempt-animal-specimen, not-dangerous",
        ),
        (CustodyAccepted, "packaging", "好", '"好" must be one of damaged, intact'),
        (CustodyAccepted, "packaging", "damagd", '"damagd" must be one of damaged, intact; did you mean damaged?'),
        (Output, "type", "serun", '"serun" is not of the list sample-type; did you mean serum?'),
        (
            ApprovalGranted,
            "purposes",
            "research, sael",
            '"sael" is not of the list purpose; did you mean sale? (a code of your own begins with x-)',
        ),
    ],
)
def test_what_is_no_code_is_one_problem_with_the_nearest(body: type, path: str, text: str, problem: str) -> None:
    member = Members(body, None).find(path)
    assert member is not None
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        value_of(text, member, typed=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_word_of_every_closed_list_has_a_name_of_its_own_in_chinese(kind: str) -> None:
    for choices in _choices(msgspec.json.schema(KINDS[kind].body)):
        tables = [table for table in words_in(Language.CHINESE).code.values() if table.keys() >= set(choices)]
        names = min(tables, key=len)
        assert {choice_called(choices, names[choice]) for choice in choices} == set(choices)


def _choices(schema: object) -> Iterator[tuple[str, ...]]:
    match schema:
        case {"enum": list(words)}:
            yield tuple(words)
        case dict():
            for one in schema.values():
                yield from _choices(one)
        case list():
            for one in schema:
                yield from _choices(one)
