"""The one form of an edition, its digest, and the rule pack that it is: docs/formats.md, section 22.

    {"agents":…,"calendar":…,"codes":…,"effective_from":"2026-08-01","format":"vialog-rules/1",
     "id":"cn-281/2026-08-01","jurisdiction":"CN","parameters":…,"samples":…,"title":"…","units":…}

One object with everything that judging reads: parameters, and the tables whole. It is written as RFC 8785 says
(members sorted, no white space, UTF-8), holds no number but whole ones, and its digest is the SHA-256 of these bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, NoReturn, cast

from ledger.domain.bodies.vocabulary import Grade, WriteOff
from ledger.domain.law.deadlines import Term
from ledger.domain.law.rules import EntryDate, Retained, RulePack, Task
from ledger.errors import Malformed, newer_format
from ledger.rulepacks.parameters import (
    Parameters,
    closed,
    exact,
    some_codes,
    some_names,
    some_words,
    table_of,
    text_of,
    truth,
    whole,
    word,
)
from ledger.rulepacks.tables import agents_of, calendar_of, codes_of, samples_of, units_of
from ledger.statement.text.strict_json import sorted_form

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "vialog-rules/1"
MAX_EDITION: Final = 10_000_000
"""The most bytes that a file of an edition has."""

_DAYS: Final = (Term.CALENDAR_DAYS, Term.WORKING_DAYS)
_MEMBERS: Final = frozenset(
    {
        "format",
        "id",
        "jurisdiction",
        "title",
        "effective_from",
        "agents",
        "units",
        "samples",
        "codes",
        "calendar",
        "parameters",
    }
)
_ID: Final = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)/([0-9]{4}-[0-9]{2}-[0-9]{2})")
_JURISDICTION: Final = re.compile("[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition: the pack, and its one form."""

    pack: RulePack
    written: bytes

    @property
    def file_name(self) -> str:
        """Return what its file is called: series, first day and digest."""
        return f"{self.pack.id.replace('/', '_')}_{self.pack.digest}.json"


def make_edition(place: str, value: Mapping[str, object]) -> Edition:
    """Return the edition of a value. place: names its source in errors. Raises Malformed RUL-02, RUL-03."""
    written = sorted_form(value)
    return Edition(_pack(place, value, hashlib.sha256(written).hexdigest()), written)


def read_edition(place: str, written: bytes) -> Edition:
    """Return the edition in a file.

    Raises Malformed: RUL-02 it is not understood, RUL-03 it is not in the one form.
    """
    try:
        value = cast("object", json.loads(written.decode(), parse_float=_no_number, parse_constant=_no_number))
        edition = make_edition(place, table_of(place, value))
    except (ValueError, RecursionError) as problem:
        raise Malformed("RUL-03", place, f"is not JSON of an edition: {problem}") from problem
    if edition.written != written:
        raise Malformed("RUL-03", place, "is not written in the one form: sorted members, no white space, UTF-8")
    return edition


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a whole number")


# Long because it is a list: one line for each parameter, with how its value is read and the units it may be in.
def _pack(place: str, value: Mapping[str, object], digest: str) -> RulePack:
    _check_format(place, value.get("format"))
    said = closed(place, value, _MEMBERS)
    name, start = _id_of(place, said)
    read = Parameters(place, table_of(f"{place}.parameters", said["parameters"]))
    pack = RulePack(
        id=name,
        digest=digest,
        jurisdiction=_jurisdiction(place, said),
        title=text_of(f"{place}.title", said["title"]),
        effective_from=start,
        agents=agents_of(f"{place}.agents", said["agents"]),
        units=units_of(f"{place}.units", said["units"]),
        samples=samples_of(f"{place}.samples", said["samples"]),
        codes=codes_of(f"{place}.codes", said["codes"]),
        working_days=calendar_of(f"{place}.calendar", said["calendar"]),
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
        exit_certificate_needed=read.one("exit_certificate_needed", truth, "yes/no"),
        cooperation_report_months=read.one("cooperation_report_months", whole, Term.MONTHS),
        transport_permit_needed=read.one("transport_permit_needed", truth, "yes/no"),
        possession_outlives_permit=read.one("possession_outlives_permit", truth, "yes/no"),
        transfer_needs_prior_permit=read.one("transfer_needs_prior_permit", truth, "yes/no"),
        certification_replaces_permit=read.one("certification_replaces_permit", truth, "yes/no"),
        transfer_completion_days=read.one("transfer_completion_days", whole, *_DAYS),
        direct_consignment=read.one("direct_consignment", truth, "yes/no"),
        permitted_purposes=read.one("permitted_purposes", some_codes, "purposes"),
        disposal_methods=read.one("disposal_methods", some_codes, "methods"),
        shipment_overdue_hours=read.one("shipment_overdue_hours", whole, Term.HOURS),
        clock_tolerance_seconds=read.one("clock_tolerance_seconds", whole, Term.SECONDS),
        late_entry_hours=read.one("late_entry_hours", whole, Term.HOURS),
        pending_handover_hours=read.one("pending_handover_hours", whole, Term.HOURS),
        stock_count_months=read.one("stock_count_months", whole, Term.MONTHS),
        reaches_open_duties=read.one("reaches_open_duties", some_names, "terms"),
    )
    read.finish()
    return pack


def _check_format(place: str, said: object) -> None:
    if said != FORMAT:
        raise Malformed("RUL-02", f"{place}.format", f"is not {FORMAT}", newer=newer_format(str(said), FORMAT))


def _id_of(place: str, said: Mapping[str, object]) -> tuple[str, date]:
    """Return an edition's id and its first day, which the id ends with."""
    text, day = (text_of(f"{place}.{name}", said[name]) for name in ("id", "effective_from"))
    match = _ID.fullmatch(text)
    try:
        start = date.fromisoformat(day)
    except ValueError:
        raise Malformed("RUL-02", f"{place}.effective_from", "is not a day such as 2026-08-01") from None
    if match is None or match[2] != str(start):
        raise Malformed("RUL-02", f"{place}.id", "is not series and first day, such as cn-281/2026-08-01")
    return text, start


def _jurisdiction(place: str, said: Mapping[str, object]) -> str:
    text = text_of(f"{place}.jurisdiction", said["jurisdiction"])
    if _JURISDICTION.fullmatch(text) is None:
        raise Malformed("RUL-02", f"{place}.jurisdiction", "is not two capital letters")
    return text
