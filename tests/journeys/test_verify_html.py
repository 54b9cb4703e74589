"""The verifier for browsers gives the answers of the one in Python, bundle by bundle and byte by byte."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.clock import format_time, parse_time
from ledger.errors import LedgerError, Malformed
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import Verdict, report_value
from ledger.evidence.verify import verify_bundle
from ledger.statement.entries.entry import parse_entry
from ledger.statement.entries.state_entry import state_of
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.signing.keys import admit, verify
from ledger.statement.text import strict_json
from ledger.statement.text.strict_text import FREE_TEXT
from ledger.tlog.cosignature import verifier_for
from ledger.tlog.policy import parse_policy
from ledger.tlog.vkey import format_vkey, parse_vkey
from ledger.words.sentences import breach_sentence
from ledger.words.table import Language
from scripts import seal_page
from tests.corpus.bent_keys import bent_vkeys
from tests.corpus.build import faults
from tests.corpus.bundle_log import seed
from tests.corpus.bundles import POLICY, TRUST, build
from tests.journeys.odd_breaches import worded_entries
from tests.journeys.odd_bundles import odd_bundles, quantum_bundles
from tests.journeys.odd_inputs import (
    jumble,
    odd_entries,
    odd_keys,
    odd_note_signatures,
    odd_policies,
    odd_signatures,
    odd_states,
    odd_trusts,
)
from tests.journeys.page import blocks, page_text, run_verifier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.tlog.vkey import VerifierKey

RULE = re.compile(r"[A-Z]+-[0-9]+(?=:)")


def test_every_bundle_of_the_corpus_gets_the_same_verdicts_on_the_page(tmp_path: Path) -> None:
    expected = build(tmp_path)
    files = {
        name: (tmp_path / f"{name}.zip", tmp_path / POLICY, tmp_path / one.trust) for name, one in expected.items()
    }
    reports = dict(zip(files, run_verifier(list(files.values())).reports, strict=True))
    assert len(reports) > 50
    assert {name: first_failure(report) for name, report in reports.items()} == {
        name: (one.verdict, one.exit, one.check, one.about) for name, one in expected.items()
    }
    differing = [name for name, paths in files.items() if verdicts(reports[name]) != verdicts(in_python(*paths))]
    assert differing == []


def test_odd_bundles_get_the_same_verdicts_on_the_page(tmp_path: Path) -> None:
    build(tmp_path)
    odd = odd_bundles()
    for name, data in odd.items():
        (tmp_path / f"{name}.zip").write_bytes(data)
    files = [(tmp_path / f"{name}.zip", tmp_path / POLICY, tmp_path / TRUST) for name in odd]
    reports = run_verifier(files).reports
    expected = dict(zip(odd, (verdicts(in_python(*paths)) for paths in files), strict=True))
    assert {name: verdicts(report) for name, report in zip(odd, reports, strict=True)} == expected
    assert {one[0] for one in expected.values()} == {Verdict.KNOWN, Verdict.NOT_CHECKED, Verdict.FAILED}


def test_ml_dsa_44_cosignatures_count_on_the_page_as_they_do_in_python(tmp_path: Path) -> None:
    build(tmp_path)
    cases = quantum_bundles((tmp_path / "good-item.zip").read_bytes())
    files = []
    for name, (data, policy) in cases.items():
        (tmp_path / f"{name}.zip").write_bytes(data)
        (tmp_path / f"{name}.policy").write_bytes(policy)
        files.append((tmp_path / f"{name}.zip", tmp_path / f"{name}.policy", tmp_path / "trust.txt"))
    reports = run_verifier(files).reports
    assert [report["verdict"] for report in reports] == ["verified and known", "failed", "failed"]
    assert list(map(verdicts, reports)) == [verdicts(in_python(*paths)) for paths in files]


def test_ml_dsa_44_signatures_verify_on_the_page_exactly_when_they_do_in_python() -> None:
    choose = random.Random(44)
    private = MLDSA44PrivateKey.from_seed_bytes(seed("ml-dsa-44"))
    public = private.public_key()
    cases = []
    for at in range(48):
        message = choose.randbytes(choose.choice([0, 1, 70, 71, 72, 135, 136, 300]))
        signature = bytearray(private.sign(message))
        # In turn: untouched, another challenge, another z, another hint, another message, cut off.
        start, end = [(0, 0), (0, 32), (32, 2336), (2336, 2420), (0, 0), (0, 0)][at % 6]
        if end:
            signature[choose.randrange(start, end)] ^= 1 << choose.randrange(8)
        changed = bytes(signature[:-1] if at % 6 == 5 else signature)
        cases.append((message + b"!" if at % 6 == 4 else message, changed))

    def verifies(message: bytes, signature: bytes) -> bool:
        try:
            public.verify(signature, message)
        except InvalidSignature:
            return False
        return True

    calls = [("mlDsa44", public.public_bytes_raw().hex(), one.hex(), sig.hex()) for one, sig in cases]
    assert [one["value"] for one in run_verifier(calls=calls).answers] == [verifies(*one) for one in cases]


def test_every_hostile_statement_breaks_the_same_rule_at_the_same_member_on_the_page() -> None:
    corpus = [fault for fault in faults() if fault.rule not in {"STM-25"} and not fault.rule.startswith("KEY")]
    answers = run_verifier(calls=[("statement", fault.data.hex()) for fault in corpus]).answers

    def refused(data: bytes) -> str:
        with pytest.raises(Malformed) as raised:
            read_payload(parse_envelope(data).payload)
        return f"{raised.value.rule}: {raised.value.member}"

    said = {fault.name: ": ".join(one["refused"].split(": ")[:2]) for fault, one in zip(corpus, answers, strict=True)}
    assert said == {fault.name: refused(fault.data) for fault in corpus}


@pytest.mark.parametrize("form", ["strict", "free"])
def test_accepted_json_parses_equal_on_the_page_and_refused_json_breaks_the_same_rule(form: str) -> None:
    texts = [jumble(random.Random(number)) for number in range(3000)]
    allowed = FREE_TEXT if form == "free" else frozenset[str]()
    answers = run_verifier(calls=[(form, text.hex()) for text in texts]).answers
    expected = [said(partial(parsed, text, allowed)) for text in texts]
    assert sum("value" in one for one in expected) > 300
    assert [text for text, one, other in zip(texts, answers, expected, strict=True) if by_rule(one) != other] == []


def test_keys_are_admitted_on_the_page_exactly_when_they_are_in_python() -> None:
    given = [(spki, alg) for alg in ("ed25519", "es256", "rsa") for spki in odd_keys()]
    answers = run_verifier(calls=[("admit", spki.hex(), alg.encode().hex()) for spki, alg in given]).answers
    expected = [said(partial(thumbprint, spki, alg)) for spki, alg in given]
    assert [by_rule(one) for one in answers] == expected


def test_signatures_count_on_the_page_exactly_when_they_do_in_python() -> None:
    given = odd_signatures()
    calls = [("signature", spki.hex(), alg.encode().hex(), one.hex(), sig.hex()) for spki, alg, one, sig in given]
    expected = [said(partial(verified, *one)) for one in given]
    assert [by_rule(one) for one in run_verifier(calls=calls).answers] == expected
    assert len({str(one) for one in expected}) == 7  # each of the rules KEY-10 to KEY-15, and a signature that counts


def test_vkeys_are_admitted_on_the_page_exactly_when_they_are_in_python() -> None:
    vkeys = [format_vkey(key) for key in bent_vkeys().values()]
    expected = [said(partial(key_id, vkey)) for vkey in vkeys]
    assert [
        by_rule(one) for one in run_verifier(calls=[("vkey", one.encode().hex()) for one in vkeys]).answers
    ] == expected
    assert sum("value" in one for one in expected) == 2


def test_signatures_of_notes_count_on_the_page_exactly_when_they_do_in_python() -> None:
    given = odd_note_signatures()
    calls = [("note", format_vkey(key).encode().hex(), text.encode().hex(), one.hex()) for key, text, one in given]
    expected = [said(partial(stated, *one)) for one in given]
    assert [by_rule(one) for one in run_verifier(calls=calls).answers] == expected
    assert sum("value" in one for one in expected) == 2


@pytest.mark.parametrize(
    ("name", "entries"), [("entry", odd_entries()), ("words", worded_entries()), ("state", odd_states())]
)
def test_entries_are_read_on_the_page_as_they_are_in_python(name: str, entries: list[bytes]) -> None:
    answers = run_verifier(calls=[(name, one.hex()) for one in entries]).answers
    reading = {"entry": held, "words": words, "state": state}[name]
    expected = [said(partial(reading, one)) for one in entries]
    assert [one if "value" in one else None for one in answers] == [one if "value" in one else None for one in expected]
    assert sum("value" in one for one in expected) > 1


def test_policies_and_trust_files_are_read_on_the_page_as_they_are_in_python() -> None:
    policies, trusts = odd_policies(), odd_trusts()
    calls = [*(("policy", one.hex()) for one in policies), *(("trust", one.hex()) for one in trusts)]
    expected = [*(said(partial(quorum, one)) for one in policies), *(said(partial(roots, one)) for one in trusts)]
    assert [by_rule(one) for one in run_verifier(calls=calls).answers] == expected


def test_what_is_short_and_what_is_long_have_the_hash_that_python_says() -> None:
    texts = [random.Random(length).randbytes(length) for length in (*range(300), 1_000, 60_000)]
    answers = run_verifier(calls=[("sha256", text.hex()) for text in texts]).answers
    assert [one["value"] for one in answers] == [hashlib.sha256(text).hexdigest() for text in texts]


def test_times_are_read_on_the_page_as_they_are_in_python() -> None:
    days = ["2026-02-28", "2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2026-04-31", "2026-13-01"]
    days += ["0000-01-01", "0001-01-01", "9999-12-31", "2026-00-01", "2026-01-00"]
    hours = ["00:00:00Z", "23:59:59.999Z", "24:00:00Z", "12:60:00Z", "12:00:60Z", "12:00:00.1Z", "12:00:00+00:00"]
    times = [*(f"{day}T{hour}" for day in days for hour in hours), "", "2026-02-28 00:00:00Z", "2026-02-28T00:00:00Z\n"]
    answers = run_verifier(calls=[("time", text.encode().hex()) for text in times]).answers

    def reads(text: str) -> bool:
        try:
            parse_time(text)
        except ValueError:
            return False
        return True

    assert {text: one["value"] for text, one in zip(times, answers, strict=True)} == {one: reads(one) for one in times}


def test_the_page_lets_nothing_run_but_its_own_blocks_and_reaches_nothing() -> None:
    said = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"', page_text())
    assert said is not None
    policy = {words[0]: words[1:] for part in said[1].split(";") if (words := part.split())}
    sealed = {name: f"'sha256-{base64.b64encode(digest(text)).decode()}'" for name, text in blocks().items()}
    assert policy == {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
        "style-src": [sealed["style"]],
        "script-src": [sealed["verifier"], sealed["teller"], sealed["page"]],
    }


def test_the_page_names_nothing_from_elsewhere_and_makes_no_markup_of_texts() -> None:
    forbidden = r"https?:|\bsrc=|\bhref=|@import|[a-z]*(?:inner|outer|Adjacent)HTML|document\.write|\beval\b"
    assert re.findall(forbidden, page_text()) == []
    assert "url(" not in blocks()["style"]


def test_the_page_is_made_of_its_sources_and_the_words_of_today_and_sealed() -> None:
    assert seal_page.sealed(seal_page.assembled()) == page_text()


@pytest.mark.parametrize("block", ["verifier", "teller"])
def test_who_verifies_and_who_tells_touches_no_page_and_no_network(block: str) -> None:
    forbidden = r"\b(?:(?:document|window|navigator|localStorage|fetch|XMLHttpRequest|WebSocket)\b|import\()"
    # Words are no code, and "document" is one of them.
    code = re.sub(r"/\*.*?\*/|//[^\n]*|^const WORDS[^\n]*", "", blocks()[block], flags=re.DOTALL | re.MULTILINE)
    assert re.findall(forbidden, code) == []


def test_both_languages_of_the_page_have_the_same_texts() -> None:
    texts = ((seal_page.SOURCES / "view" / f"texts-{language}.js").read_text("utf-8") for language in Language)
    english, chinese = (re.findall(r"^ +([\w\"-]+): ", text, re.MULTILINE) for text in texts)
    assert sorted(english) == sorted(chinese)
    assert len(english) > 90


def digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def in_python(data: Path, policy: Path, trust: Path) -> dict[str, Any]:
    """Return the report of the verifier in Python, as JSON has it."""
    report = verify_bundle(data.read_bytes(), parse_policy(policy.read_bytes()), parse_trust(trust.read_bytes()))
    value: dict[str, Any] = json.loads(json.dumps(report_value(report)))
    return value


def verdicts(report: dict[str, Any]) -> tuple[object, ...]:
    """Return what two reports must have in common: all but the wording of what was found."""
    claims = [(one["about"], one["verdict"], one["check"]) for one in report["claims"]]
    return report["verdict"], report["exit"], report["subject"], claims


def first_failure(report: dict[str, Any]) -> tuple[str, int, str | None, str | None]:
    first = next((one for one in report["claims"] if one["verdict"] == "failed"), {"check": None, "about": None})
    return report["verdict"], report["exit"], first["check"], first["about"]


def said(answer: Callable[[], object]) -> dict[str, object]:
    """Return what is answered, or the rule and the member that are named in refusing."""
    try:
        return {"value": answer()}
    except Malformed as error:
        return {"refused": (error.rule, error.member)}
    except LedgerError as error:
        return {"refused": RULE.findall(str(error))[:1]}


def by_rule(answer: dict[str, Any]) -> dict[str, object]:
    """Return an answer of the page in the same form."""
    if "value" in answer:
        return answer
    rule, member, *more = answer["refused"].split(": ")
    return {"refused": (rule, member) if more and not rule.startswith("KEY") else [rule]}


def parsed(text: bytes, allowed: frozenset[str]) -> object:
    return tagged(strict_json.parse(text, allowed=allowed))


def thumbprint(spki: bytes, alg: str) -> str:
    return admit(spki, alg).thumbprint


def verified(spki: bytes, alg: str, message: bytes, signature: bytes) -> None:
    verify(admit(spki, alg), message, signature)


def key_id(vkey: str) -> str:
    return parse_vkey(vkey).key_id.hex()


def stated(key: VerifierKey, text: str, signature: bytes) -> str:
    time = verifier_for(key).verify(text, signature)
    return "null" if time is None else str(time)


def words(written: bytes) -> list[str]:
    told = parse_entry(written).breaches
    return [breach_sentence(one, language) for one in told for language in Language]


def held(written: bytes) -> list[object]:
    one = parse_entry(written)
    told = [[breach.rule, list(breach.subjects), json.loads(json.dumps(breach.given))] for breach in one.breaches]
    return [
        one.position,
        format_time(one.recorded),
        one.rules,
        sorted(one.tags),
        sorted(one.status),
        one.data.hex(),
        told,
    ]


def state(written: bytes) -> list[str]:
    one = state_of(parse_entry(written))
    return [one.index_root.hex(), str(one.size), str(one.names)]


def quorum(policy: bytes) -> str | None:
    return parse_policy(policy).quorum


def roots(trust: bytes) -> int:
    return len(parse_trust(trust).roots)


def tagged(value: strict_json.JsonValue) -> object:
    if isinstance(value, dict):
        return {"object": [[name, tagged(one)] for name, one in value.items()]}
    return [tagged(one) for one in value] if isinstance(value, list) else value
