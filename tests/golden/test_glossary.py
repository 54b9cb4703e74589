"""The glossary: each word with its Chinese, and the acts of the bench by the Chinese that the program tells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from api.drafts.acts.kinds import ACTS
from ledger.words.table import Language, kinds_in

GLOSSARY: Final = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS: Final = [line for line in GLOSSARY.splitlines() if re.match(r"\| (?!word \||--)", line)]


def test_every_word_of_the_glossary_has_its_chinese_in_its_row() -> None:
    assert [row for row in ROWS if not re.search("[\u4e00-\u9fff]", row)] == []


def test_every_act_of_the_bench_is_in_the_glossary_by_the_chinese_of_its_kind() -> None:
    bench = GLOSSARY.partition("## At the bench\n")[2].partition("\n## ")[0]
    said = dict(re.findall(r"^\| ([a-z-]+) \(([^)]*)\) \|", bench, re.MULTILINE))
    kinds = kinds_in(Language.CHINESE)
    names = {act: kinds[kind].name for act, kind in ACTS.items()}
    assert {
        act for act, name in names.items() if not any(word in name for word in said.get(act, "?").split("、"))
    } == set()
