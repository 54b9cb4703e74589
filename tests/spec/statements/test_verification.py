"""What a whole log is held to: each way in which an entry can be wrong is found, at its position."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from ledger.breach import Breach
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import SiteRegistered
from ledger.errors import IntegrityFailed, LedgerError
from ledger.ids import PartyId, SiteId, StatementId, Tag, key_tag, new_statement_id
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger, Submission
from ledger.statement.authoring import Circumstances, make_statement
from ledger.statement.entries.entry import Entry, encode_entry, leaf_of, parse_entry
from ledger.statement.form.envelope import Envelope, Signature, encode_envelope, parse_envelope
from ledger.store.memory import MemoryStore
from ledger.store.port import Recorded
from ledger.verification.log import verify_log
from ledger.verification.replay import Verified
from tests.authors import OPERATOR, ORIGIN, START, SteppingClock, admissions, author, made, opening

if TYPE_CHECKING:
    from collections.abc import Callable

LAB = author("party:lab", Role.LABORATORY)


def site(name: str) -> Submission:
    """Return a site's registration by the laboratory."""
    body = SiteRegistered(site=SiteId(f"site:{name}"), party=PartyId("party:lab"), name="Store", use="store")
    return made(body, LAB)


@cache
def entries() -> tuple[Recorded, ...]:
    """Return a log: its opening, the laboratory's admission (2 to 4), a site at 5, and its key's revocation at 6."""
    store = MemoryStore(ORIGIN)
    ledger = Ledger(store, load_packs(), clock=SteppingClock(START))
    revocation = made(KeyRevoked(key=key_tag(LAB.signer.thumbprint), ground="lost"), OPERATOR)
    for answer in ledger.record_many([opening(), *admissions(LAB), site("store"), revocation]):
        assert not isinstance(answer, LedgerError), answer
    found = tuple(store.read())
    ledger.close()
    return found


def verified(log: list[Recorded]) -> list[Verified]:
    """Verify a log whole."""
    return list(verify_log(log, ORIGIN, load_packs()))


def entered(stored: Recorded, **changed: object) -> Recorded:
    """Return an event with its entry's header changed, and the leaf and the store's fields made to fit."""
    entry: Entry = parse_entry(stored.entry)._replace(**changed)  # type: ignore[arg-type]  # members of Entry
    written = encode_entry(entry)
    return replace(stored, position=entry.position, recorded=entry.recorded, entry=written, leaf=leaf_of(written))


def forged(data: bytes) -> bytes:
    """Return an envelope of the one form whose signature is another one's."""
    envelope = parse_envelope(data)
    other = parse_envelope(parse_entry(entries()[0].entry).data).signatures[0].sig
    signatures = tuple(Signature(one.keyid, other) for one in envelope.signatures)
    return encode_envelope(Envelope(envelope.payload, signatures))


def appended(submission: Submission) -> Recorded:
    """Return an event at position 7 of a statement that nobody judged."""
    last = entries()[-1]
    store = MemoryStore(ORIGIN)
    ledger = Ledger(store, load_packs(), clock=SteppingClock(START))
    for _ in ledger.record_many([opening(), *admissions(LAB), submission]):
        pass
    ledger.close()
    return entered(list(store.read())[-1], position=last.position + 1, recorded=last.recorded)


def test_a_log_that_nobody_touched_verifies_without_a_difference() -> None:
    assert [(one.position, one.leaf, one.difference) for one in verified(list(entries()))] == [
        (one.position, one.leaf, "") for one in entries()
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(lambda one: replace(one, position=9), "says position 5", id="the store's position"),
        pytest.param(lambda one: entered(one, position=6), "says position 6", id="a gap"),
        pytest.param(lambda one: replace(one, leaf=bytes(32)), "stored leaf", id="another leaf"),
        pytest.param(lambda one: replace(one, recorded=START), "the store says recorded", id="the store's time"),
        pytest.param(lambda one: entered(one, recorded=START - timedelta(1)), "in front", id="time going back"),
        pytest.param(lambda one: replace(one, kind="item.listed/1"), "is stored as item.listed/1", id="another kind"),
        pytest.param(
            lambda one: replace(one, statement=StatementId(new_statement_id(START))), "is stored as", id="another id"
        ),
        pytest.param(
            lambda one: entered(one, tags=parse_entry(one.entry).tags | {Tag("item:X")}), "item:X is too much", id="tag"
        ),
        pytest.param(
            lambda one: entered(one, tags=frozenset(), status=frozenset()), "party:lab is missing", id="no tags"
        ),
        pytest.param(lambda one: entered(one, rules="none"), "was not judged", id="a statement as the publisher's"),
        pytest.param(lambda one: replace(one, entry=one.entry[:-1]), "stored leaf", id="cut"),
        pytest.param(lambda one: entered(one, data=forged(parse_entry(one.entry).data)), "KEY-1", id="signature"),
    ],
)
def test_an_entry_that_does_not_hold_is_named(change: Callable[[Recorded], Recorded], said: str) -> None:
    log = list(entries())
    log[4] = change(log[4])
    with pytest.raises(IntegrityFailed, match=r"^position 5: ") as failure:
        verified(log)
    assert said in str(failure.value)


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(IntegrityFailed, match=r"^position 3: "):
        verified([one for one in entries() if one.position != 3])


