"""The one act of making a statement, and the one act of opening it.

Opening goes in one order: the envelope's fixed form, the payload's form, who signs, each signature. The payload is
decoded once, and what is handed out was built from exactly the bytes that the signatures cover. Whose a key is, and
whether it may speak here and now, is decided by the record; this module asks for keys and asks nothing else.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from ledger.errors import Malformed, NotTrusted
from ledger.statement.form.envelope import (
    PAYLOAD_TYPE,
    ROOT,
    Envelope,
    Signature,
    encode_envelope,
    pae,
    parse_envelope,
)
from ledger.statement.form.header import Signer
from ledger.statement.form.payload import Payload, read_known, read_payload
from ledger.statement.signing.keys import PublicKey, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ledger.statement.signing.signer import StatementSigner


class Opened(NamedTuple):
    """A statement whose every signature verified.

    envelope: as received, to be stored.
    payload_bytes: as signed; payload was read from them.
    """

    envelope: bytes
    payload: Payload
    payload_bytes: bytes

    @property
    def digest(self) -> bytes:
        """Return the SHA-256 of what was signed: the statement's identity, whatever its signatures look like."""
        return hashlib.sha256(pae(PAYLOAD_TYPE, self.payload_bytes)).digest()


def sign_statement(payload: bytes, signers: Sequence[StatementSigner]) -> bytes:
    """Return the envelope of a payload, signed by all its signers.

    payload: as build_payload wrote it.
    signers: one for each of the payload's signers, in its order.

    Raises Malformed: the payload is not of the form, or too large in its envelope (STM-01). NotTrusted: KEY-23 the
    signers are not those that the payload names.
    """
    named = [(signer.key, signer.alg) for signer in read_payload(payload).signers]
    if named != [(signer.thumbprint, signer.alg) for signer in signers]:
        raise NotTrusted("KEY-23", "the keys at hand are not those that the payload names, in its order")
    return sign_open(payload, signers)


def sign_open(payload: bytes, signers: Sequence[StatementSigner]) -> bytes:
    """Return the envelope of a payload, signed by some of its signers: open, until ``cosign`` adds the others.

    signers: at least one of those whom the payload names, each once.

    Raises Malformed: as sign_statement. NotTrusted: KEY-23 one of them is not whom the payload names.
    """
    return _signed(Envelope(payload, ()), signers)


def cosign(data: bytes, signer: StatementSigner) -> bytes:
    """Return an open envelope with one signature more, in its place; who signs when makes no difference.

    data: an envelope of whose signatures none is verified here, because that takes keys that nobody need have who
        signs: each signature stands for itself, over the same bytes.

    Raises Malformed: it is no envelope of a payload. NotTrusted: KEY-23 the payload does not name the key, or the key
    has signed already.
    """
    return _signed(parse_envelope(data), [signer])


def unsigned(payload: Payload, envelope: Envelope) -> tuple[Signer, ...]:
    """Return the signers of whom an envelope holds no signature yet, in the payload's order."""
    signed = {signature.keyid for signature in envelope.signatures}
    return tuple(signer for signer in payload.signers if signer.key not in signed)


def _signed(envelope: Envelope, signers: Sequence[StatementSigner]) -> bytes:
    payload = read_payload(envelope.payload)
    message = pae(PAYLOAD_TYPE, envelope.payload)
    signatures = {signature.keyid: signature for signature in envelope.signatures}
    for signer in signers:
        if (signer.thumbprint, signer.alg) not in [(one.key, one.alg) for one in payload.signers]:
            raise NotTrusted("KEY-23", f"{signer.thumbprint} is no key that the payload names")
        if signer.thumbprint in signatures:
            raise NotTrusted("KEY-23", f"{signer.thumbprint} has signed already")
        signatures[signer.thumbprint] = Signature(signer.thumbprint, signer.sign(message))
    if more := signatures.keys() - {one.key for one in payload.signers}:
        raise Malformed("STM-25", f"{ROOT}.signatures", f"{min(more)} is no key that the payload names")
    return encode_envelope(
        Envelope(envelope.payload, tuple(signatures[one.key] for one in payload.signers if one.key in signatures))
    )


def open_partly(data: bytes, find_key: Callable[[str], PublicKey | None]) -> tuple[Payload, Envelope]:
    """Return what an open envelope carries when every signature that it has verifies, all of them or some.

    find_key, and what is raised: as for open_envelope; STM-25 where one is no signer's, or out of their order.
    """
    envelope = parse_envelope(data)
    payload = read_payload(envelope.payload)
    held = {signature.keyid for signature in envelope.signatures}
    signers = [signer for signer in payload.signers if signer.key in held]
    _check_order(signers, envelope.signatures)
    _check_signatures(signers, envelope, find_key)
    return payload, envelope


def open_envelope(data: bytes, find_key: Callable[[str], PublicKey | None]) -> Opened:
    """Return what an envelope carries when every signature verifies.

    find_key: the admitted key of a thumbprint, or None. Enrolment brings its key in its own body: then the caller reads
    and admits that key first and answers with it.

    Raises Malformed: the envelope or the payload is not of the form, or STM-25 the signatures are not its signers'.
    NotTrusted: KEY-16 a key is unknown, KEY-17 its algorithm is another, KEY-10 to KEY-15 a signature does not count.
    """
    return _opened(data, find_key, read_payload)


def open_known(data: bytes, find_key: Callable[[str], PublicKey | None]) -> Opened:
    """Return what an envelope of the log carries, though it may have members that this program does not know.

    The payload names these in ``later``. find_key, and what is raised: as for open_envelope.
    """
    return _opened(data, find_key, read_known)


def _opened(data: bytes, find_key: Callable[[str], PublicKey | None], read: Callable[[bytes], Payload]) -> Opened:
    envelope = parse_envelope(data)
    payload = read(envelope.payload)
    _check_order(payload.signers, envelope.signatures)
    _check_signatures(payload.signers, envelope, find_key)
    return Opened(data, payload, envelope.payload)


def _check_signatures(
    signers: Sequence[Signer], envelope: Envelope, find_key: Callable[[str], PublicKey | None]
) -> None:
    message = pae(PAYLOAD_TYPE, envelope.payload)
    for signer, signature in zip(signers, envelope.signatures, strict=True):
        verify(_key_of(signer, find_key), message, signature.sig)


def _check_order(signers: Sequence[Signer], signatures: Sequence[Signature]) -> None:
    if len(signers) != len(signatures):
        keys = {signature.keyid for signature in signatures}
        lacking = [f"{one.person} of {one.party} ({one.meaning})" for one in signers if one.key not in keys]
        told = f"; not signed yet by {', '.join(lacking)}" if lacking else ""
        problem = f"number of signatures {len(signatures)}, of signers {len(signers)}{told}"
        raise Malformed("STM-25", f"{ROOT}.signatures", problem)
    for index, (signer, signature) in enumerate(zip(signers, signatures, strict=True)):
        if signer.key != signature.keyid:
            raise Malformed("STM-25", f"{ROOT}.signatures[{index}].keyid", "is not the key of the signer at this place")


def _key_of(signer: Signer, find_key: Callable[[str], PublicKey | None]) -> PublicKey:
    key = find_key(signer.key)
    if key is None or key.thumbprint != signer.key:
        raise NotTrusted("KEY-16", f"the key {signer.key} is not known")
    if key.alg is not signer.alg:
        raise NotTrusted("KEY-17", f"the key {signer.key} signs with {key.alg}, not {signer.alg}")
    return key
