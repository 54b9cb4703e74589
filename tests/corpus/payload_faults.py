"""Faults inside the payload, signed as they stand: JSON, text, members."""

from __future__ import annotations

from ledger.statement.form.disclosure import digest_of
from tests.corpus.sample import STATEMENT
from tests.corpus.sealing import (
    ACKNOWLEDGED,
    BODY,
    MANY_IDS,
    ROOT,
    Fault,
    good_payload,
    next_letter,
    pair,
    sealed,
    swap,
)


def payload_faults() -> list[Fault]:
    """Return the faults of payloads; the envelope is of the form and its signatures verify."""
    return [*_json_faults(), *_text_faults(), *_header_faults()]


def _bent(name: str, rule: str, member: str, old: str | bytes, new: str | bytes) -> Fault:
    """Return a fault inside the payload, signed as it stands."""
    old, new = (text if isinstance(text, bytes) else text.encode() for text in (old, new))
    return Fault(name, rule, member, sealed(swap(good_payload(), old, new)))


def _json_faults() -> list[Fault]:
    good, count = good_payload(), '"count":3'
    return [
        Fault("byte-order-mark", "STM-02", "$", sealed(b"\xef\xbb\xbf" + good)),
        _bent("latin-1", "STM-02", "$", b"scanner", b"scanner\xe9"),
        _bent("overlong-utf-8", "STM-02", "$", b"scanner", b"scanner\xc0\xaf"),
        _bent("surrogate-in-utf-8", "STM-02", "$", b"scanner", b"scanner\xed\xa0\x80"),
        Fault("empty-payload", "STM-03", "$", sealed(b"")),
        Fault("cut-short", "STM-03", "$", sealed(good[:-1])),
        _bent("comma-at-the-end", "STM-03", "$", count, f"{count},"),
        _bent("leading-zero", "STM-03", "$", count, '"count":03'),
        _bent("raw-control-character", "STM-03", "$", "scanner-4", "scanner\t4"),
        Fault("white-space-before", "STM-04", "$", sealed(b" " + good)),
        Fault("white-space-after", "STM-04", "$", sealed(good + b"\n")),
        Fault("two-values", "STM-04", "$", sealed(good + good)),
        Fault("bytes-after", "STM-04", "$", sealed(good + b"\0")),
        _bent("nested-33-deep", "STM-05", "$", count, '"count":' + "[" * 31 + "]" * 31),
        _bent("nested-beyond-the-parser", "STM-05", "$", count, '"count":' + "[" * 5_000 + "]" * 5_000),
        _bent("name-twice", "STM-06", "$.kind", '"kind":', '"kind":"item.used/1","kind":'),
        _bent("name-twice-in-body", "STM-06", "$.body.count", count, f"{count},{count}"),
        _bent("name-twice-by-escape", "STM-06", "$.body.count", count, f'{count},"c\\u006funt":3'),
        _bent("nan", "STM-07", "$.body.count", count, '"count":NaN'),
        _bent("infinity", "STM-07", "$.body.count", count, '"count":Infinity'),
        _bent("minus-infinity", "STM-07", "$.body.count", count, '"count":-Infinity'),
        _bent("float", "STM-08", "$.body.count", count, '"count":3.0'),
        _bent("exponent", "STM-08", "$.body.count", count, '"count":3e0'),
        _bent("exponent-beyond-floats", "STM-08", "$.body.count", count, '"count":1E999'),
        _bent("big-integer", "STM-09", "$.body.count", count, '"count":9007199254740992'),
        _bent("big-negative-integer", "STM-09", "$.body.count", count, '"count":-9007199254740992'),
        _bent("integer-of-5000-digits", "STM-09", "$.body.count", count, '"count":' + "9" * 5_000),
        _bent("minus-zero", "STM-10", "$.body.count", count, '"count":-0'),
    ]


