"""The exit codes of the command line, one for each answer that the ledger can give.

Sorted by how much they ask of the caller: of many statements handed in at once, the highest code is the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ledger.errors import (
    Conflict,
    Halted,
    IntegrityFailed,
    LedgerError,
    Malformed,
    NeedsAcknowledgement,
    NotFound,
    NotTrusted,
    Refused,
    TooOld,
    Unavailable,
)

_USAGE_RULES: Final = ("SET-", "LBL-")
"""How the rules of settings and of labels begin: those who hold them are not loaded for it."""

OK: Final = 0
BUG: Final = 1
"""A fault of the program, with a traceback; also when a question was left unanswered."""
USAGE: Final = 2
"""The command is not written as its help says, a setting, file or address cannot be used, or a label means several."""

EXITS: Final[Mapping[type[LedgerError], int]] = {
    Malformed: 3,
    NotTrusted: 4,
    Refused: 5,
    NeedsAcknowledgement: 6,
    Conflict: 7,
    NotFound: 8,
    Unavailable: 9,
    IntegrityFailed: 10,
    TooOld: 11,
    Halted: 12,
}

HANGUP: Final = 129
"""Ended by SIGHUP: its terminal is gone."""
INTERRUPTED: Final = 130
"""Stopped from the keyboard, SIGINT."""
QUIT: Final = 131
"""Ended by SIGQUIT."""
UNREAD: Final = 141
"""Whoever read what it prints has left, as SIGPIPE would have ended it: ``vialog … | head`` has what it wanted."""
TERMINATED: Final = 143
"""Ended by SIGTERM."""

MEANINGS: Final[Mapping[int, str]] = {
    OK: "done",
    BUG: "a fault of the program, or a question left unanswered",
    USAGE: "the command is not written as its help says, a setting, file or address cannot be used, or a label may "
    "mean several things",
    3: "malformed: sending the same bytes again cannot help",
    4: "not trusted: a signature or its key",
    5: "refused: it contradicts the record or the authority to speak; nothing was recorded",
    6: "needs acknowledgement: it breaks rules that its signers did not acknowledge; nothing was recorded",
    7: "conflict: another statement has the same id",
    8: "not found",
    9: "unavailable: the database does not answer now; sending again is safe",
    10: "integrity failed: stop and look",
    11: "not checked: this program is older than what it reads; nothing is known to be wrong; upgrade it",
    12: "halted: nothing may be recorded on this log until a person has looked",
    HANGUP: "ended by SIGHUP",
    INTERRUPTED: "stopped from the keyboard",
    QUIT: "ended by SIGQUIT",
    UNREAD: "whoever read what it prints has left",
    TERMINATED: "ended by SIGTERM; servers end with 0",
}


def exit_code(error: LedgerError) -> int:
    """Return the exit code of an error; a wrong setting, or a word that may mean several things, is no statement."""
    if isinstance(error, Malformed) and error.rule.startswith(_USAGE_RULES):
        return USAGE
    return EXITS[type(error)]
