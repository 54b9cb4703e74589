"""One good statement and those who sign it, the same bytes each time; keys come from seeds that stand here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from ledger.ids import PartyId, StatementId
from ledger.meaning import Meaning
from ledger.statement.form.disclosure import digest_of
from ledger.statement.form.header import Acknowledgement, Capture, CaptureMode, Seen, Signer
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm, PublicKey, admit
from ledger.statement.signing.signer import MemorySigner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.statement.signing.signer import StatementSigner

PARTY: Final = PartyId("party:LAB1")
STATEMENT: Final = StatementId("019dc2a0-0000-7000-8000-000000000001")


def seeded(number: int, alg: Algorithm = Algorithm.ED25519) -> MemorySigner:
    """Return the signer whose seed is one byte, 32 times."""
    return MemorySigner.from_seed(alg, bytes([number]) * 32)


def admitted(signers: Sequence[StatementSigner]) -> dict[str, PublicKey]:
    """Return the public keys of some signers by thumbprint."""
    return {signer.thumbprint: admit(signer.spki, signer.alg) for signer in signers}


def said_by(signers: Sequence[StatementSigner]) -> tuple[Signer, ...]:
    """Return how a payload names some signers: the first performed, the others witnessed."""
    return tuple(
        Signer(
            key=signer.thumbprint,
            alg=signer.alg,
            party=PARTY,
            person=f"t-{index:02}",
            role="technician",
            meaning=Meaning.WITNESSED if index else Meaning.PERFORMED,
        )
        for index, signer in enumerate(signers)
    )


def sample_payload(signers: Sequence[StatementSigner]) -> bytes:
    """Return a payload in which every optional member stands."""
    return build_payload(
        log="ledger.example/log1",
        id=STATEMENT,
        kind="item.received/1",
        occurred_at=datetime(2026, 11, 21, 8, 30, tzinfo=UTC),
        signers=said_by(signers),
        capture=Capture(CaptureMode.OFFLINE, device="scanner-4", seq=17, source="5a" * 32),
        seen=Seen(1234, bytes(range(32))),
        reason="late-entry",
        acknowledges=[Acknowledgement("CUS-07", "arrived-before-release")],
        corrects=StatementId("019dc2a0-0000-7000-8000-000000000000"),
        body={"item": "item:7K3M", "agent": "流感病毒", "amount": {"value": "1.50", "unit": "mL"}, "count": 3},
        sd=[digest_of("one"), digest_of("two")],
    )
