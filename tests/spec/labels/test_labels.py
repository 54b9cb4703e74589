"""Labels: a code finds its item and no other, and what is printed is read back, whatever stands on it."""

from __future__ import annotations

import io
import re
from itertools import product
from typing import Final

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from api.labels.arranging import Label, arrange
from api.labels.codes import code_of, item_by
from api.labels.drawing import paint_text, pdf, png
from api.labels.stock import PAGE, SHEETS, USUAL_SIZE, sheet_of, size_of
from api.labels.zpl import DOTS, zpl
from ledger.errors import Malformed, Unavailable
from ledger.ids import NAME_PATTERN, ItemId, new_id

ITEMS: Final = st.from_regex(NAME_PATTERN, fullmatch=True).map(lambda name: ItemId(f"item:{name}"))
HOSTILE: Final = {
    "ends a label of the printer": "^XZ^XA~JR^FD_5E\\",
    "other commands of it": "~HS ^DFR:X ^FS^CI28",
    "as long as a label may be": "AB-12 " * 16,
    "Chinese": "血浆样品一号-2026",
    "from right to left": "مرحبا-12",
    "as long as may be, in Chinese": "血" * 100,
    "no letters": "-._/#%&",
}


@given(ITEMS)
def test_a_code_finds_its_item_in_whatever_case_it_is_typed(item: ItemId) -> None:
    code = code_of(item)
    assert re.fullmatch("[0-9A-Z]+", code)
    assert item_by(code) == item_by(f" {code.lower()} ") == item


@given(ITEMS, st.data())
def test_a_code_that_is_typed_wrong_finds_nothing(item: ItemId, data: st.DataObject) -> None:
    code = code_of(item)
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if one != code[place]]))
    assert item_by(code[:place] + other + code[place + 1 :]) is None
    if place and code[place] != code[place - 1]:
        assert item_by(code[: place - 1] + code[place] + code[place - 1] + code[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "VI", "VI00", "PL-010", "item:pl-010", "VIOLET", "VIAL 12", "VIALS"])
def test_what_is_no_code_finds_nothing(text: str) -> None:
    assert item_by(text) is None


def test_items_whose_labels_read_alike_have_codes_of_their_own() -> None:
    alike = [ItemId(f"item:{name}") for name in ("pl-010", "PL-010", "PL010", "P1-010", "pl-0-10", "ZP", "zp", "Z1P")]
    assert len({code_of(one) for one in alike}) == len(alike)


@pytest.mark.parametrize(("text", "sheet"), list(product(HOSTILE.values(), SHEETS)), ids=lambda one: one[:12])
def test_what_is_printed_on_a_sheet_is_read_back(text: str, sheet: str) -> None:
    made = [Label(code_of(ItemId(new_id("item"))), (text, "lot 7")) for _ in range(3)]
    file = pdf(made, SHEETS[sheet], first=2)
    page = pypdfium2.PdfDocument(file)[0]
    assert page.get_size() == pytest.approx([one / 25.4 * 72 for one in PAGE], abs=0.5)
    seen = page.render(scale=300 / 72).to_pil().convert("L")
    found = zxingcpp.read_barcodes(seen)
    assert {one.text for one in found} == {one.code for one in made}
    single = zxingcpp.read_barcodes(Image.open(io.BytesIO(png(made[0], SHEETS[sheet].size))))
    assert [one.text for one in single] == [made[0].code]


def test_sheets_begin_where_labels_are_left_and_go_on_overleaf() -> None:
    made = [Label(code_of(ItemId(new_id("item"))), (f"PL-{number}",)) for number in range(20)]
    document = pypdfium2.PdfDocument(pdf(made, SHEETS["2x7"], first=10))
    assert len(document) == 3
    read = [zxingcpp.read_barcodes(one.render(scale=300 / 72).to_pil().convert("L")) for one in document]
    assert [len(one) for one in read] == [5, 14, 1]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("dots", DOTS)