def test_a_statement_recorded_twice_is_named() -> None:
    log = list(entries())
    with pytest.raises(IntegrityFailed, match=r"^position 7: "):
        verified([*log, entered(log[4], position=7, recorded=log[-1].recorded)])


def test_a_key_signs_nothing_after_its_revocation() -> None:
    with pytest.raises(IntegrityFailed, match=r"^position 7: .* was revoked when it signed"):
        verified([*entries(), appended(site("late"))])


def test_a_key_signs_nothing_before_its_enrolment() -> None:
    opened, *admitted = entries()
    early = entered(admitted[-2], position=2, recorded=opened.recorded)
    with pytest.raises(IntegrityFailed, match=r"^position 2: KEY-16"):
        verified([opened, early])


def test_a_log_of_another_name_does_not_verify() -> None:
    with pytest.raises(IntegrityFailed, match=rf"^position 1: it is a statement for the log {ORIGIN}"):
        list(verify_log(entries(), "another.example/log", load_packs()))


def test_a_judgement_that_differs_today_is_reported_and_is_no_failure() -> None:
    twice = made(SiteRegistered(site=SiteId("site:store"), party=PartyId("party:lab"), name="Again", use="store"), LAB)
    log = list(entries())[:5]
    late = entered(appended(twice), position=6, recorded=log[-1].recorded)
    differing = [one for one in verified([*log, late]) if one.difference]
    assert [(one.position, one.difference.partition(":")[0]) for one in differing] == [(6, "Refused")]


@cache
def breached() -> tuple[Recorded, ...]:
    """Return a log whose last entry, at 5, is a site of level 3 without an accreditation, acknowledged as such."""
    body = SiteRegistered(site=SiteId("site:bsl3"), party=PartyId("party:lab"), name="BSL-3", use="laboratory", level=3)
    known = Circumstances(occurred_at=START, acknowledges={"REG-06": "renewal-pending", "GEN-10": "x-feared"})
    store = MemoryStore(ORIGIN)
    ledger = Ledger(store, load_packs(), clock=SteppingClock(START))
    statement = Submission(make_statement(ORIGIN, body, [LAB], known).envelope)
    for answer in ledger.record_many([opening(), *admissions(LAB), statement]):
        assert not isinstance(answer, LedgerError), answer
    ledger.close()
    return tuple(store.read())


TOLD = Breach("REG-06", (Tag("site:bsl3"),), (("level", 3),))


@pytest.mark.parametrize(
    ("told", "difference"),
    [
        ((TOLD,), ""),
        ((), "found today and not recorded: REG-06: of level 3, without a valid accreditation: site:bsl3"),
        (
            (TOLD, Breach("GEN-10", (), (("occurred", "2026-11-21T08:30:00.000000Z"), ("recorded", "then")))),
            "recorded and not found today: GEN-10: it happened at 2026-11-21 08:30:00Z, recorded then",
        ),
        (
            (dataclasses.replace(TOLD, parameters=(("level", 4),)),),
            "recorded and not found today: REG-06: of level 4, without a valid accreditation: site:bsl3; "
            "found today and not recorded: REG-06: of level 3, without a valid accreditation: site:bsl3",
        ),
    ],
    ids=["as it was told", "softened", "exaggerated", "otherwise"],
)
def test_breaches_that_differ_today_are_reported_in_words_and_are_no_failure(
    told: tuple[Breach, ...], difference: str
) -> None:
    *log, last = breached()
    assert verified([*log, entered(last, breaches=told)])[-1].difference == difference


@pytest.mark.rule("ENT-06")
def test_a_breach_that_its_signers_do_not_acknowledge_breaks_the_log() -> None:
    *log, last = breached()
    with pytest.raises(IntegrityFailed, match=r"^position 5: ENT-06: breaches: .* a breach of GAT-05"):
        verified([*log, entered(last, breaches=(Breach("GAT-05"),))])


@pytest.mark.parametrize("pack", ["cn-999/2030-01-01", "cn-281/2026-08-01"], ids=["no such id", "another digest"])
def test_an_edition_that_this_program_lacks_is_said_and_is_no_difference(pack: str) -> None:
    log = list(entries())
    log[4] = entered(log[4], rules=f"{pack} {'ab' * 32}")
    words = f"judged under {pack}, edition {'ab' * 32}, which this reader does not have: judgement not checked"
    assert [(one.position, one.unjudged, one.difference) for one in verified(log) if one.unjudged] == [(5, words, "")]
