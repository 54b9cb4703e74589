"""Whatever the program tells people has its Chinese: errors, refusals, messages, findings, helps and headings."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, get_type_hints

import pytest
import typer.main
from typer.core import TyperGroup

from api.cli.exits import MEANINGS
from api.cli.main import app
from api.rows import record, subjects
from api.rows.printed import PRINTED
from ledger.evidence.checks.verdicts import Check, Verdict
from ledger.evidence.gathering.schemas import schema_of
from ledger.statement.catalogue import KINDS
from ledger.statement.wording import described
from ledger.words.phrasebook import BARE, PLACE, phrasebook_of, shape_of
from ledger.words.table import Language, helps_in, labels_in, phrases_in
from projections.obligations import ObligationRow
from projections.views.catalogue import VIEWS
from scripts.told_texts import templates

if TYPE_CHECKING:
    from collections.abc import Iterator

PHRASES: Final = phrases_in(Language.CHINESE)
HELPS: Final = helps_in(Language.CHINESE)

UNTOLD: Final = {
    "default-src 'none'": "a header of an answer",
    "$.": "the path of a member",
}
"""Texts that stand as they are in every language, and why."""

SYMBOLS: Final = frozenset(
    (
        *("Apple", "ASCII", "C2SP", "CSV", "Ctrl", "Ed", "GBK", "GB", "GiB", "HTML", "JSON", "MHTML", "MiB", "NTP"),
        *("Numbers", "OpenDocument", "POSIX", "PostgreSQL", "SHA", "SIGHUP", "SIGQUIT", "SIGTERM", "TLS", "TOML", "UN"),
        *("GIF", "JPEG", "Parquet", "PDF", "PEM", "SVG", "PNG", "RAR", "RTF", "SQLite"),
        *("SubjectPublicKeyInfo", "UTC", "UTF", "UUID", "Windows", "XLSX", "XML", "nFFFD", "base", "es", "shell"),
        *(
            "ed",
            "url",
            "vialog",
            "vkey",
            "RFC",
            "ISO",
            "HS",
            "SPKI",
            "DER",
            "zip",
            "mL",
            "uL",
            "C",
            "P",
            "R",
            "S",
            "U",
            "FFFD",
            "SP",
            "tlog",
            "witness",
        ),
        *("absent", "all", "any", "false", "null", "old", "present", "replayed", "root", "status", "tag", "true"),
        *(
            "port",
            "lab",
            "http",
            "https",
            "HTTP",
            "file",
            "log",
            "add",
            "checkpoint",
            "tile",
            "cn",
            "us",
            "r",
            "s",
            "t",
            "x",
            "y",
        ),
        *("FILE", "KEY", "MEANING", "NAME", "PARTY", "PERSON", "VALUE", "name", "key", "item", "approval"),
        *("consignment", "party", "case", "permit", "site"),
    )
)
"""What is written in Latin letters in Chinese as well: names of formats, words of files and of the command line."""

_LATIN: Final = re.compile(r"[A-Za-z]+")
_QUOTED: Final = re.compile(
    r"`[^`]*`|[a-z]+://\S*|--[a-z-]+|\{[^{}]*\}Z?|[0-9-]{10}T[0-9:]{8}Z|[A-Z]{3}-[0-9]{2}|0[0-9xX<=]+"
)


BEYOND: Final = (
    *("rules", "bodies", "derived tags", "times", "world", "texts", "left out", "other subjects", "later"),
)
"""What the claims are about that no bundle can show."""


def shapes() -> set[str]:
    return {"{}".join(shape_of(english)).strip(" ") for english in PHRASES}


def test_every_text_that_the_program_tells_has_its_chinese() -> None:
    known = shapes() | UNTOLD.keys()
    missing = [f"{path}: {text}" for text, path in templates().items() if text not in known]
    assert missing == [], "add each to ledger/words/zh/phrases-*.toml, with names for its places"


def test_every_verdict_check_and_subject_of_a_claim_has_its_chinese() -> None:
    heads = {f"{one}:" for one in Verdict if one is not Verdict.FAILED} | {f"failed ({one}):" for one in Check}
    subjects = {f"{one}:" for one in ("bundle", "checkpoint", "recorded", "state", *BEYOND)}
    assert (heads | subjects | {*Verdict}) - PHRASES.keys() == set()


def test_a_phrase_has_the_same_places_in_both_languages() -> None:
    for english, chinese in PHRASES.items():
        names = {one[1] for one in PLACE.finditer(english)}
        assert {one[1] for one in PLACE.finditer(chinese)} == names, english


def test_a_text_is_told_by_its_own_phrase_with_what_was_put_into_it() -> None:
    book = phrasebook_of(Language.CHINESE)
    for english, chinese in PHRASES.items():
        if "}{" not in english:
            values = {one[1]: f"v{at}" for at, one in enumerate(PLACE.finditer(english))}
            assert book.tell(_filled(english, values)) == _filled(chinese, values)


PLAIN: Final = BARE | {"file", "member", "text", "version"}
"""Places that hold ids, codes, numbers, files and texts of others: none of them is a sentence of the program."""

SENTENCES: Final = ("there is no statement in it", "is there already")


def sentences_in_places() -> Iterator[str]:
    """Yield texts of the program in each place of which, one by one, another text of it stands."""
    for english, chinese in PHRASES.items():
        coded = {one[1] for one in PLACE.finditer(chinese) if one[2]}
        names = [] if "}{" in english else [one[1] for one in PLACE.finditer(english)]
        values = {name: f"v{at}" for at, name in enumerate(names)}
        for name in names:
            if name not in coded and name.rstrip("_0123456789") not in PLAIN:
                yield from (_filled(english, values | {name: sentence}) for sentence in SENTENCES)


def test_what_stands_in_a_text_is_told_too() -> None:
    """No English is left that has a phrase of its own, whatever text it stands in."""
    book = phrasebook_of(Language.CHINESE)
    texts = list(sentences_in_places())
    left = [text for text in texts if any(sentence in book.tell(text) for sentence in SENTENCES)]
    assert len(texts) > 1000
    assert left == [], "a place of codes names their table, as {status:item_status}; what holds no sentence is in PLAIN"


FITTING: Final = {
    '--quantity: "2" has no unit: write it behind the number, such as "0.5 mL"': (
        "--quantity：“2”没有单位：请写在数字之后，如“0.5 mL”"
    ),
    'line 3: quantity: "ounces" is not a permitted unit': "第3行：quantity：“ounces”不是允许的单位",
    '"1" must be a whole number from 1 to 999, not a text': '"1" 应为1至999的整数，而非文本',
    "line 5: $.body.more: is not a member that belongs here; there are item, place": (
        "第5行：$.body.more：不是此处的成员；可用的有item、place"
    ),
    "this machine's clock is 3 s behind the witness a's; this machine's clock is 4 s behind the witness b's": (
        "本机时钟比见证方a的时钟慢3秒；本机时钟比见证方b的时钟慢4秒"
    ),
    "item.used/1 at position 8 happened at 2026-09-01 07:00:00Z and would not be possible: GAT-02: item:a is held": (
        "第8号item.used/1发生于 2026-09-01 07:00:00Z，将不再可能：GAT-02：item:a被扣留"
    ),
    "manifest.csv, lines 3 to 5, 9:": "manifest.csv，第3至5、9行：",
    "the header leaves out item:a, item:b": "条目头缺少item:a、item:b",
    'has no column "A, b", "C"; "D" may be it': '没有列"A, b"、"C"；"D" may be it',
    "--first, --last and a name, with a comma": "--first, --last and a name, with a comma",
}
"""Texts that fit several phrases, and lists in them: what is no list of ours stays as it is."""


@pytest.mark.parametrize("english", FITTING)
def test_a_text_is_told_by_the_phrases_that_leave_the_least_of_it_untold(english: str) -> None:
    assert phrasebook_of(Language.CHINESE).tell(english) == FITTING[english]


@pytest.mark.parametrize("sign", ["; ", ": ", " is not "])
def test_no_text_is_too_long_to_be_told(sign: str) -> None:
    assert phrasebook_of(Language.CHINESE).tell(sign.join(["item:a is held"] * 300)).startswith("item:a")


def _filled(template: str, values: dict[str, str]) -> str:
    return PLACE.sub(lambda place: values[place[1]], template)


def test_no_chinese_phrase_or_help_holds_english_words_of_ours() -> None:
    for english, chinese in (*PHRASES.items(), *HELPS.items()):
        found = set(_LATIN.findall(_QUOTED.sub("", chinese)))
        assert found <= SYMBOLS, (english, found - SYMBOLS)


def helps(command: object) -> Iterator[str]:
    """Yield what a command, its options and those of its commands say of themselves, by paragraphs."""
    for text in (
        getattr(command, "help", None),
        *(getattr(one, "help", None) for one in getattr(command, "params", ())),
    ):
        for one in re.split(r"\n\s*\n", text or ""):
            if one.strip() and not one.lstrip().startswith("\b"):
                yield " ".join(one.split())
    if isinstance(command, TyperGroup):
        for one in command.commands.values():
            yield from helps(one)


def test_every_command_and_option_has_its_help_in_chinese() -> None:
    said = {*helps(typer.main.get_command(app)), *MEANINGS.values()}
    assert said - HELPS.keys() == set()


TABLES: Final = (
    *("list", "rules", "keys", "init", "publish", "fsck", "restore", "log verify", "log files", "log vkey"),
    *("views list", "views rebuild", "views check"),
)
"""Commands that print the members of their rows under, or behind, what these are called."""

NO_TABLE: Final = frozenset({"differing", "file", "flows", "new", "parameters", "recorders", "subjects", "vkey"})
"""Members of rows that are printed otherwise; obligations have names of their own."""


def described_in(schema: object) -> Iterator[str]:
    """Yield what the members of a schema are said to be, as a part of a sentence."""
    if isinstance(schema, dict):
        said = schema.get("description")
        if isinstance(said, str) and schema.get("type") != "object":
            yield described(said, None)
        for one in schema.values():
            yield from described_in(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from described_in(one)


def test_what_belongs_into_a_member_is_told_in_chinese() -> None:
    said = {one for kind in KINDS.values() for one in described_in(json.loads(schema_of(kind)))}
    assert said - PHRASES.keys() == set()


def headings() -> set[str]:
    rows = [row for command, rows in PRINTED.items() if command.startswith(TABLES) for row in rows]
    rows += [
        subjects.ApprovalState,
        subjects.ApprovalLine,
        subjects.LineBalance,
        subjects.ApprovalBreach,
        record.KindRow,
    ]
    members = {one for row in rows if row is not ObligationRow for one in get_type_hints(row)}
    return (members - NO_TABLE) | {column for view in VIEWS for column in view.columns}


def test_every_heading_has_its_chinese() -> None:
    known = labels_in(Language.CHINESE)
    assert headings() - known.keys() == set()


def test_no_help_stands_in_the_table_that_no_command_says() -> None:
    library = {"Exit codes:", "Show this message and exit."}
    assert HELPS.keys() - {*helps(typer.main.get_command(app)), *MEANINGS.values()} == library
