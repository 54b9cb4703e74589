"""From a draft and the keys comes what is signed; what the draft leaves out (id, time, keys) is filled in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from ledger.clock import parse_time
from ledger.errors import Malformed
from ledger.ids import StatementId, new_statement_id
from ledger.service import Submission
from ledger.statement.form.disclosure import commit, digest_of, make_disclosure
from ledger.statement.form.envelope import MOST_SIGNATURES
from ledger.statement.form.header import read_acknowledges, read_capture, read_seen, read_signers
from ledger.statement.form.payload import read_payload
from ledger.statement.form.writing import build_payload
from ledger.statement.reading import read_statement
from ledger.statement.statement import sign_open
from ledger.statement.text.shape import read_array, read_members, read_object, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ledger.clock import Clock
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "DRF-04": "No more keys sign a draft than it has signers, and of each signer it is known which key is theirs.",
}

_SIGNER: Final = ("party", "person", "role", "meaning")
_OF_KEY: Final = ("key", "alg")

FindKey: TypeAlias = "Callable[[str, str], tuple[str, str] | None]"
"""Returns the thumbprint and the algorithm of the one key that a person of a party has; None where nobody knows it."""


def sign_draft(
    draft: Mapping[str, JsonValue], keys: Sequence[StatementSigner], clock: Clock, find_key: FindKey | None = None
) -> Submission:
    """Return the signed statement of a draft, with its disclosures; open where keys of some signers are not at hand.

    keys: those at hand, in the order of their signers; find_key: says whose the other keys are.

    Raises as draft_payload.
    """
    payload, disclosures = draft_payload(draft, keys, clock, find_key)
    return Submission(sign_open(payload, keys), disclosures)


def draft_payload(
    draft: Mapping[str, JsonValue], keys: Sequence[StatementSigner], clock: Clock, find_key: FindKey | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return what is to be signed for a draft, and its disclosures.

    keys, find_key: as for sign_draft.

    Raises Malformed: DRF-04 there are more keys than signers, or a signer's key is not known; STM and CAT, what the
    statement's form forbids.
    """
    named = _signers(draft["signers"], keys, find_key)
    now = clock.now()
    hidden = read_object(draft.get("disclose", {}), "$.disclose")
    made = [make_disclosure(name, value) for name, value in hidden.items()]
    disclosures = tuple(one.text for one in made)
    payload = build_payload(
        log=read_text(draft["log"], "$.log"),
        id=StatementId(read_text(draft["id"], "$.id")) if "id" in draft else new_statement_id(now),
        kind=read_text(draft["kind"], "$.kind"),
        occurred_at=_instant(draft["occurred_at"]) if "occurred_at" in draft else now,
        signers=read_signers([*named]),
        capture=read_capture(draft.get("capture", {"mode": "bench"})),
        body=read_object(commit(draft["body"], made), "$.body"),
        seen=read_seen(draft["seen"]) if "seen" in draft else None,
        reason=read_text(draft["reason"], "$.reason") if "reason" in draft else None,
        acknowledges=read_acknowledges(draft["acknowledges"]) if "acknowledges" in draft else (),
        corrects=StatementId(read_text(draft["corrects"], "$.corrects")) if "corrects" in draft else None,
        sd=[digest_of(text) for text in disclosures],
    )
    read_statement(read_payload(payload))  # a signature is not given to what no ledger would record
    return payload, disclosures


def _signers(value: JsonValue, keys: Sequence[StatementSigner], find_key: FindKey | None) -> list[dict[str, JsonValue]]:
    """Return the signers with their keys: as the draft or the log names them, or those at hand in turn."""
    said = [
        read_members(one, f"$.signers[{index}]", _SIGNER, _OF_KEY)
        for index, one in enumerate(read_array(value, "$.signers", least=1, most=MOST_SIGNATURES))
    ]
    if len(keys) > len(said):
        raise Malformed("DRF-04", "$.signers", f"the draft has {len(said)} signers, but {len(keys)} keys are given")
    at_hand = {key.thumbprint: str(key.alg) for key in keys}
    if len(keys) < len(said):
        for signer in said:
            if "key" not in signer and find_key is not None:
                found = find_key(read_text(signer["party"], "$.signers"), read_text(signer["person"], "$.signers"))
                signer.update({} if found is None else {"key": found[0], "alg": found[1]})
    taken = {signer.get("key") for signer in said}
    rest = [key for key in at_hand if key not in taken]
    for signer in said:
        if "key" not in signer and rest:
            signer["key"] = rest.pop(0)
        if "alg" not in signer and signer.get("key") in at_hand:
            signer["alg"] = at_hand[str(signer["key"])]
    for index, signer in enumerate(said):
        if "key" not in signer or "alg" not in signer:
            whose = f"{signer['person']} of {signer['party']}"
            problem = f"nobody here knows the key of {whose}: give it with --key, or name its key and alg in the draft"
            raise Malformed("DRF-04", f"$.signers[{index}]", problem)
    if rest:
        raise Malformed("DRF-04", "$.signers", f"{rest[0]} is the key of none of the signers")
    return said


def _instant(value: JsonValue) -> datetime:
    try:
        return parse_time(read_text(value, "$.occurred_at"))
    except ValueError as error:
        raise Malformed("STM-34", "$.occurred_at", str(error)) from None
