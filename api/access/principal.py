"""Who is asking: a person of a party, proven by a key that the log knows. Says nothing of what may be seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ledger.ids import KeyId, PartyId


class Scope(StrEnum):
    """What a session or a token may be used for; each is narrower than its key, never wider."""

    READ = "read"
    """Ask: whatever its party may see."""

    RECORD = "record"
    """Hand in what is signed: the signatures say who speaks, so this opens nothing."""

    HOOKS = "hooks"
    """Keep the hooks of its party, which hear of whatever that may see; where they are, what was told, once more."""

    TOKENS = "tokens"
    """Make, list and withdraw the tokens of its own person. No token ever has it: one cannot make another."""


EVERY_SCOPE: Final = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Principal:
    """A person who has signed in, or a program with a token that this person made.

    key: the one that signed the sign-in; once it is revoked, this principal is nobody.
    proof: the public name of the session or the token; never its secret.
    scopes: what it may be used for.
    """

    party: PartyId
    person: str
    key: KeyId
    proof: str
    scopes: frozenset[Scope] = EVERY_SCOPE
