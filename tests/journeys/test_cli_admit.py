"""``vialog admit``: an organisation joins with its roles and a key in one act, also with a key that is elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.journeys.machines import Machine, carried, signed
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.bench import Ran
    from tests.servers import Servers

NEW = ("--country", "CN", "--business", "testing", "--role", "laboratory")


@pytest.fixture(scope="module")
def here(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with an open log."""
    with servers.get(EMBEDDED).empty_database() as database:
        machine = Machine(tmp_path_factory.mktemp("operator"), database.admin)
        machine.open()
        yield machine


def _admit(machine: Machine, name: str, *arguments: object) -> Ran:
    return machine.run("admit", name, *arguments, "--key", machine.operator.key, "--yes")


def test_an_organisation_joins_with_roles_and_a_key_in_one_act(here: Machine) -> None:
    here.public("a-1")
    key = here.place / "a-1.pem"
    ran = _admit(here, "Alpha Laboratory", *NEW, "--role", "applicant", "--public", key, "--person", "a-1")
    assert ran.code == 0, ran.stderr
    assert "Operator registered Alpha Laboratory (China)" in ran.stderr
    kinds = [line.split(": ")[1].split()[0] for line in ran.stdout.splitlines()]
    assert kinds == ["party.registered/1", "role.granted/1", "role.granted/1", "key.enrolled/1"]
    (party,) = here.done("list", "parties", "--text", "Alpha", "--json").objects
    assert party["roles"] == ["applicant", "laboratory"]
    lab = ("--site", "alpha-1", "--name", "Alpha 1", "--party", "Alpha Laboratory", "--use", "laboratory", "--level", 2)
    here.done("record", "site.registered", *lab, "--role", "laboratory", "--key", key, "--yes")


def test_a_party_enrols_one_more_person_with_a_key_of_its_own(here: Machine) -> None:
    here.public("b-1")
    here.public("b-2")
    assert _admit(here, "Beta", *NEW, "--public", here.place / "b-1.pem", "--person", "b-1").code == 0
    colleague = ("--public", here.place / "b-2.pem", "--person", "b-2", "--key", here.place / "b-1.pem", "--yes")
    ran = here.done("admit", "Beta", *colleague)
    assert "Beta enrolled key:" in ran.stderr
    shown = here.done("keys", "show", here.place / "b-2.pem", "--json").objects[0]["thumbprint"]
    assert here.done("keys", "show", shown, "--json").objects[0]["person"] == "b-2"


@pytest.mark.parametrize(
    ("name", "person", "how"), [("Gamma", "g-1", "json"), ("Delta", "d-1", "en"), ("Kappa", "k-1", "zh")]
)
def test_a_key_that_is_elsewhere_is_enrolled_by_what_was_printed_of_it(
    here: Machine, tmp_path: Path, name: str, person: str, how: str
) -> None:
    clinic = Machine(tmp_path)
    clinic.environ["VIALOG_LANGUAGE"] = "zh" if how == "zh" else "en"
    public = clinic.public(person)
    if how == "json":
        public.write_text(
            clinic.done("keys", "show", clinic.place / f"{person}.pem", "--json").stdout, encoding="utf-8"
        )
    file = here.place / f"{name}.open"
    said = (*NEW, "--public", carried(public, here), "--person", person)
    alone = _admit(here, name, *said)
    assert (alone.code, "the key is elsewhere" in alone.stderr) == (2, True)
    left = _admit(here, name, *said, "--out", file)
    assert f"Not signed yet by {person} of " in left.stderr
    assert here.done("list", "parties", "--text", name, "--json").objects == []
    signed(clinic, file, person)
    here.done("statement", "submit", file)
    assert [one["roles"] for one in here.done("list", "parties", "--text", name, "--json").objects] == [["laboratory"]]
    assert not (here.place / f"{person}.pem").exists()


def test_a_key_of_an_organisation_without_a_role_is_not_enrolled_and_says_which_option_is_missing(
    here: Machine,
) -> None:
    here.public("h-1")
    key = ("--public", here.place / "h-1.pem", "--person", "h-1")
    new = _admit(here, "Iota", "--country", "CN", "--business", "testing", *key)
    assert (new.code, "say what it may speak as" in " ".join(new.stderr.split())) == (2, True)
    assert here.done("list", "parties", "--text", "Iota", "--json").objects == []


@pytest.mark.rule("DRF-06")
@pytest.mark.parametrize(
    "written", [b"", b"a letter about a key", b"spki AAAA\nalg ed25519\n", b"{}", b"[1]", b"\xff\xfe"]
)
def test_what_is_no_public_part_of_a_key_is_told(here: Machine, tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "letter.txt"
    file.write_bytes(written)
    ran = _admit(here, "Epsilon", *NEW, "--public", file, "--person", "e-1", "--out", tmp_path / "e.open")
    assert ran.code in {3, 4}
    assert "letter.txt" in ran.stderr or "KEY-0" in ran.stderr
    assert not (tmp_path / "e.open").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("Operator",), 2, "say what is to be admitted"),
        (("Nobody", "--role", "laboratory"), 8, 'the log knows no party called "Nobody"'),
        (("Zeta", "--country", "CN"), 3, "business"),
        (("Operator", "--person", "z-1"), 2, "--public and --person go together"),
    ],
)
def test_what_cannot_be_admitted_is_told(here: Machine, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = _admit(here, *arguments)
    assert (ran.code, said in ran.stderr) == (code, True), ran.stderr
