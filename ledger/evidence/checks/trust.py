"""Trust: which keys a verifier knows, and whose they are. A file of its own, never a bundle's.

    root <thumbprint>            the key that opened the log
    key <party:…> <thumbprint>   a party's key, known from elsewhere: a letterhead, a visit, another log
    # anything                   a comment, like a blank line

Its lines are those of ``ledger.tlog.rule_lines``; at most 1,000,000 bytes. A thumbprint is the SHA-256 of the key's
SubjectPublicKeyInfo, 64 lower-case hex digits, and stands on one line only.

A signer is known when its key is the root that opened the log, or stands under it, or is listed for the signer's party.
A key *stands under* the root when the first signer of its enrolment is the root or stands under it: the operator enrols
for all, a party for itself. A root line for a key that did not open the log makes nobody known, and nothing stands
under a key that is only listed.

>>> trust = parse_trust(b"root " + b"0" * 64 + b"\\nkey party:LAB1 " + b"1" * 64 + b"\\n")
>>> len(trust.roots), trust.keys["1" * 64]
(1, 'party:LAB1')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.ids import PartyId, is_tag
from ledger.tlog.rule_lines import read_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_TRUST: Final = 1_000_000

RULES: Final = {
    "EVD-06": "A trust file says of a key, on one line each, that it is the operator's root or a party's.",
}

_THUMBPRINT: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Trust:
    """What a verifier knows.

    roots: thumbprints of the keys that opened logs.
    keys: by thumbprint, whose a key is.
    """

    roots: frozenset[str]
    keys: Mapping[str, PartyId]


NOBODY: Final = Trust(frozenset(), {})
"""What a verifier knows who brings no trust file."""


def parse_trust(data: bytes) -> Trust:
    """Return what a trust file says.

    Raises Malformed: EVD-06, with the number of the line that breaks a rule as its member.
    """
    roots, keys = set[str](), dict[str, PartyId]()
    for where, words in read_rules(data, rule="EVD-06", most=MAX_TRUST):
        match words:
            case ["root", thumbprint] if _is_new(thumbprint, roots, keys):
                roots.add(thumbprint)
            case ["key", party, thumbprint] if _is_party(party) and _is_new(thumbprint, roots, keys):
                keys[thumbprint] = PartyId(party)
            case _:
                raise Malformed("EVD-06", where, "not a root or a party's key, or the key stands above")
    return Trust(frozenset(roots), keys)


def _is_new(thumbprint: str, roots: set[str], keys: Mapping[str, PartyId]) -> bool:
    return _THUMBPRINT.fullmatch(thumbprint) is not None and thumbprint not in roots and thumbprint not in keys


def _is_party(text: str) -> bool:
    return text.startswith("party:") and is_tag(text)
