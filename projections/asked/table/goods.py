"""Questions about items: where they are, what they were made of, what was found otherwise."""

from __future__ import annotations

from typing import Final

from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.subjects import Item
from ledger.statement.duties import DUTIES
from projections.asked.goods import goods
from projections.asked.parameters import APPROVAL, CONSIGNMENT, DONOR, ITEM, LOT
from projections.asked.question import Question, Reads
from projections.asked.supervision import owed

GOODS: Final = (
    Question(
        number=3,
        name="whereabouts",
        asks="Where was an item at a time, as the record said at another time?",
        reads=Reads.SUBJECT,
        parameters=(ITEM,),
        answer=goods.where_was,
        row=goods.WhereRow,
    ),
    Question(
        number=5,
        name="descendants",
        asks="What was made of an item, a consignment or what came in under an approval, and where is it now?",
        reads=Reads.LINEAGE,
        parameters=(ITEM, CONSIGNMENT, APPROVAL, LOT, DONOR),
        answer=goods.made_of,
        row=goods.DescendantRow,
    ),
    Question(
        number=2,
        name="owed",
        asks="What is or was owed for an item, a consignment or an approval, by when, and how did it end?",
        reads=Reads.LINEAGE,
        parameters=(ITEM, CONSIGNMENT, APPROVAL),
        answer=owed.owed_for,
        row=owed.OwedRow,
        rests=tuple(one.id for one in DUTIES.values() if one.about in {Item, Consignment, Approval}),
    ),
    Question(
        number=6,
        name="ancestors",
        asks="What was an item made of, back to the approvals and the consents?",
        reads=Reads.LINEAGE,
        parameters=(ITEM,),
        answer=goods.made_from,
        row=goods.AncestorRow,
    ),
    Question(
        number=14,
        name="discrepancies",
        asks="Which discrepancies were found at receipt, are they resolved or reported, and how long did it take?",
        reads=Reads.VIEWS,
        answer=goods.differences,
        row=goods.DiscrepancyRow,
        rests=("resolve-discrepancy", "RCP-07"),
    ),
)
