"""Drafts: what a person edits before it is signed. TOML, because it has comments; or the same members as JSON.

    log, kind, occurred_at?, id?, reason?, corrects?, acknowledges?, seen?, capture?,
    signers [{party, person, role, meaning, key?, alg?} …], body {…}, disclose {name: value}?, names {id: name}?

Names say what ids are called where it was drafted; they are told to who signs it elsewhere, and signed by nobody.
"""

from __future__ import annotations

import tomllib
from datetime import date, time
from typing import TYPE_CHECKING, Final, NoReturn

from api.drafts.problems import Problems
from ledger.errors import Malformed
from ledger.statement.catalogue import KINDS
from ledger.statement.form.disclosure import commit, make_disclosure
from ledger.statement.text import strict_json
from ledger.statement.text.shape import read_members, read_object
from ledger.statement.wording import MISSING, complaints, value_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "DRF-01": "A draft is TOML in UTF-8 of at most 1,000,000 bytes, or the same members as JSON.",
    "DRF-02": "Nothing in a draft is still to be filled in.",
    "DRF-03": "Amounts, dates and times stand in a draft as texts in quotes.",
}

OPEN: Final = "‹"
SHUT: Final = "›"
_LARGEST: Final = 1_000_000
_REQUIRED: Final = ("log", "kind", "signers", "body")
_OPTIONAL: Final = ("id", "occurred_at", "reason", "corrects", "acknowledges", "seen", "capture", "disclose", "names")


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
    return read_members_of_draft(draft, problems_of(path))


def read_members_of_draft(draft: JsonValue, problems: Problems) -> dict[str, JsonValue]:
    """Read the members of a draft. problems: what is known of it; what is wrong is noted there.

    Raises Malformed: DRF-02 something is still to be filled in; STM-16 to STM-18.
    """
    said = read_members(draft, "$", _REQUIRED, _OPTIONAL)
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
