"""How a manifest's columns become the members of statements, and how its cells are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from api.manifests.passing import PassOver
from api.manifests.reading.grid import header_key, lettered
from api.manifests.reading.sheets import Header
from api.manifests.spelling import Spelling
from ledger.errors import Malformed
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from api.manifests.reading.encodings import Encoding
    from ledger.domain.kind import Kind

RULES: Final = {
    "IMP-16": "A mapping that is for one file alone is used for no other.",
}

LETTERED: Final = frozenset(map(lettered, range(256)))
"""What a mapping calls columns by their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A layout; of the names of columns it has their ``header_key``, by which headers are compared.

    header: the line that names the columns; None: the first that has all that are named here.
    only_for: the SHA-256 of the one file that it is for; None: it is for any.
    constants: of the statement. row_constants: of each row whose columns do not say it.
    joined: by member of the row, the columns whose values it holds between slashes.
    spellings: how columns are read whose cells are not meant as they stand.
    ignored: columns without a name, or with one that stands twice, that may hold anything.
    """

    kind: str
    rows: str | None = None
    rows_in_statement: int = 200
    sheet: str | None = None
    encoding: Encoding | None = None
    header: int | None = 1
    only_for: str | None = None
    unique: tuple[str, ...] = ()
    constants: Mapping[str, str | int | bool] = field(default_factory=dict)
    row_constants: Mapping[str, str | int | bool] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fresh: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, Spelling] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    pass_over: PassOver = field(default_factory=PassOver)
    built_in: bool = False
    """True of the one that is used without a mapping: a manifest may lack any of its columns, and names each once."""

    @property
    def of_kind(self) -> Kind[Any]:
        """Return the kind of the statements."""
        return KINDS[self.kind]

    @property
    def named(self) -> frozenset[str]:
        """Return the columns that are imported."""
        return frozenset((*self.shared, *self.columns, *(one for columns in self.joined.values() for one in columns)))

    @property
    def where(self) -> Header:
        """Return where the header is looked for."""
        return Header(self.header, self.named - LETTERED, lettered=not self.built_in)

    def with_constants(self, constants: Mapping[str, str]) -> Layout:
        """Return the layout with some members of the body fixed, whatever column they came from before."""
        shared = {column: member for column, member in self.shared.items() if member not in constants}
        return replace(self, constants={**self.constants, **constants}, shared=shared)

    def check_for(self, file: str, digest: str) -> None:
        """Raise Malformed, IMP-16, where the layout is for another file than the one of this digest."""
        if self.only_for is not None and self.only_for != digest:
            problem = f"its SHA-256 is {digest}, and the mapping is for {self.only_for} alone (only_for)"
            raise Malformed("IMP-16", file, problem)


BUILT_IN: Final = Layout(
    kind="item.listed/1",
    rows="items",
    unique=("item", "label"),
    shared={"consignment": "consignment", "approval": "approval", "line": "line"},
    columns={
        "item": "item",
        "label": "label",
        "quantity": "quantity.value",
        "unit": "quantity.unit",
        "lot": "lot",
        "type": "type",
        "collected on": "collected_on",
        "collected until": "collected_until",
        "donor": "donor",
        "donor origin": "donor_origin",
        "storage": "storage",
        "thaws": "thaws",
    },
    fresh={"item": "item"},
    built_in=True,
)
"""For manifests with the obvious headers. Where there is no column for items, each row gets a fresh id."""


def keyed(columns: Mapping[str, str]) -> dict[str, str]:
    """Return what a mapping says of columns, by their ``header_key``."""
    return {header_key(column): said for column, said in columns.items()}
