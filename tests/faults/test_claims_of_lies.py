"""Answers from a record that nobody judged: whatever an operator that lies recorded, there is a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from ledger.domain.bodies.vocabulary import Amount
from ledger.domain.border.listing import ItemListed, ListedItem
from ledger.domain.work.derive import ItemAliquoted
from ledger.domain.work.making import Child
from ledger.domain.work.use import ItemUsed
from ledger.evidence.bundle.answer import encode_answer
from ledger.evidence.checks.trust import parse_trust
from ledger.evidence.export import Answered, export_bundle
from ledger.ids import ItemId, Tag, type_of
from ledger.reference.activities import Activity
from ledger.rulepacks.load import load_packs
from ledger.tlog.policy import parse_policy
from projections.asked.table import QUESTIONS
from projections.claims.checking import Finding, check_answer
from projections.claims.table import CLAIMABLE
from tests.corpus.bundle_log import Saying, SmallLog, policy
from tests.corpus.bundle_story import (
    APPROVAL,
    CHILD,
    FIRST,
    GOODS,
    IMPORTER,
    LAB,
    LINEAGE,
    SCIENTIST,
    SECOND,
    TECHNICIAN,
    begun,
    ml,
    trust,
    use,
)
from tests.corpus.claimed import asked

if TYPE_CHECKING:
    from collections.abc import Callable

SUBJECTS: Final = tuple(map(Tag, (FIRST, SECOND, APPROVAL, GOODS)))


def made_of(log: SmallLog, parent: ItemId, child: ItemId) -> None:
    children = (Child(item=child, label="c", quantity=ml("0.4")),)
    body = ItemAliquoted(parent=parent, laboratory=LAB, children=children, residual=ml("0.5"), loss=ml("0"))
    log.say(body, TECHNICIAN, saying=Saying(tags=LINEAGE))


def its_own_grandparent(log: SmallLog) -> None:
    made_of(log, CHILD, SECOND)
    made_of(log, SECOND, CHILD)


def its_own_parent(log: SmallLog) -> None:
    made_of(log, FIRST, FIRST)


def another_unit(log: SmallLog) -> None:
    body = ItemUsed(
        item=FIRST,
        laboratory=LAB,
        project="p1",
        purpose="research",
        activity=Activity.UNCULTURED,
        quantity=Amount(value="3", unit="vial"),
    )
    log.say(body, SCIENTIST, saying=Saying(tags=LINEAGE))


def more_than_there_is(log: SmallLog) -> None:
    log.say(use(FIRST, "999999999999"), SCIENTIST, saying=Saying(tags=LINEAGE))


def an_item_that_nobody_listed(log: SmallLog) -> None:
    log.say(use(ItemId("item:ghost")), SCIENTIST, saying=Saying(tags=LINEAGE))


def a_line_that_there_is_not(log: SmallLog) -> None:
    items = (ListedItem(item=FIRST, label="x", quantity=ml("1")),)
    log.say(ItemListed(consignment=GOODS, approval=APPROVAL, line=77, items=items), IMPORTER)


def a_correction_of_itself(log: SmallLog) -> None:
    log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=log.next))


@pytest.mark.parametrize("question", CLAIMABLE)
@pytest.mark.parametrize(
    "lie",
    [
        its_own_grandparent,
        its_own_parent,
        another_unit,
        more_than_there_is,
        an_item_that_nobody_listed,
        a_line_that_there_is_not,
        a_correction_of_itself,
    ],
)
def test_a_record_that_nobody_judged_gets_a_finding(lie: Callable[[SmallLog], None], question: str) -> None:
    log, _ = begun()
    lie(log)
    frame = log.publish()
    for subject in (one for one in SUBJECTS if type_of(one) in QUESTIONS[question].about):
        empty = encode_answer(asked(question, subject, frame.checkpoint.size))
        data = export_bundle(log.store, frame, subject, answered=Answered(empty, frozenset(SUBJECTS)))
        found = check_answer(data, parse_policy(policy()), parse_trust(trust()), load_packs())
        assert found.finding in Finding
        assert found.finding is not Finding.AGREES  # it is claimed with no edition
