"""Drafts as files: what is read, and what is refused before anybody signs it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from api.cli.record.drafting.templates import draft_of
from api.drafts.problems import line_of
from api.drafts.reading import check_body, problems_of, read_draft
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import Malformed
from ledger.reference.codes import load_names
from ledger.statement.catalogue import KINDS
from ledger.statement.form.header import CaptureMode
from ledger.words.table import Language

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = 'log = "port.example/log1"\nkind = "site.registered/1"\nsigners = []\n'
READ = {"log": "port.example/log1", "kind": "site.registered/1", "signers": []}


def _refused(path: Path, data: bytes) -> tuple[str, str]:
    path.write_bytes(data)
    with pytest.raises(Malformed) as caught:
        read_draft(path)
    return caught.value.rule, caught.value.member


def test_a_draft_is_the_same_in_toml_and_in_json(tmp_path: Path) -> None:
    toml, json = tmp_path / "draft.toml", tmp_path / "draft.json"
    toml.write_text(f"\ufeff{DRAFT}[body]\ncount = 3\n", encoding="utf-8")
    json.write_text(
        '{"log":"port.example/log1","kind":"site.registered/1","signers":[],"body":{"count":3}}', encoding="utf-8"
    )
    assert read_draft(toml) == read_draft(json) == {**READ, "body": {"count": 3}}


@pytest.mark.rule("DRF-01")
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"log =", id="not TOML"),
        pytest.param(DRAFT.encode("utf-16"), id="not UTF-8"),
        pytest.param(b"#" * 1_000_001, id="too large"),
        pytest.param(b"a = " + b"[" * 10_000, id="nested without end"),
    ],
)
def test_what_cannot_be_read_is_no_draft(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "draft.toml"
    assert _refused(path, data) == ("DRF-01", str(path))


@pytest.mark.rule("DRF-02")
def test_what_is_still_to_be_filled_in_is_named(tmp_path: Path) -> None:
    text = f'{DRAFT}[body]\nitems = [{{item = "item:A", label = "‹words›"}}]\n'
    assert _refused(tmp_path / "draft.toml", text.encode()) == ("DRF-02", "$.body.items[0].label")


@pytest.mark.rule("DRF-03")
@pytest.mark.parametrize(
    ("value", "member"),
    [
        pytest.param("1.50", "$", id="an amount"),
        pytest.param("1e3", "$", id="an exponent"),
        pytest.param("2026-11-21", "$.body.on", id="a day"),
        pytest.param("2026-11-21T08:30:00Z", "$.body.on", id="an instant"),
        pytest.param("08:30:00", "$.body.on", id="a time"),
    ],
)
def test_amounts_and_dates_stand_in_quotes(tmp_path: Path, value: str, member: str) -> None:
    path = tmp_path / "draft.toml"
    assert _refused(path, f"{DRAFT}[body]\non = {value}\n".encode()) == ("DRF-03", member)
    path.write_text(f'{DRAFT}[body]\non = "{value}"\n', encoding="utf-8")
    assert read_draft(path)["body"] == {"on": value}


def test_a_draft_tells_the_codes_that_its_members_take_and_what_they_mean() -> None:
    draft = draft_of(KINDS["item.used/1"], "port.example/log1", {})
    assert 'purpose = "‹What goods are used for: a code of the list purpose›"\n' in draft
    assert "# purpose, or a code of your own, which begins with x-:\n#   research " in draft
    assert "#   clinical-trial        clinical trial 临床试验\n" in draft
    assert "# reason, or a code of your own" in draft
    assert "# packing" not in draft


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_list_that_a_draft_names_stands_at_its_end(kind: str) -> None:
    draft = draft_of(KINDS[kind], "port.example/log1", {})
    tomllib.loads(draft)
    named = {name for name in load_names().by_list if re.search(f"a code of the list {name}[›;]", draft)}
    assert {
        name for name in load_names().by_list if f"\n# {name}" in draft.partition("# The lists of codes.")[2]
    } == named


LATIN = re.compile(r"[A-Za-z]{2,}")
WRITTEN = re.compile(
    r"`[^`]*`|--[a-z-]+|vialog statement sign .*|[a-z]+:…|[a-z0-9]+(?:[-.][a-z0-9]+)+(?:/[0-9]+)?|“[^”]*”"
    r"|[0-9-]{10}(?:T[0-9:]+Z)?|[A-Z]{2,3}-[0-9]{2}"
)
"""What stands in Latin letters in every language: codes, kinds, options, ids, and examples of what is to be written."""
NAMES = frozenset(
    (
        *("CIQ", "DER", "DNA", "ECDSA", "Ed", "ed", "es", "HS", "ISO", "RFC", "SHA", "SPKI", "UN", "UTC", "UUID"),
        *("SubjectPublicKeyInfo", "base", "url", "signers", "disclose"),
    )
)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_explains_a_draft_is_in_the_readers_language(kind: str) -> None:
    draft = draft_of(KINDS[kind], "port.example/log1", {}, Language.CHINESE)
    tomllib.loads(draft)
    english = draft_of(KINDS[kind], "port.example/log1", {})
    blanks = [words.partition("; ")[0] for words in re.findall("‹([^›]*)›", english)]
    codes = {code for words in blanks for code in words.split(", ")} | {*Role, *CaptureMode}
    explained, _, _ = draft.partition("代码表。")
    for line in explained.splitlines():
        _, _, note = line.partition("# ")
        for told in (*re.findall("‹([^›]*)›", line), note if " = " not in note else note.partition("   # ")[2]):
            left = [one for one in LATIN.findall(WRITTEN.sub("", told)) if one not in NAMES | codes]
            assert left == [], (line, left)


WRONG = """\
log = "port.example/log1"
kind = "item.stored/1"   # a comment

[[signers]]
party = "party:a"
person = "‹code›"

[body]
site = "site:lab"
items = [
  {item = "item:a", place = "F1/A1"},
  {item = "item:b", place = "F1 / A2"},
  {item = "item:c", place = "F1/A3", colour = "red"},
]
"""


@pytest.mark.parametrize(
    ("member", "value", "line"),
    [
        ("$.log", "port.example/log1", 1),
        ("$.signers[0].person", "‹code›", 6),
        ("$.body.site", "site:lab", 9),
        ("$.body.items[1].place", "F1 / A2", 12),
        ("$.body.items[2].colour", None, 10),
        ("$.body.reason", None, 8),
        ("$.corrects", None, None),
    ],
)
def test_what_is_wrong_has_its_line(member: str, value: str | None, line: int | None) -> None:
    assert line_of(WRONG, member, value) == line


@pytest.mark.rule("CAT-02")
def test_everything_that_is_wrong_with_a_body_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "draft.toml"
    path.write_text(WRONG.replace("‹code›", "p-1"), encoding="utf-8")
    with pytest.raises(Malformed) as caught:
        check_body(read_draft(path), problems_of(path))
    head, second, third = str(caught.value).splitlines()
    assert head == "CAT-02: $: 2 things are wrong with the draft:"
    assert second.startswith('  line 12: CAT-02: $.body.items[1].place: "F1 / A2" must be a storage position inside')
    assert third.startswith("  line 13: CAT-02: $.body.items[2].colour: is not a member that belongs here")
