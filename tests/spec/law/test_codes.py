"""Codes: those of the lists of the edition are taken, a party's own in open lists, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from api.telling import catalogues
from ledger.domain.bodies.vocabulary import CODE_PATTERN
from ledger.domain.codes import REASON, check_codes
from ledger.domain.law.rules import Confidence
from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.work.use import ItemUsed
from ledger.errors import Refused
from ledger.ids import KeyId
from ledger.reference.activities import Activity
from ledger.reference.codes import Codes, load_codes, load_names, read_codes
from ledger.rulepacks.load import load_packs
from scripts.codes_table import coded_members
from tests.spec.bench import LAB, A, approval, ml, vials
from tests.spec.parties import LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, judged, refused, rules_at, said

if TYPE_CHECKING:
    from ledger.domain.bodies.vocabulary import Body

USE = ItemUsed(item=A, laboratory=LAB, project="p", purpose="research", activity=Activity.UNCULTURED, quantity=ml("1"))
COLUMNS = ("list", "code", "name_en", "name_zh", "clause", "confidence")


@pytest.fixture(scope="module")
def codes() -> Codes:
    return load_codes()


def problem(body: Body, **more: Any) -> str:  # noqa: ANN401  members of Signed
    """Return what a statement is told whose codes are not all of their lists."""
    with pytest.raises(Refused) as caught:
        check_codes(said(body, LABORATORY, **more), rules_at(NOON))
    return str(caught.value)


@pytest.mark.rule("COD-01")
def test_a_code_that_is_of_no_list_is_refused_with_its_member_itself_and_the_nearest() -> None:
    assert problem(structs.replace(USE, purpose="reserch")) == (
        'COD-01: $.body.purpose: "reserch" is not of the list purpose: did you mean research? '
        "(a code of your own begins with x-)"
    )
    assert problem(KeyRevoked(key=KeyId(f"key:{'0' * 64}"), ground="stolen")) == (
        'COD-01: $.body.ground: "stolen" is not of the list revocation: there are compromised, lost, '
        "affiliation-changed, superseded, cessation-of-operation, privilege-withdrawn, unspecified"
    )


@pytest.mark.rule("COD-01")
def test_the_codes_of_the_header_are_of_the_list_of_reasons() -> None:
    assert problem(USE, reason="misred").startswith(
        'COD-01: $.reason: "misred" is not of the list reason: did you mean'
    )
    known = {"GAT-15": "urgent", "GAT-12": "authority-infromed"}
    said_of_it = problem(USE, acknowledged=known)
    assert said_of_it.startswith('COD-01: $.acknowledges[1].reason: "authority-infromed" is not of the list reason: ')
    assert "did you mean authority-informed" in said_of_it


@pytest.mark.rule("COD-01")
def test_each_code_of_a_list_in_a_body_is_asked_for_by_its_place() -> None:
    assert problem(approval(purposes=("research", "x-own", "sael")).body).startswith(
        'COD-01: $.body.purposes[2]: "sael" is not of the list purpose: did you mean sale?'
    )


def test_a_partys_own_code_is_taken_in_an_open_list_and_in_no_other() -> None:
    given = vials(purposes=("research", "x-vaccine-potency"))
    assert judged(given, said(structs.replace(USE, purpose="x-vaccine-potency"), LABORATORY, SECOND_PERSON)) == []
    assert refused(given, said(KeyRevoked(key=LABORATORY.key, ground="x-dog-ate-it"), LABORATORY)) == "COD-01"


@pytest.mark.rule("GAT-15")
@pytest.mark.parametrize("purpose", ["testing", "clinical-trial", "x-research"])
def test_no_purpose_contains_another_one(purpose: str) -> None:
    given = vials(purposes=("research",))
    assert judged(given, said(structs.replace(USE, purpose=purpose), LABORATORY, SECOND_PERSON)) == ["GAT-15"]


def test_of_a_list_that_an_edition_does_not_have_nothing_is_refused() -> None:
    none = read_codes([])
    none.check("purpose", "reserch", "$.body.purpose")


def test_every_edition_has_the_lists_that_members_name(codes: Codes) -> None:
    named = {name for _, _, name in coded_members() if name is not None} | {REASON}
    assert named == load_names().by_list.keys()
    assert named - codes.by_list.keys() == {"sample-type", "storage-condition"}
    for edition in load_packs().editions:
        edition.pack.codes.check("purpose", "research", "$.body.purpose")


def test_every_code_is_named_in_both_languages_and_its_clause_is_marked(codes: Codes) -> None:
    for listed in codes.by_list.values():
        for one in listed.values():
            assert re.fullmatch(CODE_PATTERN, one.code), one
            assert not one.code.startswith("x-"), one
            assert one.name_en.strip() == one.name_en != "", one
            assert re.search("[\u4e00-\u9fff]|^P", one.name_zh), one
            assert bool(one.clause) == bool(one.confidence), one
            assert one.confidence in {"", *Confidence}, one


def test_no_two_codes_of_a_list_are_called_alike() -> None:
    codes = load_names()
    for name, listed in codes.by_list.items():
        for one in listed.values():
            assert {codes.meant(name, called) for called in one.names} == {one.code}, one


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("purpose", "Clinical trial", "clinical-trial"),
        ("purpose", "临床试验", "clinical-trial"),
        ("refrigerant", "干冰", "dry-ice"),
        ("refrigerant", "Ｄｒｙ ｉｃｅ", "dry-ice"),
        ("disposal-ground", "过期", "expired"),
        ("purpose", "试验", None),
        ("purpose", "", None),
    ],
)
def test_a_name_in_either_language_finds_its_code_whole_or_not_at_all(
    codes: Codes, name: str, written: str, code: str | None
) -> None:
    assert codes.meant(name, written) == code


@pytest.mark.parametrize(
    ("name", "written", "first"),
    [
        ("purpose", "试验", "clinical-trial"),
        ("purpose", "trial", "clinical-trial"),
        ("packing", "p65", "p650"),
        ("resolution", "relabeled", "relabelled"),
        ("cause", "人为错误", "human-error"),
    ],
)
def test_what_is_nearest_is_told_first(codes: Codes, name: str, written: str, first: str) -> None:
    assert codes.nearest(name, written)[0] == first


def test_codes_are_found_by_a_part_of_any_of_their_names(codes: Codes) -> None:
    assert [(one.list, one.code) for one in codes.search("干冰")] == [("refrigerant", "dry-ice")]
    assert {one.list for one in codes.search("packing")} == {"packing"}
    assert len(codes.search("")) == sum(map(len, codes.by_list.values()))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([("purpose", "sale", "sale", "销售", "", "")] * 2, id="a code twice"),
        pytest.param([("purpose", "x-*", "own", "自定", "", "")] * 2, id="open twice"),
    ],
)
def test_a_table_of_codes_has_each_code_once(rows: list[tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match="twice"):
        read_codes(dict(zip(COLUMNS, row, strict=True)) for row in rows)


def test_whoever_looks_codes_up_is_told_how_one_of_ones_own_is_written() -> None:
    told = {str(row["table"]): row for row in catalogues.codes() if row["code"] == "x-*"}
    assert told.keys() == load_codes().own.keys()
    assert told["test"]["zh"] == "实验室自有方法"
