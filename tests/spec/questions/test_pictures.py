"""Pictures: text that can be read aloud, greys alone, the same bytes for the same answer, room for whatever comes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import pytest

from api.pictures import lineage
from api.pictures.catalogue import MOST, PICTURES, picture_of
from api.pictures.charts import (
    Bar,
    Bars,
    Mark,
    Node,
    Panel,
    Panels,
    Picture,
    Series,
    Shade,
    Span,
    Timeline,
    Track,
    Tree,
)
from api.pictures.drawing import WIDTH, draw
from api.pictures.paper import length, wrapped
from api.pictures.trees import depths
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ItemId
from ledger.words.reader import Reader
from ledger.words.table import Language
from ledger.words.times import Zone
from projections.asked.answering import Answer
from projections.asked.goods.chain import ChainRow
from projections.asked.goods.goods import DescendantRow
from projections.asked.question import Asked, Celsius, KindName, Why
from projections.asked.table import QUESTIONS
from scripts.questions_page import DRAWN
from tests.spec.world import packs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SVG: Final = "{http://www.w3.org/2000/svg}"
BEGIN: Final = datetime(2026, 8, 1, tzinfo=UTC)
END: Final = datetime(2026, 11, 29, tzinfo=UTC)
BEIJING: Final = timezone(timedelta(hours=8))
LONG: Final = "南京江北新区生物医药公共服务平台有限公司第一转化医学联合实验室（二号楼）$x$ <&> "


def day(number: int) -> datetime:
    return BEGIN + timedelta(days=number)


def track(number: int) -> Track:
    marks = tuple(Mark(day(number + one), str(one), Shade.OPEN) for one in range(number % 30))
    return Track(f"{LONG}{number}", (Span(day(number), None, Shade.HATCHED),), marks)


def panel(number: int) -> Panel:
    points = tuple((day(one), Fraction(one, 3)) for one in range(number + 1))
    return Panel(f"{LONG}{number}", (Series(points, Shade.LIGHT, "on hand 1/3"),), (LONG,) * 12)


def picture(chart: Any, notes: Sequence[str] = ()) -> Picture:  # noqa: ANN401  of any kind
    return Picture(LONG * 3, (LONG, "as known at: 7"), chart, ((Shade.DARK, LONG), (Shade.LIGHT, "x")), tuple(notes))


def many(count: int) -> list[Picture]:
    bars = tuple(Bar(f"{LONG}{one}", ((Fraction(one), Shade.DARK),), f"{one}") for one in range(count))
    nodes = tuple(Node(f"{LONG}{one}", (0, one - 1) if one > 1 else ()) for one in range(min(count, 40)))
    return [
        picture(Timeline(tuple(map(track, range(count))), END), [LONG] * count),
        picture(Bars(bars, LONG)),
        picture(Panels(tuple(map(panel, range(min(count, 4)))), END)),
        picture(Tree(nodes)),
    ]


def texts(root: ET.Element) -> Iterator[ET.Element]:
    return root.iter(f"{SVG}text")


@pytest.mark.parametrize("count", [1, 20])
def test_a_picture_is_text_in_greys_and_asks_nothing_of_the_net(count: int) -> None:
    for one in many(count):
        data = draw(one, BEIJING)
        root = ET.fromstring(data)
        assert [root.findtext(f"{SVG}{name}") for name in ("title", "desc")] == [
            one.title,
            " ".join((*one.about, *one.notes)),
        ]
        assert len([*texts(root)]) > 5
        assert not [*root.iter(f"{SVG}image")]
        assert set(re.findall(rb"(?:href|src)=\"([^#][^\"]*)", data)) <= {b"http://purl.org/dc/dcmitype/StillImage"}
        colours = set(re.findall(rb"#([0-9a-fA-F]{6})\b", data))
        assert all(one[:2] == one[2:4] == one[4:] for one in colours), colours


def test_the_same_picture_is_the_same_bytes() -> None:
    assert [draw(one, BEIJING) for one in many(2)] == [draw(one, BEIJING) for one in many(2)]


@pytest.mark.parametrize("count", [1, 20])
def test_no_text_leaves_the_page(count: int) -> None:
    for one in many(count):
        root = ET.fromstring(draw(one, BEIJING))
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for text in texts(root):
            said = text.text or ""
            left = float(text.attrib["x"])
            reach = 0 if "middle" in text.attrib["style"] or "end" in text.attrib["style"] else length(said)
            assert 0 <= left <= left + reach <= width * 1.02, said
            assert 0 <= float(text.attrib["y"]) <= height, said


def test_nothing_is_a_picture_too() -> None:
    root = ET.fromstring(draw(Picture("a question", ("about: nothing",), None, (), ("Nothing.",)), UTC))
    assert [text.text for text in texts(root)] == ["a question", "about: nothing", "Nothing."]
    assert float(root.attrib["viewBox"].split()[2]) == WIDTH


@pytest.mark.parametrize("text", [LONG * 4, "a" * 500, "one two three " * 40, ""])
def test_a_text_is_wrapped_within_its_width_and_loses_no_letter(text: str) -> None:
    lines = wrapped(text, 120)
    assert all(length(line) <= 120 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_node_stands_right_of_all_that_it_was_made_of() -> None:
    assert depths([Node("a", ()), Node("b", (0,)), Node("c", (0, 1)), Node("d", ())]) == [0, 1, 2, 0]


def reader(language: Language = Language.ENGLISH) -> Reader:
    return Reader(language, Zone(BEIJING, "CN"), lambda _: None)


def made(number: int, *parents: int, status: ItemStatus = ItemStatus.RECEIVED) -> DescendantRow:
    ids = tuple(ItemId(f"item:n{one:05}") for one in parents)
    return DescendantRow(ItemId(f"item:n{number:05}"), ids, (), status, None, None, None, Why())


def drawn(question: str, rows: Sequence[Any], language: Language = Language.ENGLISH) -> Picture:
    asked = Asked((), packs(), "CN", END)
    found = Answer(question, None, {}, "CN", 7, END, None, tuple(rows))
    return picture_of(asked, found, reader(language), [("about", "x")])


def nodes(rows: Sequence[DescendantRow]) -> tuple[Node, ...]:
    chart = drawn("descendants", rows).chart
    assert isinstance(chart, Tree)
    return chart.nodes


def test_a_lineage_stands_behind_its_parents_and_a_pool_behind_the_last_of_them() -> None:
    found = nodes([made(3, 1, 2), made(1), made(2), made(4, 1)])
    assert [one.name.partition(" (")[0] for one in found] == [
        "item:n00001",
        "item:n00004",
        "item:n00002",
        "item:n00003",
    ]
    assert [one.parents for one in found] == [(), (0,), (), (0, 2)]


def test_a_lineage_of_a_thousand_items_is_drawn_and_a_larger_one_is_folded() -> None:
    family = [made(0), *(made(one, 0) for one in range(1, lineage.MOST))]
    assert len(nodes(family)) == lineage.MOST
    more = [*family, made(lineage.MOST, 0, status=ItemStatus.DEPLETED)]
    assert [one.name for one in nodes(more)] == ["item:n00000 (received)", "items used up: 1", "items received: 999"]
    assert "It is too much for one picture" in drawn("descendants", more).notes[0]


def test_a_lineage_whose_inner_nodes_are_too_many_is_folded_by_generations() -> None:
    chain = [made(0), *(made(one, one - 1) for one in range(1, 3)), *(made(one, 2) for one in range(3, 1500))]
    deep = [*chain, *(made(one + 1500, one) for one in range(3, 1500))]
    found = nodes(deep)
    assert len(found) == 5
    assert [one.parents for one in found] == [(), (0,), (1,), (2,), (3,)]


@pytest.mark.parametrize(
    ("language", "told"), [(Language.ENGLISH, "-78.5 to -71.0"), (Language.CHINESE, "-78.5至-71.0")]
)
def test_temperatures_below_nothing_are_a_range_in_words(language: Language, told: str) -> None:
    measured = Celsius("-78.5"), Celsius("-71.0")
    kind, none = KindName("temperature.recorded/1"), (None,) * 4
    rows = [ChainRow(ItemId("item:n1"), kind, day(1), *none, False, (), (), measured, Why())]
    found = drawn("custody-chain", rows, language)
    assert found.notes[0].endswith(f"{told} °C")
    assert isinstance(found.chart, Timeline)
    assert [one.text for one in found.chart.tracks[-1].marks] == [told]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("question", PICTURES)
def test_no_rows_are_said_to_be_none(question: str, language: Language) -> None:
    told = drawn(question, (), language)
    assert told.chart is None
    assert len(told.notes) == 1
    assert draw(told, BEIJING)


def test_of_many_notes_the_first_ones_stand_below_with_how_many_more_there_are() -> None:
    rows = [made(one, status=[*ItemStatus][one % 9]) for one in range(20)]
    assert len(drawn("descendants", rows).notes) <= MOST


def test_the_page_of_questions_says_what_is_drawn() -> None:
    assert DRAWN.keys() == PICTURES.keys() <= QUESTIONS.keys()
