"""Who may speak: parties, roles, sites and keys. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.kind import Kind
from ledger.domain.registry import accesses, audits, authorities, keys, parties, units
from ledger.statement.catalogue.signers import ANYONE, CONCERNED, CUSTOMS, OPERATOR

REGISTRY: tuple[Kind[Any], ...] = (
    Kind("log.opened/1", keys.LogOpened, OPERATOR, keys.judge_log_opened, party=keys.operator_opened, key=keys.key_enrolled),
    Kind("party.registered/1", parties.PartyRegistered, OPERATOR, parties.judge_party_registered, party=parties.party_registered),
    Kind("role.granted/1", parties.RoleGranted, OPERATOR, parties.judge_role_granted, party=parties.role_granted),
    Kind("role.withdrawn/1", parties.RoleWithdrawn, OPERATOR, parties.judge_role_withdrawn, party=parties.role_withdrawn),
    Kind("site.registered/1", parties.SiteRegistered, ANYONE, parties.judge_site_registered, site=parties.site_registered),
    Kind("site.changed/1", parties.SiteChanged, ANYONE, parties.judge_site_changed, site=parties.site_changed),
    Kind("authority.assigned/1", authorities.AuthorityAssigned, OPERATOR, authorities.judge_authority_assigned, party=authorities.authority_assigned),
    Kind("unit.registered/1", units.UnitRegistered, CUSTOMS, units.judge_unit_registered, recorders=CONCERNED, party=units.unit_registered),
    Kind("product.filed/1", units.ProductFiled, CUSTOMS, units.judge_product_filed, recorders=CONCERNED, party=units.product_filed),
    Kind("key.enrolled/1", keys.KeyEnrolled, ANYONE, keys.judge_key_enrolled, key=keys.key_enrolled),
    Kind("key.revoked/1", keys.KeyRevoked, ANYONE, keys.judge_key_revoked, key=keys.key_revoked),
    Kind("audit.granted/1", audits.AuditGranted, ANYONE, audits.judge_audit_granted, party=audits.auditor_granted, case=audits.audit_granted),
    Kind("audit.ended/1", audits.AuditEnded, ANYONE, audits.judge_audit_ended, case=audits.audit_ended),
    Kind("access.digested/1", accesses.AccessDigested, OPERATOR, accesses.judge_access_digested, party=accesses.access_digested),
)  # fmt: skip
