"""Before a revocation is signed: said whether it leaves a party without any key that counts. Nothing is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.output import say
from api.drafts.acts.known_keys import key_in_log
from api.language import label
from ledger.ids import KeyId, Tag
from ledger.statement.entries.enrolment import ENROLLING, OPENED, REVOKED
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from api.telling.labels import Labels
    from ledger.ids import PartyId
    from ledger.statement.form.payload import Payload
    from ledger.store.port import Readable


def say_last_keys(payloads: Collection[Payload], labels: Labels) -> None:
    """Say of which parties no key counts any more once some statements are recorded; of others than revocations none.

    Of the operator that is for good: only its own keys enrol further ones for it, and it alone registers parties.
    """
    revoked = {KeyId(str(one.body.get("key"))) for one in payloads if one.kind == REVOKED}
    for party, is_operator in sorted(_left_without(labels.store, revoked)):
        if is_operator:
            after = label(
                "warning: no key of {party} counts after this: "
                "nobody enrols keys for it, nor registers parties, ever again"
            )
        else:
            after = label(
                "warning: no key of {party} counts after this: it signs nothing until the operator enrols another"
            )
        say(labels.told(after.format(party=party)))


def _left_without(store: Readable, revoked: Collection[KeyId]) -> Iterator[tuple[PartyId, bool]]:
    """Yield the parties all of whose keys are revoked, or about to be, and whether such a one is the operator."""
    enrolled = [read_checked(one) for key in revoked for one in store.about(Tag(key), kinds=ENROLLING)]
    for party in {one.said.body.party for one in enrolled}:
        told = [read_checked(one) for one in store.about(Tag(party), kinds=ENROLLING)]
        keys = {one.said.body.key for one in told if one.said.body.party == party}
        if all(key in revoked or key_in_log(store, key.removeprefix("key:"))[0].revoked for key in keys):
            yield party, any(one.said.kind == OPENED for one in told)
