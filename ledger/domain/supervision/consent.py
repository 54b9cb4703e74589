"""Consent withdrawn: what was made of a donor's material is used no more, and where asked for it is disposed of.

Who the donor is never stands in the log: items are named, and where given the commitment to the donor's code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Body, CaseRef, Items, Reference, Role
from ledger.domain.cases import check_new
from ledger.domain.connection import check_connected
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.holding import Asked, Holding
from ledger.domain.states.subjects import Case, Item
from ledger.domain.supervision import reaching
from ledger.domain.supervision.reaching import DonorRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ApprovalId, ConsignmentId

MATTER: Final = "consent"

# Body


class ConsentWithdrawn(Body, frozen=True):
    """Consent to the use of items is withdrawn; they, and all that was made of them, are used no more.

    donor: the donor's commitment, which every item then bears.
    dispose: whether they are to be disposed of.
    reference: what the ethics committee or the collecting institution wrote.
    """

    case: CaseRef
    items: Items
    donor: DonorRef | None = None
    dispose: bool = False
    reference: Reference | None = None

    @property
    def approval(self) -> ApprovalId | None:
        """Return no approval: consent is a matter of items."""
        return None

    @property
    def consignment(self) -> ConsignmentId | None:
        """Return no consignment: consent is a matter of items."""
        return None


# Rules

CASE_NEW = Rule("CNS-01", "A withdrawn consent is a case of its own.", Answer.REFUSAL)
SPEAKER = Rule(
    "CNS-02",
    "The withdrawal of consent is stated by an ethics committee, an authority or who has the items.",
    Answer.REFUSAL,
    "HGR Regulations Art. 12",
    Confidence.V,
)

RULES = (CASE_NEW, SPEAKER)

# Judge


def judge_consent_withdrawn(world: World, said: Signed[ConsentWithdrawn], rules: RulePack) -> Iterator[Breach]:
    """Judge a withdrawal of consent. Raises Refused: CNS-01, HLD-02, HLD-03, CNS-02."""
    body = said.body
    check_new(world, body.case, CASE_NEW)
    reaching.check_items(world, body.items, None, body.donor)
    if all(signer.role is not Role.ETHICS_COMMITTEE for signer in said.signers):
        check_connected(said, reaching.connected(world, body), SPEAKER, body.case)
    yield from ()


# Effects


def consent_withdrawn(case: Case, event: Event[ConsentWithdrawn]) -> Case:
    """Return the case as opened by a withdrawal."""
    body = event.said.body
    return reaching.placed(case, event, MATTER, Holding(asked=_asked(body), donor=body.donor))


def item_withdrawn(item: Item, event: Event[ConsentWithdrawn]) -> Item:
    """Return the item as held, if the withdrawal names it."""
    return reaching.item_placed(item, event, _asked(event.said.body), event.said.body.items)


def _asked(body: ConsentWithdrawn) -> Asked:
    return Asked.DESTROY if body.dispose else Asked.HOLD
