"""An evidence bundle: what a stranger needs to check one subject's history offline. One zip, its form in ``archive``.

    manifest.json                    what the bundle claims to hold; see below
    checkpoint                       the signed and cosigned checkpoint, verbatim; see ``ledger.tlog.note``
    state.entry                      the state entry, the last leaf under the checkpoint
    entries/<position>.entry         the entries, byte for byte as the log hashed them
    inclusion.proofs                 that each of these stands under the checkpoint; see ``proofs``
    index/<n>.proof                  what the index says of the n-th tag, from 1: first the complete ones, then status
    status/<n>.proof                 what it says of the status of the n-th tag of status; see ``ledger.tlog.index``
    disclosures/<digest>.disclosure  a chosen disclosure, as written; the digest is its file's name
    answer.json                      a claimed answer: where the manifest says that there is one, and always then
    report.md, README.md             for people: what happened, how to verify
    schemas/<kind>-<version>.json    JSON Schemas of the bodies
    verify.html                      a verifier for browsers

Any other name fails the bundle. So there is no policy and no trust in it: those are the verifier's own. The files
below the disclosures are for people, may be left out but for report.md and README.md, and nothing vouches for
them; whoever doubts the bundle brings the verifier too. Positions and n are decimal without leading zeros, at most 15
digits.

manifest.json is ASCII, the one text that ``JSON.stringify`` makes of its value: members in the order given here, no
white space.

    {"format":"vialog-evidence/2",   or "vialog-evidence/3": the same, with a claimed answer beside it; or, where
                                     something is withheld, "vialog-evidence/4", with three members more
     "log":"<origin>",
     "size":<leaves under the checkpoint: the state entry's position>,
     "subject":"<tag>",
     "entries":[{"position":<n>,"sha256":"<64 hex of the file's SHA-256>","why":"<word>"}…],     ascending positions
     "complete":["<tag>"…],           sorted by code point: every event of these up to size - 1 is in the bundle
     "status":["<tag>"…],             sorted: of these every event up to there is that establishes, limits or ends them
     "disclosures":[{"position":<n>,"digest":"<43 of base64url>"}…],     ascending position, then digest
     "withheld":[{"position":<n>,"leaf":"<64 hex of the leaf hash>"}…],   ascending positions, none of an entry here
     "part":["<tag>"…],               sorted: of these nothing is claimed, whatever of their events is here
     "answered":<true or false>}      whether an answer is claimed; one of the two lists before is not empty

The words are subject, ancestor, approval, consignment, permit, party, site, key, and answer in a bundle with one: what
an entry is here for, the first that applies. Nobody vouches for them. The subject is complete; so is the key:… tag of
each key that signs an entry of the bundle, or a revocation could have been left out. Of what else it rests on the
status is enough; see ``rests``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.statement.entries.entry import MAX_ENTRY
from ledger.tlog.index import MAX_INDEX_PROOF
from ledger.tlog.note import MAX_NOTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.evidence.bundle.manifest import Manifest

MANIFEST: Final = "manifest.json"
CHECKPOINT: Final = "checkpoint"
STATE: Final = "state.entry"
PROOFS: Final = "inclusion.proofs"
README: Final = "README.md"
REPORT: Final = "report.md"
VERIFIER: Final = "verify.html"
ANSWER: Final = "answer.json"

RULES: Final = {
    "EVD-02": "A bundle holds the files that its format names and no others; never a policy, a key or a trust list.",
    "EVD-03": "A bundle holds exactly the evidence that its manifest lists.",
    "EVD-20": "No file of a bundle's evidence is larger than its limit, nor are all index proofs together.",
}

LIMITS: Final[Mapping[str, int]] = {
    MANIFEST: 10_000_000,
    PROOFS: 24_000_000,
    CHECKPOINT: MAX_NOTE,
    STATE: MAX_ENTRY,
    "entries": MAX_ENTRY,
    "index": MAX_INDEX_PROOF,
    "status": MAX_INDEX_PROOF,
    "disclosures": 80_000,  # the base64 of 60,000 bytes
    ANSWER: 10_000_000,
}
"""How many bytes a file of the evidence has at most, by its name or its folder's: nothing larger is read. What is for
people is not read at all; it and everything together is limited by the archive."""

ALL_INDEX_PROOFS: Final = 8_000_000
"""How many bytes the index proofs have at most, all together: each of their lines costs a hash."""

_ALWAYS: Final = frozenset({MANIFEST, CHECKPOINT, STATE, PROOFS, README, REPORT})
_FOR_PEOPLE: Final = re.compile(r"verify\.html|schemas/[a-z]+(?:[.-][a-z]+)*-[1-9][0-9]{0,3}\.json")
_EVIDENCE: Final = re.compile(
    r"entries/[1-9][0-9]{0,14}\.entry|(?:index|status)/[1-9][0-9]{0,14}\.proof"
    r"|disclosures/[0-9A-Za-z_-]{43}\.disclosure|answer\.json"
)


def entry_name(position: int) -> str:
    """Return the name of an entry's file."""
    return f"entries/{position}.entry"


