"""What things are called, folded from events: corrections and the order of acts taken in; and what ids begin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from api.telling.schemas import BEGUN, BodySchema, id_type_of
from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.printed import search_key
from ledger.domain.custody.discrepancy import ItemLabelled
from ledger.domain.fold import initial
from ledger.domain.judging import Event
from ledger.domain.registry.parties import PartyRegistered, SiteRegistered
from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, PartyId, SiteId, StatementId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.form.tags import tags_of
from ledger.words.given import CHINESE, GIVEN
from ledger.words.table import Language
from projections.names import Names
from scripts.examples import body_of
from tests.spec.goods import announced
from tests.spec.parties import LABORATORY, OPERATOR
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed
    from ledger.domain.states.subjects import Subject

ITEM = Tag("item:a")


def _names(*statements: Signed[Any]) -> Names:
    told = enumerate(statements, 1)
    return Names(Event(at, NOON, tags_of({"body": msgspec.to_builtins(one.body)}), one) for at, one in told)


def _labelled(label: str, hours: int = 0, **more: object) -> Signed[Any]:
    return said(ItemLabelled(item=ItemId(ITEM), label=label), LABORATORY, at=NOON + timedelta(hours=hours), **more)


def test_the_newest_label_by_its_act_is_the_one_that_is_borne() -> None:
    names = _names(_labelled("late", 5), _labelled("early", 1))
    assert names.called(ITEM) == "late"
    assert [(one.text, one.old) for one in names.find("EARLY", "item")] == [("early", True)]


def test_a_label_that_was_corrected_or_voided_is_no_label() -> None:
    wrong = _labelled("wrong")
    right = _labelled("right", corrects=wrong.id)
    assert _names(wrong, right).find("wrong") == ()
    assert _names(wrong, right).called(ITEM) == "right"
    voiding = said(StatementVoided(statement=StatementId(wrong.id), ground="wrong-item"), LABORATORY)
    events = [Event(1, NOON, frozenset({ITEM}), wrong), Event(2, NOON, frozenset({ITEM}), voiding)]
    assert Names(events).find("wrong") == ()


@pytest.mark.parametrize(
    ("written", "printed"),
    [("ＨＣ－１", "hc-1"), ("A—1", "a-1"), (" A \u00a0 1 ", "a 1"), ("А1", "a1"), ("٣", "3"), ("T\t1", "t 1")],
)
def test_texts_that_people_cannot_tell_apart_are_searched_alike(written: str, printed: str) -> None:
    assert search_key(written) == search_key(printed)


def test_every_kind_that_gives_names_is_known() -> None:
    assert set(GIVEN) - set(KINDS) == set()


def test_whatever_an_item_is_called_as_it_comes_in_is_looked_for_within_its_consignment() -> None:
    names = _names(*announced())
    (vial,) = names.find("A", "item")
    assert (vial.subject, vial.sort) == (ITEM, "label")
    assert names.origins(ITEM) == {"consignment:1", "approval:1"}
    assert names.find("a", "item", [Tag("consignment:2")]) == (vial,)


@pytest.mark.parametrize(("kind", "path"), [(kind, path) for kind, paths in BEGUN.items() for path in paths])
def test_every_member_that_begins_a_subject_is_an_id_of_its_kind(kind: str, path: str) -> None:
    schema = BodySchema(KINDS[kind])
    found = schema.root
    for step in path.split("."):
        found = schema.resolved(schema.resolved(found.get("items", found))["properties"][step])
    assert id_type_of(found) is not None


def _begun_by(kind: str) -> tuple[dict[Tag, Subject], Event[Any]]:
    """Return the subjects that an example of a kind brings into being, and the example."""
    example = body_of(KINDS[kind], whole=True, many=2)
    one = said(msgspec.convert(example, KINDS[kind].body), LABORATORY)
    event = Event(1, NOON, tags_of({"body": example}), one)
    after = {tag: KINDS[kind].evolve(initial(tag), event) for tag in event.tags}
    return {tag: subject for tag, subject in after.items() if subject.known}, event


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_a_kind_brings_into_being_is_named_by_it_and_its_id_is_known_to_be_new(kind: str) -> None:
    begun, event = _begun_by(kind)
    written: list[str] = []

    def noted(text: str, id_type: str, member: str) -> str:
        written.append(text)
        return text

    BodySchema(KINDS[kind]).with_ids(msgspec.to_builtins(event.said.body), noted)
    if kind != "item.propagated/1":  # whose example has one id for the seed and for what grows from it
        assert not begun.keys() & set(written)
    names = Names([event])
    for tag, subject in begun.items():
        assert names.of(tag), f"{tag} is not known by {kind}"
        if isinstance(subject, Item):
            assert names.called(tag) == subject.label


def test_a_label_has_another_one_before_it_also_before_it_is_borne() -> None:
    names = _names(_labelled("first"), _labelled("second", 1))
    assert names.before(f"before:{ITEM}/second") == "first"
    assert names.before(f"before:{ITEM}/third") == "second"
    assert names.before(f"before:{ITEM}/first") is None
    assert names.before("before:item:b/first") is None


def test_a_zero_that_was_read_as_an_o_is_nearer_than_another_number() -> None:
    assert _names(_labelled("HC-0045"), _labelled("HC-0005", 1)).near("HC-0O05", "item")[0] == "HC-0005"


def test_a_party_and_a_site_are_called_by_either_name_and_each_finds_them() -> None:
    body = PartyRegistered(
        party=PartyId("party:lab"), name="Harbour Laboratory", name_zh="海港实验室", country="CN", business="testing"
    )
    place = SiteRegistered(
        site=SiteId("site:b"), party=PartyId("party:lab"), name="Bench 2", name_zh="二号实验室", use="laboratory"
    )
    names = _names(said(body, OPERATOR), said(place, LABORATORY))
    for tag, english, chinese in (
        (Tag("party:lab"), "Harbour Laboratory", "海港实验室"),
        (Tag("site:b"), "Bench 2", "二号实验室"),
    ):
        assert [names.called(tag, language) for language in Language] == [english, chinese]
        assert [[one.subject for one in names.find(name)] for name in (english, chinese)] == [[tag], [tag]]


def test_whoever_has_one_name_is_called_by_it_in_every_language() -> None:
    body = PartyRegistered(party=PartyId("party:lab"), name="Harbour Laboratory", country="CN", business="testing")
    names = _names(said(body, OPERATOR))
    assert {names.called(Tag("party:lab"), language) for language in Language} == {"Harbour Laboratory"}
    assert names.given(Tag("party:lab"), CHINESE) is None
