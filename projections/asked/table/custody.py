"""Questions about custody and stock: hand-overs, what is checked out, counts."""

from __future__ import annotations

from typing import Final

from projections.asked.goods import chain, custody
from projections.asked.parameters import ITEM
from projections.asked.question import Question, Reads

CUSTODY: Final = (
    Question(
        number=4,
        name="custody-chain",
        asks="Through whose hands did an item go, with every hand-over, gap, seal and temperature?",
        reads=Reads.LINEAGE,
        parameters=(ITEM,),
        answer=chain.chain_of,
        row=chain.ChainRow,
        rests=("CUS-09", "CAR-07"),
    ),
    Question(
        number=15,
        name="excursions",
        asks="What left its range of temperature, and what was decided about it?",
        reads=Reads.VIEWS,
        answer=chain.out_of_range,
        row=chain.OutOfRangeRow,
        rests=("CAR-07",),
    ),
    Question(
        number=15,
        name="used-after-excursion",
        asks="What was used after an excursion of temperature before that was allowed?",
        reads=Reads.VIEWS,
        answer=chain.used_unfit,
        row=chain.UsedAfterRow,
        rests=("GAT-09",),
    ),
    Question(
        number=16,
        name="unanswered-handovers",
        asks="Which hand-overs has nobody answered?",
        reads=Reads.VIEWS,
        answer=custody.unanswered,
        row=custody.UnansweredRow,
        rests=("answer-handover", "CUS-09"),
    ),
    Question(
        number=16,
        name="taken-unasked",
        asks="What did somebody take that nobody handed over?",
        reads=Reads.LOG,
        answer=custody.ungiven,
        row=custody.UngivenRow,
        rests=("CUS-09",),
    ),
    Question(
        number=16,
        name="nobodys",
        asks="Which items are in nobody's hands now?",
        reads=Reads.VIEWS,
        answer=custody.nobodys,
        row=custody.NobodysRow,
        rests=("CUS-09",),
    ),
    Question(
        number=24,
        name="checked-out",
        asks="What was checked out and is not returned?",
        reads=Reads.VIEWS,
        answer=custody.checked_out,
        row=custody.OwedRow,
        rests=("return-checkout",),
    ),
    Question(
        number=24,
        name="uncounted",
        asks="What in stock was not counted in time?",
        reads=Reads.VIEWS,
        answer=custody.uncounted,
        row=custody.OwedRow,
        rests=("count-stock",),
    ),
    Question(
        number=24,
        name="variances",
        asks="What did counts find otherwise than recorded, and has anybody answered for it?",
        reads=Reads.LOG,
        answer=custody.counted_otherwise,
        row=custody.VarianceRow,
        rests=("STK-07",),
    ),
    Question(
        number=42,
        name="both-sides",
        asks="Do the two sides of each hand-over and transfer tell the same?",
        reads=Reads.LOG,
        answer=custody.sides,
        row=custody.SidesRow,
        rests=("CUS-09",),
    ),
)