def index_name(number: int) -> str:
    """Return the name of the index proof of a tag: the complete ones counted from 1, behind them those of status."""
    return f"index/{number}.proof"


def status_proof_name(number: int) -> str:
    """Return the name of the index proof of a tag's status, counted from 1."""
    return f"status/{number}.proof"


def disclosure_name(digest: str) -> str:
    """Return the name of a disclosure's file."""
    return f"disclosures/{digest}.disclosure"


def schema_name(kind: str) -> str:
    """Return the name of the file with a kind's schema: ``item.received/1`` is ``schemas/item.received-1.json``."""
    return f"schemas/{kind.replace('/', '-')}.json"


def check_names(names: Iterable[str]) -> None:
    """Raise Malformed (EVD-02) for the first file that the format does not name, or that it asks for in vain."""
    missing = set(_ALWAYS)
    for name in names:
        if name not in _ALWAYS and not _FOR_PEOPLE.fullmatch(name) and not _EVIDENCE.fullmatch(name):
            raise Malformed("EVD-02", name, "is not a file of a bundle; policy and trust are the verifier's own")
        missing.discard(name)
    for name in sorted(missing):
        raise Malformed("EVD-02", name, "is missing")


def check_sizes(sizes: Iterable[tuple[str, int]]) -> None:
    """Raise Malformed (EVD-20) for the first file that is larger than its limit: before anything is made of it.

    sizes: each file's name, with the number of its bytes.
    """
    indexed = 0
    for name, size in sizes:
        limit = LIMITS.get(name.partition("/")[0])
        if limit is not None and size > limit:
            raise Malformed("EVD-20", name, f"has {size} bytes, more than {limit}")
        indexed += size if name.startswith(("index/", "status/")) else 0
    if indexed > ALL_INDEX_PROOFS:
        raise Malformed("EVD-20", "index", f"has {indexed} bytes in all, more than {ALL_INDEX_PROOFS}")


def check_listed(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Raise Malformed (EVD-03) unless a bundle holds exactly the evidence that its manifest lists.

    files: those of the bundle, their names checked already.
    """
    listed = _ALWAYS.union(
        (entry_name(one.position) for one in manifest.entries),
        (index_name(number) for number in range(1, len(manifest.complete) + len(manifest.status) + 1)),
        (status_proof_name(number) for number in range(1, len(manifest.status) + 1)),
        (disclosure_name(one.digest) for one in manifest.disclosures),
        (ANSWER,) if manifest.answered else (),
    )
    for name in sorted(listed.difference(files)):
        raise Malformed("EVD-03", name, "is listed and not there")
    for name in files:
        if name not in listed and not _FOR_PEOPLE.fullmatch(name):
            raise Malformed("EVD-03", name, "is there and not listed")
