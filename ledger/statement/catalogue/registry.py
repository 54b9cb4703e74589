"""Who may speak: parties, roles, sites and keys. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.kind import Kind
from ledger.domain.registry import keys, parties
from ledger.statement.catalogue.signers import ANYONE, OPERATOR

REGISTRY: tuple[Kind[Any], ...] = (
    Kind("log.opened/1", keys.LogOpened, OPERATOR, keys.judge_log_opened, party=keys.operator_opened, key=keys.key_enrolled),
    Kind("party.registered/1", parties.PartyRegistered, OPERATOR, parties.judge_party_registered, party=parties.party_registered),
    Kind("role.granted/1", parties.RoleGranted, OPERATOR, parties.judge_role_granted, party=parties.role_granted),
    Kind("role.withdrawn/1", parties.RoleWithdrawn, OPERATOR, parties.judge_role_withdrawn, party=parties.role_withdrawn),
    Kind("site.registered/1", parties.SiteRegistered, ANYONE, parties.judge_site_registered, site=parties.site_registered),
    Kind("site.changed/1", parties.SiteChanged, ANYONE, parties.judge_site_changed, site=parties.site_changed),
    Kind("key.enrolled/1", keys.KeyEnrolled, ANYONE, keys.judge_key_enrolled, key=keys.key_enrolled),
    Kind("key.revoked/1", keys.KeyRevoked, ANYONE, keys.judge_key_revoked, key=keys.key_revoked),
)  # fmt: skip
