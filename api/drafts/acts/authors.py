"""Who signs with a key: the party and person that the log enrolled it for, in a role that they hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from api.drafts.acts.known_keys import key_in_log
from api.telling.histories import history_of
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.authority import ROLE_MAY_NOT
from ledger.domain.states.party import Party
from ledger.domain.states.subjects import Key
from ledger.errors import Malformed, NotFound
from ledger.ids import Tag
from ledger.meaning import Meaning
from ledger.statement.authoring import Author

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.telling.labels import Labels
    from ledger.domain.kind import Kind
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue
    from ledger.store.port import Readable

_VISITED: Final = "supervision.visited/1"

Said: TypeAlias = dict[str, str]
"""A signer as a draft names it: party, person, role, meaning."""

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
    store: Readable,
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
    return Author(key, known.party, known.person, role_of(store, kind, known.party, role, beside), meaning)


def roles_held(store: Readable, kind: Kind[Any], party: str) -> list[Role]:
    """Return the roles that a party holds and in which the kind may be stated, in the order of their names."""
    subject = history_of(store, Tag(party)).subject
    return roles_in(subject, kind) if isinstance(subject, Party) else []


def roles_in(party: Party, kind: Kind[Any]) -> list[Role]:
    """Return the roles of a party as it stands in which the kind may be stated, in the order of their names."""
    return sorted(party.roles & (kind.roles | kind.recorders))


def role_of(store: Readable, kind: Kind[Any], party: str, role: Role | None, beside: str | None = None) -> Role:
    """Return what a party speaks as: the role that is named, or the only one that it can. Raises Refused: GEN-07.

    beside: what the first signer speaks as; who can, speaks as that.
    """
    held = roles_held(store, kind, party)
    if role is None and beside in held:
        return Role(beside)
    if role is None and len(held) != 1:
        raise ROLE_MAY_NOT.refuse(f"name a --role; {party} can state {kind.name} as: {', '.join(held) or 'none'}")
    return role or held[0]


def signers_of(
    labels: Labels,
    kind: Kind[Any],
    present: Sequence[tuple[StatementSigner, Meaning | None]],
    role: Role | None,
    absent: Sequence[str] | None,
) -> list[JsonValue]:
    """Return the signers as a draft names them: those whose keys are here, then those who sign elsewhere.

    present: each with what it declares; None: what is usual, which is to witness what somebody else performed.
    absent: as ``PERSON@PARTY``, and ``=MEANING`` where it is neither performed, by who signs first of all, nor
        witnessed, by another of that party, nor received, by another party's. Who is visited confirms.

    Raises as author_of. Malformed: DRF-04 somebody is not written so.
    """
    signers: list[JsonValue] = []
    first: Said | None = None
    for key, meaning in present:
        one = named(author_of(labels.store, key, kind, None if first else role, beside=_role(first)))
        usual = _usual(kind, one, first)
        one["meaning"] = meaning or (Meaning.WITNESSED if usual is Meaning.RECEIVED else usual)
        first = first or one
        signers.append({**one})
    for written in absent or ():
        one = _absent(labels, kind, written, first, role)
        first = first or one
        signers.append({**one})
    return signers


def named(author: Author) -> Said:
    """Return an author as a draft names a signer."""
    role, meaning = str(author.role), str(author.meaning)
    return {"party": author.party, "person": author.person, "role": role, "meaning": meaning}


def _absent(labels: Labels, kind: Kind[Any], written: str, first: Said | None, role: Role | None) -> Said:
    found = _ABSENT.fullmatch(written)
    if found is None:
        raise Malformed("DRF-04", "--with", f"{written} is not written PERSON@PARTY, or PERSON@PARTY=MEANING")
    party = labels.id_of(found["party"], "party", "--with")
    spoken = role_of(labels.store, kind, party, None if first else role, _role(first))
    one = {"party": party, "person": found["person"], "role": str(spoken)}
    return {**one, "meaning": found["meaning"] or _usual(kind, one, first)}


def _usual(kind: Kind[Any], one: Said, first: Said | None) -> Meaning:
    if first is None:
        return Meaning.PERFORMED
    if _confirms(kind, one):
        return Meaning.CONFIRMED
    return Meaning.WITNESSED if one["party"] == first["party"] else Meaning.RECEIVED


def _confirms(kind: Kind[Any], one: Said) -> bool:
    """Say whether somebody signs for the unit that is visited, which witnesses nothing and receives nothing."""
    return kind.name == _VISITED and one["role"] not in kind.roles


def _role(first: Said | None) -> Role | None:
    return None if first is None else Role(first["role"])
