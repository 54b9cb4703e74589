"""Parties, their roles and their sites: who may speak, as what, and from where.

The operator registers parties and grants roles; a party registers its own sites. Never holds a person's name.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Country, District, Level, Name, Number, PartyRef, Role, SiteRef
from ledger.domain.codes import Business, SiteUse
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.party import Party
from ledger.domain.states.site import Service, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach

# Bodies


class PartyRegistered(Body, frozen=True):
    """The operator admits an organisation to the log.

    name_zh: its name in Chinese, if name is another one.
    register_number: its number in the public register of organisations, such as the unified social credit code.
    natural_person: true of an individual.
    """

    party: PartyRef
    name: Name
    country: Country
    business: Business
    name_zh: Name | None = None
    register_number: Number | None = None
    natural_person: bool = False


class RoleGranted(Body, frozen=True):
    """The operator lets a party speak in a role."""

    party: PartyRef
    role: Role


class RoleWithdrawn(Body, frozen=True):
    """The operator ends a party's right to speak in a role; what it said before stands."""

    party: PartyRef
    role: Role


class SiteRegistered(Body, frozen=True):
    """A party states a place where it keeps or uses items.

    name_zh: its name in Chinese, if name is another one.
    level: biosafety level as filed or accredited; left out where none was assessed.
    certificate, certificate_to: number and last day of the accreditation (levels 3 and 4: five years, Order 424
        Art. 20).
    district: where it is supervised; left out where nobody says.
    """

    site: SiteRef
    party: PartyRef
    name: Name
    use: SiteUse
    name_zh: Name | None = None
    level: Level | None = None
    certificate: Number | None = None
    certificate_to: date | None = None
    district: District | None = None


class SiteChanged(Body, frozen=True):
    """A party states that a site's level, accreditation, service or district has changed; the rest has not."""

    site: SiteRef
    level: Level | None = None
    certificate: Number | None = None
    certificate_to: date | None = None
    active: bool | None = None
    district: District | None = None


# Rules

PARTY_NEW = Rule("REG-01", "A party is registered once.", Answer.REFUSAL)
PARTY_KNOWN = Rule("REG-02", "A role is granted to, or withdrawn from, a registered party.", Answer.REFUSAL)
ROLE_HELD = Rule("REG-03", "A role is granted once and only a held role is withdrawn.", Answer.REFUSAL)
SITE_NEW = Rule("REG-04", "A site is registered once.", Answer.REFUSAL)
SITE_OWN = Rule("REG-05", "A party registers and changes its own sites.", Answer.REFUSAL)
CERTIFICATE = Rule(
    "REG-06",
    "A laboratory of level 3 or 4 has an accreditation that is still valid.",
    Answer.BREACH,
    "State Council Order 424 Arts 18-20",
    Confidence.V,
    ("level",),
)

OPERATOR_FIXED = Rule(
    "REG-07",
    "The operator is the party that opened the log; its role is neither granted nor withdrawn.",
    Answer.REFUSAL,
)

RULES = (PARTY_NEW, PARTY_KNOWN, ROLE_HELD, SITE_NEW, SITE_OWN, CERTIFICATE, OPERATOR_FIXED)

# Judges


def judge_party_registered(world: World, said: Signed[PartyRegistered], rules: RulePack) -> Iterator[Breach]:
    """Judge the registration of a party. Raises Refused: REG-01."""
    if world.party(said.body.party).known:
        raise PARTY_NEW.refuse(f"{said.body.party} is registered already")
    yield from ()


def judge_role_granted(world: World, said: Signed[RoleGranted], rules: RulePack) -> Iterator[Breach]:
    """Judge the grant of a role. Raises Refused: REG-02, REG-03, REG-07."""
    _check_not_operator(said.body.role)
    if said.body.role in _registered(world, said.body.party).roles:
        raise ROLE_HELD.refuse(f"{said.body.party} holds the role {said.body.role} already")
    yield from ()


