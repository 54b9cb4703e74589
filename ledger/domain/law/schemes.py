"""Schemes of permits: what each one is, who issues it, and what it allows. One literal table.

A permit is any permission beside the approval form, and none of them stands in for that form. What a scheme asks is the
regulation's, with its clause; how long one may be valid is a number, and so stands in the rule pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledger.domain.bodies.vocabulary import SPEAKS_AS, Role
from ledger.domain.law.rules import Confidence, Parameter, RulePack


class Scheme(StrEnum):
    """What a permit is."""

    ACCESS_NUMBER = "access-number"
    ASSESSMENT_REPORT = "assessment-report"
    HGR_LICENCE = "hgr-licence"
    HGR_FILING = "hgr-filing"
    HGR_EXIT_CERTIFICATE = "hgr-exit-certificate"
    TRANSPORT_PERMIT = "transport-permit"
    SPECIAL_ITEM_LIST = "special-item-list"
    RESEARCH_IMPORT_LIST = "research-import-list"
    REFERENCE_PREPARATION = "reference-preparation"
    ANIMAL_QUARANTINE = "animal-quarantine"
    TRANSFER_PERMIT = "transfer-permit"
    FOREIGN_PERMIT = "foreign-permit"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a scheme is.

    issuers: the roles in which such permits are issued; empty: by whomever, as of a foreign permit.
    clause, confidence: where that is written, and how it was read.
    names_goods: a permit of it names its goods, line by line, as the pair of an enterprise and an item does.
    own_research: its goods are for the holder's own research, never for the clinic and never for sale.
    use_ledger: its holder keeps a ledger of the use of its goods.
    levels: it comes in levels.
    waives: what document its goods come in without; "" none. The approval of special items is never waived.
    longest: the parameter of the rule pack that limits how long one is valid; None: nothing does.
    """

    issuers: frozenset[Role]
    clause: str
    confidence: Confidence
    names_goods: bool = False
    own_research: bool = False
    use_ledger: bool = False
    levels: bool = False
    waives: str = ""
    longest: Callable[[RulePack], Parameter[int] | None] | None = None


_CUSTOMS: Final = frozenset({Role.CUSTOMS})
_HEALTH: Final = frozenset({Role.HEALTH_AUTHORITY})
_TOGETHER: Final = frozenset(SPEAKS_AS.values())
"""The departments of a joint mechanism: any of them issues for all."""

SCHEMES: Final[Mapping[Scheme, Facts]] = {
    Scheme.ACCESS_NUMBER: Facts(
        issuers=_CUSTOMS,
        clause="measures of 26 December 2023 on access; Biosecurity Law Art. 23",
        confidence=Confidence.V,
    ),
    Scheme.ASSESSMENT_REPORT: Facts(
        issuers=_CUSTOMS | {Role.ASSESSMENT_BODY},
        clause="255/2024 Arts 3, 11",
        confidence=Confidence.V,
        names_goods=True,
        longest=lambda pack: pack.assessment_report_validity_months,
    ),
    Scheme.HGR_LICENCE: Facts(
        issuers=_HEALTH, clause="HGR Regulations Arts 11, 14, 22; Biosecurity Law Art. 56", confidence=Confidence.V
    ),
    Scheme.HGR_FILING: Facts(
        issuers=_HEALTH, clause="HGR Regulations Art. 22; Biosecurity Law Art. 56", confidence=Confidence.V
    ),
    Scheme.HGR_EXIT_CERTIFICATE: Facts(
        issuers=_HEALTH, clause="HGR Regulations Art. 27; Biosecurity Law Art. 56", confidence=Confidence.V
    ),
    Scheme.TRANSPORT_PERMIT: Facts(
        issuers=_HEALTH,
        clause="State Council Order 424 Arts 10-11; MoH Order 45",
        confidence=Confidence.V,
        names_goods=True,
    ),
    Scheme.SPECIAL_ITEM_LIST: Facts(
        issuers=_TOGETHER, clause="Nanjing Customs Announcement 2/2022", confidence=Confidence.V
    ),
    Scheme.RESEARCH_IMPORT_LIST: Facts(
        issuers=_TOGETHER,
        clause="local white lists of research imports, as Sichuan's",
        confidence=Confidence.V,
        names_goods=True,
        own_research=True,
        use_ledger=True,
        waives="import-drug-clearance-form",
        longest=lambda pack: pack.white_list_validity_months,
    ),
    Scheme.REFERENCE_PREPARATION: Facts(
        issuers=frozenset({Role.MARKET_AUTHORITY}),
        clause="one-time import of reference preparations (text not read)",
        confidence=Confidence.U,
        names_goods=True,
    ),
    Scheme.ANIMAL_QUARANTINE: Facts(
        issuers=_CUSTOMS, clause="GACC Announcement 254/2025", confidence=Confidence.V2, levels=True
    ),
    Scheme.TRANSFER_PERMIT: Facts(
        issuers=_HEALTH, clause="42 CFR 71.54 (subsequent transfers)", confidence=Confidence.V
    ),
    Scheme.FOREIGN_PERMIT: Facts(issuers=frozenset(), clause="", confidence=Confidence.V),
    Scheme.CONSENT: Facts(
        issuers=frozenset({Role.ETHICS_COMMITTEE}), clause="HGR Regulations Art. 12", confidence=Confidence.V
    ),
}

ISSUING: Final = frozenset[Role]().union(*(facts.issuers for facts in SCHEMES.values()))
"""The roles that decide on permits; what anybody else records of their decisions is a reference to a document."""


def longest_of(scheme: str, pack: RulePack) -> Parameter[Any] | None:
    """Return the parameter that limits how long permits of a scheme are valid; None where nothing does."""
    longest = SCHEMES[Scheme(scheme)].longest
    return None if longest is None else longest(pack)
