"""The verifier page tells the breaches that the report in the bundle tells, and no all-clear beside them.

An act on goods is about their approval too, and its breach is of the goods: who reads of the approval is told of it.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from tests.faults.test_claim_attacks import good
from tests.journeys.test_page_answers import ANSWERED, on_page

if TYPE_CHECKING:
    from pathlib import Path


def in_report(bundle: bytes) -> list[list[int | str]]:
    """Return position and rule of each breach that report.md tells."""
    told = zipfile.ZipFile(io.BytesIO(bundle)).read("report.md").decode()
    rows = re.findall(r"^\| \[(\d+)\]\(#no-\d+\) \| ([A-Z]+-\d+) ", told, re.MULTILINE)
    return [[int(position), rule] for position, rule in rows]


def test_a_breach_of_goods_is_told_whatever_the_bundle_is_about(tmp_path: Path) -> None:
    bundles = [good(*one) for one in ANSWERED]
    told = [one["breaches"] for one in on_page(tmp_path, bundles)]
    assert told == [in_report(one) for one in bundles]
    assert all(told)
