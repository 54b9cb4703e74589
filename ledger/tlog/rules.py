"""The rules of the log's formats and of what a verifier believes of them, one sentence each.

A literal table and nothing else: the rules are applied where they are named, and ``docs/rules.md`` repeats them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final[Mapping[str, str]] = {
    # Forms.
    "TLOG-01": "A note is UTF-8 of at most 1,000,000 bytes: a text, a blank line and 1 to 100 signature lines.",
    "TLOG-02": "A vkey writes a name, the key id and a key that all read alike and only its holder can sign with.",
    "TLOG-03": "A checkpoint is three lines in their one form: origin, size and root.",
    "TLOG-05": "A tile has one path.",
    "TLOG-06": "A bundle holds 1 to 256 whole entries and nothing else.",
    "TLOG-07": "A policy names its logs, witnesses and groups, each once and above its use, and exactly one quorum.",
    "TLOG-08": "A proof file holds the leaf's index, at most 63 hashes and the checkpoint, in their one form.",
    "TLOG-09": "An index proof holds the tag, the ending of its path and at most 256 hashes, in their one form.",
    # What is believed.
    "TLOG-11": (
        "Every signature and cosignature under the name and id of a known key verifies, Ed25519 in the strict reading"
        " (KEY-11, KEY-12), its time below 2^63."
    ),
    "TLOG-12": "A note is signed by at least one known key.",
    "TLOG-13": "A checkpoint is signed by a log of the policy under that log's own origin.",
    "TLOG-14": "The quorum of the policy has cosigned the checkpoint and states when.",
}
