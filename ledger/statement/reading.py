"""From verified bytes to a statement that can be judged: the kind is looked up, the body takes its type.

The offline verifier does without this module: it needs no catalogue to check who signed what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.judging import Event, Signatory, Signed
from ledger.errors import Malformed
from ledger.ids import Tag, key_tag
from ledger.nearest import nearest, suggestion
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import Entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import Payload, read_payload
from ledger.statement.text.shape import NOT_HERE
from ledger.statement.wording import in_words

if TYPE_CHECKING:
    from ledger.domain.kind import Kind
    from ledger.statement.form.header import Signer

RULES: Final = {
    "CAT-01": "A statement is of a kind in the catalogue.",
    "CAT-02": "A body has the members that its kind names, of their types, and no others.",
    "CAT-03": "A signer's role is one of the catalogue's roles.",
}


def read_statement(payload: Payload) -> Signed[Any]:
    """Give a payload's body the type of its kind.

    Raises Malformed: CAT-01 no such kind, CAT-02 the body is not of its kind, CAT-03 no such role.
    """
    kind = KINDS.get(payload.kind)
    if kind is None:
        near = nearest(payload.kind, KINDS)
        problem = f"{payload.kind} is not a kind that this ledger knows{f'; {suggestion(near, ())}' if near else ''}"
        raise Malformed("CAT-01", "$.kind", problem, newer=newer_kind(payload.kind))
    try:
        body = msgspec.convert(payload.body, kind.body)
    except msgspec.ValidationError as error:
        raise _not_of_its_kind(error, kind, payload.body) from error
    return Signed(
        id=payload.id,
        kind=payload.kind,
        occurred_at=payload.occurred_at,
        signers=tuple(_signatory(signer, index) for index, signer in enumerate(payload.signers)),
        body=body,
        reason=payload.reason,
        corrects=payload.corrects,
        acknowledged={one.rule: one.reason for one in payload.acknowledges},
        commits=frozenset(payload.sd),
    )


def read_event(entry: Entry) -> Event[Any]:
    """Read an event back from an entry of the log; its signatures were verified when it was recorded.

    Raises Malformed: the entry does not hold a statement, or one of a kind that this ledger does not know.
    """
    payload = read_payload(parse_envelope(entry.data).payload)
    said = read_statement(payload)
    return Event(entry.position, entry.recorded, entry.tags, said, entry.rules, entry.breaches, entry.status)


def newer_kind(kind: str) -> str:
    """Return what a reader says that meets a kind that it does not know, for ``TooOld``."""
    name, _, _ = kind.partition("/")
    known = [version for one, _, version in (known.partition("/") for known in KINDS) if one == name]
    if not known:
        return f"the kind {kind}; it knows {len(KINDS)} kinds, and none called {name}"
    return f"the kind {kind}; it knows {name} up to {name}/{max(map(int, known))}"


def signer_tags(said: Signed[Any]) -> frozenset[Tag]:
    """Return the tags of the keys and parties that sign: part of every boundary, so that no revocation is raced."""
    return frozenset(Tag(tag) for signer in said.signers for tag in (signer.key, signer.party))


def _signatory(signer: Signer, index: int) -> Signatory:
    try:
        role = Role(signer.role)
    except ValueError:
        newer = f"the role {signer.role}; it knows {', '.join(Role)}"
        problem = f"{signer.role} is not a role; {suggestion(nearest(signer.role, Role), list(Role))}"
        raise Malformed("CAT-03", f"$.signers[{index}].role", problem, newer=newer) from None
    return Signatory(key_tag(signer.key), signer.alg, signer.party, signer.person, role, signer.meaning)


def _not_of_its_kind(error: msgspec.ValidationError, kind: Kind[Any], body: object) -> Malformed:
    member, problem = in_words(error, kind.body, body)
    path = f"$.body{member}"
    newer = f"the member {path} of {kind.name}, which it does not know" if problem.startswith(NOT_HERE) else ""
    return Malformed("CAT-02", path, problem, newer=newer)
