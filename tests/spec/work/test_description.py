"""What a sample is: described when it comes onto the record, inherited by its parts, and held to its storage."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from api.telling.samples import sample_object
from ledger.domain.bodies.vocabulary import Body
from ledger.domain.custody.receipt import Condition, ReceivedItem
from ledger.domain.custody.stock import ItemCheckedOut, ItemMoved, ItemReturned, ItemStored
from ledger.domain.judging import Signed
from ledger.domain.work.derive import ItemDerived, ItemPooled
from ledger.domain.work.description import thaws_of, types_of
from ledger.domain.work.making import Output
from ledger.domain.work.portions import Portion
from ledger.domain.work.use import ItemTested, ItemUsed
from ledger.ids import ItemId, Tag
from ledger.reference.activities import Activity
from ledger.statement.form.disclosure import digest_of, make_disclosure
from tests.spec import goods
from tests.spec.bench import LAB, A, B, C, D, aliquoted, child, ml, vials
from tests.spec.crossing import ANNOUNCEMENT, BROKER, LIST, approved
from tests.spec.parties import IMPORTER, LABORATORY, SECOND_PERSON
from tests.spec.world import NOON, breaches, events_of, judged, refused, said, state_of, world_of

LATER = NOON + timedelta(hours=1)
DONOR = digest_of(make_disclosure("donor", "D-0117").text)
E = ItemId("item:e")


def announced() -> list[Signed[Any]]:
    """Return a consignment before its items are listed."""
    return [*approved(), said(ANNOUNCEMENT, BROKER)]


def listing(**members: object) -> Signed[Any]:
    """Return the list of the crossing's vials with members of the first one; its disclosures commit to a donor."""
    first, *others = LIST.items
    return said(replace(LIST, items=(replace(first, **members), *others)), IMPORTER, commits=frozenset({DONOR}))


def at_bench(first: dict[str, object], second: dict[str, object] | None = None) -> list[Signed[Any]]:
    """Return the bench's two vials, described when they were listed."""
    members = (first, second or {})

    def described(one: Signed[Any]) -> Signed[Any]:
        if one.kind != "item.listed/1":
            return one
        items = tuple(replace(item, **more) for item, more in zip(one.body.items, members, strict=True))
        return said(replace(one.body, items=items), *one.signers, at=one.occurred_at)

    return [described(one) for one in vials()]


def act(body: Body, hours: int = 0) -> Signed[Any]:
    return said(body, LABORATORY, SECOND_PERSON, at=NOON + timedelta(hours=hours))


def use(item: ItemId = A, *, thawed: bool | None = True, hours: int = 0) -> Signed[Any]:
    body = ItemUsed(
        item=item,
        laboratory=LAB,
        project="p-7",
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=ml("1"),
        thawed=thawed,
    )
    return act(body, hours)


def thaws(given: list[Signed[Any]], item: ItemId) -> tuple[int, bool]:
    return thaws_of(world_of(events_of(given), LATER), item)


def out() -> Signed[Any]:
    return said(ItemCheckedOut(site=goods.LAB, items=(goods.A,), project="p-7"), LABORATORY)


def types(given: list[Signed[Any]], item: ItemId) -> frozenset[str | None]:
    return types_of(world_of(events_of(given), LATER), item)


def test_a_listed_sample_is_what_its_list_says() -> None:
    listed = listing(
        type="plasma-edta",
        collected_on=date(2026, 5, 4),
        donor=DONOR,
        donor_origin="SE",
        storage="minus-80",
        thaws=1,
    )
    assert judged(announced(), listed) == []
    item = state_of([*announced(), listed], LIST.items[0].item)
    assert sample_object(item, ()) == {
        "origin": ["consignment"],
        "types": ["plasma-edta"],
        "collected": ["2026-05-04"],
        "donors": [DONOR],
        "donor_origins": ["SE"],
        "storage": ["minus-80"],
        "thawed": 1,
    }
    unknown = state_of([*announced(), listed], LIST.items[1].item)
    assert sample_object(unknown, ()) == {"origin": ["consignment"]}


