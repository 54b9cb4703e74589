"""Every answer of the ledger has an exit code of its own, with words."""

from __future__ import annotations

from api.cli.exits import BUG, EXITS, MEANINGS, OK, USAGE
from ledger.errors import LedgerError


def test_every_ledger_error_has_an_exit_code() -> None:
    assert set(LedgerError.__subclasses__()) == set(EXITS)


def test_no_two_answers_share_an_exit_code() -> None:
    assert len({OK, BUG, USAGE, *EXITS.values()}) == len(EXITS) + 3


def test_every_exit_code_has_its_words() -> None:
    assert {OK, BUG, USAGE, *EXITS.values()} <= set(MEANINGS)
