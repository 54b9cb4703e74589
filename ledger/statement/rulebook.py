"""Every rule that a judge applies, by its id: what a breach in an entry or in an answer rests on.

Above the domain, as the catalogue is, because it names every module of it. The rules of a statement's form, which are
broken by bytes and not by what they say, are in ``rules``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ledger.domain import dating, shares, window
from ledger.domain.amends import consequences, corrections
from ledger.domain.approval import allotting, approvals, balance, changes, conversions, terms
from ledger.domain.assessment import (
    applications,
    capability,
    decisions,
    meetings,
    on_site,
    reliance,
    remarks,
    reports,
    risk,
    scope,
)
from ledger.domain.authorisation import certificates, drawing, permits
from ledger.domain.authorisation import changes as permit_changes
from ledger.domain.border import (
    certification,
    consignments,
    destination,
    entry,
    executions,
    inspection,
    listing,
    orders,
    release,
)
from ledger.domain.custody import (
    carriage,
    custody,
    direct,
    discrepancy,
    opening,
    packages,
    positions,
    receipt,
    stock,
    transfer,
)
from ledger.domain.ending import deposit, destruction, disposal, exits, incidents, sale, waste
from ledger.domain.registry import authorities, authority, keys, parties, units
from ledger.domain.supervision import (
    conclusions,
    consent,
    corrective,
    findings,
    keeping,
    notices,
    plans,
    reaching,
    recalls,
    visits,
)
from ledger.domain.work import (
    checks,
    collection,
    derive,
    description,
    gates,
    holds,
    inactivation,
    making,
    permitted,
    portions,
    use,
)

if TYPE_CHECKING:
    from ledger.breach import Breach
    from ledger.domain.law.rule import Rule
    from ledger.domain.law.rules import RulePack

RULEBOOK: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for module in (
        dating,
        window,
        shares,
        consequences,
        corrections,
        applications,
        decisions,
        capability,
        meetings,
        on_site,
        reliance,
        remarks,
        reports,
        risk,
        scope,
        allotting,
        approvals,
        balance,
        changes,
        conversions,
        terms,
        permits,
        permit_changes,
        drawing,
        certificates,
        certification,
        consignments,
        destination,
        entry,
        executions,
        inspection,
        listing,
        orders,
        release,
        carriage,
        custody,
        direct,
        discrepancy,
        opening,
        receipt,
        packages,
        positions,
        stock,
        transfer,
        deposit,
        destruction,
        disposal,
        exits,
        incidents,
        sale,
        waste,
        authorities,
        authority,
        keys,
        parties,
        units,
        conclusions,
        consent,
        corrective,
        findings,
        keeping,
        notices,
        plans,
        reaching,
        recalls,
        visits,
        collection,
        derive,
        description,
        checks,
        gates,
        holds,
        inactivation,
        making,
        permitted,
        portions,
        use,
    )
    for rule in module.RULES
}


def grounds_of(breach: Breach, pack: RulePack | None) -> tuple[str, bool]:
    """Return the clause that a breach rests on, and whether it was read in the legal text.

    pack: the one that it was judged by; None: not at hand, and then the rule's own clause is told. The clause is "" of
    the ledger's own rules, and of a rule that this version does not know: that one is not verified.
    """
    rule = RULEBOOK.get(breach.rule)
    return ("", False) if rule is None else rule.grounds(breach, pack)