@pytest.mark.rule("SMP-01", "SMP-02", "SMP-03", "SMP-04", "CON-22")
@pytest.mark.parametrize(
    ("members", "rule"),
    [
        pytest.param({"type": "soup"}, "SMP-01", id="a type that is none"),
        pytest.param({"storage": "minus-81"}, "SMP-02", id="a storage condition that is none"),
        pytest.param({"collected_until": date(2026, 5, 4)}, "SMP-03", id="a period without beginning"),
        pytest.param(
            {"collected_on": date(2026, 5, 4), "collected_until": date(2026, 5, 3)}, "SMP-03", id="a period backwards"
        ),
        pytest.param({"collected_on": date(2026, 9, 2)}, "CON-22", id="collected after the statement"),
        pytest.param(
            {"collected_on": date(2026, 9, 1), "collected_until": date(2026, 9, 2)}, "CON-22", id="a period still open"
        ),
        pytest.param({"donor": digest_of("another")}, "SMP-04", id="a donor that nothing discloses"),
    ],
)
def test_a_description_is_refused_of(members: dict[str, object], rule: str) -> None:
    assert refused(announced(), listing(**members)) == rule


@pytest.mark.rule("SMP-01", "SMP-02")
@pytest.mark.parametrize(
    ("output", "rule"),
    [(Output(item=C, type="soup"), "SMP-01"), (Output(item=C, type="dna", storage="cold"), "SMP-02")],
)
def test_what_is_derived_is_of_a_type_of_the_table(output: Output, rule: str) -> None:
    body = ItemDerived(
        inputs=(Portion(item=A, quantity=ml("1")),), laboratory=LAB, outputs=(output,), method="extraction"
    )
    assert refused(vials(), act(body)) == rule


def test_parts_are_what_they_are_made_of_and_what_is_derived_says_what_it_is() -> None:
    given = at_bench({"type": "serum"}, {"type": "plasma"})
    given += [
        aliquoted(child(C, "5"), residual="5"),
        act(
            ItemPooled(
                inputs=(Portion(item=C, quantity=ml("5")), Portion(item=B, quantity=ml("5"))),
                laboratory=LAB,
                output=child(D, "10"),
                loss=ml("0"),
            ),
            1,
        ),
        act(
            ItemDerived(
                inputs=(Portion(item=D, quantity=ml("1")),),
                laboratory=LAB,
                outputs=(Output(item=E, type="dna"),),
                method="extraction",
            ),
            2,
        ),
    ]
    assert [types(given, one) for one in (C, D, E)] == [{"serum"}, {"serum", "plasma"}, {"dna"}]


def test_thaws_are_counted_and_inherited_by_aliquots_as_they_were_when_they_were_made() -> None:
    split = said(replace(aliquoted(child(C, "4"), residual="5").body, thawed=True), LABORATORY, SECOND_PERSON, at=NOON)
    given = [*at_bench({"thaws": 1}), use(hours=-1), split, use(hours=1), use(C, hours=2), use(C, thawed=None, hours=3)]
    assert thaws(given, A) == (4, True)
    assert thaws(given, C) == (4, True)  # one before, one use, the dividing, and one use of its own
    assert thaws(given, B) == (0, False)


def test_a_count_whose_beginning_nobody_stated_is_at_least_that() -> None:
    given = [*vials(), use()]
    assert thaws(given, A) == (1, False)
    assert sample_object(state_of(given, A), ()) == {"origin": ["consignment"], "thawed_at_least": 1}


