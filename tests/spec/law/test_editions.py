"""Editions of rule packs as files: one form, one digest, read again wherever something was judged by them."""

from __future__ import annotations

import hashlib
import json
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pytest

from ledger.errors import Malformed
from ledger.rulepacks.edition import Edition, make_edition, read_edition
from ledger.rulepacks.load import RulePacks, load_packs
from ledger.service import Ledger
from ledger.statement.entries.entry import parse_entry
from ledger.store.memory import MemoryStore
from ledger.verification.log import verify_log
from tests.authors import ORIGIN, START, SteppingClock, opening

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED: Final = load_packs()
NEWEST: Final = next(one for one in SHIPPED.editions if one.pack.id == "cn-281/2026-08-01")


def changed(change: Callable[[dict[str, Any]], object], edition: Edition = NEWEST) -> bytes:
    """Return an edition's one form after a change of its value."""
    value = json.loads(edition.written)
    change(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def later(day: str) -> Edition:
    """Return the newest edition with another first day and another calendar, as a notice of another year makes it."""

    def change(value: dict[str, Any]) -> None:
        value |= {"id": f"cn-281/{day}", "effective_from": day}
        value["calendar"] |= {"name": "cn-2027", "settled_until": "2027-12-25", "off": ["2027-01-01"]}

    return read_edition("later", changed(change))


def put(folder: Path, *editions: Edition) -> RulePacks:
    """Write editions into a folder, and return all that are there then."""
    for edition in editions:
        (folder / edition.file_name).write_bytes(edition.written)
    return load_packs(folder)


@pytest.mark.parametrize("edition", SHIPPED.editions, ids=lambda one: one.pack.id)
def test_the_digest_is_the_hash_of_the_one_form_and_the_form_reads_back(edition: Edition) -> None:
    assert hashlib.sha256(edition.written).hexdigest() == edition.pack.digest
    assert read_edition("file", edition.written) == edition


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda value: value["calendar"]["off"].pop(), id="a day of the calendar"),
        pytest.param(lambda value: value["units"]["rows"].pop(), id="a unit"),
        pytest.param(lambda value: value["samples"]["types"]["rows"].pop(), id="a sample type"),
        pytest.param(lambda value: value["samples"]["conditions"]["rows"].pop(), id="a storage condition"),
        pytest.param(lambda value: value["codes"]["rows"].pop(), id="a code"),
        pytest.param(lambda value: value["agents"]["rows"][0].__setitem__(4, "2"), id="the class of an agent"),
        pytest.param(
            lambda value: value["parameters"]["detained_goods_days"].__setitem__("value", 8), id="a parameter"
        ),
        pytest.param(
            lambda value: value["parameters"]["detained_goods_days"].__setitem__("confidence", "V"), id="a mark"
        ),
    ],
)
def test_the_digest_covers_all_that_judges(change: Callable[[dict[str, Any]], object]) -> None:
    edition = read_edition("file", changed(change))
    assert edition.pack.id == NEWEST.pack.id
    assert edition.pack.digest != NEWEST.pack.digest


def test_entries_name_the_edition_and_its_digest() -> None:
    with closing(Ledger(MemoryStore(ORIGIN), SHIPPED, clock=SteppingClock(START))) as ledger:
        ledger.record(opening())
        (recorded,) = ledger.store.read()
    assert parse_entry(recorded.entry).rules == NEWEST.pack.name


def test_an_edition_from_a_folder_is_in_force_from_its_first_day(tmp_path: Path) -> None:
    packs = put(tmp_path, later("2026-11-01"))
    assert packs.at("CN", date(2026, 10, 31)) is NEWEST.pack
    assert packs.at("CN", date(2026, 11, 1)).id == "cn-281/2026-11-01"
    assert packs.at("CN", date(2026, 11, 1)).working_days.name == "cn-2027"
    assert packs.at("US", date(2026, 11, 1)).id == "us-cdc/2021-02-05"


def test_the_edition_before_it_still_judges_what_names_it(tmp_path: Path) -> None:
    packs = put(tmp_path, later("2026-11-01"))
    assert packs.by_name(NEWEST.pack.name) is NEWEST.pack


def test_another_edition_of_a_day_that_the_program_has_is_kept_and_judges_nothing_new(tmp_path: Path) -> None:
    other = read_edition("other", changed(lambda value: value.__setitem__("title", "Another title")))
    packs = put(tmp_path, other)
    assert packs.kept == (other,)
    assert packs.at("CN", date(2026, 11, 1)) is NEWEST.pack
    assert packs.by_name(other.pack.name) == other.pack


