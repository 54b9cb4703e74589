"""Every rule has an id, a sentence, a clause or is the ledger's own, a function that applies it and a test."""

from __future__ import annotations

from collections import Counter

from scripts import rules_table


def test_every_rule_is_declared_once() -> None:
    counted = Counter(row.id for row in rules_table.rows())
    assert [rule for rule, times in counted.items() if times > 1] == []


def test_every_rule_named_in_the_code_is_declared() -> None:
    assert rules_table.mentioned() - {row.id for row in rules_table.rows()} == set()


def test_every_rule_says_one_sentence() -> None:
    assert [row.id for row in rules_table.rows() if not row.says.endswith(".")] == []


def test_every_rule_is_applied_by_a_function() -> None:
    assert [row.id for row in rules_table.rows() if not row.functions] == []


def test_every_rule_is_shown_by_a_test() -> None:
    assert [row.id for row in rules_table.rows() if not row.tests] == []
