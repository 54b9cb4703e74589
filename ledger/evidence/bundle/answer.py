"""A claimed answer: what whoever made a bundle says that a question comes to, in one form, and believed by nobody.

It says what was asked of which record, and the rows that came out. Whoever checks it computes the rows again from the
entries of the bundle (``projections.claims``) and compares. Here is its form alone: one JSON object as RFC 8785 writes
it, in UTF-8, without any number but whole ones.

    {"as_of":<position: nothing recorded behind it counts>,
     "at":<null, or the instant up to which acts count>,
     "editions":["<id and digest of an edition of the rules>"…],       ascending
     "format":"vialog-answer/1",                                       of others "/3", "/4", "/5" (FORMS)
     "jurisdiction":"<whose days are told>",
     "log":"<origin>",
     "now":"<the instant at which terms have passed or not>",
     "parameters":{"<name>":<text or number>…},
     "question":"<name>",
     "rows":[{…}…],
     "subject":"<tag>"}                                                of signatures the id of a statement

>>> now = parse_time("2026-09-01T00:00:00Z")
>>> claimed = Claimed("log.example/1", "whereabouts", Tag("item:A"), 7, now, jurisdiction="CN")
>>> encode_answer(claimed)[:54]
b'{"as_of":7,"at":null,"editions":[],"format":"vialog-an'
>>> parse_answer(encode_answer(claimed)) == claimed
True
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final, NoReturn

from ledger.clock import format_time, parse_time
from ledger.errors import Malformed, newer_format
from ledger.evidence.bundle.manifest import MAX_POSITION
from ledger.ids import Tag, is_statement_id, is_tag
from ledger.statement.text.shape import Form, read_array, read_count, read_form, read_members, read_text
from ledger.statement.text.strict_json import SAFE_INTEGER, nests_too_deep, sorted_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.statement.text.strict_json import JsonValue

FORMAT: Final = "vialog-answer/5"
_FIRST: Final = (1,)
FORMS: Final[Mapping[str, tuple[int, ...]]] = {"balance": (1, 2, 3), "signatures": (4,), "whereabouts": (1, 5)}
"""By question the numbers of the forms that its answers may be of; of others the first alone. By each follow rows
of its own: by the second what was missing and is lost is lost, and the third tells what is in transit or in use.
The fourth is about a statement, which no form before it is; by the fifth a row that tells where an item was by what was
recorded since names what told it."""
ADDED: Final[Mapping[str, Mapping[int, frozenset[str]]]] = {"balance": {3: frozenset({"in_transit", "in_use"})}}
"""By question and number of a form the members of rows that those before it do not have."""

RULES: Final = {
    "EVD-23": "A claimed answer is written in its one form.",
}

OF_STATEMENTS: Final = frozenset({"signatures"})
"""The questions about a statement, whose id stands where others have a subject's."""

YEARS: Final = range(1900, 3000)
"""The years of its instants: of none of them is a local day beyond the calendar."""

