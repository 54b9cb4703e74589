"""A party as the members of a JSON object, and how it was assessed and rated in words: the same at every door."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.language import label
from api.telling.histories import history_of
from ledger.clock import SystemClock, format_time
from ledger.domain.assessment.classes import class_on
from ledger.domain.fold import kinds_for
from ledger.domain.states.party import Party
from ledger.domain.states.site import Site
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.enrolment import ENROLLING, REVOKED
from ledger.words.given import CHINESE
from ledger.words.reader import code_word
from projections.asked.answering import position_at
from projections.names import Names
from projections.own_kinds import SITE_KINDS
from projections.reading import check_stored, read_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from api.rows import parties as rows
    from api.telling.histories import History, Step
    from api.telling.moments import Moment
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from ledger.words.reader import Reader

_REGISTERED: Final = "site.registered/1"
_OF_KEY: Final = (*ENROLLING, REVOKED)
_OF_PARTY: Final = kinds_for("party", KINDS) | {_REGISTERED, *ENROLLING}


def party_object(
    store: Readable, tag: Tag, moment: Moment, packs: RulePacks, jurisdiction: str
) -> tuple[rows.PartyShown, Party]:
    """Return a party as known at a moment, and its state. Costs its own events, and those of its sites and keys.

    tag: its id. packs, jurisdiction: by which its class is computed.

    A key counts by positions and by no clock (``ledger.domain.registry.keys``): as things stood at a time, the keys are
    those of the position that was recorded last by then, whatever a revocation says of when it happened.

    Raises NotFound, TooOld: as ``history_of``. Refused: RUL-01 no edition is in force by which it has a class.
    """
    history = history_of(store, tag, moment.position, moment.instant, _OF_PARTY)
    party = history.subject
    if not isinstance(party, Party):
        raise TypeError("a party's tag folds to a party")
    last = history.position if moment.instant is None else min(history.position, position_at(store, moment.instant))
    return {
        "as_known_at": history.position,
        "as_of": None if moment.instant is None else format_time(moment.instant),
        "party": {
            "id": party.id,
            "name": party.name,
            "name_zh": party.name_zh,
            "natural_person": party.natural_person,
        },
        "roles": list(_roles(history)),
        "unit": _unit(party, _instant(store, history, moment), packs, jurisdiction),
        "capabilities": [
            {
                "level": one.level,
                "valid_from": one.valid_from.isoformat(),
                "valid_to": one.valid_to.isoformat(),
                "assessor": one.assessor,
                "confirmed": one.confirmed,
            }
            for one in party.capabilities
        ],
        "credits": [
            {"scheme": one.scheme, "level": one.level, "from_on": one.from_on.isoformat()} for one in party.credits
        ],
        "sites": list(_sites(store, party, history, moment.instant)),
        "keys": list(_keys(store, party, last)),
    }, party


def assessed(
    party: Party, named: Callable[[str], str], reader: Reader, placed: Callable[[str], str] = str
) -> Iterator[tuple[str, str]]:
    """Yield what stands in the register of a unit: its registration, how able it was found, how its credit is rated.

    named: tells a party by its id. placed: tells a district by its code.
    """
    language = reader.language
    for unit in party.units[-1:]:
        yield label("registered as", language), unit.number
        yield label("district", language), placed(unit.district) if unit.district else label("not stated", language)
    for able in party.capabilities:
        told = label("level {level}, from {first} to {last}, by {party}", language)
        who = named(able.assessor)
        yield (
            label("capability", language),
            told.format(level=able.level, first=able.valid_from, last=able.valid_to, party=who),
        )
    for credit in party.credits:
        told = label("{level} in {scheme}, from {first}", language)
        scheme = code_word("credit_scheme", credit.scheme, reader)
        yield label("credit", language), told.format(level=credit.level, scheme=scheme, first=credit.from_on)


def _roles(history: History) -> Iterator[rows.RoleHeld]:
    """Yield the roles of a party by their names, each with the grant by which it holds it."""
    granted: dict[str, Step] = {}
    for step in history.steps:
        held = step.after.roles if isinstance(step.after, Party) else frozenset()
        granted = {role: granted.get(role, step) for role in held}
    for role, step in sorted(granted.items()):
        event = step.event
        yield {"role": str(role), "since": format_time(event.said.occurred_at), "position": event.position}


def _instant(store: Readable, history: History, moment: Moment) -> datetime:
    """Return when a party is looked at: the time that is asked for, or that at which a position was recorded, or now.

    Where that entry may not be read, the last one about the party says when.
    """
    if moment.instant is not None:
        return moment.instant
    if moment.position is None or moment.position >= store.head():
        return SystemClock().now()
    entry = next(iter(store.read(after=moment.position - 1, limit=1)), None)
    if entry is None:
        return history.events[-1].recorded
    check_stored(entry)
    return entry.recorded


def _unit(party: Party, instant: datetime, packs: RulePacks, jurisdiction: str) -> rows.UnitStanding | None:
    if not (party.units or party.capabilities or party.credits):
        return None
    rules = packs.at_instant(jurisdiction, instant)
    day = rules.working_days.local_date(instant)
    found, registered = class_on(party, day, rules), party.unit_at(instant)
    return {
        "day": day.isoformat(),
        "number": None if registered is None else registered.number,
        "district": None if registered is None else registered.district,
        "unit_class": found.number,
        "basis": found.basis,
        "rules": found.rules,
        "verified": found.verified,
    }


def _sites(store: Readable, party: Party, history: History, until: datetime | None) -> Iterator[rows.SiteRun]:
    """Yield the sites that a party registered, in the order of their ids, without what stands in them."""
    begun = {tag for one in history.events if one.said.kind == _REGISTERED for tag in one.tags}
    for tag in sorted(tag for tag in begun if type_of(tag) == "site"):
        told = history_of(store, tag, history.position, until, SITE_KINDS)
        site, names = told.subject, Names(told.events)
        if isinstance(site, Site) and site.party == party.id:
            yield {
                "id": site.id,
                "name": names.called(tag),
                "name_zh": names.given(tag, CHINESE),
                "use": site.use,
                "level": site.level,
                "certificate_to": None if site.certificate_to is None else site.certificate_to.isoformat(),
                "district": site.district,
                "active": site.active,
            }


def _keys(store: Readable, party: Party, last: int) -> Iterator[rows.PartyKey]:
    """Yield the keys that were enrolled for a party up to a position, by person and as they were enrolled."""
    recorded = (one for one in store.about(Tag(party.id), kinds=ENROLLING) if one.position <= last)
    enrolled = [one for one in map(read_checked, recorded) if one.said.body.party == party.id]
    for first in sorted(enrolled, key=lambda one: (one.said.body.person, one.position)):
        body = first.said.body
        told = history_of(store, Tag(body.key), last, None, _OF_KEY)
        ended = next((one for one in told.events if one.said.kind == REVOKED and one.said.body.key == body.key), None)
        yield {
            "key": body.key,
            "person": body.person,
            "roles": sorted(party.roles) if ended is None else [],
            "since": format_time(first.recorded),
            "position": first.position,
            "until": None if ended is None else format_time(ended.recorded),
            "until_position": None if ended is None else ended.position,
            "ground": None if ended is None else ended.said.body.ground,
            "revoked_by": None if ended is None else ended.said.party,
        }
