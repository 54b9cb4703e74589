"""Questions about permissions: what runs out, the sites of an approval, what left without a certificate."""

from __future__ import annotations

from typing import Final

from projections.asked.entry import permits
from projections.asked.parameters import APPROVAL, DAYS
from projections.asked.question import Question, Reads

PERMITS: Final = (
    Question(
        number=31,
        name="expiring",
        asks="Which permits and accreditations run out within so many days, and what depends on them?",
        reads=Reads.VIEWS,
        parameters=(DAYS,),
        answer=permits.expiring,
        row=permits.ExpiringRow,
        rests=("renew-permit", "renew-site-certificate"),
    ),
    Question(
        number=32,
        name="site-shares",
        asks="How much of an approval's lines does each site have, and which of them does the approval not name?",
        reads=Reads.LINEAGE,
        parameters=(APPROVAL,),
        answer=permits.site_shares,
        row=permits.SiteShareRow,
        rests=("SHA-04", "GAT-11"),
    ),
    Question(
        number=34,
        name="uncertified-exits",
        asks="What of the country's own donors has left it without an exit certificate?",
        reads=Reads.VIEWS,
        answer=permits.uncertified_exits,
        row=permits.UncertifiedRow,
        rests=("PMT-24",),
    ),
)
