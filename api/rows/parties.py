"""What ``vialog party show`` prints, with --json, of a party: what it may speak as, and how it stands."""

from __future__ import annotations

from typing import TypedDict


class PartyNamed(TypedDict):
    """A party by its names. name_zh: in Chinese; null: none is stated. natural_person: true of an individual."""

    id: str
    name: str
    name_zh: str | None
    natural_person: bool


class RoleHeld(TypedDict):
    """A role that a party may speak in. since: when it was granted, as its signers say; position: where that stands."""

    role: str
    since: str
    position: int


class UnitStanding(TypedDict):
    """A unit as it stands on a day.

    number, district: as it is registered; null: it is not, or nobody said. unit_class: 1 is the best; null: not known,
    and basis says why. rules: the edition that it was computed by. verified: whether all of its numbers were read in
    the legal text.
    """

    day: str
    number: str | None
    district: str | None
    unit_class: int | None
    basis: str
    rules: str
    verified: bool


class Assessed(TypedDict):
    """How able a party was found, 1 to 4; both days are included. confirmed: whether it signed that too."""

    level: int
    valid_from: str
    valid_to: str
    assessor: str
    confirmed: bool


class Rated(TypedDict):
    """How the credit of a party was rated in a scheme, from a day on until it is rated again there."""

    scheme: str
    level: str
    from_on: str


class SiteRun(TypedDict):
    """A site that a party runs. level: biosafety level; certificate_to: last day of its accreditation; null: none."""

    id: str
    name: str | None
    name_zh: str | None
    use: str
    level: int | None
    certificate_to: str | None
    district: str | None
    active: bool


class PartyKey(TypedDict):
    """A key of a party, which counts behind one position and up to another one.

    person: the pseudonymous code of whose it is. roles: what it may sign as; empty of a revoked one.
    since, position: when its enrolment was recorded, and where. until, until_position: likewise of its revocation;
    null: it counts. ground: why it was revoked; revoked_by: by which party.
    """

    key: str
    person: str
    roles: list[str]
    since: str
    position: int
    until: str | None
    until_position: int | None
    ground: str | None
    revoked_by: str | None


class PartyShown(TypedDict):
    """A party as known at a position.

    as_of: the instant up to which what happened counts; null: everything. unit: null of one that is neither registered
    as a unit nor assessed nor rated.
    """

    as_known_at: int
    as_of: str | None
    party: PartyNamed
    roles: list[RoleHeld]
    unit: UnitStanding | None
    capabilities: list[Assessed]
    credits: list[Rated]
    sites: list[SiteRun]
    keys: list[PartyKey]
