"""Odd inputs on which two verifiers could differ: jumbled JSON, unfit keys, bent policies and trust files."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import edwards
from ledger.statement.signing.keys import P256_ORDER
from ledger.tlog.cosignature import Ed25519Cosigner, ed25519_message
from ledger.tlog.note import Ed25519Signer
from ledger.tlog.vkey import format_vkey
from tests.corpus.bent_keys import OF_ORDER_8, encode_point, signed_with
from tests.corpus.bundle_log import log_signer, witness
from tests.corpus.bundle_story import SCIENTIST, TECHNICIAN
from tests.journeys.odd_breaches import odd_breaches

if TYPE_CHECKING:
    from ledger.tlog.vkey import VerifierKey

ATOMS: Final = (
    *("0", "1", "-1", "-0", "01", "1.0", "1e3", "1E-2", "1.", "-", "+1", "9007199254740991", "9007199254740992"),
    *("-9007199254740991", "-9007199254740992", "12345678901234567890", "null", "true", "false", "nul", "NaN"),
    *("Infinity", "-Infinity", '"a"', '"item:A"', '""', '"\\n"', '"\\u000a"', '"\n"', '"\t"', '"\x7f"', '"\\u0000"'),
    *(
        '"\\ud83d\\ude00"',
        '"\\ud83d"',
        '"\\ude00\\ud83d"',
        '"😀"',
        '"e\u0301"',
        '"é"',
        '"\u0301"',
        '"\u202e"',
        '"\u200d"',
    ),
    *(
        '"\u2028"',
        '"\u2029"',
        '"\ufeff"',
        '"\ue000"',
        '"\U000e0100"',
        '"\U0003fffd"',
        '"\u115f"',
        '"\uac00"',
        '"\u1112"',
    ),
    *('"\\/"', '"\\x"', '"\\u12"', '"\\"', "'a'", "//", "\ufeff", "\u00a0", '"\u0085"', '"\u00ad"', '"\u0378"'),
)
"""What two readers of JSON could read differently."""


def jumble(choose: random.Random) -> bytes:
    """Return a text that is JSON more often than not."""

    def value(depth: int) -> str:
        form = choose.random() if depth else 1.0
        inner = [value(depth - 1) for _ in range(choose.randrange(4))] if form < 0.6 else []
        gap = choose.choice(["", "", "", " ", "\n", "\t", "\r", "\x0b"])
        if form < 0.3:
            return f"[{gap}{f',{gap}'.join(inner)}]"
        if form < 0.6:
            names = [
                choose.choice(['"a"', '"b"', '"c d"', '"é"', '"__proto__"', '"1"', '"\u202e"', "a"]) for _ in inner
            ]
            return f"{{{gap}{','.join(f'{name}{gap}:{one}' for name, one in zip(names, inner, strict=True))}}}"
        return choose.choice(ATOMS if choose.random() < 0.4 else (*ATOMS[:2], '"a"', "null", '"é"'))

    text = value(choose.randrange(5)) if choose.random() < 0.98 else "[" * choose.randrange(30, 36)
    if text.startswith("[[[[[["):
        text += "]" * (len(text) - choose.randrange(2))
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data and choose.random() < 0.1:
        del data[choose.randrange(len(data))]
    if choose.random() < 0.05:
        data += choose.choice([b" ", b"\n", b"x", b"[]", b"\xff"])
    return bytes(data)


def odd_keys() -> list[bytes]:
    """Return SubjectPublicKeyInfos, most of them not to be admitted."""
    choose = random.Random(9)
    ed25519 = bytes.fromhex("302a300506032b6570032100")
    p256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
    order_8 = bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")
    eight = int.from_bytes(order_8, "little")
    ys = [*range(5), *(edwards.PRIME + by for by in (-1, 0, 1)), 2**255 - 1, eight, edwards.PRIME - eight]
    points = [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]
    points += [choose.randbytes(32) for _ in range(12)] + [witness("w1").key.public, log_signer().key.public]
    generator = bytes.fromhex(
        "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
    )
    return [
        *(ed25519 + point for point in points),
        *(
            p256 + one
            for one in (generator, generator[::-1], bytes(64), b"\xff" * 64, generator[:-1], generator + b"\0")
        ),
        *(b"", ed25519, ed25519 + bytes(31), bytes.fromhex("302a300506032b6571032100") + points[0]),
    ]


def odd_policies() -> list[bytes]:
    """Return policies, most of them none."""
    log, one, two = (format_vkey(signer.key) for signer in (log_signer(), witness("w1"), witness("w2")))
    log_line, one_line, two_line = f"log {log}", f"witness w1 {one}", f"witness w2 {two}"

    def nested(groups: int) -> str:
        lines = [f"group g{at + 1} any {f'g{at}' if at else 'w1'}" for at in range(groups)]
        return "\n".join([log_line, one_line, *lines, f"quorum g{groups}"])

    small = format_vkey(witness("w1").key).rpartition("+")[0]
    texts = [
        f"{log_line}\nquorum none",
        f"{log_line} https://example\n{one_line}\n{two_line} url\ngroup g any w1 w2\nquorum g\n# end",
        f"\t{log_line}\n\n  {one_line}\nquorum\tw1",
        f"{log_line}",
        f"{log_line}\nquorum none\nquorum none",
        f"{log_line}\nquorum w1",
        f"{log_line}\n{one_line}\n{one_line}\nquorum w1",
        f"{log_line}\n{one_line}\nwitness w2 {one}\nquorum w1",
        f"{log_line}\nwitness none {one}\nquorum none",
        f"{log_line}\nwitness w1 {log}\nquorum w1",
        f"log {one}\nquorum none",
        f"{one_line}\n{two_line}\ngroup g 3 w1 w2\nquorum g",
        f"{one_line}\n{two_line}\ngroup g 0 w1 w2\nquorum g",
        f"{one_line}\n{two_line}\ngroup g 02 w1 w2\nquorum g",
        f"{one_line}\n{two_line}\ngroup g all w1 w1\nquorum g",
        f"{one_line}\ngroup g all g\nquorum g",
        f"{one_line}\ngroup g all w1\ngroup h all w1\nquorum h",
        f"{one_line}\ngroup g all\nquorum none",
        f"log {log} url more\nquorum none",
        f"log {log[:-2]}AA\nquorum none",
        f"log {log.replace('+', '-')}\nquorum none",
        f"log {log}=\nquorum none",
        f"witness w1 {small}+BAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nquorum none",
        f"{log_line}\nmirror m1 {one}\nquorum m1",
        f"{log_line}\nmirror m1 {one} url\nmirror m2 {two}\ngroup g any m1 m2\nreplayed g\nquorum none",
        f"{log_line}\nmirror m1 {one}\nreplayed m1\nreplayed m1\nquorum none",
        f"{log_line}\nmirror m1 {one}\nwitness w2 {two}\ngroup g any m1 w2\nreplayed g\nquorum none",
        f"{log_line}\nwitness w1 {one}\nreplayed w1\nquorum none",
        f"{log_line}\nreplayed m1\nquorum none",
        f"{log_line}\nmirror m1 {log}\nquorum none",
        f"{log_line}\nmirror m1 {one}\nwitness m1 {two}\nquorum none",
        f"{log_line}\r\nquorum none",
        f"{log_line}\nquorum none\x00",
        f"{log_line}\nquorum none\u00a0",
        f"{log_line}\nquorum none # as usual",
        "quorum none",
        "",
        "\ufeffquorum none",
        "\ufeff\ufeffquorum none",
        f"{log_line}\r\nquorum none\r\n",
        f"{log_line}\r\nquorum none\r",
        f"{log_line}\rquorum none",
        f"# a\rb\n{log_line}\nquorum none",
        f"# \x00\n{log_line}\nquorum none",
        f"{log_line}\nquorum\u3000none",
        f"{log_line}\nquorum \ufeffnone",
        nested(1),
        nested(32),
        nested(33),
        nested(400),
    ]
    utf_16 = [texts[0].encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be")]
    other = [b"# \xff\nquorum none", b"\xff\nquorum none", b"quorum none \xff", b" \t# \xd6\xd0\nquorum none"]
    return [*(text.encode() for text in texts), *utf_16, *other, b"\xef\xbb", b"\xff\xfe", b"#" * 1_000_001]


def odd_trusts() -> list[bytes]:
    """Return trust files, most of them none."""
    one, two = "0" * 64, "f" * 64
    texts = [
        f"root {one}\n\n# end",
        f"\troot  {one}\nkey party:A {two}\t",
        f"root {one}\nroot {one}",
        f"root {one}\nkey party:A {one}",
        f"root {one.upper()}X",
        f"root {two.upper()}",
        f"root {one} {two}",
        f"key item:A {one}",
        f"key party:-A {one}",
        f"key {one}",
        f"root {one}\r",
        "root",
        f"\ufeffroot {one}",
        f"root\u00a0{one}",
        f"root {one}\r\n# end\r\n",
        f"# {one}\rroot {one}",
        f"\x0croot {one}",
        f"root\u2003{one}",
        f"root {one} # mine",
        "",
    ]
    utf_16 = [texts[0].encode(encoding) for encoding in ("utf-16", "utf-16-le", "utf-16-be")]
    return [*(text.encode() for text in texts), *utf_16, b"# \xff\n", b"\xff", b"root \xff", b"#" * 1_000_001]


NO_NOTE = b"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
EDITION = b"cn-281/2026-08-01 " + b"ab" * 32


def odd_entries() -> list[bytes]:
    """Return entries, most of them in another form than the one."""
    good = (
        b"vialog-entry/3\nposition 7\nrecorded 2026-09-01T04:00:00.000000Z\nrules " + EDITION + b"\n"
        b"tags item:A party:B\nstatus party:B\nbreaches []\n\n{}"
    )
    swaps = [
        *(
            (b"entry/3", b"entry/2"),
            (b"entry/3", b"entry/4"),
            (b"entry/3", b"entry/03"),
            (b"position 7", b"position 07"),
            (b"position 7", b"position +7"),
            (b" 7", b" 7_0"),
        ),
        *((b"position 7", b"position"), (b"position 7", b"position  7"), (b" 7", b" 0"), (b" 7", b" 999999999999999")),
        *(
            (b".000000Z", b"Z"),
            (b".000000Z", b".000Z"),
            (b"2026-", b"0999-"),
            (b"2026-", b"1000-"),
            (b"09-01", b"02-30"),
        ),
        *(
            (b"T04", b" 04"),
            (b"rules " + EDITION, b"rules none"),
            (b" " + b"ab" * 32, b""),
            (b" abab", b" ABAB"),
            (b"abab", b" abab"),
            (b"/2026-08-01", b"/"),
            (b"cn-281", b"CN-281"),
        ),
        *((b" item:A party:B", b""), (b" item:A party:B", b" "), (b"item:A party:B", b"party:B item:A")),
        *(
            (b"item:A party:B", b"item:A item:A"),
            (b"A party", b"A  party"),
            (b"A party", b"A\tparty"),
            (b"B\n", b"B \n"),
        ),
        *((b"status party:B", b"status"), (b"status party:B", b"status item:A party:B"), (b"\nstatus party:B", b"")),
        *((b"status p", b"status item:C p"), (b"status p", b"status party:B p"), (b"status p", b"status  p")),
        *(
            (b"item:A", b"anything"),
            (b"item:A", b"it\xc3\xa9m"),
            (b"\n\n", b"\n"),
            (b"\n\n", b"\n\n\n"),
            (b"\n\n", b"\r\n\r\n"),
        ),
        *(
            (b"tags", b"tag"),
            (b"\ntags", b"\nmore x\ntags"),
            (b"B\n\n", b"B\nmore x\n\n"),
            (b"B\n\n", b"B\nMore x\n\n"),
            (b"{}", b""),
            (b"{}", b"{" * 60_000),
            (b"{}", b"\n\n\xff"),
        ),
    ]
    told = [good.replace(b"[]", told, 1) for told in odd_breaches()]
    return [good, b"", *told, *(good.replace(old, new, 1) for old, new in swaps)]


def odd_states() -> list[bytes]:
    """Return state entries, most of them none."""
    good = (
        b"vialog-entry/3\nposition 7\nrecorded 2026-09-01T04:00:00.000000Z\nrules none\ntags\nstatus\nbreaches []\n\n%s"
    )
    root = b"A" * 43 + b"="
    named = b',"published":5,"note":"' + root + b'"}'
    line = b'{"index_root":"' + root + b'","size":6,"names":3' + named
    swaps = [
        *(
            (b":6", b":7"),
            (b":6", b":06"),
            (b":6", b": 6"),
            (b":6", b":6.0"),
            (b":6", b":-6"),
            (b":3", b":9223372036854775807"),
        ),
        *((b":3", b":9223372036854775808"), (b"A=", b"B="), (b"A=", b"AA"), (b"}", b"}\n"), (b"}", b',"more":1}')),
        *((b"size", b"Size"), (b"index_root", b"root"), (line, b""), (line, line * 2)),
        *((b'd":5', b'd":6'), (b'd":5', b'd":7'), (b'd":5', b'd":0'), (b'd":5', b'd":05'), (b'"}', b"")),
        *((named, b"}"), (named, named.replace(b"A=", b"B=")), (b'5,"note":"' + root, b'0,"note":"' + NO_NOTE)),
    ]
    bodies = [line, *(line.replace(old, new, 1) for old, new in swaps)]
    other = [good.replace(b"none", EDITION), good.replace(b"tags\n", b"tags item:A\n")]
    return [*(good % body for body in bodies), *(one % line for one in other)]


def odd_signatures() -> list[tuple[bytes, str, bytes, bytes]]:
    """Return keys with their algorithm, messages, and signatures that do not all count."""
    message = b"message"
    ed25519, es256 = SCIENTIST.signer, TECHNICIAN.signer
    good, other = ed25519.sign(message), es256.sign(message)
    big = int.from_bytes(good[32:], "little") + edwards.ORDER
    high = P256_ORDER - int.from_bytes(other[32:], "big")
    unfit = [0, 1, edwards.PRIME - 1, edwards.PRIME, edwards.PRIME + 1, 2**255 - 1, 1 | 1 << 255]
    for_ed25519 = [
        *(good, good[:-1], good + b"\0", b"", bytes(64), good[:32] + big.to_bytes(32, "little"), good[32:] + good[:32]),
        *(y.to_bytes(32, "little") + good[32:] for y in unfit),
    ]
    for_es256 = [
        *(other, other[:-1], other[:32] + high.to_bytes(32, "big"), bytes(32) + other[32:], other[:32] + bytes(32)),
        *(P256_ORDER.to_bytes(32, "big") + other[32:], other[:32] + b"\xff" * 32, other[32:] + other[:32], good),
    ]
    return [
        *((ed25519.spki, "ed25519", message, one) for one in for_ed25519),
        *((es256.spki, "es256", message, one) for one in for_es256),
        *((ed25519.spki, "ed25519", b"another", good), (es256.spki, "es256", b"another", other)),
    ]


def odd_note_signatures() -> list[tuple[VerifierKey, str, bytes]]:
    """Return keys of logs and witnesses, texts, and what stands behind the key id: one of each kind of key is good."""
    secret, text, time = (
        bytes([7]) * 32,
        "log.example/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        1_788_000_000,
    )
    private, stamp = Ed25519PrivateKey.from_private_bytes(secret), time.to_bytes(8, "big")
    log, cosigner = Ed25519Signer("log.example/1", private), Ed25519Cosigner("w.example", private)

    def bent(message: bytes) -> list[bytes]:
        good, identity = private.sign(message), encode_point(edwards.IDENTITY)
        more = int.from_bytes(good[32:], "little") + edwards.ORDER
        added = [(0, identity), (0, OF_ORDER_8), (12_345, OF_ORDER_8)]
        made = [signed_with(secret, message, nonce, point) for nonce, point in added]
        return [good, *made, good[:32] + more.to_bytes(32, "little"), good[:-1], good + b"\0", bytes(64), b""]

    plain = [(log.key, text, one) for one in bent(text.encode())]
    return [*plain, *((cosigner.key, text, stamp + one) for one in bent(ed25519_message(text, time)))]
