"""What the verifier needs of the program besides its table of effects: the kinds and the editions of rules it knows.

Written as ``ledger/evidence/answers/known.json`` for the verifier in Python, and put into verify.html with the table.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from ledger.evidence.answers.table import effects
from ledger.quantity import POWERS
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS

KNOWN: Final = Path("ledger/evidence/answers/known.json")


def known() -> dict[str, Any]:
    """Return the kinds, and by its name in entries of each edition jurisdiction, first day and minutes east of UTC."""
    packs = [edition.pack for edition in load_packs().editions]
    return {
        "editions": {
            pack.name: {
                "jurisdiction": pack.jurisdiction,
                "minutes": (pack.working_days.offset.utcoffset(None) or timedelta(0)) // timedelta(minutes=1),
                "since": pack.effective_from.isoformat(),
            }
            for pack in packs
        },
        "kinds": sorted(KINDS),
    }


def page_answers() -> dict[str, Any]:
    """Return all that the page computes answers by."""
    return {**effects(), **known(), "powers": dict(POWERS)}


def written() -> str:
    """Return the file for the verifier in Python."""
    return json.dumps(known(), indent=1) + "\n"
