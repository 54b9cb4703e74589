"""Every format's worked example, as it stands at the top of its module, holds."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING

import pytest

from ledger.tlog import (
    checkpoint,
    cosignature,
    frontier,
    index,
    note,
    pages,
    policy,
    proof,
    rule_lines,
    tiles,
    tree,
    vkey,
    whole_index,
    wire,
)

if TYPE_CHECKING:
    from types import ModuleType

MODULES = (
    *(wire, rule_lines, tree, frontier, tiles, vkey, note, checkpoint, cosignature, policy),
    *(proof, index, pages, whole_index),
)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_the_worked_example_of_a_format_holds(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