def _text_faults() -> list[Fault]:
    texts = [
        ("decomposed-text", "STM-11", "Mo\u0308bius"),
        ("compatibility-form-that-composes", "STM-11", "\u212b"),
        ("lone-high-surrogate", "STM-12", "\\ud83d"),
        ("lone-low-surrogate", "STM-12", "\\ude00"),
        ("surrogates-the-wrong-way-round", "STM-12", "\\ude00\\ud83d"),
        ("escaped-null", "STM-13", "\\u0000"),
        ("escaped-line-feed", "STM-13", "\\n"),
        ("delete", "STM-13", "\u007f"),
        ("c1-control", "STM-13", "\u0085"),
        ("line-separator", "STM-13", "\u2028"),
        ("bidi-override", "STM-14", "\u202e"),
        ("bidi-override-escaped", "STM-14", "\\u202e"),
        ("bidi-isolate", "STM-14", "\u2066"),
        ("bidi-mark", "STM-14", "\u200f"),
        ("zero-width-space", "STM-14", "\u200b"),
        ("zero-width-joiner", "STM-14", "\u200d"),
        ("zero-width-no-break-space", "STM-14", "\ufeff"),
        ("soft-hyphen", "STM-14", "\u00ad"),
        ("hangul-filler", "STM-14", "\u3164"),
        ("variation-selector", "STM-14", "\ufe0f"),
        ("tag-character", "STM-14", "\U000e0041"),
        ("noncharacter", "STM-15", "\ufffe"),
        ("noncharacter-in-a-plane", "STM-15", "\U0001ffff"),
        ("unassigned", "STM-15", "\u0378"),
    ]
    return [
        *(_bent(name, rule, "$.body.agent", "流感病毒", f"流感{text}病毒") for name, rule, text in texts),
        _bent("decomposed-name", "STM-11", '$.body["cou\\u0308nt"]', '"count"', '"cou\u0308nt"'),
        _bent("bidi-in-a-name", "STM-14", '$.body["\\u202ecount"]', '"count"', '"\u202ecount"'),
        _bent("lone-surrogate-in-a-name", "STM-12", '$.body["\\ud83d"]', '"count"', '"\\ud83d"'),
    ]


