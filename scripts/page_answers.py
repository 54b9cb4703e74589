"""What the verifier needs of the program besides its table of effects: the kinds and the editions of rules it knows.

Written as ``ledger/evidence/answers/known.json`` for the verifier in Python, and put into verify.html with the table.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.printed import name_key
from ledger.domain.law.rules import Parameter
from ledger.evidence.answers.table import duties, effects
from ledger.quantity import POWERS
from ledger.rulepacks.load import load_packs
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from ledger.domain.law.rules import RulePack

KNOWN: Final = Path("ledger/evidence/answers/known.json")


def known() -> dict[str, Any]:
    """Return the kinds, what people do not tell apart in a printed number, and what is known of each edition.

    Of an edition, by its name in entries: its own id, jurisdiction, first day and minutes east of UTC; the terms of the
    table of duties, each with its number, unit, clause and confidence; and which of these reach what was open when
    the edition began.
    """
    packs = [edition.pack for edition in load_packs().editions]
    return {
        "editions": {
            pack.name: {
                "id": pack.id,
                "jurisdiction": pack.jurisdiction,
                "minutes": (pack.working_days.offset.utcoffset(None) or timedelta(0)) // timedelta(minutes=1),
                "reaches": [] if pack.reaches_open_duties is None else sorted(pack.reaches_open_duties.value),
                "since": pack.effective_from.isoformat(),
                "terms": {name: term for name in _terms() if (term := _term(pack, name)) is not None},
            }
            for pack in packs
        },
        "alike": {one: name_key(one) for one in map(chr, range(sys.maxunicode + 1)) if name_key(one) != one},
        "kinds": sorted(KINDS),
    }


def _terms() -> list[str]:
    """Return the parameters that the table of duties names."""
    rows = [duty for of in ("item", "consignment", "approval") for duty in duties()[of].values()]
    return sorted({duty[part] for duty in rows for part in ("term", "law") if part in duty})


def _term(pack: RulePack, name: str) -> list[Any] | None:
    parameter: Parameter[Any] | None = getattr(pack, name)
    return None if parameter is None else [parameter.value, parameter.unit, parameter.clause, parameter.confidence]


def page_answers() -> dict[str, Any]:
    """Return all that the page computes answers by."""
    return {**effects(), **known(), "duties": duties(), "powers": dict(POWERS)}


def written() -> str:
    """Return the file for the verifier in Python."""
    return json.dumps(known(), indent=1) + "\n"
