"""The write path of this version beside that of an older one: `make compare OLD=<revision>`.

Both run at the same time, each with a server of its own, and take turns: one measures while the other waits. The
order within a pair alternates, so that a machine that is faster in one minute than in the next favours neither. What is
told is the median of the pairs' ratios and its confidence interval; a single rate says nothing on a shared machine.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from math import comb
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from scripts.bench.against import rate_cells, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).parents[2]
PAIRS: Final = 12
CALLERS: Final = 64
SHARE: Final = 2400
FLOOR: Final = 0.95
"""Above which the whole confidence interval of the median ratio, new to old, is to lie."""
CONFIDENCE: Final = 0.95


def main() -> None:
    """Measure, print the table, and end with 1 where the interval does not lie above the floor."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.versions", description=__doc__)
    parser.add_argument("revision", help="the older version, as git names it")
    parser.add_argument("--pairs", type=int, default=PAIRS)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        old = stack.enter_context(_checkout(arguments.revision))
        contestants = [stack.enter_context(_contestant(place)) for place in (old, ROOT)]
        pairs = [_pair(contestants, number) for number in range(arguments.pairs)]
    low, high = interval([new / old for old, new in pairs])
    Console(width=None if sys.stdout.isatty() else 120).print(_table(arguments.revision, pairs, low, high))
    sys.exit(0 if low > FLOOR else 1)


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """Return the confidence interval of the median of some measurements, which makes no assumption on how they spread.

    From the k-th smallest to the k-th largest, k the largest for which the median lies between them with at least 95 %:
    the number of measurements below the median is binomial (the interval of the sign test). At least 6 measurements.
    """
    ordered, n, k = sorted(ratios), len(ratios), 0
    while 2 * sum(comb(n, below) for below in range(k + 1)) / 2**n <= 1 - CONFIDENCE:
        k += 1
    if k == 0:
        raise ValueError(f"{n} measurements are too few for an interval of {CONFIDENCE:.0%}")
    return ordered[k - 1], ordered[n - k]


def _pair(contestants: Sequence[subprocess.Popen[str]], number: int) -> tuple[float, float]:
    order = (0, 1) if number % 2 == 0 else (1, 0)
    rates = {one: float(_answer(contestants[one], "go\n")) for one in order}
    return rates[0], rates[1]


def _answer(contestant: subprocess.Popen[str], line: str) -> str:
    if contestant.stdin is None or contestant.stdout is None:
        raise RuntimeError("a contestant is asked through pipes")
    contestant.stdin.write(line)
    contestant.stdin.flush()
    return contestant.stdout.readline()


@contextmanager
def _checkout(revision: str) -> Iterator[Path]:
    """Yield a folder with an older version's files."""
    with tempfile.TemporaryDirectory(prefix="vialog-old-") as name:
        place = Path(name)
        archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", name], input=archive.stdout, check=True)
        place.chmod(0o755)
        yield place


@contextmanager
def _contestant(place: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a contestant that is ready: this version's program, in the folder of the version that it measures."""
    program = [sys.executable, str(ROOT / "scripts/bench/contestant.py"), str(CALLERS), str(SHARE)]
    environment = {**os.environ, "PYTHONPATH": str(place)}
    with subprocess.Popen(
        program, cwd=place, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as contestant:
        if contestant.stdout is None or contestant.stdout.readline() != "ready\n":
            raise RuntimeError(f"the version in {place} cannot be measured")
        yield contestant


def _table(revision: str, pairs: Sequence[tuple[float, float]], low: float, high: float) -> Table:
    table = Table("version", "a second", "range", "new to old, median", f"{CONFIDENCE:.0%} interval")
    table.title = f"{len(pairs)} pairs, {CALLERS} callers: verify, judge, commit"
    table.caption = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    table.add_row(revision, *rate_cells([old for old, _ in pairs]))
    ratio = statistics.median(new / old for old, new in pairs)
    shown = f"{low:.2f} – {high:.2f} {verdict(low / FLOOR, met=low > FLOOR).partition(' ')[2]}"
    table.add_row("this", *rate_cells([new for _, new in pairs]), f"{ratio:.3f}", shown)
    return table


if __name__ == "__main__":
    main()
