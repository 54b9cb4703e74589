"""Faults of the envelope, of signatures and of keys, around a payload that is good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from ledger import edwards
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae
from ledger.statement.signing.keys import P256_ORDER, Algorithm
from tests.corpus.sample import sample_payload, seeded
from tests.corpus.sealing import Fault, enveloped, good_payload, next_letter, pair, sealed, swap

if TYPE_CHECKING:
    from ledger.statement.signing.signer import StatementSigner


def envelope_faults() -> list[Fault]:
    """Return the faults of the envelope's form."""
    good, (one, two) = sealed(good_payload()), (signer.thumbprint for signer in pair())
    text = good.decode()
    payload, last = text.split('"')[3], text.split('"')[-2]
    signatures = text[text.index("[") + 1 : text.index("]")]
    payload_type = f'"payloadType":"{PAYLOAD_TYPE}"'
    bent = [
        ("envelope-payload-missing", "STM-16", "envelope.payload", f'"payload":"{payload}",', ""),
        ("envelope-unknown-member", "STM-17", "envelope.note", payload_type, f'{payload_type},"note":"hello"'),
        (
            "signature-unknown-member",
            "STM-17",
            "envelope.signatures[0].alg",
            f'"keyid":"{one}"',
            f'"keyid":"{one}","alg":"none"',
        ),
        ("envelope-name-twice", "STM-06", "envelope.payloadType", payload_type, f"{payload_type},{payload_type}"),
        ("payload-is-an-object", "STM-18", "envelope.payload", f'"{payload}"', "{}"),
        ("payload-type-of-another", "STM-20", "envelope.payloadType", PAYLOAD_TYPE, "application/vnd.in-toto+json"),
        ("payload-type-in-upper-case", "STM-20", "envelope.payloadType", PAYLOAD_TYPE, PAYLOAD_TYPE.upper()),
        ("base64-url-safe", "STM-21", "envelope.payload", payload, payload.replace("+", "-").replace("/", "_")),
        ("base64-without-padding", "STM-21", "envelope.signatures[1].sig", last, last.rstrip("=")),
        (
            "base64-with-bits-left-over",
            "STM-21",
            "envelope.signatures[1].sig",
            last,
            f"{last[:-3]}{next_letter(last[-3])}==",
        ),
        ("base64-with-a-line-break", "STM-21", "envelope.signatures[1].sig", last, f"{last[:40]} {last[40:]}"),
        ("no-signatures", "STM-22", "envelope.signatures", signatures, ""),
        ("nine-signatures", "STM-22", "envelope.signatures", signatures, ",".join([signatures.split(",{")[0]] * 9)),
        ("keyid-cut", "STM-23", "envelope.signatures[0].keyid", one, one[:8]),
        ("keyid-in-upper-case", "STM-23", "envelope.signatures[0].keyid", one, one.upper()),
        ("white-space-inside", "STM-24", "envelope", f"{payload_type},", f"{payload_type}, "),
        ("member-escaped", "STM-24", "envelope", '"payloadType"', '"payload\\u0054ype"'),
        ("slashes-escaped", "STM-24", "envelope", PAYLOAD_TYPE, PAYLOAD_TYPE.replace("/", "\\/")),
        (
            "member-order-changed",
            "STM-24",
            "envelope",
            f'"payload":"{payload}",{payload_type}',
            f'{payload_type},"payload":"{payload}"',
        ),
        ("keyid-after-sig", "STM-24", "envelope", f'"keyid":"{two}","sig":"{last}"', f'"sig":"{last}","keyid":"{two}"'),
    ]
    return [
        Fault("envelope-is-an-array", "STM-18", "envelope", b"[" + good + b"]"),
        Fault("envelope-byte-order-mark", "STM-02", "envelope", b"\xef\xbb\xbf" + good),
        Fault("envelope-and-a-line-feed", "STM-04", "envelope", good + b"\n"),
        Fault("envelope-and-another", "STM-04", "envelope", good + good),
        Fault("envelope-oversized", "STM-01", "envelope", sealed(good_payload() + b" " * 45_000)),
        Fault("envelope-nested", "STM-05", "envelope", b"[" * 33 + b"]" * 33),
        *(Fault(name, rule, member, swap(good, old.encode(), new.encode())) for name, rule, member, old, new in bent),
    ]


