"""The worked examples of docs/formats.md are what the code writes: one small log, made again here byte for byte.

Every fenced block of that page with a name behind its language is compared. Keys come from seeds that the page states.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.access.principal import Principal
from api.access.read import Part
from api.access.rights.showing import Right
from api.accesses.entry import Access, entry_of
from api.receipts.refusal import Problem, Refusal, encode_refusal, sign_refusal
from api.sessions.challenge import Challenge, encode_challenge, sign_challenge
from api.submissions import write_submission
from ledger.breach import PARAMETERS, Breach
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import LogOpened
from ledger.domain.registry.parties import PartyRegistered
from ledger.domain.status import RULED, STATUS
from ledger.evidence.bundle.answer import Claimed, encode_answer
from ledger.evidence.bundle.manifest import Listed, ListedWithheld, Manifest, Why, encode_manifest
from ledger.ids import CaseId, PartyId, StatementId, Tag, key_tag
from ledger.meaning import Meaning
from ledger.quantity import POWERS
from ledger.rulepacks.edition import FORMAT, make_edition
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger, Submission
from ledger.statement.authoring import KIND_OF
from ledger.statement.entries.breach_line import encode_breaches
from ledger.statement.entries.entry import index_names, parse_entry
from ledger.statement.entries.state_entry import STATE_KIND, StateEntry, encode_state, state_id, state_of
from ledger.statement.form.disclosure import check_disclosures, digest_of
from ledger.statement.form.envelope import PAYLOAD_TYPE, pae, parse_envelope
from ledger.statement.form.header import Capture, CaptureMode, Signer
from ledger.statement.form.payload import read_payload
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.statement import sign_statement
from ledger.statement.text import strict_json
from ledger.statement.text.binary import encode_base64, encode_base64url
from ledger.statement.text.characters import FIT, LEFT_OUT
from ledger.store.memory import MemoryStore
from ledger.store.port import Record
from ledger.tlog.checkpoint import Checkpoint, encode_checkpoint
from ledger.tlog.cosignature import Ed25519Cosigner, subtree_message
from ledger.tlog.frontier import GrowingTree
from ledger.tlog.index import EMPTY, check_complete, decode_index_proof, encode_index_proof, index_key, status_name
from ledger.tlog.note import Ed25519Signer, Note, format_note
from ledger.tlog.pages import MemoryPages, extend_index, name_states, prove_names
from ledger.tlog.policy import evaluate, parse_policy
from ledger.tlog.proof import LogProof, check_proof, decode_proof, encode_proof
from ledger.tlog.tiles import Tile, encode_bundle, format_path, tile_bytes
from ledger.tlog.tree import prove_inclusion
from ledger.tlog.vkey import format_vkey
from ledger.verification.log import verify_log
from ledger.witness.request import Request, encode_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.store.port import Recorded

PAGE: Final = Path(__file__).parents[2] / "docs" / "formats.md"
ORIGIN: Final = "ledger.example/log1"
AT: Final = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
COSIGNED: Final = int(AT.timestamp()) + 5
OPERATOR: Final = MemorySigner.from_seed(Algorithm.ED25519, bytes([1]) * 32)
SALT: Final = encode_base64url(bytes(range(16)))


class _Clock:
    """The clock of the example: the first statement is recorded at AT and a bit, each later one a second later."""

    def __init__(self) -> None:
        self._now = AT + timedelta(microseconds=123456)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def _payload(number: int, body: Any, sd: Sequence[str] = ()) -> bytes:  # noqa: ANN401  a body of any kind
    milliseconds = int(AT.timestamp()) * 1000
    return build_payload(
        log=ORIGIN,
        id=StatementId(f"{milliseconds >> 16:08x}-{milliseconds & 0xFFFF:04x}-7000-8000-{number:012x}"),
        kind=KIND_OF[type(body)],
        occurred_at=AT,
        signers=[
            Signer(
                OPERATOR.thumbprint, OPERATOR.alg, PartyId("party:operator"), "root", Role.OPERATOR, Meaning.PERFORMED
            )
        ],
        capture=Capture(CaptureMode.BENCH),
        body=msgspec.json.decode(msgspec.json.encode(body)),
        sd=sd,
    )


def _statements() -> tuple[Submission, Submission]:
    opened = LogOpened(
        party=PartyId("party:operator"),
        name="Operator",
        key=key_tag(OPERATOR.thumbprint),
        spki=encode_base64(OPERATOR.spki),
        alg=OPERATOR.alg,
        person="root",
    )
    registered = PartyRegistered(
        party=PartyId("party:lab"), name="Harbour Laboratory", country="CN", business="testing"
    )
    note = encode_base64url(strict_json.encode([SALT, "note", "as agreed by telephone"]))
    first, second = _payload(1, opened), _payload(2, registered, [digest_of(note)])
    return (
        Submission(sign_statement(first, [OPERATOR])),
        Submission(sign_statement(second, [OPERATOR]), (note,)),
    )


@cache
def _log() -> tuple[Recorded, ...]:
    """Return the example's log: two statements, recorded as the service does, and the state entry after them."""
    store = MemoryStore(ORIGIN)
    ledger = Ledger(store, load_packs(), clock=_Clock())
    for submission in _statements():
        ledger.record(submission)
    grown = extend_index(EMPTY, MemoryPages(), _events(list(store.read())))
    data = encode_state(StateEntry(grown.root, 2, len(grown.new_names)))
    state = Record(state_id(data), STATE_KIND, frozenset(), "none", data)
    with store.locked() as log:
        log.append([state], AT + timedelta(seconds=3, microseconds=123456))
    ledger.close()
    return tuple(store.read())