def judge_role_withdrawn(world: World, said: Signed[RoleWithdrawn], rules: RulePack) -> Iterator[Breach]:
    """Judge the withdrawal of a role. Raises Refused: REG-02, REG-03, REG-07."""
    _check_not_operator(said.body.role)
    if said.body.role not in _registered(world, said.body.party).roles:
        raise ROLE_HELD.refuse(f"{said.body.party} does not hold the role {said.body.role}")
    yield from ()


def _check_not_operator(role: Role) -> None:
    # Who may enrol keys is part of what every reader of the log decides alike, by positions: no judgement changes it.
    if role is Role.OPERATOR:
        raise OPERATOR_FIXED.refuse("the operator's role is that of the party that opened the log")


def judge_site_registered(world: World, said: Signed[SiteRegistered], rules: RulePack) -> Iterator[Breach]:
    """Judge the registration of a site. Raises Refused: REG-04, REG-05. Returns REG-06."""
    if world.site(said.body.site).known:
        raise SITE_NEW.refuse(f"{said.body.site} is registered already")
    if said.body.party != said.party:
        raise SITE_OWN.refuse(f"{said.party} cannot register a site of {said.body.party}")
    yield from _uncertified(world, said.body.site, said.body.level, said.body.certificate_to)


def judge_site_changed(world: World, said: Signed[SiteChanged], rules: RulePack) -> Iterator[Breach]:
    """Judge a change of a site. Raises Refused: REG-05. Returns REG-06."""
    site = world.site(said.body.site)
    if site.party != said.party:
        raise SITE_OWN.refuse(f"{site.id} is not a site of {said.party}")
    level = said.body.level if said.body.level is not None else site.level
    yield from _uncertified(world, site.id, level, said.body.certificate_to or site.certificate_to)


def _registered(world: World, party: PartyRef) -> Party:
    found = world.party(party)
    if not found.known:
        raise PARTY_KNOWN.refuse(f"{party} is not registered")
    return found


def _uncertified(world: World, site: SiteRef, level: int | None, until: date | None) -> Iterator[Breach]:
    if level is not None and level >= 3 and (until is None or until < world.now.date()):
        yield CERTIFICATE.breach((site,), level=level)


# Effects


def party_registered(party: Party, event: Event[PartyRegistered]) -> Party:
    """Return the party as registered."""
    if party.id != event.said.body.party:
        return party
    body = event.said.body
    return Party(id=party.id, known=True, name=body.name, name_zh=body.name_zh, natural_person=body.natural_person)


def role_granted(party: Party, event: Event[RoleGranted]) -> Party:
    """Return the party with one role more."""
    if party.id != event.said.body.party:
        return party
    return replace(party, roles=party.roles | {event.said.body.role})


def role_withdrawn(party: Party, event: Event[RoleWithdrawn]) -> Party:
    """Return the party with one role less."""
    if party.id != event.said.body.party:
        return party
    return replace(party, roles=party.roles - {event.said.body.role})


def site_registered(site: Site, event: Event[SiteRegistered]) -> Site:
    """Return the site as registered."""
    body = event.said.body
    if site.id != body.site:
        return site
    return Site(
        id=site.id,
        known=True,
        party=body.party,
        use=body.use,
        level=body.level,
        certificate_to=body.certificate_to,
        district=body.district,
        services=(Service(event.said.occurred_at, body.level, body.certificate_to, None, body.district),),
    )


def site_changed(site: Site, event: Event[SiteChanged]) -> Site:
    """Return the site with what the change names, in the order of the acts: a later change stays one."""
    body = event.said.body
    if site.id != body.site:
        return site
    change = Service(event.said.occurred_at, body.level, body.certificate_to, body.active, body.district)
    registered, changes = site.services[:1], (*site.services[1:], change)
    services = (*registered, *sorted(changes, key=lambda one: one.since))
    return replace(site.with_services(services), services=services)