def test_no_text_is_a_command_of_a_printer(text: str, dots: int) -> None:
    code = code_of(ItemId("item:pl-010"))
    label = Label(code, (text, "lot 7"))
    said = zpl([label, label], size_of(USUAL_SIZE), dots).decode("ascii")
    assert "~" not in said
    known = {"XA", "PW", "LL", "LH", "FO", "BX", "FD", "FS", "A0", "FH", "GF", "PQ", "XZ"}
    assert {one[1:3] for one in re.findall(r"\^..", said)} <= known
    assert said.count("^XA") == said.count("^XZ") == 2
    assert said.count(f"^FD{code}^FS") == 2


def test_a_printer_gets_text_by_its_numbers_and_writes_what_stands_on_the_label() -> None:
    said = zpl([Label(code_of(ItemId("item:a")), ("^XZ 12",))], size_of(USUAL_SIZE), 8).decode("ascii")
    (written,) = re.findall(r"\^FH_\^FD([^^]*)\^FS", said)
    assert re.sub("_(..)", lambda one: chr(int(one[1], 16)), written) == "^XZ 12"


@pytest.mark.parametrize("dots", DOTS)
@pytest.mark.parametrize("size", ["38x19", "50.5x25", "37.3x18"])
def test_chinese_goes_to_a_printer_as_the_picture_that_it_is(dots: int, size: str) -> None:
    label = Label(code_of(ItemId("item:a")), ("血浆一号", "批号 7"))
    said = zpl([label], size_of(size), dots).decode("ascii")
    left, count, row, bits = re.findall(r"\^FO(\d+),0\^GFA,(\d+),\1?\d+,(\d+),([0-9A-F]+)\^FS", said)[0]
    assert len(bits) == 2 * int(count)
    arranged = arrange(label, size_of(size), dots)
    expected = paint_text(arranged).crop((int(left), 0, arranged.width, arranged.height))
    dark = Image.frombytes("1", (int(row) * 8, int(count) // int(row)), bytes.fromhex(bits))
    assert [not one for one in dark.crop((0, 0, *expected.size)).get_flattened_data()] == [
        bool(one) for one in expected.get_flattened_data()
    ]
    assert not any(dark.crop((expected.width, 0, dark.width, dark.height)).get_flattened_data())


def test_what_has_no_room_is_cut_and_that_is_said() -> None:
    code = code_of(ItemId(new_id("item")))
    assert not arrange(Label(code, ("PL-010", "lot 7")), SHEETS["5x13"].size, 12).cut
    cut = arrange(Label(code, ("血" * 100, "lot 7")), SHEETS["7x27"].size, 12)
    assert cut.cut
    assert cut.lines[-1].text.endswith("...")


@pytest.mark.rule("LBL-02")
@pytest.mark.parametrize("written", ["0x3", "5", "99x99", "5x13x2", "axb"])
def test_a_sheet_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(Malformed, match="LBL-02"):
        sheet_of(written, "5x5")


@pytest.mark.rule("LBL-02")
def test_a_label_that_is_smaller_than_its_code_is_refused() -> None:
    with pytest.raises(Malformed, match=r"LBL-02.*the DataMatrix alone needs 6\.\d mm and has 5\.\d mm"):
        png(Label(code_of(ItemId("item:" + "Z" * 30)), ("PL-010",)), size_of("38x8"))


def test_a_sheet_of_ones_own_shares_what_its_margins_leave() -> None:
    own = sheet_of("4x10", "5x10")
    assert (own.size.width, own.size.height) == pytest.approx((50.0, 27.7))
    assert own.place(5) == pytest.approx((55.0, 37.7))


def test_a_letter_that_no_typeface_has_is_named_and_nothing_is_printed() -> None:
    with pytest.raises(Unavailable, match=r"no typeface of this machine has .* \(U\+E0FFF\).*fonts-noto-cjk"):
        png(Label(code_of(ItemId("item:a")), ("血\U000e0fff",)), size_of(USUAL_SIZE))
