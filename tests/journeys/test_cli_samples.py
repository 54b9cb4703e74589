"""Samples as they are, at the terminal: a freezer that is already full, and a domestic collection."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench
    from tests.journeys.conftest import Port

MANUAL: Final = Path(__file__).parents[2] / "docs" / "manifests.md"
HEADER = "Tube,Type,Amount,Unit,Position,Kept at,Since,Approval,Donor"


def opening(bench: Bench, *rows: str) -> list[object]:
    """Return the arguments that import a list of a freezer, by the mapping of the manual."""
    mapping, manifest = bench.place / "freezer.toml", bench.place / "freezer.csv"
    (_, of_the_manual) = re.findall(
        r"^```toml\n(.*?)^```", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    mapping.write_text(of_the_manual, encoding="utf-8")
    manifest.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return ["import", manifest, "--mapping", mapping, "--role", "laboratory"]


def shown(bench: Bench, label: str) -> Any:  # noqa: ANN401  JSON
    return bench.done("item", "show", label, "--json").objects[0]


def test_a_full_freezer_is_put_on_record_by_its_list_and_says_what_is_not_shown(port: Port) -> None:
    bench, who = port
    rows = ("OLD-1,serum,1.5,mL,F1/A1,minus-80,2021-05-04,SH 2021/7,D-1", "OLD-2,serum,800,uL,F1/A2,minus-80,,,D-1")
    listed = opening(bench, *rows)
    asked = bench.run(*listed, "--key", who.key, "--json")
    assert asked.code == 6
    assert {one["rule"] for one in asked.objects[0]["breaches"]} == {"OPN-04"}
    bench.done(*listed, "--key", who.key, "--acknowledge", "OPN-04=x-stock-taken-over")
    first, second = shown(bench, "OLD-1"), shown(bench, "OLD-2")
    assert first["item"]["place"] == "F1/A1"
    assert first["item"]["approval"] is None
    sample = first["sample"]
    assert (sample["origin"], sample["shown_from"], sample["approval_declared"]) == (
        ["opening-stock"],
        "2026-06-30",
        "SH 2021/7",
    )
    assert sample["donors"] == second["sample"]["donors"]
    (told,) = first["history"]
    assert [one["rule"] for one in told["breaches"]] == ["OPN-04"]
    again = bench.run(*listed, "--key", who.key, "--acknowledge", "OPN-04=x-stock-taken-over")
    assert (again.code, "COL-02" in again.stdout + again.stderr) == (5, True)
    printed = bench.done("item", "show", "OLD-1").stdout
    assert "approval_declared" in printed
    assert "OPN-04" in printed


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        pytest.param("OLD-3,soup,1,mL,F1/B1,minus-80,,,", '"soup" is not of the list sample-type', id="of no type"),
        pytest.param("OLD-3,serum,1,mL,F1/B1,minus-81,,,", "did you mean minus-80", id="kept at nothing"),
        pytest.param("OLD-3,serum,1,mL,F1/B1,minus-80,2026-07-01,,", "OPN-02", id="came later"),
    ],
)
def test_a_wrong_list_is_refused_in_words(port: Port, row: str, problem: str) -> None:
    bench, who = port
    ran = bench.run(*opening(bench, row), "--key", who.key, "--acknowledge", "OPN-04=x-stock-taken-over")
    assert ran.code != 0
    assert problem in ran.stderr + ran.stdout


def test_a_domestic_sample_is_used_by_microlitres_and_nothing_asks_for_its_approval(port: Port) -> None:
    bench, applicant = port
    who = replace(applicant, role="laboratory")
    document = {"document": "EC 2026/31", "issued_by": "Ethics Committee", "digest": "0" * 64}
    item = {
        "item": "item:H1",
        "label": "H-1",
        "type": "whole-blood",
        "collected_on": "2026-08-01",
        "donor": "disclose:donor",
        "donor_origin": "CN",
        "storage": "2-8",
        "thaws": 0,
        "quantity": {"value": "2", "unit": "mL"},
    }
    body = {
        "laboratory": "site:lab",
        "country": "CN",
        "collected_by": "Gulou Hospital",
        "basis": "ethics-approval",
        "document": document,
        "items": [item],
    }
    bench.state("item.collected/1", body, who, disclose={"donor": "D-0117"})
    used = {
        "item": "item:H1",
        "laboratory": "site:lab",
        "project": "p-7",
        "purpose": "research",
        "activity": "uncultured",
        "quantity": {"value": "250", "unit": "uL"},
        "thawed": False,
    }
    assert bench.state("item.used/1", used, who)["breaches"] == []
    said = shown(bench, "H-1")
    assert said["item"]["quantity"] == {"value": "1.75", "unit": "mL"}
    assert said["sample"]["origin"] == ["domestic"]
    assert said["sample"]["thawed"] == 0
    ran = bench.run(
        "statement",
        "submit",
        bench.signed("item.collected/1", body | {"country": "SE"}, who, disclose={"donor": "D-1"}),
    )
    assert "COL-03" in ran.stderr + ran.stdout