def _header_faults() -> list[Fault]:
    one, two = (signer.thumbprint for signer in pair())
    member_faults = [
        ("version-missing", "STM-16", "$.v", '"v":1,', ""),
        ("unknown-member", "STM-17", "$.note", '"v":1,', '"v":1,"note":"hello",'),
        ("unknown-member-of-a-signer", "STM-17", "$.signers[0].name", '"person":"t-00"', '"name":"t-00"'),
        ("null-for-not-there", "STM-18", "$.reason", '"late-entry"', "null"),
        ("body-is-null", "STM-18", "$.body", BODY, "null"),
        ("null-in-the-body", "STM-19", "$.body.count", '"count":3', '"count":null'),
        ("null-in-an-array", "STM-19", "$.body.count[1].of", '"count":3', '"count":["null",{"of":null}]'),
        ("body-is-an-array", "STM-18", "$.body", BODY, "[]"),
        ("number-in-quotes", "STM-18", "$.capture.seq", '"seq":17', '"seq":"17"'),
        ("true-for-a-number", "STM-18", "$.capture.seq", '"seq":17', '"seq":true'),
        ("nothing-acknowledged", "STM-18", "$.acknowledges", ACKNOWLEDGED, ""),
        ("version-2", "STM-30", "$.v", '"v":1', '"v":2'),
        ("version-true", "STM-30", "$.v", '"v":1', '"v":true'),
        ("log-with-a-space", "STM-31", "$.log", "ledger.example/log1", "ledger example"),
        ("id-of-version-4", "STM-32", "$.id", STATEMENT, STATEMENT.replace("-7", "-4")),
        ("id-in-upper-case", "STM-32", "$.id", STATEMENT, STATEMENT.upper()),
        (
            "corrects-an-item",
            "STM-32",
            "$.corrects",
            '"corrects":"019dc2a0-0000-7000-8000-000000000000"',
            '"corrects":"item:A"',
        ),
        ("kind-without-version", "STM-33", "$.kind", "item.received/1", "item.received"),
        ("kind-of-version-0", "STM-33", "$.kind", "item.received/1", "item.received/0"),
        ("time-with-an-offset", "STM-34", "$.occurred_at", "08:30:00.000000Z", "08:30:00+08:00"),
        ("day-that-never-was", "STM-34", "$.occurred_at", "2026-11-21T", "2026-02-30T"),
        ("capture-mode-unknown", "STM-42", "$.capture.mode", '"offline"', '"telepathy"'),
        ("device-with-a-space", "STM-43", "$.capture.device", "scanner-4", "scanner 4"),
        ("sequence-without-device", "STM-43", "$.capture.seq", '"device":"scanner-4",', ""),
        ("negative-sequence", "STM-44", "$.capture.seq", '"seq":17', '"seq":-1'),
        ("source-in-upper-case", "STM-50", "$.capture.source", "5a" * 32, "5A" * 32),
        ("source-cut", "STM-50", "$.capture.source", "5a" * 32, "5a" * 31),
        ("negative-size", "STM-44", "$.seen.size", '"size":1234', '"size":-1234'),
        ("seen-root-cut", "STM-45", "$.seen.root", ROOT, ROOT[:40]),
        ("seen-root-url-safe", "STM-45", "$.seen.root", ROOT, "_" * 43 + "="),
        ("acknowledged-rule-in-words", "STM-46", "$.acknowledges[0].rule", "CUS-07", "custody"),
        ("acknowledged-twice", "STM-46", "$.acknowledges[1].rule", ACKNOWLEDGED, f"{ACKNOWLEDGED},{ACKNOWLEDGED}"),
        ("reason-in-words", "STM-39", "$.reason", "late-entry", "it was late"),
        ("ids-without-end", "STM-49", "$", '"count":3', f'"count":[{MANY_IDS}]'),
    ]
    signer_faults = [
        ("signer-key-cut", "STM-35", "$.signers[0].key", one, one[:16]),
        ("algorithm-unknown", "STM-36", "$.signers[1].alg", f'"{two}","alg":"ed25519"', f'"{two}","alg":"none"'),
        (
            "party-is-an-item",
            "STM-37",
            "$.signers[0].party",
            '"party:LAB1","person":"t-00"',
            '"item:A","person":"t-00"',
        ),
        ("person-by-name", "STM-38", "$.signers[0].person", '"t-00"', '"Li Wei"'),
        ("role-in-upper-case", "STM-39", "$.signers[0].role", '"t-00","role":"t', '"t-00","role":"T'),
        ("meaning-unknown", "STM-40", "$.signers[1].meaning", '"witnessed"', '"saw"'),
        ("one-key-twice", "STM-41", "$.signers[1].key", two, one),
    ]
    return [
        Fault("payload-is-an-array", "STM-18", "$", sealed(b"[]")),
        *(_bent(*fault) for fault in (*member_faults, *signer_faults, *_digest_faults())),
    ]


def _digest_faults() -> list[tuple[str, str, str, str, str]]:
    first, second = sorted((digest_of("one"), digest_of("two")))
    return [
        ("digests-not-sorted", "STM-47", "$._sd[1]", f'"{first}","{second}"', f'"{second}","{first}"'),
        ("digest-twice", "STM-47", "$._sd[1]", second, first),
        ("digest-cut", "STM-47", "$._sd[0]", first, first[:-1]),
        ("digest-with-bits-left-over", "STM-47", "$._sd[1]", second, f"{second[:-1]}{next_letter(second[-1])}"),
        ("digests-without-algorithm", "STM-48", "$._sd_alg", ',"_sd_alg":"sha-256"', ""),
        ("digests-of-another-algorithm", "STM-48", "$._sd_alg", '"_sd_alg":"sha-256"', '"_sd_alg":"sha-512"'),
        ("algorithm-without-digests", "STM-48", "$._sd_alg", f'"_sd":["{first}","{second}"],', ""),
        ("no-digests", "STM-18", "$._sd", f'"{first}","{second}"', ""),
    ]
