"""The values of the rows of lists, told to people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from api.language import spoken
from api.telling.reading import holds_told
from ledger.words.reader import amount_words, code_word
from ledger.words.table import Language, words_in
from ledger.words.times import zoned
from projections import list_rows

if TYPE_CHECKING:
    from api.telling.labels import Labels
    from ledger.words.reader import Reader

CODES: Final[Mapping[type, Mapping[str, str]]] = {
    list_rows.ItemRow: {"status": "item_status"},
    list_rows.ApprovalRow: {"status": "approval_status", "direction": "direction"},
    list_rows.PermitRow: {"status": "permit_status", "scheme": "scheme"},
    list_rows.ConsignmentRow: {"status": "consignment_status", "route": "route"},
    list_rows.PartyRow: {"roles": "role"},
    list_rows.SiteRow: {"use": "site-use"},
    list_rows.CaseRow: {"status": "case_status", "matter": "matter"},
}
"""The tables of the codes that rows have."""

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")


@dataclass(frozen=True, slots=True)
class Cells:
    """Tells the values of rows to people. codes: by member the table of its codes."""

    labels: Labels
    reader: Reader
    codes: Mapping[str, str]

    def told(self, name: str, value: object) -> str:
        """Return a value: the row's own id as it is, because its name stands beside it; others with names."""
        match value:
            case list() | tuple() if name == "holds":
                return holds_told(map(str, value), self.reader)
            case list() | tuple():
                return words_in(self.reader.language).form["between"].join(self.told(name, one) for one in value)
            case bool():
                return spoken("yes" if value else "no", self.reader.language)
            case str() if name in self.codes:
                return code_word(self.codes[name], value, self.reader)
            case str() if name == "quantity":
                amount, _, unit = value.partition(" ")
                return amount_words(amount, unit, self.reader.language)
            case str() if _TIME.match(value):
                return zoned(datetime.fromisoformat(value), self.reader.zone, self.reader.language)
            case _:
                return str(value) if name == "id" and value else self.labels.told(value)


def in_language(row: dict[str, Any], language: Language) -> dict[str, Any]:
    """Return a row with the one name, of those in two languages, that its subject is called by in a language."""
    chinese = row.pop("name_zh", None)
    return row | {"name": chinese} if chinese and language is Language.CHINESE else row
