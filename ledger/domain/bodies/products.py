"""Products as papers before entry name them: lines of an application and of a risk assessment, and the papers filed.

A product is what somebody wants to bring in or out, told before any of it is on record: it has no item yet.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ledger.domain.bodies.vocabulary import Amount, Body, Code, Country, Digest, LineNo, Name, Number
from ledger.reference.activities import Material


class Paper(StrEnum):
    """What a paper is that an applicant files."""

    APPLICATION_FORM = "application-form"
    PRODUCT_LIST = "product-list"
    COMMITMENT = "commitment"
    LICENCE = "licence"
    BIOSAFETY_SYSTEM = "biosafety-system"
    FLOOR_PLAN = "floor-plan"
    LABORATORY_LEVEL = "laboratory-level"
    SELF_ASSESSMENT = "self-assessment"
    RISK_DOSSIER = "risk-dossier"
    ORIGIN_CERTIFICATE = "origin-certificate"
    INACTIVATION_PROOF = "inactivation-proof"
    PROJECT_APPROVAL = "project-approval"
    FOREIGN_AGREEMENT = "foreign-agreement"
    DOMESTIC_AGREEMENT = "domestic-agreement"
    ETHICS_APPROVAL = "ethics-approval"
    STUDY_PROTOCOL = "study-protocol"
    CONSENT_FORM = "consent-form"
    DRUG_AUTHORITY_DOCUMENT = "drug-authority-document"
    HGR_DOCUMENT = "hgr-document"
    TRANSPORT_PLAN = "transport-plan"
    SAMPLE_HANDLING = "sample-handling"
    WASTE_PLAN = "waste-plan"
    OTHER = "other"


class FiledPaper(Body, frozen=True):
    """A paper that is filed: what it is, and the SHA-256 of its bytes."""

    paper: Paper
    digest: Digest


FiledPapers = Annotated[
    tuple[FiledPaper, ...], Meta(min_length=1, max_length=200, description="At least one paper that is filed.")
]
MissingPapers = Annotated[tuple[Paper, ...], Meta(max_length=50, description="What is missing; empty: nothing.")]


class Product(Body, frozen=True):
    """One product on a line: what it is, and how much of it.

    agents: codes of the pathogen catalogue that it contains or may contain.
    material: the state of the material; left out where nobody said.
    specification: its specification or article number as printed.
    origin: the country that it is made or collected in.
    filing_number: of the product's filing with customs, where it is filed.
    access_number: of the list of goods that have access, where it must be on it.
    """

    line: LineNo
    name_en: Name
    quantity: Amount
    name_zh: Name | None = None
    agents: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    material: Material | None = None
    specification: Number | None = None
    manufacturer: Name | None = None
    origin: Country | None = None
    filing_number: Number | None = None
    access_number: Number | None = None


Products = Annotated[
    tuple[Product, ...], Meta(min_length=1, max_length=400, description="At least one product, each on its own line.")
]
