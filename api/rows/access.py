"""What is told of the access log: over HTTP, and by ``vialog access``."""

from __future__ import annotations

from typing import TypedDict


class AccessPart(TypedDict):
    """What was read of one party by one right. party: null: of all. grant: the case of the audit, of one.

    statements: how many of its statements, between the positions first and last. subjects: what these are about; more:
    how many further ones there are.
    """

    party: str | None
    right: str
    grant: str | None
    statements: int
    first: int
    last: int
    subjects: list[str]
    more: int


class AccessRow(TypedDict):
    """An entry of the access log: somebody was told data of others. ended: when the answer had left; null: it has not.

    party, person, key: who asked; null: whoever has the token for the log's files. by: the public name of the session
    or token. route: the operation. position: up to which the log was read. parts: those that whoever asks now may read;
    others: how many further ones there are.
    """

    number: int
    at: str
    ended: str | None
    party: str | None
    person: str | None
    key: str | None
    by: str
    route: str
    question: str | None
    position: int
    parts: list[AccessPart]
    others: int


class Accesses(TypedDict):
    """A page of the access log, the newest entry first, as a party may read it. more: whether older ones follow."""

    log: str
    seen_by: str
    more: bool
    rows: list[AccessRow]


class AccessLate(TypedDict):
    """Entries that waited for their digest longer than a day. until: when it was recorded; null: they still wait."""

    first: int
    last: int
    since: str
    until: str | None


class AccessChecked(TypedDict):
    """What a check of the access log found.

    entries: so many there are; covered: so many the digests on record cover; digests: so many these are; digested: when
    the newest of them was recorded. differs: the first entry that is not as it was written, by its number; null: all
    are. problem: what is wrong with it.
    """

    entries: int
    covered: int
    digests: int
    digested: str | None
    differs: int | None
    problem: str
    late: list[AccessLate]


class AccessProof(TypedDict):
    """That an entry of the access log is under a digest which the log holds; docs/formats.md, section 27.

    entry, parts, digest, proof: base64: the entry, the parts that are shown, the log's entry that states the digest,
    and the .tlog-proof of that. path: from the entry's leaf hash to the digest's root, the sibling first, hexadecimal.
    """

    v: int
    entry: str
    parts: list[str]
    path: list[str]
    digest: str
    proof: str


class AccessProven(TypedDict):
    """What a proof of an access shows, once it holds.

    number, at, party, person, route, question: of the entry, as in a list. parts: those that it shows; others: how many
    further ones the entry names. digest: the position of the digest, which recorded_by stated, over the entries first
    to last; checkpoint: how many entries of the log the checkpoint covers that holds it.
    """

    number: int
    at: str
    party: str | None
    person: str | None
    route: str
    question: str | None
    parts: list[AccessPart]
    others: int
    digest: int
    recorded_by: str
    first: int
    last: int
    checkpoint: int
