"""Logs in which something odd is said of keys: who enrols and revokes whom, and what a later program says of them."""

from __future__ import annotations

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.bodies.vocabulary import Role
from ledger.meaning import Meaning
from tests.corpus.bundle_log import Saying, SmallLog, author, meaning, statement_at, tags_in
from tests.corpus.bundle_story import (
    CUSTOMS,
    FIRST,
    LINEAGE,
    OPERATOR,
    SCIENTIST,
    STRANGER,
    TECHNICIAN,
    enrolment,
    key_of,
    revocation,
    use,
)
from tests.corpus.logs import ON_ITEM, later, with_tags_of


def enrolled_by_a_third_party(log: SmallLog) -> int:
    at = log.say(enrolment(STRANGER), CUSTOMS, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at


def enrolled_by_a_colleague(log: SmallLog) -> int:
    at = log.say(enrolment(STRANGER), SCIENTIST, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at


def enrolled_by_another_key_of_the_operator(log: SmallLog) -> int:
    second = author("operator", Role.OPERATOR, "p-2")
    log.say(enrolment(second), OPERATOR, meaning(second, Meaning.ENROLLED))
    at = log.say(enrolment(STRANGER), second, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at


def enrolment_voided(log: SmallLog) -> int:
    enrolled = next(one.position for one in log.store.read() if key_of(TECHNICIAN) in tags_in(one.entry))
    log.say(
        StatementVoided(statement=statement_at(enrolled), ground="entered-twice"),
        OPERATOR,
        saying=with_tags_of(log, enrolled),
    )
    return log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)


def revocation_voided(log: SmallLog) -> int:
    revoked = log.say(revocation(TECHNICIAN), SCIENTIST)
    log.say(
        StatementVoided(statement=statement_at(revoked), ground="never-happened"),
        SCIENTIST,
        saying=with_tags_of(log, revoked),
    )
    return log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)


def revoked_by_a_third_party(log: SmallLog) -> int:
    log.say(revocation(TECHNICIAN), CUSTOMS)
    return log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)


def revoked_by_itself(log: SmallLog) -> int:
    log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)
    return log.say(revocation(TECHNICIAN), TECHNICIAN)


def key_kind_unknown(log: SmallLog) -> int:
    log.say(revocation(TECHNICIAN), SCIENTIST, saying=Saying(kind="key.suspended/1"))
    return log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)


def key_kind_unknown_of_another_key(log: SmallLog) -> int:
    at = log.say(revocation(TECHNICIAN), SCIENTIST, saying=Saying(kind="key.suspended/1"))
    log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
    return at


def log_kind_unknown(log: SmallLog) -> int:
    log.say(use(FIRST), OPERATOR, saying=Saying(kind="log.handed-over/1", tags=LINEAGE))
    return log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)


def enrolled_behind_a_log_kind_unknown(log: SmallLog) -> int:
    """An enrolment by a third party, which may be the operator by then."""
    log.say(use(FIRST), OPERATOR, saying=Saying(kind="log.handed-over/1", tags=LINEAGE))
    return enrolled_by_a_third_party(log)


def enrolled_behind_a_use(log: SmallLog) -> int:
    log.say(use(FIRST), OPERATOR, saying=ON_ITEM)
    return enrolled_by_a_third_party(log)


def _enrolled_by_customs_and_used(log: SmallLog) -> int:
    """Write the enrolment by a third party: whether it is the operator by then, a record not known may say."""
    at = log.say(enrolment(STRANGER), CUSTOMS, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at


def enrolled_by_a_key_in_doubt(log: SmallLog) -> int:
    log.say(revocation(SCIENTIST), OPERATOR, saying=Saying(kind="key.suspended/1"))
    return enrolled_by_a_colleague(log)


def revoked_by_a_key_in_doubt(log: SmallLog) -> int:
    log.say(revocation(SCIENTIST), OPERATOR, saying=Saying(kind="key.suspended/1"))
    return revoked_by_a_colleague(log)


def revoked_by_a_colleague(log: SmallLog) -> int:
    """A revocation, and behind it what the key signs all the same."""
    at = log.say(revocation(TECHNICIAN), SCIENTIST)
    log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)
    return at


def enrolled_with_a_further_member(log: SmallLog) -> int:
    """An enrolment with a member of its body that this program does not know, and what the key signs then."""
    authors = (SCIENTIST, meaning(STRANGER, Meaning.ENROLLED))
    at = later(lambda value: value["body"].update({"until": "2027-01-01"}), enrolment(STRANGER), authors, ())(log)
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at


def enrolled_and_used(log: SmallLog) -> int:
    at = log.say(enrolment(STRANGER), SCIENTIST, meaning(STRANGER, Meaning.ENROLLED))
    log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
    log.say(use(FIRST), STRANGER, saying=ON_ITEM)
    return at
