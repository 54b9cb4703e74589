"""From the TOML files of this folder to rule packs, and from a day to the pack in force.

A file is one series of a jurisdiction (``cn-160.toml``). Each ``[[edition]]`` in it becomes a pack that holds from its
day until the next edition's; it inherits the parameters that it does not restate, and restates one whole, with all its
keys. A pack's id is series and first day: ``cn-160/2015-03-01``. Nothing here knows what a parameter means.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from ledger.domain.deadlines import Term
from ledger.domain.rules import EntryDate, Retained, RulePack, Task
from ledger.domain.vocabulary import Grade, WriteOff
from ledger.errors import Malformed, NotFound, Refused
from ledger.reference.agents import NO_CATALOGUE, load_agents
from ledger.reference.calendars import ZONES, Calendar
from ledger.reference.units import load_units
from ledger.rulepacks.parameters import (
    Parameters,
    closed,
    date_of,
    exact,
    some_words,
    table_of,
    text_of,
    truth,
    whole,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from importlib.resources.abc import Traversable

    from ledger.domain.rules import Agents, PermittedUnits

RULES: Final = {
    "RUL-01": "There is a rule pack of the jurisdiction that is in force on the day.",
    "RUL-02": "A rule pack's file has the members that its form names, each of its type, and no two packs overlap.",
}

_DAYS: Final = (Term.CALENDAR_DAYS, Term.WORKING_DAYS)
_SERIES: Final = frozenset({"series", "jurisdiction", "title", "edition"})
_EDITION: Final = frozenset({"effective_from"})


@dataclass(frozen=True, slots=True)
class RulePacks:
    """All packs that the ledger knows, by jurisdiction and day."""

    packs: tuple[RulePack, ...]

    def at(self, jurisdiction: str, day: date) -> RulePack:
        """Return the pack in force on a local day. Raises Refused RUL-01: there is none."""
        for pack in self.packs:
            if pack.jurisdiction == jurisdiction and pack.in_force(day):
                return pack
        raise Refused("RUL-01", f"no rule pack of {jurisdiction} is in force on {day}")

    def at_instant(self, jurisdiction: str, instant: datetime) -> RulePack:
        """Return the pack in force at an aware instant, by the jurisdiction's local day. Raises Refused RUL-01."""
        if jurisdiction not in ZONES:
            raise Refused("RUL-01", f"there is no rule pack of {jurisdiction}")
        return self.at(jurisdiction, Calendar(jurisdiction).local_date(instant))

    def by_id(self, pack_id: str) -> RulePack:
        """Return the pack that an entry names. Raises NotFound."""
        for pack in self.packs:
            if pack.id == pack_id:
                return pack
        raise NotFound(f"no rule pack is called {pack_id}")


@dataclass(frozen=True, slots=True)
class _Edition:
    """One edition as written, after inheriting."""

    place: str
    start: date
    end: date | None
    agents: str
    parameters: Mapping[str, object]


