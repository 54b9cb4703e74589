"""Who signs with a key: the party and person that the log enrolled it for, in a role that they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from api.cli.record.keys import key_in_log
from api.histories import history_of
from ledger.domain.party_state import Party
from ledger.domain.registry.authority import ROLE_MAY_NOT
from ledger.domain.state import Key
from ledger.domain.vocabulary import Role
from ledger.errors import Malformed, NotFound
from ledger.ids import Tag
from ledger.meaning import Meaning
from ledger.statement.authoring import Author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.labels import Labels
    from ledger.domain.kind import Kind
    from ledger.statement.signer import StatementSigner
    from ledger.statement.strict_json import JsonValue
    from ledger.store.port import Store

_ABSENT: Final = re.compile(r"(?P<person>[^@=]+)@(?P<party>[^@]+?)(?:=(?P<meaning>[a-z-]+))?")


def key_of(labels: Labels, party: str, person: str) -> tuple[str, str] | None:
    """Return the thumbprint and the algorithm of the one key that a person of a party has.

    None: the log that is here knows none, or several; or there is none here. Costs the key records of the whole log.
    """
    try:
        keys = labels.source.subjects("key")
    except NotFound:
        return None
    found = [
        one for one in keys if isinstance(one, Key) and (one.party, one.person) == (party, person) and not one.revoked
    ]
    return (found[0].id.removeprefix("key:"), found[0].alg) if len(found) == 1 else None


def author_of(
    store: Store,
    key: StatementSigner,
    kind: Kind[Any],
    role: Role | None,
    *,
    meaning: Meaning = Meaning.PERFORMED,
    beside: Role | None = None,
) -> Author:
    """Return who signs with a key.

    role: None where the party can state the kind in one role alone, or in that of the first signer, ``beside``.

    Raises NotFound: the log does not know the key. Refused: GEN-07 the role is to be named.
    """
    known, _ = key_in_log(store, key.thumbprint)
    if known.party is None:
        raise NotFound(f"the log does not say whose key {key.thumbprint} is")
    return Author(key, known.party, known.person, _role_of(store, kind, known.party, role, beside), meaning)


def _role_of(store: Store, kind: Kind[Any], party: str, role: Role | None, beside: str | None = None) -> Role:
    """Return what a party speaks as: the role that is named, or the only one that it can. Raises Refused: GEN-07.

    beside: what the first signer speaks as; who can, speaks as that.
    """
    subject = history_of(store, Tag(party)).subject
    held = sorted(subject.roles & (kind.roles | kind.recorders)) if isinstance(subject, Party) else []
    if role is None and beside in held:
        return Role(beside)
    if role is None and len(held) != 1:
        raise ROLE_MAY_NOT.refuse(f"name a --role; {party} can state {kind.name} as: {', '.join(held) or 'none'}")
    return role or held[0]


def signers_of(
    labels: Labels,
    kind: Kind[Any],
    present: Sequence[tuple[StatementSigner, Meaning]],
    role: Role | None,
    absent: Sequence[str] | None,
) -> list[JsonValue]:
    """Return the signers as a draft names them: those whose keys are here, then those who sign elsewhere.

    absent: as ``PERSON@PARTY``, and ``=MEANING`` where it is neither witnessed, by one of the first signer's party, nor
        received, by another's.

    Raises as author_of. Malformed: DRF-04 somebody is not written so.
    """
    (key, meaning), *others = present
    authors = [first := author_of(labels.store, key, kind, role, meaning=meaning)]
    authors += [author_of(labels.store, key, kind, None, meaning=meaning, beside=first.role) for key, meaning in others]
    here: list[JsonValue] = [
        {"party": one.party, "person": one.person, "role": str(one.role), "meaning": str(one.meaning)}
        for one in authors
    ]
    return here + [_absent(labels, kind, written, first) for written in absent or ()]


def _absent(labels: Labels, kind: Kind[Any], written: str, first: Author) -> JsonValue:
    found = _ABSENT.fullmatch(written)
    if found is None:
        raise Malformed("DRF-04", "--with", f"{written} is not written PERSON@PARTY, or PERSON@PARTY=MEANING")
    party = labels.id_of(found["party"], "party", "--with")
    usual = Meaning.WITNESSED if party == Tag(first.party) else Meaning.RECEIVED
    role = _role_of(labels.store, kind, party, None, first.role)
    return {"party": party, "person": found["person"], "role": str(role), "meaning": found["meaning"] or str(usual)}
