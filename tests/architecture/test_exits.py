"""Every answer of the ledger has an exit code of its own, with words."""

from __future__ import annotations

import signal

from api.cli.exits import BUG, EXITS, HANGUP, INTERRUPTED, MEANINGS, OK, QUIT, TERMINATED, UNREAD, USAGE
from api.cli.signals import code_of
from ledger.errors import LedgerError


def test_every_ledger_error_has_an_exit_code() -> None:
    assert set(LedgerError.__subclasses__()) == set(EXITS)


def test_no_two_answers_share_an_exit_code() -> None:
    assert len({OK, BUG, USAGE, *EXITS.values()}) == len(EXITS) + 3


def test_every_exit_code_has_its_words() -> None:
    assert {OK, BUG, USAGE, *EXITS.values()} <= set(MEANINGS)


def test_what_a_signal_stands_for_ends_as_shells_count_it() -> None:
    stands = {
        HANGUP: signal.SIGHUP,
        INTERRUPTED: signal.SIGINT,
        QUIT: signal.SIGQUIT,
        UNREAD: signal.SIGPIPE,
        TERMINATED: signal.SIGTERM,
    }
    assert {code_of(number): MEANINGS[code] for code, number in stands.items()} == {
        code: MEANINGS[code] for code in MEANINGS if code > 128
    }