def test_of_a_pool_the_most_thawed_part_counts_and_derived_material_starts_anew() -> None:
    pool = ItemPooled(
        inputs=(Portion(item=A, quantity=ml("5")), Portion(item=B, quantity=ml("5"))),
        laboratory=LAB,
        output=child(C, "10"),
        loss=ml("0"),
        thawed=True,
    )
    extract = ItemDerived(
        inputs=(Portion(item=C, quantity=ml("1")),),
        laboratory=LAB,
        outputs=(Output(item=D, type="rna"),),
        method="extraction",
        thawed=True,
    )
    given = [*at_bench({"thaws": 3}, {"thaws": 0}), act(pool), act(extract, 1)]
    assert [thaws(given, one) for one in (C, D)] == [(5, True), (0, True)]


def test_a_lineage_without_end_is_counted() -> None:
    given, parent = at_bench({"thaws": 1}), A
    for step in range(60):
        item = ItemId(f"item:step-{step}")
        residual = "0" if step else "1"
        given.append(aliquoted(child(item, "9"), residual=residual, parent=parent))
        parent = item
    assert thaws(given, parent) == (1, True)


@pytest.mark.parametrize("condition", [Condition.THAWED, Condition.HAEMOLYSED, Condition.ILLEGIBLE])
def test_what_arrives_thawed_was_thawed_and_what_arrives_unfit_is_a_breach(condition: Condition) -> None:
    line = ReceivedItem(item=goods.A, condition=condition)
    receipt = goods.received(items=(line, ReceivedItem(item=goods.B, condition=Condition.INTACT)))
    assert judged(goods.delivered(), receipt) == ["RCP-06"]
    assert len(state_of([*goods.delivered(), receipt], goods.A).thawed_at) == (condition is Condition.THAWED)


@pytest.mark.parametrize("kind", [ItemMoved, ItemReturned])
def test_a_move_may_thaw(kind: type[ItemMoved] | type[ItemReturned]) -> None:
    given = goods.in_stock()
    if kind is ItemReturned:
        given.append(out())
    body = kind(site=goods.LAB, items=goods.placed((goods.A, "F1/A2")), storage="minus-20", thawed=True)
    given.append(said(body, LABORATORY, SECOND_PERSON))
    item = state_of(given, goods.A)
    assert (len(item.thawed_at), item.kept) == (1, "minus-20")
    assert state_of([*given, out()], goods.A).kept is None


def test_a_test_may_thaw() -> None:
    body = ItemTested(items=(A,), laboratory=LAB, test="pcr", activity=Activity.UNCULTURED, thawed=True)
    assert thaws([*vials(), act(body)], A) == (1, False)


@pytest.mark.rule("SMP-05")
@pytest.mark.parametrize(("day", "rules"), [(date(2026, 8, 30), []), (date(2026, 9, 1), ["SMP-05"])])
def test_what_was_received_before_it_was_collected_is_a_breach(day: date, rules: list[str]) -> None:
    given = at_bench({"collected_on": date(2026, 8, 1), "collected_until": day})
    *before, receipt = given
    assert judged(before, receipt) == rules


@pytest.mark.rule("STK-09", "SMP-02")
@pytest.mark.parametrize(
    ("storage", "rules"),
    [
        pytest.param("minus-80", [], id="as it is to be kept"),
        pytest.param("ln2-vapour", [], id="colder"),
        pytest.param("minus-20", ["STK-09"], id="warmer"),
        pytest.param("other", [], id="of no known range"),
        pytest.param(None, [], id="not stated"),
    ],
)
def test_what_is_kept_warmer_than_it_is_to_be_is_a_breach(storage: str | None, rules: list[str]) -> None:
    given = [*at_bench({"storage": "minus-80"}), aliquoted(child(C, "4"), residual="6")]
    body = ItemStored(site=LAB, items=goods.placed((C, "F1/A1")), storage=storage)
    found = breaches(given, act(body))
    assert [one.rule for one in found] == rules
    assert all(
        one.subjects == (Tag(C),) and dict(one.given) == {"kept": storage, "storage": "minus-80"} for one in found
    )
    assert refused(given, act(replace(body, storage="cold"))) == "SMP-02"
