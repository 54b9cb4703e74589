"""The shipped editions are pinned: what has judged is never changed, and what is new is a further line of the list."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ledger.rulepacks.load import load_packs

PAGE: Final = Path(__file__).parents[2] / "docs" / "domain.md"


def test_the_editions_are_those_of_the_page() -> None:
    listed = re.search(r"^```text editions\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert listed is not None
    assert listed[1].splitlines() == [pack.name for pack in load_packs().packs]
