"""How fast a stranger verifies a bundle of 1,000 events: on the command line, and in a browser where there is one.
And how fast an answer is computed again from one.

Each of the command's rounds is a process of its own, its start included. Each of the browser's is a fresh browser; its
clock counts from the click to the answer.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from importlib import resources
from typing import TYPE_CHECKING, Final

from rich.table import Table

from ledger.evidence.bundle.answer import parse_answer
from ledger.evidence.bundle.bundle import ANSWER as ANSWERED
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.files import verify_files
from ledger.evidence.verify import examine_bundle
from ledger.rulepacks.load import load_packs
from ledger.tlog.policy import parse_policy
from projections.claims.asking import follow
from projections.claims.proven import Proven
from scripts.bench.against import at_most, seconds
from scripts.bench.places import folder
from tests.corpus.bundle_story import APPROVAL
from tests.corpus.bundles import POLICY, TRUST, large_bundle, large_log, verifiers_files
from tests.corpus.claimed import claimed
from tests.journeys.chromium import chromium, verify_on_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVENTS: Final = 1_000
ROUNDS: Final = 5
COMMAND_TARGET: Final = 2.0
BROWSER_TARGET: Final = 3.0
ANSWER_TARGET: Final = 1.0
ANSWER: Final = "document.activeElement.textContent"
GOOD: Final = "✓ verified and known"


def tables() -> Iterator[Table]:
    """Yield the table of verifying a large bundle."""
    table = Table("verified by", "median", "range", "target", "ratio to it")
    table.title = f"A bundle of {EVENTS:,} events, {ROUNDS} rounds"
    with folder() as place:
        files = _written(place)
        table.add_row("python -m ledger.evidence", *at_most(COMMAND_TARGET, seconds(ROUNDS, lambda: _command(*files))))
        table.add_row("the same, in a running Python", *at_most(COMMAND_TARGET, _in_process(files)))
        with suppress(FileNotFoundError):  # no Chromium: the row is left out
            table.add_row("verify.html in Chromium", *at_most(BROWSER_TARGET, _in_browser(files)))
        table.add_row("a balance, computed again from one", *at_most(ANSWER_TARGET, _again()))
    yield table


def _again() -> list[float]:
    """Measure computing an answer from a bundle that is verified already."""
    log = large_log(EVENTS)
    data = claimed(log.store, log.publish(), "balance", APPROVAL)
    given = verifiers_files()
    found = examine_bundle(data, parse_policy(given[POLICY]), parse_trust(given[TRUST]))
    packs, opened = load_packs(), found.opened
    if opened is None:
        raise RuntimeError("the bundle does not hold")
    said = parse_answer(opened.files[ANSWERED])
    return seconds(ROUNDS, lambda: follow(said, Proven(opened, found.taken, found.report, said.as_of), packs))


def _written(place: Path) -> tuple[Path, Path, Path]:
    """Write the bundle, and what its verifier brings: the policy and the trust."""
    bundle = place / "bundle.zip"
    bundle.write_bytes(large_bundle(EVENTS))
    for name, data in verifiers_files().items():
        (place / name).write_bytes(data)
    return bundle, place / POLICY, place / TRUST


def _command(bundle: Path, policy: Path, trust: Path) -> None:
    options = [str(bundle), "--policy", str(policy), "--trust", str(trust)]
    command = [sys.executable, "-m", "ledger.evidence", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # exit code 0: verified and known


def _in_process(files: tuple[Path, Path, Path]) -> list[float]:
    def verify() -> None:
        if verify_files(*files).exit_code:
            raise AssertionError("the bundle is good, and was not verified")

    return seconds(ROUNDS, verify)


def _in_browser(files: tuple[Path, Path, Path]) -> list[float]:
    page = resources.files("ledger.evidence") / "verify.html"
    with resources.as_file(page) as path:
        return sorted(_on_page(path, files) for _ in range(ROUNDS))


def _on_page(page: Path, files: tuple[Path, Path, Path]) -> float:
    with chromium() as browser:
        tab = browser.open(page.as_uri())
        took = verify_on_page(tab, *files)
        if tab.evaluate(ANSWER) != GOOD:
            raise AssertionError("the bundle is good, and the page says something else")
    return took
