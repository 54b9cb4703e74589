"""``vialog labels``: labels to print, for items as the record has them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import Json, print_object, print_table, say
from api.labels.arranging import arrange
from api.labels.drawing import DOTS, pdf
from api.labels.stock import SHEETS, USUAL_SHEET, USUAL_SIZE, sheet_of, size_of
from api.labels.telling import items_in, label_of, made_of
from api.labels.zpl import DOTS as PRINTERS
from api.labels.zpl import zpl
from api.language import label
from api.logs.served import open_readable
from api.settings import read_settings
from api.telling.histories import history_of
from api.telling.labels import Labels
from api.telling.reading import Readers
from ledger.domain.states.subjects import Item
from ledger.files import write_new
from ledger.ids import ConsignmentId, ItemId, Tag

if TYPE_CHECKING:
    from api.labels.arranging import Label
    from api.rows.subjects import LabelRow

app = typer.Typer(no_args_is_help=True, help="Print labels for items.")

_MOST = 1_000


@app.callback()
def group() -> None:
    """Print labels for items."""


@app.command("print")
def print_(
    items: Annotated[
        list[str] | None, typer.Argument(metavar="ITEM…", help="What is printed on them, or their ids, item:….")
    ] = None,
    *,
    consignment: Annotated[
        str | None, typer.Option("--consignment", help="Of all items that came with it: its number or its id.")
    ] = None,
    parent: Annotated[
        str | None, typer.Option("--made-of", metavar="ITEM", help="Of all items that were made directly of it.")
    ] = None,
    as_pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FILE", help="Write sheets of A4 paper to this new file.")
    ] = None,
    as_zpl: Annotated[
        Path | None, typer.Option("--zpl", metavar="FILE", help="Write ZPL II for a label printer to this new file.")
    ] = None,
    sheet: Annotated[
        str, typer.Option("--sheet", help=f"Labels across and down a sheet; as sold: {', '.join(SHEETS)}.")
    ] = USUAL_SHEET,
    margins: Annotated[
        str | None,
        typer.Option("--margins", help="Of another sheet: left and top, 4.7x10.7, in mm; labels share the rest."),
    ] = None,
    first: Annotated[int, typer.Option("--first", min=1, help="The first free label of the first sheet.")] = 1,
    size: Annotated[str, typer.Option("--size", help="Of a label of a printer: width and height in mm.")] = USUAL_SIZE,
    dots: Annotated[
        int, typer.Option("--dots", help="Of a printer, to a millimetre: 8 (203 dpi), 12 (300) or 24 (600).")
    ] = PRINTERS[0],
    as_json: Json = False,
) -> None:
    """Print labels: a DataMatrix that finds the item when it is scanned, and what people read.

    The code holds the item's id and nothing else, in digits and capital letters, which every keyboard types alike. What
    has no room is cut, and that is said. A label proves nothing: it is only a name of an item.
    """
    if as_pdf is None and as_zpl is None:
        raise typer.BadParameter("say where to: --pdf FILE, --zpl FILE, or both")
    if dots not in PRINTERS:
        raise typer.BadParameter(f"--dots is one of {', '.join(map(str, PRINTERS))}")
    paper, roll = sheet_of(sheet, margins), size_of(size)
    settings = read_settings()
    with open_readable(settings) as store:
        labels = Labels(lambda: store)
        tags = [ItemId(labels.id_of(one, "item", "ITEM")) for one in items or ()]
        if consignment is not None:
            named = labels.id_of(consignment, "consignment", "--consignment")
            tags += items_in(ConsignmentId(named), store)
        if parent is not None:
            tags += made_of(ItemId(labels.id_of(parent, "item", "--made-of")), store)
        if not 0 < len(tags) <= _MOST:
            raise typer.BadParameter(f"name 1 to {_MOST} items")
        reader = Readers(settings, labels).today
        found = {tag: one for tag in tags if isinstance(one := history_of(store, Tag(tag)).subject, Item)}
        made = {tag: label_of(one, reader) for tag, one in found.items()}
        for note in labels.notes:
            say(note)
    printed = list(made.values())
    if as_pdf is not None:
        write_new(as_pdf, pdf(printed, paper, first))
    if as_zpl is not None:
        write_new(as_zpl, zpl(printed, roll, dots))
    stocks = [*([(paper.size, DOTS)] if as_pdf else []), *([(roll, dots)] if as_zpl else [])]
    rows = [_row(tag, one, any(arrange(one, *stock).cut for stock in stocks)) for tag, one in made.items()]
    if as_json:
        for row in rows:
            print_object(row)
        return
    print_table(
        [label(one, reader.language) for one in ("item", "label", "code")],
        [(row["item"], row["lines"][0], row["code"]) for row in rows],
    )
    if cut := sum(row["cut"] for row in rows):
        say(f"of {cut} labels not all text has room: take larger ones")


def _row(item: ItemId, one: Label, cut: bool) -> LabelRow:  # noqa: FBT001  one of its members
    return {"item": item, "code": one.code, "lines": list(one.lines), "cut": cut}