def _events(log: Sequence[Recorded]) -> list[tuple[int, bytes, list[str]]]:
    return [(one.position, one.leaf, index_names(parse_entry(one.entry))) for one in log]


def _hex(data: bytes) -> str:
    text = data.hex()
    return "\n".join(text[at : at + 64] for at in range(0, len(text), 64))


def _statement_examples() -> dict[str, str]:
    (first, second), log = _statements(), _log()
    opened = parse_entry(log[0].entry).data
    payload = _payload_of(opened)
    return {
        "key": f"{encode_base64(OPERATOR.spki)}\n{OPERATOR.thumbprint}",
        "payload": payload.decode(),
        "characters-left-out": LEFT_OUT.strip(),
        "characters": _characters(),
        "pae": pae(PAYLOAD_TYPE, payload).decode()[:64],
        "envelope": first.envelope.decode(),
        "entry": log[0].entry.decode(),
        "leaf": log[0].leaf.hex(),
        "disclosure": f"{second.disclosures[0]}\n{digest_of(second.disclosures[0])}",
        "submission": write_submission(second).decode(),
        "second-header": log[1].entry.decode().partition("\n\n")[0],
        "second-leaf": log[1].leaf.hex(),
        "state-entry": log[2].entry.decode(),
        "state-leaf": log[2].leaf.hex(),
    }


def _signing_in() -> dict[str, str]:
    nonce = encode_base64url(bytes(range(32)))
    asked = Challenge("https://log.example.org", ORIGIN, OPERATOR.thumbprint, nonce, AT, AT + timedelta(minutes=5))
    payload = encode_challenge(asked)
    return {"challenge": payload.decode(), "sign-in": sign_challenge(payload, OPERATOR).decode()}


def _accesses() -> dict[str, str]:
    """Return an entry of the access log and its one part, with the random bits of the example."""
    who = Principal(PartyId("party:customs"), "p-3", key_tag(OPERATOR.thumbprint), "5f0c1d2e3a4b5c6d")
    part = Part(PartyId("party:lab"), Right.AUDIT, CaseId("case:audit-1"), 3, 17, 93, (Tag("item:a"), Tag("item:b")))
    access = Access(AT, who, "ask_question", "whereabouts", 812, (part,))
    made = entry_of(access, 7, AT, lambda: bytes(range(16)))
    return {"access": made.entry.decode(), "access-part": made.parts[0].decode(), "access-leaf": made.leaf.hex()}


def _breaches() -> str:
    """Return the line of a header with five tags, two of them of items that were used too early."""
    tags = sorted(map(Tag, ("approval:GX-1", "item:a", "item:b", "party:lab", "site:bench")))
    told = (
        Breach("GAT-12", (Tag("item:a"), Tag("item:b")), (("level", None), ("required", 2), ("site", "site:bench"))),
        Breach("STK-06", (Tag("item:b"),), (("count", 1), ("items", ("item:c",)), ("places", ("冰箱-2/A1",)))),
    )
    return f"tags {' '.join(tags)}\nbreaches {encode_breaches(told, tags)}\n"


def _characters() -> str:
    """Return how many characters the format's table holds, and the digest of them all."""
    ends = (word.split("-") for word in FIT.split())
    points = [point for one in ends for point in range(int(one[0], 16), int(one[-1], 16) + 1)]
    return f"{len(points)} {hashlib.sha256(''.join(map(chr, points)).encode()).hexdigest()}"


def _payload_of(envelope: bytes) -> bytes:
    return parse_envelope(envelope).payload