def load_packs(folder: Traversable | None = None) -> RulePacks:
    """Read all series of a folder; by default the ones that are shipped.

    Raises Malformed RUL-02, naming file, edition and key: a member is missing, unknown or of the wrong type, or two
    packs of a jurisdiction hold on the same day.
    """
    place = files("ledger.rulepacks") if folder is None else folder
    catalogues: dict[str, Agents] = {"none": NO_CATALOGUE, "pathogens-2023": load_agents()}
    units = load_units()
    packs: list[RulePack] = []
    for file in sorted(place.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            packs += _series(file.name, file.read_text(encoding="utf-8"), catalogues, units)
    packs.sort(key=lambda pack: (pack.jurisdiction, pack.effective_from))
    for earlier, later in pairwise(packs):
        if earlier.jurisdiction == later.jurisdiction and earlier.in_force(later.effective_from):
            raise Malformed("RUL-02", later.id, f"begins while {earlier.id} is in force")
    return RulePacks(tuple(packs))


def _series(name: str, text: str, catalogues: Mapping[str, Agents], units: PermittedUnits) -> list[RulePack]:
    try:
        document = cast("object", tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as problem:
        raise Malformed("RUL-02", name, str(problem)) from problem
    series = closed(name, document, _SERIES, frozenset({"effective_to"}))
    head = {member: text_of(f"{name}.{member}", series[member]) for member in ("series", "jurisdiction", "title")}
    if head["jurisdiction"] not in ZONES:
        raise Malformed("RUL-02", f"{name}.jurisdiction", f'no calendar is carried for "{head["jurisdiction"]}"')
    if f"{head['series']}.toml" != name:
        raise Malformed("RUL-02", f"{name}.series", "is not the name of the file")
    return [_pack(head, edition, catalogues, units) for edition in _editions(name, series)]


def _editions(name: str, series: Mapping[str, object]) -> list[_Edition]:
    written = series["edition"]
    if not isinstance(written, list):
        raise Malformed("RUL-02", f"{name}.edition", "is not a list of editions")
    end = date_of(f"{name}.effective_to", series["effective_to"]) if "effective_to" in series else None
    agents, parameters = "", dict[str, object]()
    editions: list[_Edition] = []
    for number, entry in enumerate(written, start=1):
        table = closed(f"{name}: edition {number}", entry, _EDITION, frozenset({"agents", "parameters"}))
        start = date_of(f"{name}: edition {number}.effective_from", table["effective_from"])
        place = f"{name}: {start}"
        agents = text_of(f"{place}.agents", table.get("agents", agents))
        parameters = {**parameters, **table_of(f"{place}.parameters", table.get("parameters", {}))}
        editions.append(_Edition(place, start, end, agents, parameters))
    return _dated(editions)


def _dated(editions: list[_Edition]) -> list[_Edition]:
    following = [edition.start - timedelta(days=1) for edition in editions[1:]]
    ends = [*following, *(edition.end for edition in editions[-1:])]
    dated = [
        _Edition(edition.place, edition.start, end, edition.agents, edition.parameters)
        for edition, end in zip(editions, ends, strict=True)
    ]
    for edition in dated:
        if edition.end is not None and edition.end < edition.start:
            raise Malformed("RUL-02", f"{edition.place}.effective_from", "is later than the edition's end")
    return dated


# Long because it is a list: one line for each parameter, with how its value is read and the units it may be in.
def _pack(
    head: Mapping[str, str], edition: _Edition, catalogues: Mapping[str, Agents], units: PermittedUnits
) -> RulePack:
    if edition.agents not in catalogues:
        raise Malformed("RUL-02", f"{edition.place}.agents", f"is not one of: {', '.join(catalogues)}")
    read = Parameters(edition.place, edition.parameters)
    pack = RulePack(
        id=f"{head['series']}/{edition.start}",
        jurisdiction=head["jurisdiction"],
        title=head["title"],
        effective_from=edition.start,
        effective_to=edition.end,
        agents=catalogues[edition.agents],
        units=units,
        working_days=Calendar(head["jurisdiction"]),
        grades=read.one("grades", some_words(Grade), "grades"),
        validity_months=read.by("validity_months", Grade, whole, Term.MONTHS),
        write_off_mode=read.by("write_off_mode", Grade, word(WriteOff), "mode"),
        follow_up_required=read.by("follow_up_required", Grade, truth, "yes/no"),
        import_inspection_min_rate=read.by("import_inspection_min_rate", Grade, exact, "share of lots"),
        export_inspection_min_rate=read.by("export_inspection_min_rate", Grade, exact, "share of lots"),
        first_entry_inspection_rate=read.one("first_entry_inspection_rate", exact, "share of lots"),
        entry_date=read.one("entry_date", word(EntryDate), "date of the entry"),
        approval_decision_days=read.one("approval_decision_days", whole, *_DAYS),
        approval_decision_extension_days=read.one("approval_decision_extension_days", whole, *_DAYS),
        natural_person_applicant=read.one("natural_person_applicant", truth, "yes/no"),
        white_list_validity_months=read.one("white_list_validity_months", whole, Term.MONTHS),
        transit_allowed=read.one("transit_allowed", truth, "yes/no"),
        destination_declaration_days=read.one("destination_declaration_days", whole, *_DAYS),
        detained_goods_days=read.one("detained_goods_days", whole, *_DAYS),
        assessment_completeness_days=read.one("assessment_completeness_days", whole, *_DAYS),
        assessment_panel_min=read.one("assessment_panel_min", whole, "experts"),
        assessment_panel_odd=read.one("assessment_panel_odd", truth, "yes/no"),
        assessment_report_validity_months=read.one("assessment_report_validity_months", whole, Term.MONTHS),
        rectification_days=read.one("rectification_days", whole, *_DAYS),
        rectification_max_days=read.one("rectification_max_days", whole, *_DAYS),
        visits_per_year=read.by("visits_per_year", int, whole, "visits"),
        unit_class_thresholds=read.by("unit_class_thresholds", int, exact, "score"),
        credit_coefficients=read.by("credit_coefficients", str, exact, "factor"),
        bsl_certificate_years=read.one("bsl_certificate_years", whole, Term.YEARS),
        min_persons=read.by("min_persons", Task, whole, "persons", "officers"),
        loss_report_hours=read.one("loss_report_hours", whole, Term.HOURS),
        loss_follow_up_days=read.one("loss_follow_up_days", whole, *_DAYS),
        destroy_or_deposit_months=read.one("destroy_or_deposit_months", whole, Term.MONTHS),
        waste_temp_storage_days=read.one("waste_temp_storage_days", whole, *_DAYS),
        retention_years=read.by("retention_years", Retained, whole, Term.YEARS),
        possession_outlives_permit=read.one("possession_outlives_permit", truth, "yes/no"),
        transfer_needs_prior_permit=read.one("transfer_needs_prior_permit", truth, "yes/no"),
        certification_replaces_permit=read.one("certification_replaces_permit", truth, "yes/no"),
        transfer_completion_days=read.one("transfer_completion_days", whole, *_DAYS),
        shipment_overdue_hours=read.one("shipment_overdue_hours", whole, Term.HOURS),
        clock_tolerance_seconds=read.one("clock_tolerance_seconds", whole, Term.SECONDS),
        late_entry_hours=read.one("late_entry_hours", whole, Term.HOURS),
        pending_handover_hours=read.one("pending_handover_hours", whole, Term.HOURS),
    )
    read.finish()
    return pack
