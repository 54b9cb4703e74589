"""A workbook: which sheets it has, and the texts and formats that their cells name by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.manifests.reading.formats import BUILT_IN, GENERAL
from api.manifests.reading.grid import Row, Sheet
from api.manifests.reading.parts import Parts, unescaped
from api.manifests.reading.stored import Book
from api.manifests.reading.texts import LONGEST_CELL, quoted, visible
from api.manifests.reading.worksheet import Worksheet
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_MOST_TEXTS: Final = 2_000_000
_NO_TABLE: Final = {"chartsheet": "a chart", "dialogsheet": "a dialogue", "xlMacrosheet": "a sheet of macros"}


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sheet as the workbook lists it: its part, of which sort that is, and whether people see it."""

    name: str
    part: str
    sort: str
    visible: bool


class Workbook:
    """An open workbook."""

    def __init__(self, file: str, data: bytes) -> None:
        """Open a workbook. Raises Malformed: IMP-01 it unpacks to too much, IMP-02 it is damaged."""
        self._file, self._parts = file, Parts(file, data)
        main = next((one.part for one in self._parts.relations("").values() if one.sort == "officeDocument"), "")
        if not self._parts.has(main):
            raise self._parts.damaged("its list of sheets")
        relations = self._parts.relations(main)
        listed = _Workbook()
        self._parts.read(main, listed)
        self._sheets = [
            _Listed(name, relations[one].part, relations[one].sort, visible)
            for name, one, visible in listed.sheets
            if one in relations
        ]
        named = {relation.sort: relation.part for relation in relations.values()}
        texts, styles = _Texts(self._too_many), _Styles()
        for sort, reader in (("sharedStrings", texts), ("styles", styles)):
            if sort in named and self._parts.has(named[sort]):
                self._parts.read(named[sort], reader)
        self._book = Book(self._file, texts.found, styles.formats(), since_1904=listed.since_1904, stale=listed.stale)

    def sheet(self, name: str | None, gather: Callable[[Iterator[Row]], Sheet]) -> Sheet:
        """Read a sheet.

        name: None for the first one that people see and that holds anything.
        gather: takes the headers and the rows out of its lines.

        Raises Malformed: IMP-02 there is no such sheet, or it is damaged; what ``gather`` raises.
        """
        chosen = self._chosen(name)
        others = tuple(visible(one.name) for one in self._sheets if one is not chosen)
        try:
            return self._open(chosen).read(gather, others)
        except Malformed as error:
            if not others or error.rule != "IMP-03":
                raise
            problem = f"{error.problem}; this is the sheet {quoted(chosen.name)}, others are: {_names(others)}"
            raise Malformed(error.rule, error.member, problem) from None

    def names(self) -> tuple[str, ...]:
        """Return the sheets that people see and that may hold rows."""
        return tuple(one.name for one in self._sheets if one.visible and one.sort == "worksheet")

    def _open(self, one: _Listed) -> Worksheet:
        return Worksheet(self._parts, self._book, one.part)

    def _chosen(self, name: str | None) -> _Listed:
        if name is not None:
            found = next((one for one in self._sheets if one.name == name), None)
            if found is None:
                problem = f'has no sheet "{name}", but: {_names(tuple(visible(one.name) for one in self._sheets))}'
                raise Malformed("IMP-02", self._file, problem)
            if found.sort != "worksheet":
                problem = f'its sheet "{name}" is {_NO_TABLE.get(found.sort, "no table")}, and holds no rows'
                raise Malformed("IMP-02", self._file, problem)
            return found
        for one in self._sheets:
            if (
                one.visible
                and one.sort == "worksheet"
                and Worksheet(self._parts, self._book, one.part).holds_anything()
            ):
                return one
        raise Malformed("IMP-02", self._file, f"has no sheet that people see and that holds a cell: {self._listing()}")

    def _listing(self) -> str:
        """Return the names of the sheets with what is in the way of reading them."""
        return ", ".join(
            f"{quoted(one.name)} is {'hidden' if not one.visible else _NO_TABLE.get(one.sort, 'empty')}"
            for one in self._sheets[:10]
        )

    def _too_many(self) -> Malformed:
        return Malformed("IMP-01", self._file, f"has more than {_MOST_TEXTS} texts")


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


class _Workbook:
    """The elements of the part that lists the sheets."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False
        self.stale = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "sheet":
                visible = attributes.get("state", "visible") == "visible"
                self.sheets.append((attributes.get("name", ""), attributes.get("id", ""), visible))
            case "workbookPr":
                self.since_1904 = attributes.get("date1904") in {"1", "true"}
            case "calcPr":
                self.stale = attributes.get("fullCalcOnLoad") in {"1", "true"}
            case _:
                pass

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        pass


class _Texts:
    """The elements of the part with the texts: rich text in one piece, and without what says how to pronounce it."""

    def __init__(self, too_many: Callable[[], Malformed]) -> None:
        self.found: list[str] = []
        self._too_many = too_many
        self._parts: list[str] = []
        self._length = 0
        self._within: str | None = None

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        if name == "rPh" or self._within != "rPh":
            self._within = name

    def text(self, data: str) -> None:
        if self._within == "t" and self._length <= LONGEST_CELL:
            self._parts.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        if name == "rPh" or self._within != "rPh":
            self._within = None
        if name == "si":
            if len(self.found) == _MOST_TEXTS:
                raise self._too_many()
            self.found.append(unescaped("".join(self._parts)))


class _Styles:
    """The elements of the part with the styles: of each cell's style only its number format."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._used: list[str] = []
        self._in_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match name:
            case "numFmt":
                self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", GENERAL)
            case "cellXfs":
                self._in_cells = True
            case "xf" if self._in_cells:
                self._used.append(attributes.get("numFmtId", "0"))
            case _:
                pass

    def text(self, data: str) -> None:
        pass

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def formats(self) -> list[str]:
        """Return the format of each style; one that nothing defines shows what nobody can tell."""
        built_in = {str(number): code for number, code in BUILT_IN.items()}
        return [self._codes.get(one) or built_in.get(one, "[unknown]") for one in self._used]
