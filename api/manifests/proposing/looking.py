"""What stands in one column, and which rules of reading make values of it. A rule is proposed only where it is needed.

What could be read in two ways is a doubt, and is not proposed as if it were known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from api.language import label
from api.manifests.cells import value_of
from api.manifests.proposing.terms import codes_of, term_for
from api.manifests.reading.grid import Covered, Number, word_key
from api.manifests.reading.texts import quoted, stands_for_nothing
from api.manifests.spelling import DateOrder, Spelling, day_in, with_point
from api.manifests.splitting import parted
from ledger.domain.bodies.printed import in_one_spelling
from ledger.errors import Malformed
from ledger.quantity import format_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from api.manifests.members import Member, Members
    from api.manifests.reading.grid import Cell

MOST_VALUES: Final = 100
"""So many different words of one column are translated; more are no codes."""

_COMMA: Final = re.compile(r"[0-9]+,[0-9]+", re.ASCII)
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+", re.ASCII)


@dataclass(slots=True)
class Look:
    """What was seen of a column as one member.

    member: the amount as a whole, where the cells have their units with them.
    spelling: the rules that are needed. meant: of ``spelling.values``, as written.
    doubts: what could be read in several ways, or is not known. unknown: words that stand for something unknown.
    good, wrong: how many cells can be read so, and how many cannot.
    """

    member: Member
    spelling: Spelling = field(default_factory=Spelling)
    meant: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    good: int = 0
    wrong: int = 0

    @property
    def fits(self) -> bool:
        """Say whether most cells can be read so."""
        return self.good > self.wrong


def look_at(cells: Sequence[Cell], member: Member, members: Members, *, typed: bool) -> Look:
    """Look at the cells of a column that may fill a member.

    members: among which the parts of amounts are found.
    """
    look = Look(_as_amount(cells, member, members))
    if any(isinstance(cell, Covered) for cell in cells):
        look.spelling = replace(look.spelling, merged=True)
    filled = [one for one in map(look.spelling.of, cells) if one is not None]
    texts = [one for one in filled if isinstance(one, str)]
    _see_spelling(look, texts)
    _see_dates(look, texts)
    _see_commas(look, texts)
    parts = [(part, one) for cell in filled for part, one in _parts(cell, look, members)]
    _see_words(look, parts, typed=typed)
    for part, one in parts:
        if _reads(look.spelling.of(one), part, typed=typed):
            look.good += 1
        else:
            look.wrong += 1
    return look


def _as_amount(cells: Sequence[Cell], member: Member, members: Members) -> Member:
    """Return the amount that a value is part of, where most cells have a unit with it; otherwise the member."""
    whole = members.find(member.path.rpartition(".")[0]) if member.path.endswith(".value") else None
    if whole is None or not whole.is_amount:
        return member
    filled = [cell for cell in cells if isinstance(cell, str | Number)]
    return whole if 2 * sum(_has_unit(cell) for cell in filled) > len(filled) else member


def _has_unit(cell: Cell) -> bool:
    try:
        return parted(cell, _ONE_SPELLING)[1] is not None
    except ValueError:
        return False


_ONE_SPELLING: Final = Spelling(one_spelling=True)


def _parts(cell: Cell, look: Look, members: Members) -> list[tuple[Member, Cell]]:
    if not look.member.is_amount:
        return [(look.member, cell)]
    try:
        read = parted(look.spelling.of(cell), look.spelling)
    except ValueError:
        return [(look.member, cell)]
    asked = [members.find(f"{look.member.path}.{name}") for name in look.member.parts]
    return [(part, one) for part, one in zip(asked, read, strict=True) if part is not None and one is not None]


def _reads(cell: Cell, member: Member, *, typed: bool) -> bool:
    if member.is_amount:
        return False
    if cell is None or (isinstance(cell, str) and (member.id_type is not None or member.is_commitment)):
        return True  # what bears a label is looked up; what is committed to may be any code
    if codes := codes_of(member):
        return cell in codes
    try:
        value_of(cell, member, typed=typed)
    except (ValueError, Malformed):
        return False
    return True


def _see_spelling(look: Look, texts: Iterable[str]) -> None:
    member = look.member
    if not (member.is_printed or member.is_decimal or member.is_amount or member.sort == "integer" or member.form):
        return
    odd = next((text for text in texts if in_one_spelling(text) != text), None)
    if odd is not None:
        look.spelling = replace(look.spelling, one_spelling=True)
        if member.is_printed:
            said = label("{written} is taken for {plain}: look at what is printed")
            look.doubts.append(said.format(written=quoted(odd), plain=quoted(in_one_spelling(odd))))


def _see_dates(look: Look, texts: Sequence[str]) -> None:
    if look.member.form != "date" or not texts:
        return
    written = [look.spelling.of_text(text) or "" for text in texts if not stands_for_nothing(text)]
    if all(_reads(text, look.member, typed=True) for text in written):
        return
    orders = [order for order in DateOrder if all(day_in(text, order) for text in written)]
    if len(orders) == 1:
        look.spelling = replace(look.spelling, dates=orders[0])
    elif orders:
        said = label("{written} may be {orders}: state which under [dates]")
        look.doubts.append(said.format(written=quoted(written[0]), orders=", ".join(orders)))


def _see_commas(look: Look, texts: Iterable[str]) -> None:
    if not (look.member.is_decimal or look.member.is_amount):
        return
    numbers = [_number_in(look.spelling.of_text(text) or "") for text in texts]
    commas = [one for one in numbers if _COMMA.fullmatch(one)]
    if not commas:
        return
    if all(_THOUSANDS.fullmatch(one) for one in commas):
        said = label("{written} may be {fraction} or {whole}: under decimal_comma it is the former")
        either = {"fraction": with_point(commas[0]), "whole": commas[0].replace(",", "")}
        look.doubts.append(said.format(written=quoted(commas[0]), **either))
    else:
        look.spelling = replace(look.spelling, decimal_comma=True)


def _number_in(text: str) -> str:
    found = re.match(r"[0-9.,]+", text, re.ASCII)
    return "" if found is None else found[0].rstrip(".,")


def _see_words(look: Look, parts: Iterable[tuple[Member, Cell]], *, typed: bool) -> None:
    """Note what words stand for that a member does not take as they are; and those of which it is not known."""
    seen: dict[str, tuple[Member, str]] = {}
    for part, cell in parts:
        written = format_decimal(cell.value) if isinstance(cell, Number) and codes_of(part) else cell
        if isinstance(written, str) and not _reads(look.spelling.of(written), part, typed=typed):
            seen.setdefault(word_key(written), (part, written))
    values: dict[str, str] = {}
    for key, (part, written) in list(seen.items())[:MOST_VALUES]:
        meant = "" if stands_for_nothing(written) else term_for(written, part)
        if meant is not None:
            values[key] = look.meant[written] = meant
        elif codes_of(part) or part.is_unit or part.codes is not None:
            look.unknown.append(written)
    if values:
        look.spelling = replace(look.spelling, values=values)
