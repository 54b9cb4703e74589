"""All editions that this program has, and from a day to the one in force.

Those of this package come from one TOML file a series; further ones, from a folder, are files in their one form, named
for what they are. An edition is in force from its first day until the next one of its jurisdiction begins. One that
has been in force is never changed: what is decreed later is a later edition, and entries name the edition, with its
digest, that they were judged by.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed, NotFound, Refused
from ledger.rulepacks.edition import MAX_EDITION, Edition, make_edition, read_edition
from ledger.rulepacks.series import read_series
from ledger.rulepacks.tables import shipped_tables

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime
    from importlib.resources.abc import Traversable

    from ledger.domain.law.rules import RulePack

RULES: Final = {
    "RUL-01": "There is a rule pack of the jurisdiction that is in force on the day.",
    "RUL-02": "An edition has the members that its form names, each of its type, and no two begin on the same day.",
    "RUL-03": "The file of an edition is in its one form, and its name says the id and the digest of what it holds.",
}


@dataclass(frozen=True, slots=True)
class RulePacks:
    """All editions that the ledger has.

    editions: by first day. kept: those that judge nothing new, because this package has another one of the same
        jurisdiction and day; what was judged by them is judged by them again.
    unread: files that this program is too old to read, by name, and why.
    """

    editions: tuple[Edition, ...]
    kept: tuple[Edition, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    @property
    def packs(self) -> tuple[RulePack, ...]:
        """Return the packs that judge, by jurisdiction and first day."""
        return tuple(edition.pack for edition in self.editions)

    def at(self, jurisdiction: str, day: date) -> RulePack:
        """Return the pack in force on a local day. Raises Refused RUL-01: there is none."""
        return self._newest(jurisdiction, [one for one in self.packs if one.effective_from <= day], f"on {day}")

    def at_instant(self, jurisdiction: str, instant: datetime) -> RulePack:
        """Return the pack in force at an aware instant, by the jurisdiction's local day. Raises Refused RUL-01."""
        begun = [one for one in self.packs if one.effective_from <= one.working_days.local_date(instant)]
        return self._newest(jurisdiction, begun, f"at {instant}")

    def by_id(self, pack_id: str) -> RulePack:
        """Return the pack of an id that judges. Raises NotFound."""
        for pack in self.packs:
            if pack.id == pack_id:
                return pack
        raise NotFound(f"no rule pack is called {pack_id}")

    def by_name(self, name: str) -> RulePack | None:
        """Return the edition that an entry's header names by id and digest; None if it is not here."""
        pack_id = name.partition(" ")[0]  # asked for each act that something is owed for, and few editions share an id
        for edition in (*self.editions, *self.kept):
            if edition.pack.id == pack_id and edition.pack.name == name:
                return edition.pack
        return None

    def _newest(self, jurisdiction: str, begun: Collection[RulePack], when: str) -> RulePack:
        own = [pack for pack in begun if pack.jurisdiction == jurisdiction]
        if not own:
            raise Refused("RUL-01", f"no rule pack of {jurisdiction} is in force {when}")
        return max(own, key=lambda pack: pack.effective_from)


def load_packs(further: Path | None = None) -> RulePacks:
    """Return all editions: those of this package, and those in the files of a folder.

    further: the folder; None: there is none.

    Raises Malformed: RUL-02 a file is not understood, or two editions of a jurisdiction begin on the same day; RUL-03
    it is not the edition that its name says. OSError: it cannot be read.
    """
    shipped = _shipped()
    if further is None:
        return shipped
    read, unread = _read_folder(further)
    judging = {(one.pack.jurisdiction, one.pack.effective_from) for one in shipped.editions}
    more = [one for one in read if (one.pack.jurisdiction, one.pack.effective_from) not in judging]
    kept = [one for one in read if one not in more and one not in shipped.editions]
    return RulePacks(_in_order([*shipped.editions, *more]), tuple(kept), tuple(unread))


def read_packs(folder: Traversable) -> RulePacks:
    """Return the editions of the series in a folder. Raises Malformed RUL-02, naming file, edition and key."""
    tables = shipped_tables()
    return RulePacks(
        _in_order(
            [
                make_edition(written.place, written.value)
                for file in sorted(folder.iterdir(), key=lambda file: file.name)
                if file.name.endswith(".toml")
                for written in read_series(file.name, file.read_text(encoding="utf-8"), tables)
            ]
        )
    )


@cache
def _shipped() -> RulePacks:
    return read_packs(files("ledger.rulepacks"))


def _read_folder(folder: Path) -> tuple[list[Edition], list[tuple[str, str]]]:
    """Return what the files of a folder hold, and which this program is too old for; other files are left alone."""
    found: list[Edition] = []
    unread: list[tuple[str, str]] = []
    for file in sorted(folder.iterdir()):
        if file.suffix != ".json":
            continue
        try:
            found.append(_read_file(file))
        except Malformed as error:
            if not error.newer:
                raise
            unread.append((file.name, error.newer))
    return found, unread


def _read_file(file: Path) -> Edition:
    with file.open("rb") as stream:
        written = stream.read(MAX_EDITION + 1)
    if len(written) > MAX_EDITION:
        raise Malformed("RUL-03", file.name, f"larger than {MAX_EDITION} bytes")
    edition = read_edition(file.name, written)
    if file.name != edition.file_name:
        raise Malformed("RUL-03", file.name, f"holds {edition.pack.name}, and is to be called {edition.file_name}")
    return edition


def _in_order(editions: Collection[Edition]) -> tuple[Edition, ...]:
    ordered = sorted(editions, key=lambda one: (one.pack.jurisdiction, one.pack.effective_from))
    for earlier, later in pairwise(ordered):
        if (earlier.pack.jurisdiction, earlier.pack.effective_from) == (
            later.pack.jurisdiction,
            later.pack.effective_from,
        ):
            raise Malformed("RUL-02", later.pack.id, f"begins on the same day as {earlier.pack.name}")
    return tuple(ordered)
