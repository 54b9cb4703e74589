"""What questions are narrowed by: each option once, with the words that a command says of it."""

from __future__ import annotations

from typing import Final

from projections.asked.question import Holds, Parameter

ITEM: Final = Parameter("item", "subject", Holds.SUBJECT, "item")
APPROVAL: Final = Parameter("approval", "subject", Holds.SUBJECT, "approval")
CONSIGNMENT: Final = Parameter("consignment", "subject", Holds.SUBJECT, "consignment")
PARTY: Final = Parameter("party", "subject", Holds.SUBJECT, "party")
STATEMENT: Final = Parameter("statement", "subject", Holds.SUBJECT, "statement")
LOT: Final = Parameter("lot", "lot", Holds.TEXT, needed=False)
DONOR: Final = Parameter("donor", "donor", Holds.TEXT, needed=False)
FIRST: Final = Parameter("first", "first", Holds.DAY)
LAST: Final = Parameter("last", "last", Holds.DAY)
HOURS: Final = Parameter("hours", "hours", Holds.NUMBER, needed=False, default=24)
DAYS: Final = Parameter("days", "days", Holds.NUMBER, needed=False, default=90)

PARAMETERS: Final = (ITEM, APPROVAL, CONSIGNMENT, PARTY, STATEMENT, LOT, DONOR, FIRST, LAST, HOURS, DAYS)
"""All of them, in the order in which they are told."""
