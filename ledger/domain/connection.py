"""Whether those who sign a statement may speak about its subject: authorities may, others if the record connects them.

The general rules have checked that a signer's party holds its role and that the kind allows it; here is what only the
subject can tell. Judges nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.bodies.vocabulary import SPEAKS_AS

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.domain.judging import Signed
    from ledger.domain.law.rule import Rule
    from ledger.ids import PartyId, Tag

AUTHORITIES: Final = frozenset(SPEAKS_AS.values())
"""The roles that decide; what anybody else records of their decisions is a reference to a document."""


def by_reference(said: Signed[Any]) -> bool:
    """Say whether a decision is recorded from a document, no authority having signed it."""
    return not any(signer.role in AUTHORITIES for signer in said.signers)


def check_connected(said: Signed[Any], parties: Collection[PartyId | None], rule: Rule, subject: Tag | str) -> None:
    """Check that every signer that is no authority is one of the parties that the record connects with a subject.

    Raises Refused: the rule given.
    """
    for signer in said.signers:
        if signer.role not in AUTHORITIES and signer.party not in parties:
            raise rule.refuse(f"{signer.party} is not connected with {subject}")
