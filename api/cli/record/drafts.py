"""Drafts: what a person edits before it is signed. TOML, because it has comments; or the same members as JSON.

    log, kind, occurred_at?, id?, reason?, corrects?, acknowledges?, seen?, capture?,
    signers [{party, person, role, meaning, key?, alg?} …], body {…}, disclose {name: value}?, names {id: name}?

From a draft and the keys comes the payload; what the draft leaves out (id, time, keys) is filled in here. Names say
what ids are called where it was drafted; they are told to who signs it elsewhere, and signed by nobody.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from api.cli.record.problems import Problems
from ledger.clock import parse_time
from ledger.errors import Malformed
from ledger.ids import StatementId, new_statement_id
from ledger.service import Submission
from ledger.statement import strict_json
from ledger.statement.catalogue import KINDS
from ledger.statement.disclosure import commit, digest_of, make_disclosure
from ledger.statement.envelope import MOST_SIGNATURES
from ledger.statement.header import read_acknowledges, read_capture, read_seen, read_signers
from ledger.statement.payload import build_payload, read_payload
from ledger.statement.reading import read_statement
from ledger.statement.shape import read_array, read_members, read_object, read_text
from ledger.statement.statement import sign_open
from ledger.statement.wording import MISSING, complaints, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from ledger.clock import Clock
    from ledger.statement.signer import StatementSigner
    from ledger.statement.strict_json import JsonValue

RULES: Final = {
    "DRF-01": "A draft is TOML in UTF-8 of at most 1,000,000 bytes, or the same members as JSON.",
    "DRF-02": "Nothing in a draft is still to be filled in.",
    "DRF-03": "Amounts, dates and times stand in a draft as texts in quotes.",
    "DRF-04": "No more keys sign a draft than it has signers, and of each signer it is known which key is theirs.",
}

OPEN: Final = "‹"
SHUT: Final = "›"
_LARGEST: Final = 1_000_000
_REQUIRED: Final = ("log", "kind", "signers", "body")
_OPTIONAL: Final = ("id", "occurred_at", "reason", "corrects", "acknowledges", "seen", "capture", "disclose", "names")
_SIGNER: Final = ("party", "person", "role", "meaning")
_OF_KEY: Final = ("key", "alg")

FindKey: TypeAlias = "Callable[[str, str], tuple[str, str] | None]"
"""Returns the thumbprint and the algorithm of the one key that a person of a party has; None where nobody knows it."""


def read_draft(path: Path) -> dict[str, JsonValue]:
    """Read a draft from a file: JSON if it is named so, TOML otherwise.

    Raises Malformed: DRF-01 it cannot be read, DRF-02 something is still to be filled in, DRF-03 a number with a point
    or a date without quotes; STM-01 to STM-18. OSError.
    """
    data = path.read_bytes()
    if len(data) > _LARGEST:
        raise Malformed("DRF-01", str(path), f"{len(data)} bytes, more than {_LARGEST}")
    # An editor and echo end a file with a line feed, which the strict form does not have.
    if data.lstrip().startswith(b'{"envelope"'):
        raise Malformed(
            "DRF-01", str(path), "is signed already: vialog statement submit records it, cosign adds a signature"
        )
    draft = strict_json.parse(data.rstrip(b"\r\n")) if path.suffix == ".json" else _toml(data, path)
    said = read_members(draft, "$", _REQUIRED, _OPTIONAL)
    problems = problems_of(path)
    for member, text in _texts(said, "$"):
        if OPEN in text and SHUT in text:
            problems.note("DRF-02", member, f"is still to be filled in: {text}", text)
    problems.check()
    return said


def problems_of(path: Path) -> Problems:
    """Return what is known to be wrong with a draft that can be read: nothing yet."""
    return Problems("" if path.suffix == ".json" else path.read_text(encoding="utf-8-sig"))


def check_body(draft: Mapping[str, JsonValue], problems: Problems) -> None:
    """Raise Malformed with what was noted, and with everything for which the body is not of its kind (CAT-02)."""
    kind, body = KINDS.get(str(draft["kind"])), draft["body"]
    if kind is not None and isinstance(body, dict):
        for member, problem in complaints(_committed(draft, problems), kind.body):
            value = None if problem == MISSING else value_at(member, body)
            problems.note("CAT-02", f"$.body{member}", problem, value if isinstance(value, str | int) else None)
    problems.check()


def _committed(draft: Mapping[str, JsonValue], problems: Problems) -> JsonValue:
    """Return the body of a draft with a digest for each disclosure that it names; one that is none is noted."""
    hidden = draft.get("disclose", {})
    try:
        disclosures = [make_disclosure(name, value) for name, value in read_object(hidden, "$.disclose").items()]
        return commit(draft["body"], disclosures)
    except Malformed as error:
        problems.note(error.rule, error.member, error.problem)
        return draft["body"]


def sign_draft(
    draft: dict[str, JsonValue], keys: Sequence[StatementSigner], clock: Clock, find_key: FindKey | None = None
) -> Submission:
    """Return the signed statement of a draft, with its disclosures; open where keys of some signers are not at hand.

    keys: those at hand, in the order of their signers; find_key: says whose the other keys are.

    Raises as draft_payload.
    """
    payload, disclosures = draft_payload(draft, keys, clock, find_key)
    return Submission(sign_open(payload, keys), disclosures)


def draft_payload(
    draft: dict[str, JsonValue], keys: Sequence[StatementSigner], clock: Clock, find_key: FindKey | None = None
) -> tuple[bytes, tuple[str, ...]]:
    """Return what is to be signed for a draft, and its disclosures.

    keys, find_key: as for sign_draft.

    Raises Malformed: DRF-04 there are more keys than signers, or a signer's key is not known; STM and CAT, what the
    statement's form forbids.
    """
    named = _signers(draft["signers"], keys, find_key)
    now = clock.now()
    hidden = read_object(draft.get("disclose", {}), "$.disclose")
    made = [make_disclosure(name, value) for name, value in hidden.items()]
    disclosures = tuple(one.text for one in made)
    payload = build_payload(
        log=read_text(draft["log"], "$.log"),
        id=StatementId(read_text(draft["id"], "$.id")) if "id" in draft else new_statement_id(now),
        kind=read_text(draft["kind"], "$.kind"),
        occurred_at=_instant(draft["occurred_at"]) if "occurred_at" in draft else now,
        signers=read_signers([*named]),
        capture=read_capture(draft.get("capture", {"mode": "bench"})),
        body=read_object(commit(draft["body"], made), "$.body"),
        seen=read_seen(draft["seen"]) if "seen" in draft else None,
        reason=read_text(draft["reason"], "$.reason") if "reason" in draft else None,
        acknowledges=read_acknowledges(draft["acknowledges"]) if "acknowledges" in draft else (),
        corrects=StatementId(read_text(draft["corrects"], "$.corrects")) if "corrects" in draft else None,
        sd=[digest_of(text) for text in disclosures],
    )
    read_statement(read_payload(payload))  # a signature is not given to what no ledger would record
    return payload, disclosures


def _signers(value: JsonValue, keys: Sequence[StatementSigner], find_key: FindKey | None) -> list[dict[str, JsonValue]]:
    """Return the signers with their keys: as the draft or the log names them, or those at hand in turn."""
    said = [
        read_members(one, f"$.signers[{index}]", _SIGNER, _OF_KEY)
        for index, one in enumerate(read_array(value, "$.signers", least=1, most=MOST_SIGNATURES))
    ]
    if len(keys) > len(said):
        raise Malformed("DRF-04", "$.signers", f"the draft has {len(said)} signers, but {len(keys)} keys are given")
    at_hand = {key.thumbprint: str(key.alg) for key in keys}
    if len(keys) < len(said):
        for signer in said:
            if "key" not in signer and find_key is not None:
                found = find_key(read_text(signer["party"], "$.signers"), read_text(signer["person"], "$.signers"))
                signer.update({} if found is None else {"key": found[0], "alg": found[1]})
    taken = {signer.get("key") for signer in said}
    rest = [key for key in at_hand if key not in taken]
    for signer in said:
        if "key" not in signer and rest:
            signer["key"] = rest.pop(0)
        if "alg" not in signer and signer.get("key") in at_hand:
            signer["alg"] = at_hand[str(signer["key"])]
    for index, signer in enumerate(said):
        if "key" not in signer or "alg" not in signer:
            whose = f"{signer['person']} of {signer['party']}"
            problem = f"nobody here knows the key of {whose}: give it with --key, or name its key and alg in the draft"
            raise Malformed("DRF-04", f"$.signers[{index}]", problem)
    if rest:
        raise Malformed("DRF-04", "$.signers", f"{rest[0]} is the key of none of the signers")
    return said


def _instant(value: JsonValue) -> datetime:
    try:
        return parse_time(read_text(value, "$.occurred_at"))
    except ValueError as error:
        raise Malformed("STM-34", "$.occurred_at", str(error)) from None


def _toml(data: bytes, path: Path) -> JsonValue:
    try:
        document = tomllib.loads(data.decode("utf-8-sig"), parse_float=_no_float)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("DRF-01", str(path), f"is not TOML: {error}") from None
    return _json(document, "$")


def _no_float(text: str) -> NoReturn:
    raise Malformed("DRF-03", "$", f"{text} stands without quotes; amounts are texts, such as {text!r}")


def _json(value: object, member: str) -> JsonValue:
    """Return a value of TOML as JSON; its dates and times are refused, because they have many spellings."""
    match value:
        case dict():
            return {str(name): _json(one, strict_json.member_path(member, str(name))) for name, one in value.items()}
        case list():
            return [_json(one, f"{member}[{index}]") for index, one in enumerate(value)]
        case bool() | int() | str():
            return value
        case date() | time():
            raise Malformed("DRF-03", member, f"{value} stands without quotes; dates and times are texts")
        case _:
            raise Malformed("DRF-03", member, f"{value} is not a value that a statement can have")


def _texts(value: JsonValue, member: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield member, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(one, strict_json.member_path(member, name))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _texts(one, f"{member}[{index}]")
