"""A stream of statements: answered as it comes, and ended early by a signal, a lost database, a file not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, Final

import pytest

from api.cli.record.incoming.feed import End, Feed
from api.cli.record.submit import Line, Result, record_lines
from api.logs.recording import Here
from api.submissions import read_submission, write_submission
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role as Speaker
from ledger.domain.registry.parties import PartyRegistered
from ledger.errors import LedgerError, Unavailable
from ledger.ids import PartyId
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger, Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.form.header import Capture, CaptureMode
from ledger.statement.signing.signer import FileSigner
from ledger.store.database.postgres import PostgresStore
from ledger.store.server.embedded import Role, start
from tests.commands import running
from tests.embedded_server import fresh_place, server_pid
from tests.failing_store import FailingStore, Step
from tests.journeys.bench import LOG, PASSPHRASE, Bench

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

_WINDOW: Final = 256
"""So many statements are under way before the first answer is printed."""


def parties(bench: Bench, number: int) -> list[bytes]:
    """Return signed registrations of parties, one a line."""
    operator = Author(
        FileSigner.load(bench.operator.key, PASSPHRASE), PartyId("party:operator"), "root", Speaker.OPERATOR
    )
    now = Circumstances(occurred_at=SystemClock().now(), capture=Capture(CaptureMode.BENCH))
    bodies = (
        PartyRegistered(party=PartyId(f"party:p{one}"), name="Laboratory", country="CN", business="research")
        for one in range(number)
    )
    return [
        write_submission(Submission(make_statement(LOG, body, [operator], now).envelope)) + b"\n" for body in bodies
    ]


def submitting(bench: Bench, *more: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Yield ``vialog statement submit -`` as a process of its own, fed through a pipe."""
    return running(bench, "statement", "submit", "-", *more, stdin=subprocess.PIPE)


def feed_open(process: subprocess.Popen[bytes], lines: list[bytes]) -> None:
    """Hand lines to a process, as many as it takes, and leave its stdin open."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(b"".join(lines))
        process.stdin.flush()


def test_each_line_is_answered_before_the_next_is_waited_for(bench: Bench) -> None:
    bench.open()
    with submitting(bench) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for position, line in enumerate(parties(bench, 3), start=2):
            process.stdin.write(line[:-1])
            process.stdin.flush()
            process.stdin.write(b"\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(f"recorded at position {position}: ".encode())
        assert process.communicate()[0] == b""
        assert process.returncode == 0


def test_ctrl_c_while_a_stream_says_nothing_ends_it_with_all_answered(bench: Bench) -> None:
    bench.open()
    lines = parties(bench, _WINDOW + 20)
    with submitting(bench, "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        feed_open(process, lines)
        answers = [json.loads(one) for one in islice(process.stdout, len(lines))]
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait() == 130
    assert [one["status"] for one in answers] == ["recorded"] * len(lines)
    assert said == (
        f"Interrupted: {len(lines)} statements were answered above; lines after line {len(lines)} of stdin "
        "were not handed in. Handing in again is safe.\n"
    )


@pytest.mark.parametrize("stopping", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_while_the_lines_come_stops_at_one_of_them(bench: Bench, stopping: signal.Signals) -> None:
    bench.open()
    lines = parties(bench, 2 * _WINDOW + 200)
    with submitting(bench) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        feeding = Thread(target=feed_open, args=(process, lines))
        feeding.start()
        first = process.stdout.readline()
        process.send_signal(stopping)
        shown = [first, *process.stdout.read().splitlines()]
        feeding.join()
        said = process.stderr.read().decode()
        assert process.wait() == 128 + stopping
    recorded = bench.done("log", "show", "--kind", "party.registered/1", "--limit", 1000, "--json").objects
    assert len(shown) == len(recorded) > 0
    assert said.startswith(
        f"Interrupted: {len(shown)} statements were answered above; lines after line {len(shown)} of"
    )


def test_a_second_ctrl_c_ends_at_once() -> None:
    feed = Feed([Line("-", 1, Unavailable("unread"))])
    with feed.interruptible():
        os.kill(os.getpid(), signal.SIGINT)
        assert (feed.end, list(feed), feed.rest) == (End.INTERRUPTED, [], "no line was handed in")
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_process_whose_ctrl_c_is_ignored_goes_on_ignoring_it() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        feed = Feed([Line("-", 1, Unavailable("unread"))])
        with feed.interruptible():
            os.kill(os.getpid(), signal.SIGINT)
            assert (feed.end, len(list(feed))) == (None, 1)
    finally:
        signal.signal(signal.SIGINT, before)


def test_nothing_more_is_handed_in_after_the_first_statement_that_the_store_did_not_take(bench: Bench) -> None:
    bench.open()
    lines = parties(bench, 3 * _WINDOW)
    store = FailingStore(PostgresStore(bench.environ["VIALOG_DATABASE_URL"] or ""))
    with closing(Ledger(store, load_packs())) as ledger:
        store.fail_at(Step.COMMIT, batches=0)
        feed = Feed(Line("-", number, read_submission(data.rstrip())) for number, data in enumerate(lines, start=1))
        results: list[Result] = []
        for result in record_lines(Here(ledger), feed):
            results.append(result)
            if isinstance(result.answer, Unavailable):
                feed.stop(End.LOST)
    answered = len(results)
    assert isinstance(results[0].answer, Unavailable)
    assert [one.line.number for one in results] == list(range(1, answered + 1))
    assert answered <= _WINDOW + 1
    assert feed.rest == f"lines after line {answered} of stdin were not handed in"
    recorded = sum(not isinstance(one.answer, LedgerError) for one in results)
    assert bench.done("log", "verify", "--json").objects[0]["size"] == 1 + recorded


def test_a_stream_ends_soon_after_its_server_was_killed() -> None:
    with fresh_place() as place, start(place / "data") as use:
        bench = Bench(place, use.conninfo(Role.OWNER))
        bench.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(place / "data")}
        bench.open()
        lines = parties(bench, 4 * _WINDOW)
        with submitting(bench) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            feed_open(process, lines[: _WINDOW + 20])
            shown = [process.stdout.readline()]
            pid = server_pid(place / "data")
            assert pid
            os.kill(pid, signal.SIGKILL)
            # Both pipes at once: each of the lines under way gets an error, which are more than one pipe holds.
            with ThreadPoolExecutor() as beside:
                beside.submit(feed_open, process, lines[_WINDOW + 20 :])
                told = beside.submit(process.stderr.read)
                shown.extend(process.stdout)
            said = told.result().decode().splitlines()
            assert process.wait() == 9
        answered = len(shown) + sum(": " not in one and ", line " in one for one in said)
        assert said[-1] == (
            f"The ledger is unavailable: lines after line {answered} of stdin were not handed in. "
            "Handing in the whole file again is safe."
        )
        assert answered < len(lines)


def test_what_stood_before_a_file_that_is_not_there_gets_its_answer(bench: Bench) -> None:
    bench.open()
    file = bench.place / "one.signed"
    file.write_bytes(parties(bench, 1)[0])
    ran = bench.run("statement", "submit", file, bench.place / "none.signed")
    assert (ran.code, ran.stdout.count("recorded at position 2: ")) == (2, 1)
    assert ran.stderr == f"error: {bench.place / 'none.signed'}: No such file or directory\n"