def test_what_was_judged_by_a_further_edition_is_judged_again_where_it_is_and_said_where_it_is_not(
    tmp_path: Path,
) -> None:
    further = put(tmp_path, later("2026-09-01"))
    with closing(Ledger(MemoryStore(ORIGIN), further, clock=SteppingClock(START))) as ledger:
        ledger.record(opening())
        log = list(ledger.store.read())
    name = parse_entry(log[0].entry).rules
    assert name == later("2026-09-01").pack.name
    assert [one.unjudged for one in verify_log(log, ORIGIN, further)] == [""]
    said = [one.unjudged for one in verify_log(log, ORIGIN, SHIPPED)]
    pack, _, digest = name.partition(" ")
    assert said == [f"judged under {pack}, edition {digest}, which this reader does not have: judgement not checked"]


def test_a_file_that_this_program_is_too_old_for_is_left_out_and_named(tmp_path: Path) -> None:
    newer = (
        changed(lambda value: value["parameters"].__setitem__("moons", {})),
        changed(lambda value: value.__setitem__("format", "vialog-rules/2")),
    )
    for number, written in enumerate(newer):
        (tmp_path / f"{number}.json").write_bytes(written)
    packs = load_packs(tmp_path)
    assert packs.editions == SHIPPED.editions
    assert [name for name, _ in packs.unread] == ["0.json", "1.json"]
    assert "moons" in packs.unread[0][1]
    assert "it knows up to vialog-rules/1" in packs.unread[1][1]


@pytest.mark.rule("RUL-02")
@pytest.mark.parametrize(
    ("change", "member"),
    [
        pytest.param(lambda value: value.pop("units"), "units", id="a table is missing"),
        pytest.param(lambda value: value.__setitem__("id", "cn-281/2026-08-02"), "id", id="another first day"),
        pytest.param(lambda value: value.__setitem__("effective_from", "soon"), "effective_from", id="no day"),
        pytest.param(
            lambda value: value["calendar"].__setitem__("utc_offset", "+8"), "calendar.utc_offset", id="an offset"
        ),
        pytest.param(
            lambda value: value["calendar"].__setitem__("worked", ["2026-11-27"]), "calendar", id="a made-up Friday"
        ),
        pytest.param(
            lambda value: value["calendar"].__setitem__("off", ["2026-11-27", "2026-11-26"]),
            "calendar.off",
            id="days in disorder",
        ),
        pytest.param(lambda value: value["agents"]["rows"].append(["x"]), "agents.rows", id="a row of another width"),
        pytest.param(lambda value: value["units"]["rows"][0].__setitem__(3, "noise"), "units.rows", id="a dimension"),
        pytest.param(
            lambda value: value["samples"]["conditions"]["rows"][0].__setitem__(3, "cold"),
            "samples",
            id="a temperature",
        ),
        pytest.param(lambda value: value["agents"]["rows"][0].__setitem__(4, "?"), "agents.rows", id="a class"),
    ],
)
def test_a_file_of_another_value_is_refused_with_its_member(
    change: Callable[[dict[str, Any]], object], member: str
) -> None:
    with pytest.raises(Malformed) as malformed:
        read_edition("file", changed(change))
    assert (malformed.value.rule, malformed.value.member) == ("RUL-02", f"file.{member}")


@pytest.mark.rule("RUL-03")
@pytest.mark.parametrize(
    "written",
    [
        pytest.param(NEWEST.written + b"\n", id="a line feed at its end"),
        pytest.param(NEWEST.written.replace(b'{"agents"', b'{ "agents"', 1), id="white space"),
        pytest.param(NEWEST.written.replace(b'"value":7}', b'"value":7.0}', 1), id="a number with a point"),
        pytest.param(NEWEST.written.replace(b'"CN"', b'"\\u0043N"', 1), id="an escape"),
        pytest.param(b"[" * 100_000, id="nesting"),
        pytest.param(b"\xff", id="no text"),
    ],
)
def test_a_file_in_another_form_is_refused(written: bytes) -> None:
    with pytest.raises(Malformed, match="RUL-03"):
        read_edition("file", written)


@pytest.mark.rule("RUL-03")
def test_a_file_is_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / later("2026-11-01").file_name).write_bytes(later("2026-11-02").written)
    with pytest.raises(Malformed, match=f"RUL-03: .*is to be called {later('2026-11-02').file_name}"):
        load_packs(tmp_path)


@pytest.mark.rule("RUL-02")
def test_two_further_editions_of_one_day_are_refused(tmp_path: Path) -> None:
    other = make_edition("other", json.loads(later("2026-11-01").written) | {"title": "Another title"})
    with pytest.raises(Malformed, match="begins on the same day as"):
        put(tmp_path, later("2026-11-01"), other)
