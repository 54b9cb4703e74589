"""The rules of a statement's form, its keys and its signatures, one sentence each.

A literal table and nothing else: the rules are applied where they are named, and ``docs/rules.md`` repeats them.
``STM`` is the form of the bytes, ``KEY`` is who may be believed to have signed them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES: Final[Mapping[str, str]] = {
    # Strict JSON.
    "STM-01": "A signed text has at most 60,000 bytes.",
    "STM-02": "It is UTF-8 without a byte order mark.",
    "STM-03": "It follows the grammar of JSON (RFC 8259).",
    "STM-04": "It is exactly one value: nothing stands before or after it, not even white space.",
    "STM-05": "Arrays and objects nest at most 32 deep.",
    "STM-06": "No object names a member twice.",
    "STM-07": "NaN and the infinities are not values.",
    "STM-08": "Numbers are whole: no point, no exponent; amounts are decimal strings.",
    "STM-09": "Whole numbers lie within ±(2^53-1).",
    "STM-10": "Minus zero is not written.",
    "STM-11": "Text is in Unicode's normalisation form C.",
    "STM-12": "Text has no lone surrogate, escaped or not.",
    "STM-13": "Text has no control character and no line or paragraph separator.",
    "STM-14": "Text has no invisible character: no bidirectional control, no zero-width or filler character.",
    "STM-15": "Text has only characters of the format's own table, which Unicode 17.0 has assigned.",
    # Members, wherever an object of a fixed shape stands.
    "STM-16": "Every required member is there.",
    "STM-17": "No member is there that the shape does not name.",
    "STM-18": "Every member has the type of value that its shape names, within the number of items it allows.",
    "STM-19": "A body holds no null: a member that says nothing is left out.",
    # The envelope.
    "STM-20": "An envelope's payload type is application/vnd.vialog.statement+json.",
    "STM-21": "Bytes in an envelope are canonical base64 in the standard alphabet, padded.",
    "STM-22": "An envelope carries 1 to 8 signatures.",
    "STM-23": "A signature's key id is the whole thumbprint of its key: 64 lower-case hex digits.",
    "STM-24": "An envelope is written in its one fixed form: member order, escapes and white space too.",
    "STM-25": "There is one signature for each signer of the payload, in the payload's order, and none more.",
    # The payload's header.
    "STM-30": "The payload's version is 1.",
    "STM-31": "The log is named by its origin: 1 to 128 ASCII letters, digits and . _ ~ : / - without a space.",
    "STM-32": "A statement's id is a UUID of version 7 in lower case.",
    "STM-33": "A kind is written subject.verb-in-past/version in lower-case words.",
    "STM-34": "A time is RFC 3339 in UTC, ends in Z, and is a real instant.",
    "STM-35": "A signer's key is the thumbprint of its SubjectPublicKeyInfo: 64 lower-case hex digits.",
    "STM-36": "A signer's algorithm is ed25519 or es256.",
    "STM-37": "A signer's party is a party's id.",
    "STM-38": "A person is a pseudonymous code of at most 32 lower-case letters, digits and hyphens, never a name.",
    "STM-39": "Roles and reasons are codes: at most 64 lower-case letters and hyphens.",
    "STM-40": "A meaning is one of performed, witnessed, approved, received, handed-over, confirmed, enrolled.",
    "STM-41": "No key signs a statement twice.",
    "STM-42": "A capture's mode is one of bench, import, api, device, offline.",
    "STM-43": "A device is named by at most 64 letters, digits and inner hyphens; a sequence number needs its device.",
    "STM-44": "Sizes and sequence numbers are not negative.",
    "STM-45": "A tree's root is 32 bytes, in canonical base64 in the standard alphabet.",
    "STM-46": "An acknowledged rule is written like CUS-07, and none is acknowledged twice.",
    "STM-47": "_sd lists digests in canonical base64url of SHA-256, sorted, each once.",
    "STM-48": "_sd_alg is sha-256; it stands with _sd and never without.",
    "STM-49": "A payload names at most 1,000 different ids.",
    "STM-50": "A capture's source is the SHA-256 of a file: 64 lower-case hex digits.",
    # Disclosures.
    "STM-60": "A disclosure is canonical base64url without padding.",
    "STM-61": "A disclosure is an array of salt, name and value; the name is not empty, not _sd and not three dots.",
    "STM-62": "A disclosure's salt has at least 128 bits: 22 to 128 characters of base64url.",
    "STM-63": "A disclosure's digest stands in the payload's _sd.",
    "STM-64": "No disclosure is handed in twice, and no name is disclosed twice.",
    "STM-65": "What a body commits to by disclose: and a name is disclosed under that name.",
    # Key admission.
    "KEY-01": "A key's algorithm is ed25519 or es256.",
    "KEY-02": "A public key is the exact DER SubjectPublicKeyInfo of its algorithm, its point not compressed.",
    "KEY-03": "An Ed25519 key is the canonical encoding of a point on the curve.",
    "KEY-04": "An Ed25519 key is not of small order.",
    "KEY-05": "An Ed25519 key has prime order.",
    "KEY-06": "An ES256 key is a point on the curve P-256.",
    # Signatures.
    "KEY-10": "A signature is 64 bytes.",
    "KEY-11": "The S of an Ed25519 signature is less than the group's order.",
    "KEY-12": "The R of an Ed25519 signature is encoded canonically and not of small order.",
    "KEY-13": "The r and s of an ES256 signature lie between 1 and the group's order.",
    "KEY-14": "The s of an ES256 signature is the lower of its two values.",
    "KEY-15": "A signature verifies with its key over the signed bytes.",
    "KEY-16": "Every signer's key is known to the one who verifies.",
    "KEY-17": "A signer's algorithm is the one its key's record fixes.",
    "KEY-18": "A log is opened by one signer at position 1; a key is enrolled by two, the second being the key itself.",
    # Private keys.
    "KEY-20": "A file that holds a secret is a regular file of this user or of root, and nobody else can reach it.",
    "KEY-21": "A key file holds one private key as PKCS#8 PEM, for an algorithm of KEY-01, encrypted under scrypt.",
    "KEY-22": "A key file opens with its passphrase.",
    "KEY-23": "A statement is signed by exactly the keys its payload names, in the payload's order.",
    "KEY-24": "A new passphrase has 12 to 255 characters, blanks at its ends not counted, and all of them print.",
}
