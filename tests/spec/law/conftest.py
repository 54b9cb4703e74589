"""The rule packs that the tests of the law ask."""

from __future__ import annotations

import pytest

from ledger.domain.law.rules import RulePack
from ledger.rulepacks.load import RulePacks, load_packs


@pytest.fixture(scope="module")
def packs() -> RulePacks:
    return load_packs()


@pytest.fixture(scope="module")
def order_160(packs: RulePacks) -> RulePack:
    return packs.by_id("cn-160/2025-07-01")


@pytest.fixture(scope="module")
def order_281(packs: RulePacks) -> RulePack:
    return packs.by_id("cn-281/2026-08-01")
