"""What people are told of an answer: heads in words, lists that fall into their parts, rows as labels go."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from api.asking.cells import Column, columns_of, told
from api.asking.ordering import by_labels
from api.asking.sums import sums
from api.language import column_head
from ledger.ids import PartyId, Tag
from ledger.rulepacks.load import load_packs
from ledger.words.reader import Reader
from ledger.words.table import Language, heads_in
from projections.asked.goods.goods import DescendantRow
from projections.asked.question import Asked, Celsius, Person, Said, Why
from projections.asked.supervision.records import told_late
from projections.asked.supervision.supervision import FindingRow
from projections.asked.table import QUESTIONS
from tests.spec.bench import announced, approval, site
from tests.spec.world import NOON, events_of

ENGLISH, CHINESE = Reader(Language.ENGLISH), Reader(Language.CHINESE)


def test_every_english_head_is_of_a_column_that_there_is() -> None:
    columns = {column.name for one in QUESTIONS.values() for column in columns_of(one.row)}
    assert [name for name in heads_in(Language.ENGLISH) if name not in columns and not name.startswith("why ")] == []


def test_of_one_answer_no_two_columns_are_called_the_same() -> None:
    for one in QUESTIONS.values():
        for language in Language:
            heads = [column_head(column.name, language) for column in columns_of(one.row)]
            assert len(heads) == len(set(heads)), (one.name, heads)


def test_a_head_of_an_answer_is_its_own_whatever_the_word_means_elsewhere() -> None:
    heads = {
        "enrolled": "密钥登记于",
        "counts": "计入期限",
        "stands": "仍然有效",
        "used": "已用",
        "over": "超出",
        "ended": "结束",
    }
    assert {name: column_head(name, Language.CHINESE) for name in heads} == heads


@pytest.mark.parametrize("name", ["re_exported", "there", "taken", "named"])
def test_a_head_says_in_words_what_a_name_alone_would_not(name: str) -> None:
    assert column_head(name, Language.ENGLISH) != name.replace("_", " ")


@pytest.mark.parametrize("name", ["hours", "stored_hours", "days_since"])
def test_a_length_of_time_that_is_cut_down_to_whole_ones_says_so(name: str) -> None:
    assert column_head(name, Language.ENGLISH).startswith("whole ")
    assert "整" in column_head(name, Language.CHINESE)


def test_what_took_longer_than_is_asked_by_less_than_an_hour_shows_the_hours_that_are_asked() -> None:
    (event,) = events_of([approval()])
    late = replace(event, recorded=event.said.occurred_at + timedelta(hours=24, minutes=30))
    (row,) = told_late(Asked((late,), load_packs(), "CN", late.recorded, hours=24))
    assert row.hours == 24


def test_no_number_of_an_answer_stands_before_a_plural_that_one_would_not_have() -> None:
    columns = tomllib.loads(Path("ledger/words/zh/columns.toml").read_text(encoding="utf-8"))["label"]
    plural = re.compile(r"\{(?!total|days)[a-z]+\} [a-z]+s\b(?! recorded)")
    assert [english for english in columns if plural.search(english)] == []


def test_two_temperatures_are_a_range() -> None:
    column = Column("temperature", Celsius, many=True)
    assert told(("-78.5", "-71.0"), column, ENGLISH) == "-78.5 to -71.0 °C"
    assert told(("-78.5", "-71.0"), column, CHINESE) == "-78.5至-71.0 °C"
    assert told(("-74.0",), column, ENGLISH) == "-74.0 °C"


def test_what_a_member_said_is_told_with_its_unit_in_words() -> None:
    column = Column("before", Said, many=True)
    assert told(("0.05 mL",), column, CHINESE) == "0.05毫升"
    assert told(("2 vial", "research"), column, ENGLISH) == "2 vials, research"


def test_parts_of_a_list_that_have_commas_in_themselves_stand_apart() -> None:
    column = Column("signers", Person, many=True)
    assert told(("party:a p-1", "party:a p-2"), column, ENGLISH) == "party:a, person p-1; party:a, person p-2"


def test_that_nothing_would_be_otherwise_is_said_and_is_not_that_nothing_is_known() -> None:
    column = Column("added", str, many=True)
    assert (told((), column, ENGLISH), told(None, column, ENGLISH)) == ("none", "not known")
    assert (told((), column, CHINESE), told(None, column, CHINESE)) == ("无", "不详")


def row(item: str, position: int) -> Any:  # noqa: ANN401  a row of an answer
    values: dict[str, Any] = dict.fromkeys(one.name for one in columns_of(DescendantRow)) | {
        "item": Tag(f"item:{item}")
    }
    return DescendantRow(**values, why=Why(position=position))


def test_what_one_event_put_there_goes_by_its_labels_and_numbers_count() -> None:
    names = ("pl-10", "pl-2", "pl-1")
    events = events_of([site(), approval(), *announced(*(Tag(f"item:{one}") for one in names))])  # type: ignore[arg-type]
    rows = [row("pl-10", 7), row("pl-2", 7), row("pl-1", 5), row("unnamed", 7)]
    ordered = [one.item for one in by_labels(rows, events, Language.ENGLISH)]
    assert ordered == ["item:pl-2", "item:pl-10", "item:pl-1", "item:unnamed"]


def test_the_findings_of_a_unit_are_counted_and_how_long_they_took_is_averaged() -> None:
    known: dict[str, Any] = dict.fromkeys(one.name for one in columns_of(FindingRow))
    known |= {"unit": PartyId("party:lab"), "overdue": False, "times": 1, "settled": NOON}
    took = [FindingRow(**(known | {"days": days}), why=Why()) for days in (6, 1)]
    still = FindingRow(**(known | {"settled": None, "overdue": True, "times": 2}), why=Why())
    assert [*sums([*took, still], ENGLISH)] == [
        "party:lab: findings 3, open 1, overdue 1, found again 1; settled 2, in 3.5 days on average"
    ]
    assert [*sums([still], CHINESE)] == ["party:lab：检查发现1项，未了结1项，逾期1项，重复1项"]
