"""Second signatures anywhere: what one organisation signs and leaves open, another signs on a machine of its own."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.bench import LOG, Bench, Who
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers import Servers


@pytest.fixture(scope="module")
def parted(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Who, Bench, Who]]:
    """A laboratory with a log and two received tubes; and a clinic elsewhere, with its key and no log at all."""
    with servers.get(EMBEDDED).empty_database() as here:
        bench = Bench(tmp_path_factory.mktemp("laboratory"), here.admin)
        bench.open()
        who = bench.admit("party:laboratory", "applicant", "laboratory")
        clinic = bench.admit("party:clinic", "laboratory")
        bench.announce(who)
        vial = {"value": "1", "unit": "mL"}
        listed = [{"item": f"item:t-{number}", "label": f"T-{number}", "quantity": vial} for number in (1, 2)]
        goods = {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": listed}
        bench.insist("item.listed/1", goods, who)
        received = [{"item": f"item:t-{number}", "condition": "intact"} for number in (1, 2)]
        receipt = {"consignment": "consignment:C1", "laboratory": "site:lab", "items": received, "documents": "match"}
        bench.insist("item.received/1", receipt, who)
        elsewhere = Bench(tmp_path_factory.mktemp("clinic"), "")
        elsewhere.environ |= {"VIALOG_DATABASE_URL": None, "VIALOG_DATA": str(elsewhere.place / "data")}
        moved = elsewhere.place / "clinic.pem"
        clinic.key.rename(moved)
        yield bench, who, elsewhere, Who(moved, clinic.party, clinic.person, clinic.role)


def _handing_over(bench: Bench, who: Who, clinic: Who, out: Path, item: str) -> Any:  # noqa: ANN401
    """Have the laboratory sign a hand-over that the clinic is to sign as received; return the answer."""
    return bench.done(
        "record", "hand-over", "--item", item, "--receiver", "clinic", "--count", 1, "--packaging", "intact",
        "--site", "Lab",
        *(word for rule in ("GAT-06", "GAT-08", "GAT-14") for word in ("--acknowledge", f"{rule}=as-printed")),
        "--key", who.key, "--role", "laboratory", "--with", f"{clinic.person}@clinic", "--out", out, "--yes",
    )  # fmt: skip


def _payload(file: Path) -> bytes:
    return b64decode(json.loads(file.read_text(encoding="utf-8"))["envelope"]["payload"])


def test_two_organisations_sign_one_statement_on_machines_of_their_own(parted: tuple[Bench, Who, Bench, Who]) -> None:
    bench, who, elsewhere, clinic = parted
    file = bench.place / "hand-over.open"
    ran = _handing_over(bench, who, clinic, file, "T-1")
    assert f"Not signed yet by {clinic.person} of clinic (received)" in ran.stderr
    early = bench.run("statement", "submit", file)
    assert early.code == 3
    assert f"not signed yet by {clinic.person} of clinic (party:clinic) (received)" in early.stderr

    carried = elsewhere.place / "hand-over.open"
    carried.write_bytes(file.read_bytes())
    before = _payload(carried)
    signed = elsewhere.done("statement", "cosign", carried, "--key", clinic.key, "--yes", "--json")
    assert signed.objects[0]["unsigned"] == []
    assert _payload(carried) == before

    file.write_bytes(carried.read_bytes())
    answer = bench.done("statement", "submit", file, "--json").objects[0]
    assert (answer["status"], answer["kind"]) == ("recorded", "custody.handed-over/1")
    (item,) = bench.done("list", "items", "--party", "clinic", "--json").objects
    assert item["id"] == "item:t-1"


def test_what_will_be_signed_is_told_in_words_before_a_key_is_asked(parted: tuple[Bench, Who, Bench, Who]) -> None:
    bench, who, elsewhere, clinic = parted
    file = elsewhere.place / "told.open"
    _handing_over(bench, who, clinic, file, "T-2")
    ran = elsewhere.run("statement", "cosign", file, "--key", clinic.key)
    assert ran.code == 2
    assert "handed 1 item (T-2 (item:t-2)) over to clinic (party:clinic)" in ran.stderr
    assert "received it: p-1 of clinic (party:clinic), as laboratory" in ran.stderr
    assert "say --yes to sign" in ran.stderr


def test_all_statements_of_a_file_that_wait_for_a_key_are_signed_at_once(parted: tuple[Bench, Who, Bench, Who]) -> None:
    bench, who, elsewhere, clinic = parted
    first, second = elsewhere.place / "first.open", elsewhere.place / "second.open"
    _handing_over(bench, who, clinic, first, "T-2")
    _handing_over(bench, who, clinic, second, "T-2")
    done = elsewhere.done(
        "statement", "cosign", second, "--key", clinic.key, "--out", elsewhere.place / "done", "--yes"
    )
    assert "Signed: " in done.stderr
    several = elsewhere.place / "several.open"
    several.write_bytes(first.read_bytes() + (elsewhere.place / "done").read_bytes() + second.read_bytes())
    signed = elsewhere.done("statement", "cosign", several, "--key", clinic.key, "--yes", "--json").objects
    assert [one["unsigned"] for one in signed] == [[], [], []]
    assert len(several.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.rule("KEY-23")
def test_nobody_signs_in_anothers_place_or_twice(parted: tuple[Bench, Who, Bench, Who]) -> None:
    bench, who, elsewhere, clinic = parted
    file = elsewhere.place / "place.open"
    _handing_over(bench, who, clinic, file, "T-2")
    other = elsewhere.place / "other.pem"
    elsewhere.done("keys", "new", other)
    ran = elsewhere.run("statement", "cosign", file, "--key", other, "--yes")
    assert (ran.code, "is no key that the payload names" in ran.stderr) == (4, True)
    elsewhere.done("statement", "cosign", file, "--key", clinic.key, "--yes")
    again = elsewhere.run("statement", "cosign", file, "--key", clinic.key, "--yes")
    assert (again.code, "has signed already" in again.stderr) == (4, True)


def test_names_come_along_beside_their_ids_and_are_signed_and_recorded_by_nobody(
    parted: tuple[Bench, Who, Bench, Who],
) -> None:
    bench, who, elsewhere, clinic = parted
    draft = bench.place / "alone.json"
    said = ("--item", "T-2", "--label", "T-2b", "--with", f"{clinic.person}@clinic", "--out", draft)
    bench.done("record", "label", *said)
    carried = elsewhere.place / "alone.json"
    carried.write_bytes(draft.read_bytes())
    out = elsewhere.place / "alone.signed"
    ran = elsewhere.done("statement", "sign", carried, "--key", clinic.key, "--out", out)
    assert "clinic (party:clinic) put the label T-2b on item:t-2" in ran.stderr
    assert "performed it: p-1 of clinic (party:clinic), as laboratory" in ran.stderr
    assert b"names" not in _payload(out)
    file = bench.place / "forged.open"
    _handing_over(bench, who, clinic, file, "T-2")
    line = json.loads(file.read_text(encoding="utf-8"))
    line["names"]["item:t-2"] = "T-9\x1b[2K"
    file.write_text(json.dumps(line), encoding="utf-8")
    told = elsewhere.run("statement", "cosign", file, "--key", clinic.key).stderr
    assert "(item:t-2)" in told
    assert "\x1b" not in told
    line["names"] = {"item:t-2": 9}
    file.write_text(json.dumps(line), encoding="utf-8")
    wrong = elsewhere.run("statement", "cosign", file, "--key", clinic.key)
    assert (wrong.code, "STM-18: $.names: is not an object of texts" in wrong.stderr) == (3, True)


@pytest.mark.rule("DRF-04")
def test_a_draft_names_the_keys_of_those_whom_no_log_here_knows(parted: tuple[Bench, Who, Bench, Who]) -> None:
    _, _, elsewhere, clinic = parted
    absent = elsewhere.done("keys", "new", elsewhere.place / "absent.pem", "--json").objects[0]
    signer = {"party": "party:laboratory", "person": "p-1", "role": "laboratory", "meaning": "performed"}
    draft: dict[str, Any] = {"log": LOG, "kind": "item.checked-out/1", "signers": [clinic.signer, signer]}
    draft["body"] = {"items": ["item:t-2"], "project": "p-7", "site": "site:lab"}
    file = elsewhere.place / "absent.json"
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    out = elsewhere.place / "absent.open"
    ran = elsewhere.run("statement", "sign", file, "--key", clinic.key, "--out", out)
    assert (ran.code, "nobody here knows the key of p-1 of party:laboratory" in ran.stderr) == (3, True)
    signer |= {"key": absent["thumbprint"], "alg": absent["alg"]}
    file.write_text(json.dumps(draft, separators=(",", ":")), encoding="utf-8")
    told = elsewhere.done("statement", "sign", file, "--key", clinic.key, "--out", out, "--json").objects[0]
    assert [one["party"] for one in told["unsigned"]] == ["party:laboratory"]
    done = elsewhere.done("statement", "cosign", out, "--key", elsewhere.place / "absent.pem", "--yes", "--json")
    assert done.objects[0]["unsigned"] == []
    keys = [one["keyid"] for one in json.loads(out.read_text(encoding="utf-8"))["envelope"]["signatures"]]
    assert keys == [one["key"] for one in json.loads(_payload(out))["signers"]]
