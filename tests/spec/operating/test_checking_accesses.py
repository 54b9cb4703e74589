"""The access log held against its digests: what an attacker with the database would try, and what a lazy operator."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from api.access.principal import Principal
from api.access.read import Part
from api.access.rights.showing import Right
from api.accesses.checking import Checked, Digest, Late, check_accesses, digest_of_entries
from api.accesses.entry import Access, Kept, entry_of
from api.accesses.telling import HEADS, lines, told
from ledger.ids import PartyId, Tag, key_tag
from ledger.tlog.tree import leaf_hash, root_hash

if TYPE_CHECKING:
    from collections.abc import Callable

NOON: Final = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
WHO: Final = Principal(PartyId("party:customs"), "p-3", key_tag("a" * 64), "5f0c1d2e3a4b5c6d")
LABS: Final = (PartyId("party:lab-1"), PartyId("party:lab-2"))


def kept(number: int, at: datetime, *, who: Principal | None = WHO, subject: str = "item:a") -> Kept:
    parts = tuple(Part(one, Right.AUTHORITY, None, 1, 17, 17, (Tag(subject),)) for one in LABS)
    made = entry_of(Access(at, who, "read_item", None, 812, parts), number, at, lambda: bytes(16))
    return Kept(number, at, made.reader, made.parties, made.entry, made.parts, made.leaf)


TABLE: Final = tuple(kept(number, NOON + number * HOUR) for number in range(1, 7))


def digest(first: int, table: tuple[Kept, ...], recorded: datetime) -> Digest:
    entries, root = digest_of_entries(table[first - 1 :])
    return Digest(90 + first, recorded, first, entries, root)


DIGESTS: Final = (digest(1, TABLE[:4], NOON + 5 * HOUR), digest(5, TABLE[:5], NOON + 6 * HOUR))
NOW: Final = NOON + 7 * HOUR


def check(table: tuple[Kept, ...], digests: tuple[Digest, ...] = DIGESTS, now: datetime = NOW) -> Checked:
    return check_accesses(table, digests, now)


def test_what_is_as_it_was_written_is_found_so() -> None:
    assert check(TABLE) == Checked(entries=6, covered=5)
    assert check((), ()) == Checked(entries=0, covered=0)
    assert DIGESTS[0].root == root_hash([leaf_hash(one.entry) for one in TABLE[:4]]).hex()
    assert digest_of_entries(()) == (0, root_hash([]).hex())


def _put_in(table: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return (*table, kept(7, NOON + 2 * HOUR))


def _moved(table: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return (table[0], table[2], table[1], *table[3:])


def _numbered_anew(table: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return (table[0], *(kept(one.number - 1, one.at) for one in table[2:]))


@pytest.mark.parametrize(
    ("attack", "number"),
    [
        pytest.param(lambda table: table[:2] + table[3:], 3, id="removed"),
        pytest.param(lambda table: table[:4], 5, id="removed at the end"),
        pytest.param(_moved, 2, id="moved"),
        pytest.param(_put_in, 7, id="put in late, with an earlier time"),
        pytest.param(_numbered_anew, 1, id="removed, and all behind it numbered anew"),
        pytest.param(
            lambda table: (*table[:2], kept(3, table[2].at, subject="item:b"), *table[3:]), 1, id="written anew"
        ),
        pytest.param(
            lambda table: (*table[:2], replace(table[2], entry=kept(3, NOON).entry), *table[3:]), 3, id="bytes changed"
        ),
        pytest.param(lambda table: (*table[:2], replace(table[2], reader="party:x"), *table[3:]), 3, id="reader"),
        pytest.param(
            lambda table: (*table[:2], replace(table[2], parties=(LABS[0],)), *table[3:]), 3, id="a party left out"
        ),
        pytest.param(
            lambda table: (*table[:2], replace(table[2], parts=table[2].parts[:1], parties=LABS[:1]), *table[3:]),
            3,
            id="a part left out",
        ),
        pytest.param(lambda table: (*table[:2], replace(table[2], at=NOON), *table[3:]), 3, id="time changed"),
        pytest.param(
            lambda table: (*table[:2], replace(table[2], entry=b"{", leaf=leaf_hash(b"{")), *table[3:]),
            3,
            id="none",
        ),
    ],
)
def test_the_first_entry_that_differs_is_named(
    attack: Callable[[tuple[Kept, ...]], tuple[Kept, ...]], number: int
) -> None:
    found = check(attack(TABLE)).difference
    assert found is not None
    assert found.number == number


def test_a_digest_that_was_voided_holds_all_the_same() -> None:
    stated = (*DIGESTS, digest(1, TABLE[:5], NOW))
    assert check(TABLE, stated).difference is None
    lying = replace(DIGESTS[0], root="0" * 64)
    found = check(TABLE, (lying, *stated[1:])).difference
    assert found is not None
    assert found.number == 1


def test_a_day_without_a_digest_is_told() -> None:
    late, days = DIGESTS[0].recorded + timedelta(days=3), timedelta(days=2)
    assert check(TABLE, (replace(DIGESTS[0], recorded=late), replace(DIGESTS[1], recorded=late)), late).late == (
        Late(1, 5, TABLE[0].at, late),
        Late(6, 6, TABLE[5].at, None),
    )
    assert check(TABLE, now=NOW + days).late == (Late(6, 6, TABLE[5].at, None),)


def test_each_party_is_told_its_own_part_and_who_asked_all() -> None:
    row = told(TABLE[0], LABS[0])
    assert ([part["party"] for part in row["parts"]], row["others"], row["ended"]) == ([LABS[0]], 1, None)
    whole = told(replace(TABLE[0], ended=NOON), WHO.party)
    assert ([part["party"] for part in whole["parts"]], whole["others"]) == (list(LABS), 0)
    assert told(TABLE[0], None)["others"] == 0
    table = list(lines(whole))
    assert [len(one) for one in table] == [len(HEADS)] * 2
    assert not any("salt" in part for part in whole["parts"])
    assert whole["number"] == 1
