"""What a balance comes to: in a sentence that adds up, on the page the same as in Python."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Final

import pytest

from api.asking.sums import is_unexplained, sums
from ledger.words.reader import Reader
from ledger.words.table import Language
from projections.asked.entry.lines import BalanceRow
from projections.asked.question import Amount, Why
from tests.journeys.page import run_verifier

NOTHING: Final = Amount("0")
PLASMA: Final = BalanceRow(
    line=1,
    product="plasma",
    unit="mL",
    approved=Amount("72"),
    written_off=Amount("72"),
    listed=Amount("72"),
    on_hand=NOTHING,
    in_transit=NOTHING,
    in_use=NOTHING,
    used=Amount("4.4"),
    sampled=Amount("0.2"),
    sold=NOTHING,
    disposed=Amount("65.44"),
    returned=NOTHING,
    re_exported=NOTHING,
    missing=Amount("1.8"),
    lost=NOTHING,
    processed=Amount("0.16"),
    adjusted=NOTHING,
    difference=NOTHING,
    why=Why(),
)
THIRDS: Final = replace(PLASMA, on_hand=Amount("1/3"), used=Amount("2/3"), listed=Amount("1"), adjusted=Amount("-0.5"))
UNKNOWN: Final = replace(PLASMA, approved=None, written_off=None, difference=None)
WHOLE: Final = replace(PLASMA, disposed=Amount("67.24"), missing=NOTHING)
LESS: Final = replace(WHOLE, written_off=Amount("70.5"), difference=Amount("-1.5"))
MORE: Final = replace(WHOLE, written_off=Amount("73.5"), difference=Amount("1.5"))
BOTH: Final = replace(PLASMA, written_off=Amount("73.5"), difference=Amount("1.5"))


def told(row: BalanceRow, language: Language) -> str:
    (only,) = sums([row], Reader(language))
    return only


def test_a_balance_says_what_was_approved_what_entered_and_what_became_of_it() -> None:
    assert told(PLASMA, Language.ENGLISH) == (
        "line 1: 72 mL approved, of which 72 mL entered and are written off and 0 mL are not; of 72 mL listed "
        "0 mL on hand, 4.4 mL used, 0.2 mL taken as official samples, 65.44 mL disposed of, 1.8 mL missing, "
        "0.16 mL lost in work, together 72 mL; no act says where 1.8 mL of it went: that line does not close"
    )
    assert told(PLASMA, Language.CHINESE) == (
        "第1项：核准72毫升，其中已入境并核销72毫升，未核销0毫升；列明72毫升，其中现有0毫升、已使用4.4毫升、官方取样0.2毫升、"
        "已处置65.44毫升、缺失1.8毫升、加工损耗0.16毫升，合计72毫升；其中1.8毫升去向无说明，该行不平"
    )


def test_only_of_a_balance_with_something_unexplained_are_statements_to_be_looked_for() -> None:
    assert is_unexplained([WHOLE, PLASMA])
    assert not is_unexplained([WHOLE, LESS, replace(PLASMA, missing=NOTHING)])


def test_a_line_whose_goods_are_all_accounted_for_adds_up_and_no_other_does() -> None:
    assert told(WHOLE, Language.ENGLISH).endswith("together 72 mL; the stated quantities add up")
    assert told(WHOLE, Language.CHINESE).endswith("合计72毫升；所陈述的数量平衡")
    for row in (PLASMA, THIRDS, UNKNOWN, LESS, MORE, BOTH):
        assert "add up" not in told(row, Language.ENGLISH)


@pytest.mark.parametrize(
    ("row", "english", "chinese"),
    [
        (LESS, "; 1.5 mL more listed than written off: that line does not close", "；列明比核销多1.5毫升，该行不平"),
        (MORE, "; 1.5 mL more written off than listed: that line does not close", "；核销比列明多1.5毫升，该行不平"),
        (
            BOTH,
            "; 1.5 mL more written off than listed; no act says where 1.8 mL of it went: that line does not close",
            "；核销比列明多1.5毫升；其中1.8毫升去向无说明，该行不平",
        ),
        (
            replace(WHOLE, approved=None, written_off=None, difference=None),
            "; written off in another unit, which nobody signed a conversion of: whether it closes nobody can say",
            "；核销以另一单位计，且无人签署其换算，是否平衡无从判断",
        ),
    ],
    ids=["listed more", "written off more", "both", "not to be compared"],
)
def test_a_line_that_does_not_close_says_by_how_much_or_that_nobody_can_say(
    row: BalanceRow, english: str, chinese: str
) -> None:
    assert told(row, Language.ENGLISH).endswith("together 72 mL" + english)
    assert told(row, Language.CHINESE).endswith("合计72毫升" + chinese)


def test_what_is_not_known_of_a_line_is_not_told() -> None:
    assert told(UNKNOWN, Language.ENGLISH).startswith("line 1: of 72 mL listed 0 mL on hand, ")


@pytest.mark.parametrize(
    "row",
    [PLASMA, WHOLE, THIRDS, UNKNOWN, LESS, MORE, BOTH],
    ids=["plain", "whole", "fractions", "unknown", "too little", "too much", "both"],
)
def test_a_balance_comes_to_the_same_on_the_page(row: BalanceRow) -> None:
    given = {name: value for name, value in asdict(row).items() if name != "why"}
    (answer,) = run_verifier(calls=[("sum", json.dumps(given).encode().hex())]).answers
    assert answer["value"] == [told(row, language) for language in Language]