_MEMBERS: Final = (
    "as_of", "at", "editions", "format", "jurisdiction", "log", "now", "parameters", "question", "rows", "subject",
)  # fmt: skip
_FORMAT: Final = re.compile(r'"format":"([a-z/0-9-]{1,64})"')
_QUESTION: Final = Form("EVD-23", re.compile("[a-z]+(?:-[a-z]+){0,9}"), "the name of a question")
_PARAMETER: Final = Form("EVD-23", re.compile("[a-z_]{1,32}"), "the name of a parameter")
_JURISDICTION: Final = Form("EVD-23", re.compile("[A-Z]{2}"), "two capital letters")
_EDITION: Final = Form("EVD-23", re.compile("[a-z0-9-]{1,64}/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64}"), "an edition")
_LOG: Final = Form("EVD-23", re.compile("[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}"), "the origin of a log")
_KNOWN: Final = tuple(f"vialog-answer/{number}" for number in sorted({*_FIRST, *chain(*FORMS.values())}))
_MOST_ROWS: Final = 65_535
_MOST_BRACKETS: Final = 400_000
_MOST_DEEP: Final = 16
_MOST_DIGITS: Final = 17


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed answer.

    question: by its name. subject: the one that it is about, or the id of a statement (``OF_STATEMENTS``).
    as_of: nothing recorded behind that position counts.
    now: the instant at which terms have passed or not. until: later acts do not count; None: all do.
    jurisdiction: whose calendar tells days. parameters: what the question is narrowed by, by their names.
    editions: of the rules that it was computed with, as entries name them.
    earlier: the number of its form where its question has a newer one; None: it has none.
    """

    log: str
    question: str
    subject: Tag
    as_of: int
    now: datetime
    until: datetime | None = None
    jurisdiction: str = ""
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    editions: tuple[str, ...] = ()
    rows: tuple[Mapping[str, JsonValue], ...] = ()
    earlier: int | None = None

    @property
    def form(self) -> int:
        """Return the number of its form."""
        return self.earlier or forms_of(self.question)[-1]


def forms_of(question: str) -> tuple[int, ...]:
    """Return the numbers of the forms that answers to a question may be of, ascending."""
    return FORMS.get(question, _FIRST)


def told_in(question: str, form: int, row: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """Return a row without the members that came with a later form. form: by its number."""
    added = ADDED.get(question, {}).items()
    later = frozenset[str]().union(*(names for number, names in added if number > form))
    return {name: value for name, value in row.items() if name not in later}


def encode_answer(claimed: Claimed) -> bytes:
    """Write an answer. Raises Malformed (EVD-23): whatever parse_answer would refuse."""
    value: dict[str, Any] = {
        "as_of": claimed.as_of,
        "at": None if claimed.until is None else format_time(claimed.until),
        "editions": list(claimed.editions),
        "format": f"vialog-answer/{claimed.form}",
        "jurisdiction": claimed.jurisdiction,
        "log": claimed.log,
        "now": format_time(claimed.now),
        "parameters": dict(claimed.parameters),
        "question": claimed.question,
        "rows": list(claimed.rows),
        "subject": claimed.subject,
    }
    data = sorted_form(value)
    parse_answer(data)
    return data


def parse_answer(data: bytes) -> Claimed:
    """Read an answer; nothing that it claims is checked. Raises Malformed: EVD-23, STM-16 to STM-18, STM-44."""
    value = _one_form(data)
    said = read_members(value, "$", _MEMBERS)
    question = read_form(said["question"], "$.question", _QUESTION)
    forms = {f"vialog-answer/{number}": number for number in forms_of(question)}
    if (form := forms.get(str(said["format"]))) is None:
        raise Malformed("EVD-23", "$.format", f"is not {' or '.join(forms)}")
    editions = tuple(read_form(one, member, _EDITION) for one, member in _items(said["editions"], "$.editions"))
    if any(one >= following for one, following in pairwise(editions)):
        raise Malformed("EVD-23", "$.editions", "is not in ascending order, each once")
    return Claimed(
        log=read_form(said["log"], "$.log", _LOG),
        question=question,
        subject=_subject(said["subject"], question),
        as_of=_position(said["as_of"]),
        now=_time(said["now"], "$.now"),
        until=None if said["at"] is None else _time(said["at"], "$.at"),
        jurisdiction=read_form(said["jurisdiction"], "$.jurisdiction", _JURISDICTION),
        parameters=_parameters(said["parameters"]),
        editions=editions,
        rows=tuple(_row(one, member) for one, member in _items(said["rows"], "$.rows")),
        earlier=None if form == forms_of(question)[-1] else form,
    )


def _one_form(data: bytes) -> JsonValue:
    """Return the value that some bytes write in the one form; what is too large or too deep is not made first."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Malformed("EVD-23", "$", "not UTF-8") from error
    found = _FORMAT.search(text)
    if newer := newer_format("" if found is None else found[1], FORMAT):
        raise Malformed("EVD-23", "$.format", f"is not {FORMAT}", newer=newer)
    if found is None or found[1] not in _KNOWN:
        raise Malformed("EVD-23", "$.format", f"is not {' or '.join(_KNOWN)}")
    if text.count("[") + text.count("{") > _MOST_BRACKETS or nests_too_deep(text, _MOST_DEEP):
        raise Malformed("EVD-23", "$", f"nests deeper than {_MOST_DEEP}, or has more than {_MOST_BRACKETS} brackets")
    try:
        value: JsonValue = _DECODER.decode(text)
        again = sorted_form(value)
    except ValueError:
        raise Malformed("EVD-23", "$", "is not JSON of texts and whole numbers") from None
    if again != data:
        raise Malformed("EVD-23", "$", "is not written in its one form: member order, white space or escapes")
    return value


def _whole(digits: str) -> int:
    number = int(digits) if len(digits) <= _MOST_DIGITS else SAFE_INTEGER + 1
    if abs(number) > SAFE_INTEGER:
        raise ValueError(digits)
    return number


def _refuse(written: str) -> NoReturn:
    raise ValueError(written)


_DECODER: Final = json.JSONDecoder(parse_int=_whole, parse_float=_refuse, parse_constant=_refuse)


def _items(value: JsonValue, member: str) -> list[tuple[JsonValue, str]]:
    listed = read_array(value, member, least=0, most=_MOST_ROWS)
    return [(one, f"{member}[{number}]") for number, one in enumerate(listed)]


def _row(value: JsonValue, member: str) -> Mapping[str, JsonValue]:
    if not isinstance(value, dict):
        raise Malformed("EVD-23", member, "is not an object")
    return value


def _parameters(value: JsonValue) -> Mapping[str, str | int]:
    found: dict[str, str | int] = {}
    for name, said in _row(value, "$.parameters").items():
        if isinstance(said, bool) or not isinstance(said, str | int):
            raise Malformed("EVD-23", f"$.parameters.{name}", "is neither a text nor a number")
        found[read_form(name, "$.parameters", _PARAMETER)] = said
    return found


def _position(value: JsonValue) -> int:
    position = read_count(value, "$.as_of")
    if not 1 <= position <= MAX_POSITION:
        raise Malformed("EVD-23", "$.as_of", f"is not between 1 and {MAX_POSITION}")
    return position


def _time(value: JsonValue, member: str) -> datetime:
    text = read_text(value, member)
    try:
        time = parse_time(text)
    except ValueError:
        time = None
    if time is None or format_time(time) != text:
        raise Malformed("EVD-23", member, "is not a time in UTC with six digits of a second")
    if time.year not in YEARS:
        raise Malformed("EVD-23", member, f"is not in the years {YEARS[0]} to {YEARS[-1]}")
    return time


def _subject(value: JsonValue, question: str) -> Tag:
    text = read_text(value, "$.subject")
    if question in OF_STATEMENTS and not is_statement_id(text):
        raise Malformed("EVD-23", "$.subject", "is not the id of a statement")
    if question not in OF_STATEMENTS and not is_tag(text):
        raise Malformed("EVD-23", "$.subject", "is not the id of a subject")
    return Tag(text)