def _published() -> tuple[str, bytes, bytes, bytes]:
    """Return the checkpoint's text, its note as signed, that note as cosigned, and a policy that believes it."""
    tree = GrowingTree(one.leaf for one in _log())
    text = encode_checkpoint(Checkpoint(ORIGIN, tree.size, tree.root()))
    signer = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32))
    witness = Ed25519Cosigner("witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32))
    signed, note = (
        format_note(Note(text, lines))
        for lines in ((signer.sign(text),), (signer.sign(text), witness.cosign(text, COSIGNED)))
    )
    policy = f"log {format_vkey(signer.key)}\nwitness w1 {format_vkey(witness.key)}\nquorum w1\n"
    return text, signed, note, policy.encode()


def _tree_examples() -> dict[str, str]:
    log, tag = _log(), "party:operator"
    tree = GrowingTree(one.leaf for one in log)
    text, signed, note, policy = _published()
    pages = MemoryPages()
    grown = extend_index(EMPTY, pages, _events(log[:2]))
    pages.write(grown.pages)
    state = name_states(grown.root, pages, [tag])[tag]
    tile = Tile(0, 0, 3)
    inclusion = LogProof(0, prove_inclusion(0, tree.size, tree), note)
    return {
        "root": tree.root().hex(),
        "tile": f"{format_path(tile)}\n{_hex(tile_bytes(tile, tree))}",
        "bundle": f"{format_path(Tile(None, 0, 3))}\n{encode_bundle([one.entry for one in log])[:32].hex()}",
        "checkpoint": text,
        "note": note.decode(),
        "policy": policy.decode(),
        "subtree-message": _hex(subtree_message(ORIGIN, text, COSIGNED)),
        "index": f"{index_key(tag).hex()}\n{state.count} {state.chain.hex()}\n{grown.root.hex()}",
        "index-proof": encode_index_proof(prove_names(grown.root, pages, [tag])[0]).decode(),
        "index-status": encode_index_proof(prove_names(grown.root, pages, [status_name(tag)])[0]).decode(),
        "index-absent": encode_index_proof(prove_names(grown.root, pages, ["item:A"])[0]).decode(),
        "proof": encode_proof(inclusion).decode(),
        "request": encode_request(Request(0, (), signed)).decode(),
    }


def _in_part() -> str:
    """Return the manifest of a bundle about an item of the example's log, whose first entry is withheld."""
    first, second, *_ = _log()
    manifest = Manifest(
        log=ORIGIN,
        size=3,
        subject=Tag("item:A"),
        entries=(Listed(2, hashlib.sha256(second.entry).hexdigest(), Why.SUBJECT),),
        complete=(Tag("item:A"),),
        status=(),
        disclosures=(),
        withheld=(ListedWithheld(1, first.leaf.hex()),),
        part=(Tag("party:operator"),),
    )
    return encode_manifest(manifest).decode()


def _edition_examples() -> dict[str, str]:
    """Return a small edition in its one form, and its digest."""
    own = {"clause": "", "source": "ledger", "confidence": "V"}
    copied = {"clause": "Art. 9", "source": "a public copy", "confidence": "V2"}
    value = {
        "format": FORMAT,
        "id": "xx/2026-08-01",
        "jurisdiction": "XX",
        "title": "An example (示例)",
        "effective_from": "2026-08-01",
        "agents": None,
        "units": {
            "name": "units-2026",
            "columns": ["code", "name_en", "name_zh", "dimension"],
            "rows": [["vial", "vial", "支", "count"]],
        },
        "samples": {
            "name": "samples-2026",
            "types": {
                "columns": ["code", "name_en", "name_zh", "sprec", "v2_0487", "snomed", "miabis", "confidence"],
                "rows": [["serum", "serum", "血清", "SER", "SER", "119364003", "Serum", "V2"]],
            },
            "conditions": {
                "columns": ["code", "name_en", "name_zh", "low", "high", "miabis", "confidence"],
                "rows": [["room-temperature", "room temperature", "室温", "15", "25", "RT", "M"]],
            },
        },
        "codes": {
            "name": "codes-2026",
            "columns": ["list", "code", "name_en", "name_zh", "clause", "confidence"],
            "rows": [
                ["purpose", "sale", "sale", "销售", "Art. 9", "V2"],
                ["purpose", "x-*", "the approval's own words", "审批单所列其他用途", "", ""],
            ],
        },
        "calendar": {
            "name": "xx-2026",
            "source": "a gazette",
            "utc_offset": "+08:00",
            "settled_from": "2026-01-01",
            "settled_until": "2026-12-31",
            "off": ["2026-01-01", "2026-01-02"],
            "worked": ["2026-01-04"],
        },
        "parameters": {
            "late_entry_hours": {"value": 24, "unit": "hours", **own},
            "approval_decision_days": {"value": 20, "unit": "working days", **copied},
            "import_inspection_min_rate": {"B": {"value": "0.30", "unit": "share of lots", **copied}},
        },
    }
    edition = make_edition("example", value)
    return {"edition": edition.written.decode(), "edition-digest": edition.pack.digest}


def _answer() -> str:
    """Return an answer that claims that nothing is on record about an item."""
    size, now = 2, AT + timedelta(seconds=3, microseconds=123456)
    return encode_answer(Claimed(ORIGIN, "whereabouts", Tag("item:none"), size, now, jurisdiction="CN")).decode()


def _refused() -> dict[str, str]:
    """Return what a service says of a statement that it does not take, and its receipt."""
    signer = Ed25519Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32))
    digest = hashlib.sha256(_payload_of(_statements()[0].envelope)).hexdigest()
    refusal = Refusal(ORIGIN, digest, Problem.REFUSED, ("GEN-03",), AT)
    receipt = sign_refusal(refusal, signer.key, lambda text: signer.sign(text).signature)
    return {"refusal": encode_refusal(refusal).decode(), "receipt": receipt.decode()}


