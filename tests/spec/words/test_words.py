"""What people are told about breaches: a sentence for each rule in each language, out of what the breach gives."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.breach import PARAMETERS, Breach, Sort, make_breach, merged
from ledger.domain.law.rule import Answer
from ledger.ids import Tag
from ledger.statement.rulebook import RULEBOOK, grounds_of
from ledger.words.reader import Reader
from ledger.words.sentences import breach_sentence, breach_told, breach_words, parameters_in, table_of
from ledger.words.table import Language, words_in
from scripts import rules_table
from tests.spec.world import NOON, rules_at

if TYPE_CHECKING:
    from ledger.words.template import JsonValue

BREACHES = {rule.id: rule for rule in RULEBOOK.values() if rule.answer is not Answer.REFUSAL}
"""The rules that are told of what was found: breaches, and remarks in their form."""
A, B = Tag("item:a"), Tag("item:b")


def test_the_rulebook_has_every_rule_that_can_be_broken() -> None:
    assert BREACHES.keys() == {row.id for row in rules_table.rows() if row.answer in {Answer.BREACH, Answer.REMARK}}


@pytest.mark.parametrize("language", Language)
def test_every_breach_has_a_sentence_that_tells_all_that_it_gives(language: Language) -> None:
    told = {rule: parameters_in(template) for rule, template in words_in(language).breach.items()}
    assert told == {rule.id: set(rule.parameters) for rule in BREACHES.values()}


def test_every_parameter_is_one_of_the_table_and_is_used() -> None:
    assert {name for rule in BREACHES.values() for name in rule.parameters} == PARAMETERS.keys()


@pytest.mark.parametrize("language", Language)
def test_the_codes_that_a_breach_gives_have_words_or_are_told_as_they_are(language: Language) -> None:
    bare = {"agents", "grade", "un_number"}
    codes = {name for name, sort in PARAMETERS.items() if sort is Sort.CODE} - bare
    assert {table_of(name) for name in codes} <= words_in(language).code.keys()


def test_a_sentence_says_what_was_found_in_the_readers_language() -> None:
    breach = BREACHES["GAT-12"].breach([A, B], required=2, level=None, site="site:lab")
    assert breach_words(breach) == "the work requires level 2; level of site:lab: not stated: item:a, item:b"
    assert breach_sentence(breach, Language.CHINESE) == "该活动要求2级；site:lab的级别：未说明"


def test_two_times_of_one_second_are_told_apart() -> None:
    late = BREACHES["GEN-12"].breach((), occurred=NOON, newest=NOON + timedelta(milliseconds=487))
    assert breach_sentence(late) == (
        "it happened at 2026-09-01 04:00:00Z; what is told already happened at 2026-09-01 04:00:00.487000Z"
    )


def test_codes_times_and_lists_are_put_into_words() -> None:
    late = BREACHES["INC-05"].breach((), discovered=NOON, term=2, unit="hours")
    assert breach_sentence(late) == "discovered at 2026-09-01 04:00:00Z, reported more than 2 hours later"
    seals = BREACHES["CUS-11"].breach((), seals_seen=(), seals_recorded=["S-1", "S-2"])
    assert breach_sentence(seals) == "seals seen: none; recorded: S-1, S-2"


def test_of_many_subjects_the_first_are_named_and_the_others_counted() -> None:
    many = BREACHES["GAT-05"].breach(f"item:{number}" for number in range(1, 6))
    assert breach_words(many) == "not received yet: item:1, item:2, item:3 and 2 more"


def test_subjects_are_told_in_the_order_in_which_the_statement_names_them() -> None:
    breach = make_breach("GAT-08", [f"item:{name}" for name in "abcde"], {})
    items: list[JsonValue] = [{"item": f"item:{name}"} for name in "edcba"]
    body: JsonValue = {"site": "site:x", "items": items}
    assert breach_told(breach, Reader(), body).endswith(": item:e, item:d, item:c and 2 more")
    assert breach_told(breach, Reader()).endswith(": item:a, item:b, item:c and 2 more")


def test_values_of_a_set_are_written_in_one_order() -> None:
    given = make_breach("APR-11", ["approval:a"], {"agents": {"virus-3", "virus-1", "virus-2"}, "count": 3}).given
    assert given["agents"] == ("virus-1", "virus-2", "virus-3")


@pytest.mark.parametrize(
    "odd",
    [
        Breach("ZZZ-99", (), (("site", "site:lab"), ("wholly_new", 3))),
        Breach("GAT-12", (), (("site", "site:lab"),)),
        Breach("GEN-10", (), (("occurred", "yesterday"), ("recorded", 7))),
        Breach("GAT-14", (), (("asked", 2), ("signed", 1), ("task", "swimming"))),
        Breach("APR-10", (), (("grade", None),)),
    ],
)
def test_a_breach_that_this_version_does_not_know_is_told_all_the_same(odd: Breach) -> None:
    assert all(breach_words(odd, language) for language in Language)
    clause, _ = grounds_of(odd, rules_at(NOON))
    assert isinstance(clause, str)


def test_breaches_that_say_the_same_of_several_subjects_are_one() -> None:
    one, other, third = (Breach("GAT-05", (tag,)) for tag in (B, A, Tag("item:c")))
    apart = Breach("GAT-15", (A,), (("purpose", "research"),))
    assert merged([one, apart, other, third]) == (Breach("GAT-05", (A, B, Tag("item:c"))), apart)
    assert merged([one, Breach("GAT-05")]) == (Breach("GAT-05"),)


def test_a_breach_concerns_its_subjects_alone_and_without_any_the_statement_as_a_whole() -> None:
    assert Breach("GAT-05", (A,)).concerns(A)
    assert not Breach("GAT-05", (A,)).concerns(B)
    assert Breach("GEN-10").concerns(B)


def test_a_breach_gives_what_its_rule_declares_and_nothing_else() -> None:
    with pytest.raises(TypeError):
        BREACHES["GAT-05"].breach([A], site="site:lab")
    with pytest.raises(TypeError):
        BREACHES["GAT-12"].breach([A], site="site:lab", level="two", required=2)
    with pytest.raises(TypeError):
        make_breach("DES-05", [], {"due_on": NOON})