def signature_faults() -> list[Fault]:
    """Return the faults of signatures, signers and keys; the envelope and the payload are of the form."""
    payload, (one, two) = good_payload(), pair()
    first, second = ((one.thumbprint, _sign(one, payload)), (two.thumbprint, _sign(two, payload)))
    r, s = second[1][:32], second[1][32:]
    above = (int.from_bytes(s, "little") + edwards.ORDER).to_bytes(32, "little")
    other = swap(payload, b'"count":3', b'"count":4')
    stranger = seeded(9)
    asked = swap(payload, f'"{two.thumbprint}","alg":"ed25519"'.encode(), f'"{two.thumbprint}","alg":"es256"'.encode())

    def instead(name: str, rule: str, sig: bytes) -> Fault:
        return Fault(name, rule, None, enveloped(payload, [first, (two.thumbprint, sig)]))

    return [
        Fault("signature-missing", "STM-25", "envelope.signatures", enveloped(payload, [first])),
        Fault("signature-too-many", "STM-25", "envelope.signatures", enveloped(payload, [first, second, second])),
        Fault(
            "signatures-in-another-order", "STM-25", "envelope.signatures[0].keyid", enveloped(payload, [second, first])
        ),
        Fault(
            "keyid-of-another",
            "STM-25",
            "envelope.signatures[1].keyid",
            enveloped(payload, [first, (one.thumbprint, second[1])]),
        ),
        instead("signature-cut", "KEY-10", second[1][:63]),
        instead("signature-empty", "KEY-10", b""),
        instead("s-plus-the-order", "KEY-11", r + above),
        instead("r-of-small-order", "KEY-12", (1).to_bytes(32, "little") + s),
        instead("r-not-canonical", "KEY-12", edwards.PRIME.to_bytes(32, "little") + s),
        instead("signature-of-another", "KEY-15", first[1]),
        Fault("signature-of-another-payload-type", "KEY-15", None, sealed(payload, payload_type="application/json")),
        Fault("payload-changed", "KEY-15", None, enveloped(other, [first, second])),
        Fault("key-unknown", "KEY-16", None, _alone(stranger, b"")),
        Fault("algorithm-swapped", "KEY-17", None, sealed(asked)),
        *_es256_faults(),
    ]


def _es256_faults() -> list[Fault]:
    signer = seeded(3, Algorithm.ES256)
    private = ec.derive_private_key(int.from_bytes(bytes([3]) * 32, "big") + 1, ec.SECP256R1())
    message = pae(PAYLOAD_TYPE, sample_payload([signer]))
    der = private.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    r, s = utils.decode_dss_signature(der)
    high = max(s, P256_ORDER - s)
    return [
        Fault("es256-high-s", "KEY-14", None, _alone(signer, _raw(r, high))),
        Fault("es256-r-is-zero", "KEY-13", None, _alone(signer, _raw(0, P256_ORDER - high))),
        Fault("es256-s-is-the-order", "KEY-13", None, _alone(signer, _raw(r, P256_ORDER))),
        Fault("es256-der", "KEY-10", None, _alone(signer, der)),
        Fault("es256-of-another", "KEY-15", None, _alone(signer, _raw(r, 1))),
    ]


def _sign(signer: StatementSigner, payload: bytes) -> bytes:
    return signer.sign(pae(PAYLOAD_TYPE, payload))


def _alone(signer: StatementSigner, signature: bytes) -> bytes:
    return enveloped(sample_payload([signer]), [(signer.thumbprint, signature)])


def _raw(r: int, s: int) -> bytes:
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")