def made_examples() -> dict[str, str]:
    """Return every example by its name, as the code writes it now, without the newline at its end."""
    examples = _statement_examples() | {"breaches": _breaches()} | _tree_examples() | _edition_examples()
    examples |= {"answer": _answer(), "manifest-in-part": _in_part()} | _signing_in() | _accesses() | _refused()
    return {name: text.rstrip("\n") for name, text in examples.items()}


def printed_examples() -> Mapping[str, str]:
    """Return every named example as the page prints it."""
    found = re.findall(r"^```text ([a-z-]+)\n(.*?)\n```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


@pytest.mark.parametrize("name", sorted(made_examples()))
def test_an_example_is_what_the_code_writes(name: str) -> None:
    assert printed_examples()[name] == made_examples()[name]


def test_the_page_prints_no_example_that_nobody_checks() -> None:
    assert printed_examples().keys() == made_examples().keys()


def test_the_page_lists_of_every_status_the_kinds_that_count_for_it() -> None:
    rows = re.findall(
        r"^\| an? ([a-z]+) \| (?:each of )?`body\.([a-z]+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    printed: defaultdict[str, set[str]] = defaultdict(set)
    for subject, member, kinds in rows:
        assert member.removesuffix("s") == subject
        assert all(member in RULED[kind] for kind in re.findall("`([^`]+)`", kinds))
        printed[subject].update(re.findall("`([^`]+)`", kinds))
    assert printed == {subject.__name__.lower(): kinds for subject, kinds in STATUS.items()}


def test_the_page_tells_of_every_unit_that_is_not_alone_what_it_is_of_its_base_unit() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`\w+` 0, .*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {unit: (base, int(power)) for base, units in rows for unit, power in re.findall(r"`(\w+)` (-?\d+)", units)}
    assert told == dict(POWERS)


def test_the_page_tells_of_every_parameter_of_a_breach_what_sort_it_is() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \| ([a-z]+) \| [^|]+ \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(name, sort.value) for name, sort in sorted(PARAMETERS.items())]


def test_the_examples_are_one_log_that_verifies() -> None:
    verified = list(verify_log(_log(), ORIGIN, load_packs()))
    assert [(one.kind, one.difference) for one in verified] == [
        ("log.opened/1", ""),
        ("party.registered/1", ""),
        (STATE_KIND, ""),
    ]


def test_the_examples_state_entry_is_true_of_the_entries_before_it() -> None:
    state = state_of(parse_entry(_log()[2].entry))
    names = {name for _, _, names in _events(_log()[:2]) for name in names}
    assert (state.size, state.names) == (2, len(names))


def test_the_examples_proofs_lead_to_the_cosigned_checkpoint() -> None:
    log, printed = _log(), printed_examples()
    policy = parse_policy(printed["policy"].encode())
    witnessed = evaluate(policy, f"{printed['note']}\n".encode())
    assert witnessed.quorum_time == COSIGNED
    proof = decode_proof(f"{printed['proof']}\n".encode())
    assert check_proof(proof, log[0].leaf, policy).checkpoint == witnessed.checkpoint


def test_the_examples_index_proofs_show_what_is_there_and_what_is_not() -> None:
    printed, root = printed_examples(), state_of(parse_entry(_log()[2].entry)).index_root
    for example, name, count in (("index-proof", "party:operator", 2), ("index-status", "status party:operator", 1)):
        events = [(position, leaf) for position, leaf, names in _events(_log()) if name in names]
        present = decode_index_proof(f"{printed[example]}\n".encode())
        assert check_complete(present, name, events, root).count == len(events) == count
    absent = decode_index_proof(f"{printed['index-absent']}\n".encode())
    assert check_complete(absent, "item:A", [], root).count == 0


def test_the_examples_disclosure_belongs_to_its_payload() -> None:
    text, digest = printed_examples()["disclosure"].split("\n")
    payload = read_payload(_payload_of(parse_entry(_log()[1].entry).data))
    assert payload.sd == (digest,)
    (disclosed,) = check_disclosures(payload.sd, [text])
    assert (disclosed.salt, disclosed.name, disclosed.value) == (SALT, "note", "as agreed by telephone")
