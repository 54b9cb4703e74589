"""From an envelope to an entry and to a statement of a kind: ENT and CAT, and the log that a statement is for."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from ledger.breach import Breach
from ledger.errors import LedgerError, Malformed, Refused
from ledger.ids import Tag
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.entries.entry import MAX_ENTRY, Entry, check_acknowledged, encode_entry, parse_entry
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.store.memory import MemoryStore
from tests.authors import ORIGIN, SteppingClock, opening
from tests.journeys.odd_breaches import odd_breaches

if TYPE_CHECKING:
    from ledger.statement.form.payload import Payload

AT: Final = datetime(2026, 11, 21, 1, 30, 0, 123456, tzinfo=UTC)
RULES: Final = f"cn-281/2026-08-01 {'ab' * 32}"
ENTRY: Final = Entry(7, AT, RULES, frozenset({Tag("item:b"), Tag("item:a")}), b"{}", status=frozenset({Tag("item:b")}))
WRITTEN: Final = (
    b"vialog-entry/3\nposition 7\nrecorded 2026-11-21T01:30:00.123456Z\n"
    b"rules " + RULES.encode() + b"\ntags item:a item:b\nstatus item:b\nbreaches []\n\n{}"
)


def opened() -> Payload:
    return read_payload(parse_envelope(opening().envelope).payload)


def test_an_entry_has_one_form() -> None:
    assert encode_entry(ENTRY) == WRITTEN
    assert parse_entry(WRITTEN) == ENTRY


@pytest.mark.rule("ENT-01")
def test_an_entry_has_at_most_60000_bytes() -> None:
    room = MAX_ENTRY - len(WRITTEN) + len(ENTRY.data)
    full = encode_entry(ENTRY._replace(data=bytes(room)))
    assert parse_entry(full).data == bytes(room)
    with pytest.raises(Malformed, match="ENT-01"):
        encode_entry(ENTRY._replace(data=bytes(room + 1)))
    with pytest.raises(Malformed, match="ENT-01"):
        parse_entry(full + b"\0")


@pytest.mark.rule("ENT-02")
@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(ENTRY._replace(tags=frozenset({Tag("item:a b")})), id="a space in a tag"),
        pytest.param(ENTRY._replace(tags=frozenset({Tag("item:é")})), id="a tag beyond ASCII"),
        pytest.param(ENTRY._replace(tags=frozenset({Tag("tag-of-a-library")})), id="no id, of what was judged"),
        pytest.param(ENTRY._replace(status=frozenset({Tag("item:c")})), id="the status of what it does not bear"),
        pytest.param(
            ENTRY._replace(rules="none", tags=frozenset({Tag("two words")}), status=frozenset()),
            id="a space, of what was not",
        ),
        pytest.param(ENTRY._replace(rules="cn\n281"), id="a line feed in the pack's id"),
        pytest.param(ENTRY._replace(rules="cn-281/2026-08-01"), id="an edition without its digest"),
    ],
)
def test_what_would_break_the_header_is_not_written(entry: Entry) -> None:
    with pytest.raises(Malformed, match="ENT-02"):
        encode_entry(entry)


@pytest.mark.rule("ENT-02")
def test_a_header_with_the_status_of_what_it_does_not_bear_is_refused() -> None:
    with pytest.raises(Malformed, match="ENT-02"):
        parse_entry(WRITTEN.replace(b"status item:b", b"status item:c"))


@pytest.mark.rule("ENT-03")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"position 7", b"position 07", id="a leading zero"),
        pytest.param(b"position 7", b"position seven", id="no number"),
        pytest.param(b"position 7", b"position 0", id="before the first"),
        pytest.param(b"position 7", b"position -7", id="a negative number"),
        pytest.param(b"item:a item:b", b"item:b item:a", id="tags in another order"),
        pytest.param(b"item:a item:b", b"item:a  item:b", id="two spaces"),
        pytest.param(b".123456Z", b".123456+00:00", id="another time zone"),
        pytest.param(b"rules", b"pack", id="another line"),
        pytest.param(b"status item:b", b"status item:b item:a", id="a status in another order"),
        pytest.param(b"status item:b\n", b"", id="no status"),
        pytest.param(b"\n\n", b"\n", id="no end of the header"),
    ],
)
def test_another_form_of_the_header_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(Malformed, match="ENT-03"):
        parse_entry(WRITTEN.replace(old, new))


@pytest.mark.rule("ENT-05")
def test_an_entry_of_an_older_format_is_refused_as_such() -> None:
    older = WRITTEN.replace(b"entry/3", b"entry/2").replace(b"status item:b\n", b"")
    with pytest.raises(Malformed, match=r"ENT-05: .* before vialog-entry/3, which this version does not read"):
        parse_entry(older)


def test_breaches_stand_in_the_header_in_one_form() -> None:
    told = (
        Breach("STK-06", (Tag("item:a"), Tag("item:b")), (("count", 1), ("items", ("item:c",)), ("places", ("冰/1",)))),
        Breach("GAT-12", (Tag("item:b"),), (("level", None), ("required", 2), ("site", "site:lab"))),
        Breach("GEN-10"),
    )
    written = WRITTEN.replace(
        b"[]",
        rb'[{"parameters":{"count":1,"items":["item:c"],"places":["\u51b0/1"]},"rule":"STK-06","subjects":[[1,2]]},'
        rb'{"parameters":{"level":null,"required":2,"site":"site:lab"},"rule":"GAT-12","subjects":[[2,2]]},'
        rb'{"parameters":{},"rule":"GEN-10","subjects":[]}]',
    )
    assert encode_entry(ENTRY._replace(breaches=told)) == written
    assert parse_entry(written).breaches == told


def test_a_breach_of_hundreds_of_items_takes_few_bytes() -> None:
    items = frozenset(Tag(f"item:{number:04}") for number in range(450))
    entry = ENTRY._replace(tags=items, status=frozenset())
    told = entry._replace(breaches=(Breach("GAT-06", tuple(sorted(items))),))
    assert len(encode_entry(told)) - len(encode_entry(entry)) < 60


@pytest.mark.rule("ENT-03")
@pytest.mark.parametrize("told", [told for told in odd_breaches() if not told.isascii() or b"[2,1]" in told])
def test_breaches_in_another_form_are_refused(told: bytes) -> None:
    with pytest.raises(Malformed, match="ENT-03"):
        parse_entry(WRITTEN.replace(b"[]", told))


@pytest.mark.rule("ENT-06")
def test_an_entry_tells_no_breach_that_its_signers_do_not_acknowledge() -> None:
    entry = ENTRY._replace(breaches=(Breach("GAT-05"), Breach("GEN-10")))
    check_acknowledged(entry, {"GAT-05", "GEN-10", "GAT-06"})
    with pytest.raises(Malformed, match="ENT-06: breaches: the signers do not acknowledge a breach of GEN-10"):
        check_acknowledged(entry, {"GAT-05"})


def test_a_breach_of_what_its_entry_does_not_bear_is_a_bug() -> None:
    with pytest.raises(ValueError, match="item:c"):
        encode_entry(ENTRY._replace(breaches=(Breach("GAT-05", (Tag("item:c"),)),)))


@pytest.mark.rule("CAT-01", "CAT-02", "CAT-03")
def test_a_statement_is_of_its_kind() -> None:
    payload = opened()
    assert read_statement(payload).kind == "log.opened/1"
    with pytest.raises(Malformed, match=r"CAT-01: \$\.kind"):
        read_statement(payload._replace(kind="log.closed/1"))
    with pytest.raises(Malformed, match=r"CAT-02: \$\.body"):
        read_statement(payload._replace(body={**payload.body, "more": "1"}))
    with pytest.raises(Malformed, match=r"CAT-03: \$\.signers\[0\]\.role"):
        read_statement(payload._replace(signers=(payload.signers[0]._replace(role="king"),)))


@pytest.mark.rule("GEN-11")
def test_a_statement_is_recorded_in_the_log_that_it_names() -> None:
    for origin, answer in ((ORIGIN, None), ("another.test/log", "GEN-11")):
        with closing(Ledger(MemoryStore(origin), load_packs(), clock=SteppingClock())) as ledger:
            assert _refusal(ledger) == answer


def _refusal(ledger: Ledger) -> str | None:
    try:
        ledger.record(opening())
    except Refused as refused:
        return refused.rule
    except LedgerError as error:
        return str(error)
    return None
