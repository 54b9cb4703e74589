"""What every file of the corpus is made from: a good payload, keys from seeds, and a seal around any bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.signing.keys import Algorithm
from ledger.statement.text.binary import encode_base64
from tests.corpus.sample import admitted, sample_payload, seeded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.statement.signing.keys import PublicKey
    from ledger.statement.signing.signer import StatementSigner

# Pieces of the good payload.
BODY: Final = '{"item":"item:7K3M","agent":"流感病毒","amount":{"value":"1.50","unit":"mL"},"count":3}'
ACKNOWLEDGED: Final = '{"rule":"CUS-07","reason":"arrived-before-release"}'
ROOT: Final = encode_base64(bytes(range(32)))
MANY_IDS: Final = ",".join(f'"item:{number}"' for number in range(1_001))


class Fault(NamedTuple):
    """A file's name without its end, the rule and member that its one error names, and its bytes."""

    name: str
    rule: str
    member: str | None  # None: no member, the signature or its key is at fault
    data: bytes


def corpus_keys() -> Mapping[str, PublicKey]:
    """Return the keys that are known to whoever opens the corpus."""
    return admitted([*pair(), seeded(3, Algorithm.ES256)])


def good_payload() -> bytes:
    """Return the payload that the faults are bent from."""
    return sample_payload(pair())


def sealed(payload: bytes, *, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return an envelope in the fixed form around any bytes, signed by both signers as of a payload type."""
    return enveloped(payload, [(one.thumbprint, one.sign(pae(payload_type, payload))) for one in pair()])


def pair() -> tuple[StatementSigner, StatementSigner]:
    """Return the two who sign the good payload."""
    return seeded(1), seeded(2)


def enveloped(payload: bytes, signatures: Sequence[tuple[str, bytes]]) -> bytes:
    """Return an envelope in the fixed form of any bytes and any key ids and signatures."""
    listed = ",".join(f'{{"keyid":"{keyid}","sig":"{encode_base64(sig)}"}}' for keyid, sig in signatures)
    written = encode_base64(payload)
    return f'{{"payload":"{written}","payloadType":"{PAYLOAD_TYPE}","signatures":[{listed}]}}'.encode()


def swap(data: bytes, old: bytes, new: bytes) -> bytes:
    """Return the data with its only piece that is old made new."""
    if data.count(old) != 1:
        raise ValueError(f"{old!r} stands {data.count(old)} times")
    return data.replace(old, new)


def next_letter(letter: str) -> str:
    """Return the letter of base64 that differs in its lowest bit alone, where the canonical form has a zero."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return alphabet[alphabet.index(letter) + 1]
