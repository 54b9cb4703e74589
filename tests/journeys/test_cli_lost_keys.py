"""A key is lost: it is revoked, what it signed is found, and another one speaks for the same person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.journeys.bench import Bench, Who


@pytest.fixture
def lab(bench: Bench) -> Who:
    """A laboratory with one key, which has signed something."""
    bench.open()
    who = bench.admit("party:lab", "laboratory")
    bench.state("site.registered/1", _site(1), who)
    return who


def _site(number: int) -> dict[str, Any]:
    return {"site": f"site:{number}", "party": "party:lab", "name": f"Lab {number}", "use": "laboratory", "level": 2}


def _key(bench: Bench, who: Who) -> Any:  # noqa: ANN401  JSON
    return bench.done("keys", "show", who.key, "--json").objects[0]


def test_after_a_loss_the_old_key_says_nothing_more_and_a_new_one_speaks(bench: Bench, lab: Who) -> None:
    bench.state("key.revoked/1", {"key": _key(bench, lab)["key"], "ground": "lost"}, bench.operator)
    assert bench.done("keys", "show", _key(bench, lab)["thumbprint"], "--json").objects[0]["revoked"] is True
    ran = bench.run("statement", "submit", bench.signed("site.registered/1", _site(2), lab))
    assert (ran.code, "GEN-04" in ran.stderr) == (5, True)
    anew = replace(lab, key=bench.place / "anew.pem")
    made = bench.done("keys", "new", anew.key, "--json").objects[0]
    enrolled = {name: made[name] for name in ("key", "spki", "alg")} | {"party": lab.party, "person": lab.person}
    bench.state("key.enrolled/1", enrolled, bench.operator, anew)
    assert bench.state("site.registered/1", _site(2), anew)["status"] == "recorded"


def test_who_revokes_the_last_key_of_a_party_is_told_before(bench: Bench, lab: Who) -> None:
    its, root = (_key(bench, who)["key"] for who in (lab, bench.operator))
    asked = ("--ground", "lost", "--dry-run")
    ran = bench.record("key.revoked", "--set", f"key={its}", *asked, by=bench.operator)
    assert (ran.code, "party:lab" in ran.stderr, "until the operator enrols another" in ran.stderr) == (
        0,
        True,
        True,
    )
    ran = bench.record("key.revoked", "--set", f"key={root}", *asked, by=bench.operator)
    assert (ran.code, "ever again" in ran.stderr) == (0, True)
    second = replace(bench.operator, key=bench.place / "second.pem", person="p-2")
    made = bench.done("keys", "new", second.key, "--json").objects[0]
    enrolled = {name: made[name] for name in ("key", "spki", "alg")} | {"party": second.party, "person": second.person}
    bench.state("key.enrolled/1", enrolled, bench.operator, second)
    ran = bench.record("key.revoked", "--set", f"key={root}", *asked, by=bench.operator)
    assert (ran.code, "warning" in ran.stderr) == (0, False)


def test_what_a_key_signed_is_listed_and_nothing_else(bench: Bench, lab: Who) -> None:
    key = _key(bench, lab)
    for name in (key["key"], key["thumbprint"]):
        shown = bench.done("log", "show", "--signed-by", name, "--json").objects
        assert [one["kind"] for one in shown] == ["key.enrolled/1", "site.registered/1"]
    (last,) = bench.done("log", "show", "--signed-by", key["key"], "--kind", "site.registered/1", "--json").objects
    assert last["payload"]["body"]["site"] == "site:1"
    ran = bench.run("log", "show", "--signed-by", "0" * 64)
    assert (ran.code, "does not know the key" in ran.stderr) == (8, True)
