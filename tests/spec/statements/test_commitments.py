"""What a body commits to: digests in the places of names, in drafts, in what programs make and in manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.drafts.payload import sign_draft
from api.drafts.problems import Problems
from api.drafts.reading import check_body
from api.manifests.layout import BUILT_IN
from api.manifests.reading.sheets import read_sheet
from api.manifests.statements import Plan, plan_import
from ledger.errors import Malformed
from ledger.reference.units import load_units
from ledger.statement.form.disclosure import check_disclosures, commit, digest_of, make_disclosure
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from tests.authors import SteppingClock, seeded

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement.text.strict_json import JsonValue

HEADER = "Consignment,Approval,Line,Label,Type,Collected on,Donor,Donor origin,Storage,Thaws"


def draft(commitment: str, **disclose: JsonValue) -> dict[str, JsonValue]:
    item: JsonValue = {"item": "item:T-1", "label": "T-1", "type": "serum", "donor": commitment}
    return {
        "log": "port.example/log1",
        "kind": "item.listed/1",
        "signers": [{"party": "party:importer", "person": "p-1", "role": "applicant", "meaning": "performed"}],
        "body": {"consignment": "consignment:C1", "approval": "approval:A1", "line": 1, "items": [item]},
        "disclose": disclose,
    }


def plan(folder: Path, *rows: str) -> Plan:
    path = folder / "manifest.csv"
    lines = [f"consignment:C1,approval:A1,1,{row}" for row in rows]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return plan_import("m.csv", read_sheet(path), BUILT_IN, load_units())


def test_a_name_is_replaced_by_its_disclosures_digest_wherever_it_stands() -> None:
    donor, note = make_disclosure("donor", "D-0117"), make_disclosure("note", "as agreed")
    body: JsonValue = {"items": [{"donor": "disclose:donor", "label": "disclosed"}, {"note": "disclose:note"}], "n": 1}
    assert commit(body, [donor, note]) == {
        "items": [{"donor": digest_of(donor.text), "label": "disclosed"}, {"note": digest_of(note.text)}],
        "n": 1,
    }


@pytest.mark.rule("STM-65")
def test_what_is_committed_to_is_disclosed() -> None:
    with pytest.raises(Malformed, match=r'STM-65: \$\.body\.items\[0\]\.donor: nothing .* the name "doner"'):
        sign_draft(draft("disclose:doner", donor="D-0117"), [seeded("importer")], SteppingClock())


def test_a_draft_commits_to_a_donor_and_the_code_stands_beside_the_statement() -> None:
    signed = sign_draft(draft("disclose:donor", donor="D-0117"), [seeded("importer")], SteppingClock())
    payload = read_payload(parse_envelope(signed.envelope).payload)
    said = read_statement(payload)
    (disclosed,) = check_disclosures(payload.sd, signed.disclosures)
    assert (disclosed.name, disclosed.value) == ("donor", "D-0117")
    assert said.body.items[0].donor == digest_of(disclosed.text)
    assert said.commits == {said.body.items[0].donor}
    assert b"D-0117" not in signed.envelope


def test_rows_of_one_donor_commit_to_one_disclosure(tmp_path: Path) -> None:
    rows = ("a,serum,2026-05-04,D-1,SE,minus-80,1", "b,serum,,D-1,,,", "c,serum,,D-2,,,", "d,serum,,,,,")
    made = plan(tmp_path, *rows)
    assert made.problems == []
    (statement,) = made.statements
    items = statement.body["items"]
    assert isinstance(items, list)
    first, second, third, fourth = (one for one in items if isinstance(one, dict))
    assert first["donor"] == second["donor"] != third["donor"]
    assert "donor" not in fourth
    assert {name: first[name] for name in ("type", "collected_on", "donor_origin", "storage", "thaws")} == {
        "type": "serum",
        "collected_on": "2026-05-04",
        "donor_origin": "SE",
        "storage": "minus-80",
        "thaws": 1,
    }
    digests = [str(first["donor"]), str(third["donor"])]
    disclosed = check_disclosures(digests, made.beside(statement))
    assert [(one.name, one.value) for one in disclosed] == [("donor D-1", "D-1"), ("donor D-2", "D-2")]


def test_a_donors_code_is_one_as_printed_and_a_wrong_row_is_named(tmp_path: Path) -> None:
    made = plan(tmp_path, "a,serum,,D:1,,,", "b,serum,05/04/2026,D-1,,,")
    assert [str(one).partition(":")[0] for one in made.problems] == [
        'm.csv line 2, column "Donor"',
        'm.csv line 3, column "Collected on"',
    ]


@pytest.mark.rule("STM-65")
def test_the_body_of_a_draft_is_checked_with_what_it_discloses() -> None:
    check_body(draft("disclose:donor", donor="D-0117"), Problems(""))
    with pytest.raises(Malformed, match='nothing is disclosed under the name "doner"'):
        check_body(draft("disclose:doner", donor="D-0117"), Problems(""))
