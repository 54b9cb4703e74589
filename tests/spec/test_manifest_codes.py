"""Codes in the cells of a manifest: by themselves, or by their whole name in English or Chinese."""

from __future__ import annotations

import re

import pytest

from api.manifests.cells import value_of
from api.manifests.members import Members
from ledger.domain.approval.approvals import ApprovalGranted
from ledger.domain.custody.carriage import ShipmentPacked
from ledger.domain.work.use import ItemUsed


@pytest.mark.parametrize(
    ("body", "path", "text", "value"),
    [
        (ItemUsed, "purpose", "research", "research"),
        (ItemUsed, "purpose", "Clinical trial", "clinical-trial"),
        (ItemUsed, "purpose", "临床试验", "clinical-trial"),
        (ItemUsed, "purpose", "科研", "research"),
        (ItemUsed, "purpose", "x-vaccine-potency", "x-vaccine-potency"),
        (ShipmentPacked, "refrigerant", "干冰", "dry-ice"),
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
