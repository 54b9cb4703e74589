"""Logs in which something odd stands in the tags or the status of an entry, or in what corrects or voids another."""

from __future__ import annotations

from dataclasses import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.registry.parties import SiteRegistered
from ledger.ids import ApprovalId, SiteId
from tests.corpus.bundle_log import Saying, SmallLog, statement_at
from tests.corpus.bundle_story import APPROVAL, CUSTOMS, FIRST, LINEAGE, OPERATOR, SCIENTIST, SECOND, use
from tests.corpus.logs import ON_ITEM, ordinary, with_tags_of


def corrected_behind_what_cannot_be_read(log: SmallLog) -> int:
    """A correction of what the entry in between has corrected, or has not: its tags tell that it has."""
    at = ordinary(log)
    between = log.say(use(FIRST, "0.2"), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    return between


def used_twice(log: SmallLog) -> int:
    log.say(use(FIRST), OPERATOR, saying=ON_ITEM)
    return ordinary(log)


def kind_unknown(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, kind="item.polished/1"))


def body_of_another_kind(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, kind="item.aliquoted/1"))


def tag_without_a_reason(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=(*LINEAGE, SECOND)))


def approval_without_an_item(log: SmallLog) -> int:
    body = SiteRegistered(site=SiteId("site:other"), party=SCIENTIST.party, name="Other", use="store")
    return log.say(body, SCIENTIST, saying=Saying(tags=[APPROVAL]))


def approval_that_the_item_did_not_come_in_under(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=(*LINEAGE, ApprovalId("approval:GX-9"))))


def corrected(log: SmallLog) -> int:
    at = ordinary(log)
    return log.say(use(SECOND), SCIENTIST, saying=Saying(tags=(*LINEAGE, FIRST), corrects=at))


def correction_leaves_out_a_tag(log: SmallLog) -> int:
    at = ordinary(log)
    return log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))


def voided(log: SmallLog) -> int:
    at = ordinary(log)
    return log.say(
        StatementVoided(statement=statement_at(at), ground="wrong-item"), SCIENTIST, saying=with_tags_of(log, at)
    )


def voided_as_only_a_later_program_knows(log: SmallLog) -> int:
    """A voiding of a later form, and a correction of what it may have voided: their tags tell nothing here."""
    at = ordinary(log)
    body = StatementVoided(statement=statement_at(at), ground="wrong-item")
    later = log.say(body, SCIENTIST, saying=replace(with_tags_of(log, at), kind="statement.voided/2"))
    log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    return later


def used_thrice(log: SmallLog) -> int:
    """Write uses that bear the tags of those statements."""
    at = ordinary(log)
    log.say(use(FIRST), SCIENTIST, saying=with_tags_of(log, at))
    return log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE))


def voiding_leaves_out_a_tag(log: SmallLog) -> int:
    at = ordinary(log)
    saying = Saying(tags=(*LINEAGE, "site:lab"))
    return log.say(StatementVoided(statement=statement_at(at), ground="wrong-item"), SCIENTIST, saying=saying)


def suspended(ground: str = "storage") -> ApprovalSuspended:
    return ApprovalSuspended(approval=APPROVAL, ground=ground)


def status_corrected(log: SmallLog) -> int:
    at = log.say(suspended(), CUSTOMS)
    return log.say(suspended("labelling"), CUSTOMS, saying=Saying(corrects=at))


def correction_leaves_out_a_status(log: SmallLog) -> int:
    at = log.say(suspended(), CUSTOMS)
    return log.say(suspended("labelling"), CUSTOMS, saying=Saying(corrects=at, unruled=[APPROVAL]))


def status_voided(log: SmallLog) -> int:
    at = log.say(suspended(), CUSTOMS)
    return log.say(
        StatementVoided(statement=statement_at(at), ground="never-happened"), CUSTOMS, saying=with_tags_of(log, at)
    )


def voiding_leaves_out_a_status(log: SmallLog) -> int:
    at = log.say(suspended(), CUSTOMS)
    saying = replace(with_tags_of(log, at), unruled=[APPROVAL])
    return log.say(StatementVoided(statement=statement_at(at), ground="never-happened"), CUSTOMS, saying=saying)


def status_without_a_reason(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, ruling=[APPROVAL]))


def entry_leaves_out_its_status(log: SmallLog) -> int:
    return log.say(suspended(), CUSTOMS, saying=Saying(unruled=[APPROVAL]))


def corrected_a_second_time(log: SmallLog) -> int:
    at = ordinary(log)
    log.say(use(FIRST, "0.2"), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    return log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))


def corrected_a_second_time_with_its_tags(log: SmallLog) -> int:
    at = ordinary(log)
    log.say(use(FIRST, "0.2"), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    return log.say(use(SECOND), SCIENTIST, saying=Saying(tags=(*LINEAGE, FIRST), corrects=at))


def corrects_what_the_log_does_not_hold(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=9_999))
