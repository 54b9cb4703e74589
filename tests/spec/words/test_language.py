"""In which language people are spoken to, and how text is set in lines for them."""

from __future__ import annotations

import ast
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer._click.exceptions import UsageError

from api.cli.helping import told_usage
from api.cli.wrapping import hung, wrapped
from api.drafts.acts.slots import Slots
from api.language import label, reader_language, spoken
from api.settings import read_settings
from ledger.domain.states.subjects import Item
from ledger.errors import Malformed
from ledger.statement.catalogue import KINDS
from ledger.words.table import Language, labels_in


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, Language.ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LANG": "C.UTF-8"}, Language.ENGLISH),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, Language.ENGLISH),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN"}, Language.CHINESE),
        ({"LANG": "zh_CN", "LC_ALL": ""}, Language.CHINESE),
        ({"LANG": "zh_CN", "VIALOG_LANGUAGE": "en"}, Language.ENGLISH),
        ({"LANG": "en_GB", "VIALOG_LANGUAGE": "zh"}, Language.CHINESE),
        ({"LANG": "zh_CN", "VIALOG_LANGUAGE": "klingon"}, Language.CHINESE),
    ],
)
def test_the_setting_decides_and_else_the_locale(environ: dict[str, str], language: Language) -> None:
    assert reader_language(environ) is language


def test_a_language_that_there_are_no_words_in_is_a_wrong_setting() -> None:
    assert read_settings({"VIALOG_LANGUAGE": "zh"}).language is Language.CHINESE
    with pytest.raises(Malformed, match=r"SET-02.*VIALOG_LANGUAGE"):
        read_settings({"VIALOG_LANGUAGE": "fr"})


def labels_in_code() -> set[str]:
    """Return every text that the code gives to ``label``."""
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for place in ("api", "scripts/demo")
        for path in Path(place).rglob("*.py")
    ]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    given = [node.args[0] for node in calls if ast.unparse(node.func) == "label"]
    return {str(one.value) for one in given if isinstance(one, ast.Constant)}


def test_every_label_has_its_chinese() -> None:
    members = set(Item.__struct_fields__) - {"known", "sample", "thawed_at"}
    assert labels_in_code() | members <= labels_in(Language.CHINESE).keys()
    assert label("kind", Language.CHINESE) == "类型"
    assert label("kind", Language.ENGLISH) == "kind"


def test_no_label_is_told_in_two_ways_but_over_the_columns_of_answers() -> None:
    told: defaultdict[str, set[str]] = defaultdict(set)
    for file in (Path("ledger/words") / Language.CHINESE).glob("*.toml"):
        if file.stem != "columns":
            for english, chinese in tomllib.loads(file.read_text(encoding="utf-8")).get("label", {}).items():
                told[english].add(chinese)
    assert {english: words for english, words in told.items() if len(words) > 1} == {}
    assert label("over", Language.CHINESE) == "已到期"


def test_a_label_keeps_the_places_that_it_has() -> None:
    for english, chinese in labels_in(Language.CHINESE).items():
        assert sorted(re_places(english)) == sorted(re_places(chinese))


def re_places(text: str) -> list[str]:
    return [part.partition("}")[0] for part in text.split("{")[1:]]


def test_lines_are_as_wide_as_there_are_columns_and_break_no_word() -> None:
    text = "2026-08-10 17:20（北京时间，UTC 09:20）：检测实验室接收货物HB-784的50件样品中的49件；缺失：HC-0033。"
    for width in range(20, 60):
        lines = wrapped(text, width)
        assert all(cell_len(line) <= width for line in lines)
        assert not any(line[0] in "，。；：、）" or line[-1] == "（" for line in lines)
        assert any("HC-0033" in line for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_word_that_is_too_wide_stands_in_a_line_of_its_own() -> None:
    assert wrapped("item:FYDKA3XG7KZ5JX8QPF8TMR2Z7V is here", 10) == ["item:FYDKA3XG7KZ5JX8QPF8TMR2Z7V", "is here"]
    assert wrapped("", 10) == [""]


def test_what_has_no_room_beside_its_name_stands_below_it() -> None:
    assert hung("one two three", "name  ", 14) == ["name  one two", "      three"]
    digest = "0123456789" * 2
    assert hung(f"of {digest}", "name  ", 24) == ["name", "  of", f"  {digest}"]
    assert hung("", "名称  ", 14) == ["名称"]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            '  item:y-1  label "SAME"  (in-transit, consignment:C1)',
            "  item:y-1  标签“SAME”（在途、consignment:C1）",
        ),
        (
            '  approval:a  number "GX 1"  (granted, import, party:p, 2027-01-31)',
            "  approval:a  号码“GX 1”（有效、入境、party:p、2027-01-31）",
        ),
        (
            '  consignment:c  transport document "784-1"  (announced, import, party:p)',
            "  consignment:c  运单号“784-1”（已预报、入境、party:p）",
        ),
        ("  case:c  (recall, open, party:p)", "  case:c（召回、未结、party:p）"),
        ('  site:s  name "Ward 5"  (laboratory, party:p)', "  site:s  名称“Ward 5”（实验室、party:p）"),
        ('  party:p  register number "9"  (applicant, laboratory)', "  party:p  注册号“9”（申请人、实验室）"),
    ],
)
def test_what_tells_things_of_one_name_apart_is_told_in_words(english: str, chinese: str) -> None:
    assert spoken(english, Language.CHINESE) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("did you mean HC-1?", "是否指HC-1？"),
        ("did you mean HC-1 or HC-2?", "是否指HC-1或HC-2？"),
        ("did you mean HC-1 or HC-2 or HC-3?", "是否指HC-1、HC-2或HC-3？"),
        (
            "Error: Invalid value for '--status': 'in-transt' is not one of 'expected', 'in-transit'; "
            "did you mean in-transit?",
            "错误：'--status'的值无效：'in-transt'不是下列之一：'expected'、'in-transit'；是否指in-transit？",
        ),
    ],
)
def test_what_was_likely_meant_is_told(english: str, chinese: str) -> None:
    assert spoken(english, Language.CHINESE) == chinese


@pytest.mark.parametrize("language", Language)
def test_a_word_that_is_none_of_a_list_is_told_with_the_one_that_was_likely_meant(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIALOG_LANGUAGE", language)
    wrong = told_usage(UsageError("Value error, 'in-transt' is not one of 'expected', 'in-transit'."))
    assert wrong.message == "'in-transt' is not one of 'expected', 'in-transit'; did you mean in-transit?"
    other = told_usage(UsageError("'zz' is not one of 'expected', 'in-transit'."))
    assert other.message == "'zz' is not one of 'expected', 'in-transit'."


def test_what_is_wrong_with_a_draft_is_told_of_the_option_that_gives_it() -> None:
    slots = Slots(KINDS["item.received/1"])
    assert slots.option_of("$.body.items[3].condition") == "--item.condition"
    assert slots.option_of("$.body.items[3].quantity.value") == "--item.quantity"
    assert slots.option_of("$.body.laboratory") == "--laboratory"
    assert slots.option_of("$.occurred_at") == "--occurred-at"
    assert slots.option_of("$.acknowledges[0].rule") == "--acknowledge"
    assert slots.option_of("$") == "$"
