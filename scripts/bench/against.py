"""What was measured, beside what it is measured against, as the cells of a table."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from time import perf_counter


def seconds(rounds: int, act: Callable[[], object]) -> list[float]:
    """Return how long something took in each of some rounds, shortest first."""
    times: list[float] = []
    for _ in range(rounds):
        begun = perf_counter()
        act()
        times.append(perf_counter() - begun)
    return sorted(times)


def p99(times: Sequence[float]) -> float:
    """Return what all but a hundredth took at most. At least two times."""
    return statistics.quantiles(times, n=100)[98]


def p99_of_few(times: Sequence[float]) -> float:
    """Return the same of so few times that all but a hundredth are all of them: never more than the longest."""
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def at_most(target: float, times: Sequence[float]) -> tuple[str, str, str, str]:
    """Return the cells of seconds that are to be few: the median, the range, the target, and the median's share."""
    median = statistics.median(times)
    return f"{median:.2f} s", _range(times, ".2f"), f"≤ {target:g} s", verdict(median / target, met=median <= target)


def at_least(target: float, rates: Sequence[float]) -> tuple[str, str, str, str]:
    """Return the cells of a rate that is to be high: the median, the range, the target, and the median's share."""
    ratio = statistics.median(rates) / target
    return *rate_cells(rates), f"≥ {target:,.0f}/s", verdict(ratio, met=ratio >= 1)


def rate_cells(rates: Sequence[float]) -> tuple[str, str]:
    """Return the cells of a rate: the median and the range."""
    return f"{statistics.median(rates):,.0f}/s", _range(rates, ",.0f")


def verdict(ratio: float, *, met: bool) -> str:
    """Return a ratio to a target, and whether the target is met."""
    return f"{ratio:.2f} {'[green]met' if met else '[red]missed'}[/]"


def _range(values: Sequence[float], form: str) -> str:
    return f"{min(values):{form}} – {max(values):{form}}"
