"""The interval that `make compare` tells: that of the sign test, whose ranks stand in the tables of statistics."""

from __future__ import annotations

import pytest

from scripts.bench.versions import interval


@pytest.mark.parametrize(("n", "rank"), [(6, 1), (8, 1), (9, 2), (10, 2), (12, 3), (15, 4), (20, 6), (25, 8)])
def test_the_interval_reaches_from_the_kth_smallest_to_the_kth_largest(n: int, rank: int) -> None:
    measured = [float(one) for one in range(n, 0, -1)]
    assert interval(measured) == (float(rank), float(n + 1 - rank))


def test_five_measurements_are_too_few() -> None:
    with pytest.raises(ValueError, match="5 measurements are too few"):
        interval([1.0] * 5)
