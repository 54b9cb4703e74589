"""What people are told: every kind of statement as a sentence in each language, complete, and whatever it holds."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.breach import make_breach
from ledger.reference import codes
from ledger.statement.catalogue import KINDS
from ledger.words.phrasebook import Phrasebook
from ledger.words.reader import OWN, Reader, amount_words, code_word, rules_told
from ledger.words.sentences import breach_told, breach_words
from ledger.words.table import Language
from ledger.words.telling import change, deed, sentence
from ledger.words.template import places, read_template, values_at
from ledger.words.times import UNIVERSAL, Zone, zone_told, zoned
from scripts.examples import Example, ExampleSigner, body_of, examples_of
from scripts.sentences_page import name_in_examples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.words.template import JsonValue

BEIJING = Zone(timezone(timedelta(hours=8)), "CN")
EASTERN = Zone(timezone(timedelta(hours=-5)), "US")
ENGLISH, CHINESE = (Reader(language, BEIJING, name_in_examples) for language in Language)


def said(kind: str, body: Mapping[str, Any]) -> Example:
    return Example(kind, body, (ExampleSigner("party:harbour", "performed"),))


def received(*conditions: str) -> Example:
    items = [{"item": f"item:T-{number:04}", "condition": one} for number, one in enumerate(conditions, 1)]
    return said(
        "item.received/1",
        {"consignment": "consignment:2026-41", "laboratory": "site:x", "items": items, "documents": "match"},
    )


def test_a_receipt_says_how_many_came_and_which_did_not() -> None:
    assert sentence(received(*["intact"] * 49, "missing"), ENGLISH) == (
        "2026-08-10 17:20 (Beijing), 09:20 UTC: Harbour Laboratory received 49 of 50 items of consignment HB-784 at "
        "site:x; documents match the goods; missing: HC-0050."
    )
    assert sentence(received("intact", "missing"), CHINESE) == (
        "2026-08-10 17:20（北京时间，UTC 09:20）：Harbour Laboratory在site:x接收货物HB-784的2份样品中的1份；"
        "单货相符；缺失：HC-0002。"
    )


def test_one_is_told_as_one_and_many_are_told_by_the_first() -> None:
    approved = {"case": "case:1", "items": ["item:T-0001"]}
    assert deed(said("disposal.approved/1", approved), ENGLISH).endswith("disposal of 1 item (HC-0001), case 1")
    many = approved | {"items": [f"item:T-{number:04}" for number in range(1, 50)]}
    assert "49 items (HC-0001, HC-0002, HC-0003 and 46 more)" in deed(said("disposal.approved/1", many), ENGLISH)
    four = approved | {"items": [f"item:T-{number:04}" for number in range(1, 5)]}
    assert "4 items (HC-0001, HC-0002, HC-0003 and HC-0004)" in deed(said("disposal.approved/1", four), ENGLISH)


def test_of_many_the_one_that_the_reader_asks_about_is_told_to_be_among_them() -> None:
    approved = {"case": "case:1", "items": ["item:T-0001", "item:T-0002"]}
    english, chinese = (replace(one, about="item:T-0002") for one in (ENGLISH, CHINESE))
    assert deed(said("disposal.approved/1", approved), english).endswith("of 2 items (including HC-0002), case 1")
    assert deed(said("disposal.approved/1", approved), chinese).endswith("处置2份样品（含HC-0002），案件1")


def test_amounts_are_told_in_their_unit() -> None:
    assert amount_words("1", "vial", Language.ENGLISH) == amount_words("1.00", "vial", Language.ENGLISH) == "1 vial"
    assert amount_words("2", "box", Language.ENGLISH) == "2 boxes"
    assert amount_words("0.50", "uL", Language.ENGLISH) == "0.5 µL"
    assert amount_words("0.50", "uL", Language.CHINESE) == "0.5微升"
    assert amount_words("3", "thimbles", Language.ENGLISH) == "3 thimbles"


def test_a_time_is_told_in_the_zone_of_the_rules_and_in_utc() -> None:
    late = datetime(2026, 8, 10, 20, 5, tzinfo=UTC)
    assert zoned(late, BEIJING, Language.ENGLISH) == "2026-08-11 04:05 (Beijing), 2026-08-10 20:05 UTC"
    assert zoned(late, EASTERN, Language.ENGLISH) == "2026-08-10 15:05 (Eastern Standard Time), 20:05 UTC"
    assert zoned(late, Zone(timezone(timedelta(hours=5, minutes=30)), "IN"), Language.CHINESE) == (
        "2026-08-11 01:35（UTC+05:30，UTC 2026-08-10 20:05）"
    )
    assert zoned(late, UNIVERSAL, Language.ENGLISH) == "2026-08-10 20:05 UTC"


def test_where_a_zone_is_named_once_its_times_stand_alone() -> None:
    late, named = datetime(2026, 8, 10, 20, 5, tzinfo=UTC), replace(BEIJING, is_named=True)
    assert zoned(late, named, Language.CHINESE) == "2026-08-11 04:05"
    assert zoned(late, named, Language.ENGLISH, exact=True) == "2026-08-11 04:05:00"
    assert zone_told(named, Language.ENGLISH) == "Beijing (UTC+08:00)"
    assert zone_told(named, Language.CHINESE) == "北京时间（UTC+08:00）"
    assert zone_told(Zone(timezone(timedelta(hours=-3)), "BR"), Language.ENGLISH) == "UTC-03:00"
    assert zone_told(UNIVERSAL, Language.CHINESE) == "UTC"
    assert zoned(late, replace(UNIVERSAL, is_named=True), Language.ENGLISH) == "2026-08-10 20:05 UTC"


def test_an_edition_of_rules_is_told_by_its_title_and_since_when_it_is_in_force() -> None:
    assert (
        rules_told("cn-281/2026-08-01 " + "0" * 64, Language.CHINESE)
        == "海关总署令第281号，自2026-08-01起的版本（cn-281）"
    )
    assert rules_told("xx-1/2020-01-01 " + "0" * 64, Language.ENGLISH) == "xx-1/2020-01-01"


def test_a_correction_says_what_it_replaces_and_why() -> None:
    body = {"project": "p", "site": "site:x"}
    ended = said("activity.ended/1", body)
    corrected = replace(ended, corrects="01990f3c-5a00-7c31-9e44-2b6f0d8a1c57", reason="misread")
    assert deed(corrected, ENGLISH).endswith("; it corrects no. 12; reason: misread")
    assert deed(corrected, CHINESE).endswith("；更正第12号；原因：读数有误")


def test_a_correction_says_what_it_changes_and_nothing_of_what_it_leaves() -> None:
    used = {
        "item": "item:T-0001",
        "laboratory": "site:x",
        "project": "p",
        "purpose": "testing",
        "activity": "noninfectious",
        "quantity": {"value": "0.05", "unit": "mL"},
    }
    before = said("item.used/1", used)
    more = said("item.used/1", used | {"quantity": {"value": "0.5", "unit": "mL"}})
    corrected = replace(more, corrects="01990f3c-5a00-7c31-9e44-2b6f0d8a1c57", reason="misread")
    assert change(before, corrected, ENGLISH) == (
        "used up: 0.05 mL → used up: 0.5 mL; it corrects no. 12; reason: misread"
    )
    assert change(before, corrected, CHINESE) == "消耗0.05毫升 → 消耗0.5毫升；更正第12号；原因：读数有误"
    later = replace(before, occurred_at=before.occurred_at + timedelta(hours=1), corrects=corrected.corrects)
    assert change(before, later, ENGLISH) == (
        "2026-08-10 17:20 (Beijing), 09:20 UTC → 2026-08-10 18:20 (Beijing), 10:20 UTC; it corrects no. 12"
    )


def test_a_new_label_is_told_with_the_one_that_it_takes_the_place_of() -> None:
    labelled = said("item.labelled/1", {"item": "item:T-0001", "label": "HL-1"})

    def names(ident: str) -> str | None:
        return "HC-0001" if ident == "before:item:T-0001/HL-1" else name_in_examples(ident)

    assert deed(labelled, replace(ENGLISH, names=names)) == (
        "Harbour Laboratory put the label HL-1 on item:T-0001, in the place of HC-0001"
    )
    assert deed(labelled, replace(CHINESE, names=names)) == ("Harbour Laboratory为item:T-0001贴上标签HL-1，取代HC-0001")


def test_what_is_made_is_named_once() -> None:
    children = [{"item": "item:T-0002", "label": "HC-0001-A", "quantity": {"value": "0.2", "unit": "mL"}}]
    body = {"parent": "item:T-0001", "laboratory": "site:x", "children": children}
    left = {"residual": {"value": "0", "unit": "mL"}, "loss": {"value": "0", "unit": "mL"}}
    told = deed(said("item.aliquoted/1", body | left), ENGLISH)
    assert "into 1 item: HC-0001-A (0.2 mL); " in told


def test_a_code_without_a_word_and_an_id_without_a_name_stand_as_they_are() -> None:
    assert code_word("ground", "wholly-new", CHINESE) == "wholly-new"
    assert code_word("approval-ground", "x-late", ENGLISH) == f"own code: {OWN}late"
    assert OWN == codes.OWN
    bare = Reader()
    assert deed(said("role.granted/1", {"party": "party:x", "role": "captain"}), bare) == (
        "party:harbour let party:x speak as captain"
    )
    revoked = said("key.revoked/1", {"key": f"key:{'ab' * 32}", "ground": "lost"})
    assert deed(revoked, bare) == "party:harbour revoked key:abababab…; ground: the key or its passphrase is lost"


def test_a_kind_without_words_is_told_by_its_name() -> None:
    assert deed(said("moon.landed/7", {}), ENGLISH) == (
        "Harbour Laboratory made a statement of the kind moon.landed/7, for which there are no words here"
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("2026-08-10T09:20:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=20)
@given(data=st.data())
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_body_holds_is_told_in_some_way(kind: str, data: st.DataObject) -> None:
    whole = body_of(KINDS[kind], whole=True, many=2)
    body = {name: data.draw(JSON | st.just(value), label=name) for name, value in whole.items()}
    for reader in (ENGLISH, CHINESE):
        assert sentence(said(kind, body), reader)


def test_what_a_member_holds_is_never_read_as_a_template() -> None:
    body = {"party": "party:x", "name": "{by} [a|b] {", "country": "CN", "business": "research"}
    assert "registered {by} [a|b] { (China)" in deed(said("party.registered/1", body), ENGLISH)


@pytest.mark.parametrize(
    ("odd", "problem"),
    [
        ("a ] b", "a bracket is closed that was not opened"),
        ("a [ b", "a bracket is not closed"),
        ("a | b", "stands outside of brackets"),
        ("{a", "no place stands at 0"),
        ("a } b", "} stands alone at 2"),
        ("{a b}", "'a b' is no step of a path"),
        ("{a(b~c)}", "is no step of a path"),
    ],
)
def test_what_is_no_template_is_refused(odd: str, problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        read_template(odd)


def test_a_path_goes_through_lists_and_tests_what_it_finds() -> None:
    values: JsonValue = {"items": [{"item": "a", "present": True}, {"item": "b", "present": False}], "none": []}
    for place, found in {
        "{items.item}": ["a", "b"],
        "{items(present=false).item}": ["b"],
        "{items(present!=false).item}": ["a"],
        "{items(item=c)}": [],
        "{none(=)}": [""],
        "{items(=)}": [],
        "{missing.item}": [],
    }.items():
        (one,) = places(read_template(place))
        assert values_at(one.path, values) == found


def test_examples_are_statements_of_their_kinds() -> None:
    for kind in KINDS.values():
        for example in examples_of(kind):
            assert isinstance(msgspec.convert(example.body, kind.body), kind.body)


@pytest.mark.parametrize(
    ("language", "own"), [(Language.ENGLISH, "own code: x-lab"), (Language.CHINESE, "自定义代码：x-lab")]
)
def test_an_own_code_is_told_as_that_in_breaches_and_messages_too(language: Language, own: str) -> None:
    breach = make_breach("GAT-15", frozenset(), {"purpose": "x-lab", "approval": "approval:GX-1"})
    assert own in breach_words(breach, language)
    assert own in breach_told(breach, Reader(language))
    book = Phrasebook({"is not for {purpose}": "不用于{purpose:purpose}"}, Language.CHINESE)
    assert book.tell("is not for x-lab") == "不用于自定义代码：x-lab"
