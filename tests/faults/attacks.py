"""What an administrator of the database can do to a log behind its back, one row an attack, and who catches it.

The log that is attacked (``attacked``): positions 1 to 5 are published first, 6 to 11 next, 12 and 13 not yet.
Position 6 has two disclosures, 8 has one; 10 revokes the key that 9 enrols; 13 is about party:p1, which 7 registers.

``caught`` names the commands that stop, or report it, with an exit code of their own; ``docs/operations.md`` shows the
same table, and ``test_attacks`` holds both to what the commands do.
"""

from __future__ import annotations

from typing import Final

from tests.faults.attack import LETTERS, Attack
from tests.faults.attacks_on_entries import BEYOND, COLUMNS, ENTRIES, HEAD, TAGS
from tests.faults.attacks_on_the_rest import CUT_OFF, DISCLOSURES, PUBLISHED, SCHEMA

ATTACKS: Final = (*ENTRIES, *COLUMNS, *TAGS, *HEAD, *CUT_OFF, *PUBLISHED, *DISCLOSURES, *SCHEMA, *BEYOND)
NOBODY: Final = {
    "a line of nobody known added to the newest checkpoint": "it is ignored, and the next state entry names the note",
    "a disclosure deleted, which is how one is erased": "legal; `vialog fsck` counts those that are not there",
    "the tail beyond it cut off, with rows and head": "nothing is left of it but with whoever was answered",
}
"""What nobody catches, and why that has to be so."""


def table() -> list[str]:
    """Return the rows of the table of attacks and commands, as ``docs/operations.md`` shows them."""
    return [_row(attack) for attack in ATTACKS]


def _row(attack: Attack) -> str:
    marks = ("x" if letter in attack.caught else "" for letter in LETTERS)
    return f"| {attack.name} | {' | '.join(marks)} |"
