"""Section 24 of ``docs/formats.md`` is what the command and the page do: its tables are compared with both."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest

from ledger.errors import Malformed, NotTrusted
from ledger.evidence.bundle import archive, bundle, manifest
from ledger.evidence.bundle.answer import Claimed, encode_answer
from ledger.evidence.checks import trust
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.checks.verdicts import EXITS, Check, Verdict, report_value
from ledger.evidence.export import Answered, export_bundle
from ledger.evidence.verify import SKEW, verify_bundle
from ledger.ids import Tag, is_tag
from ledger.statement.catalogue import KINDS
from ledger.statement.entries import entry
from ledger.statement.text.strict_json import parse
from ledger.tlog import index, note, policy
from ledger.tlog.note import Note, format_note, parse_note
from ledger.tlog.policy import evaluate, parse_policy
from ledger.tlog.vkey import is_key_name
from tests.corpus.agreement import ROWS
from tests.corpus.bundle_edits import Opened, edited
from tests.corpus.bundle_log import ORIGIN, START, witness
from tests.corpus.bundle_log import policy as corpus_policy
from tests.corpus.bundle_story import APPROVAL, FIRST, told
from tests.corpus.bundle_story import trust as corpus_trust
from tests.corpus.bundles import bundles
from tests.journeys.page import blocks, run_verifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TEXT: Final = Path("docs/formats.md").read_text(encoding="utf-8").partition("\n## 24. ")[2]
_LIMITS: Final = {
    "a bundle": archive.MAX_ARCHIVE,
    "files in a bundle": archive.MAX_FILES,
    "a policy": policy.MAX_POLICY,
    "a trust file": trust.MAX_TRUST,
    "`checkpoint`": note.MAX_NOTE,
    "signature lines of a note": note.MAX_SIGNATURES,
    "an entry": entry.MAX_ENTRY,
    "an index proof": index.MAX_INDEX_PROOF,
    "hashes of an index proof": index.KEY_BITS,
    "a position, a size": manifest.MAX_POSITION,
}
_ON_THE_PAGE: Final = {
    "a bundle": "MAX_ARCHIVE",
    "files in a bundle": "MAX_FILES",
    "a policy": "MAX_POLICY",
    "a trust file": "MAX_TRUST",
    "`checkpoint`": "MAX_NOTE",
    "signature lines of a note": "MAX_SIGNATURES",
    "an entry": "MAX_ENTRY",
    "an index proof": "MAX_INDEX_PROOF",
    "hashes of an index proof": "KEY_BITS",
    "a position, a size": "MAX_POSITION",
}


def rows(head: str) -> list[list[str]]:
    """Return the cells of the table whose head begins so."""
    lines = _TEXT.partition(f"\n| {head} |")[2].split("\n")[2:]
    kept = lines[: next(at for at, line in enumerate(lines) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in kept]


def said(data: bytes) -> dict[str, Any]:
    report = verify_bundle(data, parse_policy(corpus_policy()), parse_trust(corpus_trust()))
    value: dict[str, Any] = json.loads(json.dumps(report_value(report)))
    return value


def test_the_steps_are_those_of_the_command_and_of_the_page() -> None:
    names = [name for _, name, _ in rows("step")]
    assert [int(number) for number, _, _ in rows("step")] == list(range(16))
    assert names == [
        "policy and trust",
        *[one for one in Check if one is not Check.ANSWER],
        "trust",
        "not checked",
        "answer",
    ]
    checks = re.search(r"const Check = Object\.freeze\(\{(.*?)\}\);", blocks()["verifier"], re.DOTALL)
    assert checks is not None
    assert re.findall(r'"([^"]+)"', checks[1]) == list(Check)
    steps = re.search(r"stepNames: \[(.*?)\n  \],", blocks()["page"], re.DOTALL)
    assert steps is not None
    assert re.findall(r'^    \["([^"]+)"', steps[1], re.MULTILINE) == names


def test_the_claims_of_the_corpus_are_those_of_the_text_in_its_order() -> None:
    written = [re.findall(r"`([a-z ]+)(?: <[a-z]+>)?`", about) for about, *_ in rows("about")]
    order = [word for words in written for word in words]
    claimed = Answered(encode_answer(Claimed(ORIGIN, "whereabouts", Tag(FIRST), 1, START, jurisdiction="CN")))
    good = export_bundle(told().log.store, told().frame, Tag(FIRST), ["note"], answered=claimed)

    def withhold(one: Opened) -> None:
        one.seal(told().at["approval"])
        one.take_part(Tag(APPROVAL))

    kinds = r"^(event|withheld|tag|status|part|disclosure) .*"
    given = [re.sub(kinds, r"\1", claim["about"]) for claim in said(edited(good, withhold))["claims"]]
    assert list(dict.fromkeys(given)) == order


def test_the_verdicts_and_exit_codes_are_those_of_the_command_and_of_the_page() -> None:
    written = [(word, int(code)) for word, code, _ in rows("verdict")]
    assert dict(written) == {str(verdict): code for verdict, code in EXITS.items()}
    exits = re.search(r"const EXITS = \{(.*?)\};", blocks()["verifier"])
    assert exits is not None
    pairs = re.findall(r"\[Verdict\.([A-Z_]+)\]: (\d+)", exits[1])
    assert {str(Verdict[name]): int(code) for name, code in pairs} == dict(written)
    worst = re.search(r"const WORST = \[(.*?)\]", blocks()["verifier"])
    assert worst is not None
    assert [str(Verdict[name]) for name in re.findall(r"Verdict\.([A-Z_]+)", worst[1])] == [one for one, _ in written][
        :3
    ]


def test_the_limits_are_those_of_the_command_and_of_the_page() -> None:
    written = {of: int(re.sub(r"\D", "", most)) for of, most, _ in rows("of")}
    assert written == _LIMITS
    page = blocks()["verifier"]
    for of, name in _ON_THE_PAGE.items():
        (value,) = re.findall(rf"^const {name} = (.*?);", page, re.MULTILINE)
        assert _number(value) == written[of], name


def _number(text: str) -> int:
    match text.split():
        case [base, "<<", by]:
            return int(base) << int(by)
        case ["1e15", "-", "1"]:
            return 10**15 - 1
        case _:
            return int(text)


def test_the_skew_is_that_of_the_text_and_of_the_page() -> None:
    assert f"more than {SKEW} seconds" in _TEXT
    assert f"const SKEW = {SKEW}n;" in blocks()["verifier"]


def test_every_decision_is_shown_by_a_row_of_the_corpus_or_a_test() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in Path("tests").rglob("test_*.py"))
    named = [re.findall(r"`([^`]+)`", shown) for *_, shown in rows("what")]
    assert all(named)
    for one in (name for names in named for name in names):
        assert one in ROWS or one in bundles() or f"def {one}(" in tests, one
    assert set(ROWS) <= {name for names in named for name in names}


def test_no_clock_of_the_readers_is_asked() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in Path(bundle.__file__).parent.glob("*.py"))
    assert re.findall(r"SystemClock|\.now\(|utcnow|time\.time", code) == []
    assert re.findall(r"Date\.now|new Date\(\)|performance", blocks()["verifier"]) == []


def test_each_line_of_one_key_has_to_verify_and_the_earliest_time_counts() -> None:
    held = parse_note(told().frame.note)
    cosigner = witness("w1")
    twice = Note(held.text, (*held.signatures, cosigner.cosign(held.text, 7)))
    assert evaluate(parse_policy(corpus_policy()), format_note(twice)).witnesses["w1"] == 7
    bent = cosigner.cosign("other.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", 7)
    with pytest.raises(NotTrusted, match="TLOG-11"):
        evaluate(parse_policy(corpus_policy()), format_note(Note(held.text, (*held.signatures, bent))))


@pytest.mark.parametrize(("line", "is_one"), [("AAAAAAA=", True), ("AAAAAA==", False)])
def test_a_signature_line_holds_a_key_id_and_at_least_one_byte(line: str, is_one: bool) -> None:
    data = f"text\n\n\N{EM DASH} name {line}\n".encode()
    if is_one:
        assert len(parse_note(data).signatures[0].signature) == 1
    else:
        with pytest.raises(Malformed, match="TLOG-01"):
            parse_note(data)


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x80, 0x85, 0x9F])
def test_notes_refuse_the_control_characters_below_the_space_alone(code: int) -> None:
    data = f"text{chr(code)}more\n\n\N{EM DASH} name AAAAAAA=\n".encode()
    if code < 0x20 and code != 0x0A:
        with pytest.raises(Malformed, match="TLOG-01"):
            parse_note(data)
    else:
        assert parse_note(data).text == f"text{chr(code)}more\n"
    assert is_key_name(f"a{chr(code)}b") == (code > 0x20 and code != 0x85)


def test_hex_digits_are_of_lower_case() -> None:
    assert is_tag(f"key:{'a' * 64}")
    assert not is_tag(f"key:{'A' * 64}")
    with pytest.raises(Malformed, match="EVD-06"):
        parse_trust(f"root {'A' * 64}\n".encode())


def test_patterns_match_alike_in_python_and_javascript() -> None:
    marks = [chr(code) for code in (*range(0x20, 0x30), 0x3A, 0x5F, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F)]
    marks += [
        "\u205f",
        "\u2800",
        "\u3000",
        "\u2010",
        "\u2212",
        "\uff0d",
        "\u0660",
        "\uff10",
        "\u00e9",
        "\U00020000",
        "0",
    ]
    texts = [text for one in marks for text in (one, f"a{one}b", f"{one}1", f"1{one}") if _is_strict(text)]
    pairs = [(pattern, text) for pattern in sorted(_patterns()) for text in texts]
    answers = run_verifier(calls=[("pattern", p.encode().hex(), t.encode().hex()) for p, t in pairs]).answers
    assert len(pairs) > 1000
    here = [re.search(pattern, text) is not None for pattern, text in pairs]
    assert [pair for pair, one, other in zip(pairs, answers, here, strict=True) if one["value"] != other] == []


def _is_strict(text: str) -> bool:
    try:
        parse(json.dumps(text, ensure_ascii=False).encode())
    except Malformed:
        return False
    return True


def _patterns() -> set[str]:
    def found(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("pattern"), str):
                yield value["pattern"]
            for one in value.values():
                yield from found(one)
        elif isinstance(value, list):
            for one in value:
                yield from found(one)

    schemas: Mapping[str, Any] = {kind: msgspec.json.schema(one.body) for kind, one in KINDS.items()}
    return set(found(list(schemas.values())))


@pytest.mark.parametrize("day", ["2026-02-30", "2026-2-03", "0000-01-01", "2026-13-01"])
def test_formats_of_the_schemas_assert(day: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(day, date)
