"""A party from the terminal: its names, roles, class and credit, sites and keys, one of them revoked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.journeys.bench import Bench, Who
    from tests.servers import Servers

from tests.journeys.bench import Bench as Place
from tests.servers import EMBEDDED

ID: Final = "party:lab"
BEFORE, RATED_AT, WHEN_IT_HAD_A_CLASS = "2026-01-02T08:00:00Z", "2026-07-02T08:00:00Z", "2026-07-15"
"""The editions from August 2026 on know no coefficient of the credit letters: what it is rated is told before."""
NAME, NAME_ZH = "Riverside Laboratory", "河畔实验室"


def _late(at: str) -> dict[str, object]:
    """Return what a statement says that is told long after its time."""
    return {"occurred_at": at, "acknowledges": [{"rule": "GEN-10", "reason": "as-printed"}]}


class Story:
    """A laboratory that was admitted, lost a role and a key, and was assessed and rated. positions: of these."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.open()
        party = {"party": ID, "name": NAME, "name_zh": NAME_ZH, "country": "CN", "business": "research"}
        self._state("party.registered/1", party, **_late(BEFORE))
        self.granted = self._state("role.granted/1", {"party": ID, "role": "laboratory"})
        self._state("role.granted/1", {"party": ID, "role": "carrier"})
        self.lost, self.kept = self._key("lost", "t-01"), self._key("kept", "t-02")
        self.both = self.position
        site = {"site": "site:river", "party": ID, "name": "Cold store", "name_zh": "冷库", "use": "store"}
        self._state("site.registered/1", site, self.who)
        self._state("role.withdrawn/1", {"party": ID, "role": "carrier"})
        self.revoked = self._state("key.revoked/1", {"key": self.lost, "ground": "lost"})

    def _state(self, kind: str, body: dict[str, Any], *signers: Who, **more: object) -> int:
        recorded = self.bench.state(kind, body, *(signers or (self.bench.operator,)), **more)
        self.position = int(recorded["position"])
        return self.position

    def _key(self, name: str, person: str) -> str:
        self.who = replace(
            self.bench.operator, key=self.bench.place / f"{name}.pem", party=ID, person=person, role="laboratory"
        )
        made = self.bench.done("keys", "new", self.who.key, "--json").objects[0]
        enrolled = {one: made[one] for one in ("key", "spki", "alg")} | {"party": ID, "person": person}
        self._state("key.enrolled/1", enrolled, self.bench.operator, self.who)
        key: str = made["key"]
        return key

    def rate(self) -> None:
        """Let it be assessed and rated by an authority."""
        customs = self.bench.admit("party:customs", "customs")
        assessed = {
            "party": ID, "assessor": "party:customs", "scope": ["research"], "checklist": "x-list",
            "items": [{"item": "1", "result": "conforms"}], "capability": 3,
            "valid_from": "2026-01-01", "valid_to": "2036-12-31",
        }  # fmt: skip
        self.assessed = self._state("unit.assessed/1", assessed, customs, self.who, **_late(RATED_AT))
        rated = {"party": ID, "scheme": "aqsiq", "level": "AA", "from_on": "2026-01-01"}
        self._state("credit.rated/1", rated, customs, **_late(RATED_AT))

    def shown(self, *arguments: object) -> Any:  # noqa: ANN401  JSON
        """Return the party as JSON."""
        (said,) = self.bench.done("party", "show", *arguments, "--json").objects
        return said


