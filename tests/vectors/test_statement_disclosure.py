"""Disclosures to the byte: RFC 9901's own example, and what is not one."""

from __future__ import annotations

import pytest

from ledger.errors import Malformed
from ledger.statement.form.disclosure import check_disclosures, digest_of, make_disclosure, read_disclosure
from ledger.statement.text.binary import encode_base64url

# RFC 9901 section 4.2.1 and 4.2.3.
EXAMPLE = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
EXAMPLE_DIGEST = "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
SALT = "A" * 22


def written(json_text: str) -> str:
    return encode_base64url(json_text.encode())


def test_the_rfcs_example_is_read_and_digested() -> None:
    disclosure = read_disclosure(EXAMPLE)
    assert (disclosure.salt, disclosure.name, disclosure.value) == ("_26bc4LT-ac6q2KI6cBW5es", "family_name", "Möbius")
    assert digest_of(EXAMPLE) == EXAMPLE_DIGEST


def test_a_fresh_disclosure_hides_its_value_under_128_random_bits() -> None:
    one, two = make_disclosure("note", "line 1\nline 2"), make_disclosure("note", "line 1\nline 2")
    assert len(one.salt) == 22
    assert one.salt != two.salt
    assert digest_of(one.text) != digest_of(two.text)
    assert read_disclosure(one.text) == one


@pytest.mark.rule("STM-60", "STM-61", "STM-62")
@pytest.mark.parametrize(
    ("text", "rule", "member"),
    [
        pytest.param(EXAMPLE + "==", "STM-60", "disclosure", id="padded"),
        pytest.param(EXAMPLE[:-1] + "1", "STM-60", "disclosure", id="bits left over"),
        pytest.param("é", "STM-60", "disclosure", id="not base64url"),
        pytest.param("A", "STM-60", "disclosure", id="one letter"),
        pytest.param("+/+/", "STM-60", "disclosure", id="standard alphabet"),
        pytest.param(EXAMPLE + "\n", "STM-60", "disclosure", id="line break"),
        pytest.param(written(f'["{SALT}","a",1.5]'), "STM-08", "disclosure[2]", id="a float"),
        pytest.param(written(f'["{SALT}","a","\u202e"]'), "STM-14", "disclosure[2]", id="a bidirectional override"),
        pytest.param(written(f'["{SALT}","a"]'), "STM-18", "disclosure", id="an array element"),
        pytest.param(written("{}"), "STM-18", "disclosure", id="an object"),
        pytest.param(written(f'["{SALT}",1,"a"]'), "STM-18", "disclosure[1]", id="the name is a number"),
        pytest.param(written(f'["{SALT}","_sd","a"]'), "STM-61", "disclosure[1]", id="a reserved name"),
        pytest.param(written(f'["{SALT}","...","a"]'), "STM-61", "disclosure[1]", id="three dots"),
        pytest.param(written(f'["{SALT}","","a"]'), "STM-61", "disclosure[1]", id="no name"),
        pytest.param(written(f'["{SALT[:21]}","a","a"]'), "STM-62", "disclosure[0]", id="a short salt"),
        pytest.param(written('["","a","a"]'), "STM-62", "disclosure[0]", id="no salt"),
    ],
)
def test_what_is_not_a_disclosure_is_refused(text: str, rule: str, member: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_disclosure(text)
    assert (caught.value.rule, caught.value.member) == (rule, member)


ONE, TWO = written(f'["{SALT}","one",1]'), written(f'["{SALT}","two",2]')


def test_a_missing_disclosure_is_no_fault() -> None:
    digests = [digest_of(ONE), digest_of(TWO)]
    assert check_disclosures(digests, []) == ()
    assert [one.name for one in check_disclosures(digests, [TWO])] == ["two"]
    assert [one.name for one in check_disclosures(digests, [TWO, ONE])] == ["two", "one"]


@pytest.mark.rule("STM-63", "STM-64")
@pytest.mark.parametrize(
    ("texts", "rule", "member"),
    [
        pytest.param([ONE, TWO], "STM-63", "disclosures[1]", id="not digested"),
        pytest.param([ONE, ONE], "STM-64", "disclosures[1]", id="the same twice"),
        pytest.param(["?"], "STM-60", "disclosures[0]", id="no disclosure"),
    ],
)
def test_a_disclosure_that_the_payload_does_not_digest_is_refused(texts: list[str], rule: str, member: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_disclosures([digest_of(ONE)], texts)
    assert (caught.value.rule, caught.value.member) == (rule, member)


@pytest.mark.rule("STM-64")
def test_one_name_is_disclosed_once() -> None:
    other = written(f'["{SALT}","one",2]')
    with pytest.raises(Malformed, match=r"STM-64: disclosures\[1\]"):
        check_disclosures([digest_of(ONE), digest_of(other)], [ONE, other])
