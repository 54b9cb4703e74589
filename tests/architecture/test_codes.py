"""Every member that takes a code has a list, or it is said why it has none."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ledger.domain.codes import codes_in
from ledger.reference.codes import load_codes
from ledger.statement.catalogue import KINDS
from ledger.words.table import Language, words_in
from scripts.codes_table import FREE, TOLD, coded_members
from scripts.examples import examples_of


def test_every_code_that_is_of_no_list_is_free_for_a_reason() -> None:
    assert {path.rpartition(".")[2].removesuffix("[]") for _, path, name in coded_members() if name is None} == {*FREE}


@pytest.mark.parametrize("language", Language)
def test_every_code_of_every_list_has_words(language: Language) -> None:
    words = words_in(language).code
    assert {name: words[name].keys() for name in load_codes().by_list} == {
        name: listed.keys() for name, listed in load_codes().by_list.items()
    }


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_examples_state_codes_of_the_lists(kind: str) -> None:
    for example in examples_of(KINDS[kind]):
        body: Any = msgspec.convert(example.body, KINDS[kind].body)
        for member, name, code in codes_in(body, "$.body"):
            load_codes().check(name, code, member)


def test_what_is_told_otherwise_than_a_list_has_it_is_of_the_lists() -> None:
    lists = load_codes().by_list
    listed = {(name, code): one.name_zh for name, codes in lists.items() for code, one in codes.items()}
    assert {one: told for one, told in TOLD.items() if listed[one] == told} == {}
    words = words_in(Language.CHINESE).code
    assert {one: words[one[0]][one[1]] for one in TOLD} == TOLD
