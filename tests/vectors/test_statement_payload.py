"""The exact bytes of a payload, and the ids in it. What is not a payload stands in the corpus."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ledger.errors import Malformed, NotTrusted
from ledger.ids import PartyId, Tag
from ledger.meaning import Meaning
from ledger.statement.form.header import Capture, CaptureMode, Seen, Signer
from ledger.statement.form.payload import Payload, read_payload
from ledger.statement.form.tags import tags_of
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm
from ledger.statement.statement import sign_statement
from ledger.statement.text.strict_json import JsonValue
from tests.corpus.sample import STATEMENT, sample_payload, seeded

SIGNER = Signer("ab" * 32, Algorithm.ED25519, PartyId("party:LAB1"), "t-07", "technician", Meaning.PERFORMED)
SMALLEST = (
    b'{"v":1,"log":"ledger.example/log1","id":"019dc2a0-0000-7000-8000-000000000001","kind":"item.used/1",'
    b'"occurred_at":"2026-11-21T00:30:00.000000Z","signers":[{"key":"' + b"ab" * 32 + b'","alg":"ed25519",'
    b'"party":"party:LAB1","person":"t-07","role":"technician","meaning":"performed"}],"capture":{"mode":"bench"},'
    b'"body":{}}'
)


def smallest(kind: str = "item.used/1", body: dict[str, JsonValue] | None = None) -> bytes:
    return build_payload(
        log="ledger.example/log1",
        id=STATEMENT,
        kind=kind,
        occurred_at=datetime(2026, 11, 21, 8, 30, tzinfo=timezone(timedelta(hours=8))),
        signers=[SIGNER],
        capture=Capture(CaptureMode.BENCH),
        body=body or {},
    )


def test_a_payload_leaves_out_what_it_does_not_say() -> None:
    assert smallest() == SMALLEST


def test_a_payload_is_read_as_it_was_said() -> None:
    assert read_payload(SMALLEST) == Payload(
        v=1,
        log="ledger.example/log1",
        id=STATEMENT,
        kind="item.used/1",
        occurred_at=datetime(2026, 11, 21, 0, 30, tzinfo=UTC),
        signers=(SIGNER,),
        capture=Capture(CaptureMode.BENCH),
        seen=None,
        reason=None,
        acknowledges=(),
        corrects=None,
        body={},
        sd=(),
        value=read_payload(SMALLEST).value,
        tags=frozenset({Tag("party:LAB1")}),
    )


def test_every_optional_member_is_read() -> None:
    read = read_payload(sample_payload([seeded(1), seeded(2, Algorithm.ES256)]))
    assert [signer.alg for signer in read.signers] == ["ed25519", "es256"]
    assert read.capture == Capture(CaptureMode.OFFLINE, "scanner-4", 17, "5a" * 32)
    assert read.seen == Seen(1234, bytes(range(32)))
    assert read.reason == "late-entry"
    assert [(one.rule, one.reason) for one in read.acknowledges] == [("CUS-07", "arrived-before-release")]
    assert read.corrects == "019dc2a0-0000-7000-8000-000000000000"
    assert len(read.sd) == 2


@pytest.mark.parametrize("kind", ["item.received/1", "custody.handed-over/12", "supervision-case.opened/1"])
def test_a_kind_is_subject_and_verb_and_version(kind: str) -> None:
    assert read_payload(smallest(kind)).kind == kind


@pytest.mark.parametrize(
    "kind", ["", "item/1", "Item.used/1", "item.used/01", "item.-used/1", "a.b.c/1", "item.used/1 "]
)
def test_another_kind_is_not_written(kind: str) -> None:
    with pytest.raises(Malformed, match=r"STM-33: \$\.kind"):
        smallest(kind)


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        pytest.param("item:A", {"item:A"}, id="a text that is an id"),
        pytest.param("see item:A", set(), id="an id within a text"),
        pytest.param("item:A ", set(), id="an id and a space"),
        pytest.param({"item:A": "no"}, set(), id="the name of a member"),
        pytest.param({"a": [["item:A"], {"b": "site:B"}, "item:A"]}, {"item:A", "site:B"}, id="at any depth, once"),
        pytest.param(["ab" * 32, "key:" + "ab" * 32, "key:ab"], {"key:" + "ab" * 32}, id="a whole key"),
        pytest.param([None, True, 7], set(), id="what is no text"),
    ],
)
def test_every_id_that_is_a_whole_text_is_a_tag(value: JsonValue, tags: set[str]) -> None:
    assert tags_of(value) == tags


def test_a_payload_names_at_most_1000_ids() -> None:
    body: list[JsonValue] = [f"item:{number}" for number in range(999)]
    assert len(tags_of(read_payload(smallest(body={"items": [*body, *body]})).value["body"])) == 999
    assert smallest(body={"items": body})
    with pytest.raises(Malformed, match="STM-49"):
        smallest(body={"items": [*body, "item:one-too-many"]})


@pytest.mark.rule("KEY-23")
def test_a_statement_is_signed_by_the_keys_it_names_in_their_order() -> None:
    one, two, three = seeded(1), seeded(2), seeded(3)
    payload = sample_payload([one, two])
    assert sign_statement(payload, [one, two])
    for signers in ([], [one], [two, one], [one, three], [one, two, three]):
        with pytest.raises(NotTrusted, match="KEY-23"):
            sign_statement(payload, signers)
