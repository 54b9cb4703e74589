"""What a party takes back. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.amends import corrections
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import ANYONE

AMENDS: tuple[Kind[Any], ...] = (
    Kind("statement.voided/1", corrections.StatementVoided, ANYONE, corrections.judge_statement_voided),
)  # fmt: skip