@pytest.fixture(scope="module")
def story(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with servers.get(EMBEDDED).empty_database() as database:
        place: Path = tmp_path_factory.mktemp("party")
        made = Story(Place(place, database.admin))
        made.rate()
        yield made


def test_it_is_found_by_either_name_and_by_its_id(story: Story) -> None:
    said = story.shown(ID)
    assert said["party"] == {"id": ID, "name": NAME, "name_zh": NAME_ZH, "natural_person": False}
    assert said == story.shown(NAME) == story.shown(NAME_ZH)


def test_its_roles_are_told_since_their_grant_and_without_those_withdrawn(story: Story) -> None:
    (role,) = story.shown(ID)["roles"]
    assert (role["role"], role["position"]) == ("laboratory", story.granted)
    assert [one["role"] for one in story.shown(ID, "--at", story.both)["roles"]] == ["carrier", "laboratory"]


def test_its_keys_are_told_with_whose_they_are_and_how_one_ended(story: Story) -> None:
    lost, kept = story.shown(ID)["keys"]
    assert (lost["key"], lost["person"], lost["roles"]) == (story.lost, "t-01", [])
    assert (lost["until_position"], lost["ground"], lost["revoked_by"]) == (story.revoked, "lost", "party:operator")
    assert lost["since"] <= lost["until"]
    assert (kept["key"], kept["person"], kept["roles"]) == (story.kept, "t-02", ["laboratory"])
    assert (kept["until"], kept["until_position"], kept["ground"], kept["revoked_by"]) == (None, None, None, None)


def test_before_the_revocation_both_keys_count(story: Story) -> None:
    said = story.shown(ID, "--at", story.revoked - 1)
    assert said["as_known_at"] == story.revoked - 1
    assert [(one["until"], one["roles"]) for one in said["keys"]] == [(None, ["laboratory"])] * 2
    assert [one["key"] for one in story.shown(ID, "--at", story.both - 1)["keys"]] == [story.lost]


def test_at_a_time_keys_count_by_what_was_recorded_by_then(story: Story) -> None:
    lost = story.shown(ID)["keys"][0]
    at_enrolment, at_the_end = (story.shown(ID, "--at", lost[one]) for one in ("since", "until"))
    assert [(one["key"], one["until"]) for one in at_enrolment["keys"]] == [(story.lost, None)]
    assert [one["until_position"] for one in at_the_end["keys"]] == [story.revoked, None]


def test_its_sites_are_told(story: Story) -> None:
    (site,) = story.shown(ID)["sites"]
    assert (site["id"], site["name"], site["name_zh"], site["use"]) == ("site:river", "Cold store", "冷库", "store")
    assert story.shown(ID, "--at", story.both)["sites"] == []


def test_its_class_and_credit_are_told_where_they_are_on_record(story: Story) -> None:
    said = story.shown(ID)
    assert [(one["level"], one["assessor"]) for one in said["capabilities"]] == [(3, "party:customs")]
    assert [(one["scheme"], one["level"]) for one in said["credits"]] == [("aqsiq", "AA")]
    assert (said["unit"]["unit_class"], said["unit"]["basis"]) == (None, "no-coefficient")
    before = story.shown(ID, "--at", WHEN_IT_HAD_A_CLASS)
    day = ("--first", WHEN_IT_HAD_A_CLASS, "--last", WHEN_IT_HAD_A_CLASS)
    asked = story.bench.done("ask", "unit-classes", *day, "--json").objects
    (row,) = (one for one in asked if one.get("unit") == ID)
    assert (before["unit"]["day"], before["unit"]["basis"]) == (WHEN_IT_HAD_A_CLASS, row["basis"])
    assert before["unit"]["unit_class"] == row["unit_class"] == 1
    assert before["keys"] == []  # none was recorded then, whatever the party says of that time
    told = story.bench.done("party", "show", ID, "--at", WHEN_IT_HAD_A_CLASS).stdout
    assert "class 1 on 2026-07-15, by cn-160/2025-07-01\n" in told
    before = story.shown(ID, "--at", story.assessed - 1)
    assert (before["unit"], before["capabilities"], before["credits"]) == (None, [], [])


@pytest.mark.parametrize("named", [ID, NAME, NAME_ZH])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_in_words_at_eighty_columns(
    story: Story, monkeypatch: pytest.MonkeyPatch, named: str, language: str
) -> None:
    monkeypatch.setitem(story.bench.environ, "VIALOG_LANGUAGE", language)
    monkeypatch.setitem(story.bench.environ, "COLUMNS", "80")
    told = story.bench.done("party", "show", named).stdout
    assert all(cell_len(line) <= 80 for line in told.splitlines()), told
    for one in (ID, NAME, NAME_ZH, story.lost, story.kept, "t-01", "t-02"):
        assert one in told
    words = {
        "en": (
            "What it may speak as",
            "Its sites",
            "Cold store",
            "the key or its passphrase is lost",
            "class not known on",
        ),
        "zh": ("角色（截至第", "场所", "冷库", "密钥遗失", "吊销方", "类别不详"),
    }
    for one in words[language]:
        assert one in told, told


def test_what_is_no_party_is_refused_with_what_to_do(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = story.bench.run("party", "show", "Riverside Laboratry")
    assert ran.code == 8
    assert 'PARTY: the log knows no party called "Riverside Laboratry"; did you mean' in ran.stderr
    assert "an id is written party:…" in ran.stderr
    assert "party:nobody" in story.bench.run("party", "show", "party:nobody").stderr
    assert "STM-37" in story.bench.run("party", "show", "site:river").stderr
    monkeypatch.setitem(story.bench.environ, "VIALOG_LANGUAGE", "zh")
    told = story.bench.run("party", "show", "Riverside Laboratry")
    assert (told.code, told.stdout) == (8, "")
    assert "编号" in told.stderr
