"""What three readers say of the same log: the command and the page of a bundle, and who replays the whole log.

Each row is a decision of ``docs/formats.md`` on which readers could differ: a log in which something odd stands, what
is said of the bundle about it, and whether the log holds for who replays it. Where a bundle holds and its log does not,
the bundle names under "not checked" what it could not see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.changes import ApprovalSuspended
from ledger.domain.registry.parties import SiteRegistered
from ledger.domain.vocabulary import Role
from ledger.evidence.gather import Scope
from ledger.ids import ApprovalId, SiteId
from ledger.meaning import Meaning
from ledger.statement.envelope import parse_envelope
from ledger.statement.statement import sign_statement
from tests.corpus.bundle_log import RULE_PACK, Saying, SmallLog, author, meaning, statement_at, tags_in
from tests.corpus.bundle_story import (
    APPROVAL,
    CUSTOMS,
    FIRST,
    LINEAGE,
    OPERATOR,
    SCIENTIST,
    SECOND,
    STRANGER,
    TECHNICIAN,
    enrolment,
    key_of,
    revocation,
    use,
)
from tests.later import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from ledger.domain.vocabulary import Body
    from ledger.statement.authoring import Author

HOLDS: Final = ""
"""What is said by who replays a log that holds."""

KNOWN: Final = ("verified and known", 0, None)
NOT_CHECKED: Final = ("not checked", 5, None)
UNKNOWN: Final = ("intact but signer unknown", 3, None)

ON_ITEM: Final = Saying(tags=LINEAGE)
Bend = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Row:
    """A log, and what is said of it.

    tell: writes it, and returns the position that is odd. bend: bytes of the entry there that its operator writes
        otherwise, in the place of others; at the state entry where the position is 0.
    verdict: of the bundle about the first item: its words, its exit code, and the check that the odd entry fails.
    replayed: a pattern of what is said by who replays the log; HOLDS of one that holds.
    trust: the verifier's own, beside or in the place of the root's line.
    twin: writes an honest log with the same tags, for one of which no exporter makes a bundle.
    scope: of the bundle; whole where the odd entry is neither the item's nor of a status.
    """

    tell: Callable[[SmallLog], int]
    verdict: tuple[str, int, str | None]
    replayed: str
    bend: Bend | None = None
    trust: bytes | None = None
    twin: Callable[[SmallLog], int] | None = None
    scope: Scope = Scope.NARROW


def failed(check: str) -> tuple[str, int, str | None]:
    """Return the verdict of a bundle whose odd entry fails a check."""
    return "failed", 4, check


def ordinary(log: SmallLog) -> int:
    return log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)


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
        StatementVoided(statement=statement_at(enrolled), ground="entered-twice"), OPERATOR, saying=_as(log, enrolled)
    )
    return log.say(use(FIRST), TECHNICIAN, saying=ON_ITEM)


def revocation_voided(log: SmallLog) -> int:
    revoked = log.say(revocation(TECHNICIAN), SCIENTIST)
    log.say(
        StatementVoided(statement=statement_at(revoked), ground="never-happened"), SCIENTIST, saying=_as(log, revoked)
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


def at_the_opening(log: SmallLog) -> int:
    ordinary(log)
    return 1


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
    return log.say(StatementVoided(statement=statement_at(at), ground="wrong-item"), SCIENTIST, saying=_as(log, at))


def voided_as_only_a_later_program_knows(log: SmallLog) -> int:
    """A voiding of a later form, and a correction of what it may have voided: their tags tell nothing here."""
    at = ordinary(log)
    body = StatementVoided(statement=statement_at(at), ground="wrong-item")
    later = log.say(body, SCIENTIST, saying=replace(_as(log, at), kind="statement.voided/2"))
    log.say(use(SECOND), SCIENTIST, saying=Saying(tags=LINEAGE, corrects=at))
    return later


def used_thrice(log: SmallLog) -> int:
    """Write uses that bear the tags of those statements."""
    at = ordinary(log)
    log.say(use(FIRST), SCIENTIST, saying=_as(log, at))
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
    return log.say(StatementVoided(statement=statement_at(at), ground="never-happened"), CUSTOMS, saying=_as(log, at))


def voiding_leaves_out_a_status(log: SmallLog) -> int:
    at = log.say(suspended(), CUSTOMS)
    saying = replace(_as(log, at), unruled=[APPROVAL])
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


def later(
    change: Callable[[dict[str, Any]], object],
    body: Body | None = None,
    authors: Sequence[Author] = (SCIENTIST,),
    derived: Collection[str] = LINEAGE,
) -> Callable[[SmallLog], int]:
    """Return what writes a statement as a later program might, signed for real, and an ordinary one behind it."""

    def tell(log: SmallLog) -> int:
        plain = sign_statement(log.payload(body or use(FIRST), authors), [one.signer for one in authors])
        envelope = changed(plain, change, *(one.signer for one in authors))
        at = log.append(envelope, parse_envelope(envelope).payload, Saying(tags=derived))
        log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
        return at

    return tell


def before_it(body: Body, *authors: Author) -> Callable[[SmallLog], int]:
    """Return what writes the same as this program does."""

    def tell(log: SmallLog) -> int:
        at = log.say(body, *authors, saying=ON_ITEM)
        log.say(use(FIRST), SCIENTIST, saying=ON_ITEM)
        return at

    return tell


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


def _of_a_later_form(value: dict[str, Any]) -> None:
    value["v"] = 2
    del value["capture"]


def at_the_state_entry(log: SmallLog) -> int:
    ordinary(log)
    return 0


def _as(log: SmallLog, position: int) -> Saying:
    """Return the saying of a statement that bears the tags of another."""
    (found,) = log.store.read(position - 1, 1)
    return Saying(tags=tags_in(found.entry))


_TRUST_IN_STRANGER: Final = f"key {STRANGER.party} {STRANGER.signer.thumbprint}\n".encode()

RECORDED_LAST: Final = b"recorded 2026-09-01T04:17:01.000000Z"
"""When the state entry behind one event was recorded; the quorum cosigned at 05:00:01."""

TWICE: Final = before_it(use(FIRST), SCIENTIST)

ROWS: Final = {
    "ordinary": Row(ordinary, KNOWN, HOLDS),
    "enrolled-by-a-third-party": Row(enrolled_by_a_third_party, failed("key"), "may not enrol"),
    "enrolled-by-a-third-party-and-trusted": Row(
        enrolled_by_a_third_party, failed("key"), "may not enrol", trust=_TRUST_IN_STRANGER
    ),
    "enrolled-by-a-colleague": Row(enrolled_by_a_colleague, KNOWN, HOLDS),
    "enrolled-by-another-key-of-the-operator": Row(enrolled_by_another_key_of_the_operator, KNOWN, HOLDS),
    "enrolment-voided": Row(enrolment_voided, KNOWN, HOLDS),
    "revocation-voided": Row(revocation_voided, failed("key"), "was revoked"),
    "revoked-by-a-third-party": Row(revoked_by_a_third_party, failed("key"), "was revoked"),
    "revoked-by-itself": Row(revoked_by_itself, KNOWN, HOLDS),
    "key-kind-unknown": Row(key_kind_unknown, NOT_CHECKED, "key.suspended/1"),
    "key-kind-unknown-of-another-key": Row(key_kind_unknown_of_another_key, KNOWN, "key.suspended/1"),
    "log-kind-unknown": Row(log_kind_unknown, NOT_CHECKED, "log.handed-over/1", twin=used_twice),
    "kind-unknown": Row(kind_unknown, KNOWN, "item.polished/1", twin=ordinary),
    "body-of-another-kind": Row(body_of_another_kind, KNOWN, "body", twin=ordinary),
    "tag-without-a-reason": Row(tag_without_a_reason, failed("tags"), "item:second is too much"),
    "approval-without-an-item": Row(
        approval_without_an_item, failed("tags"), "approval:GX-1 is too much", scope=Scope.WHOLE
    ),
    "approval-that-the-item-did-not-come-in-under": Row(
        approval_that_the_item_did_not_come_in_under, KNOWN, "approval:GX-9 is too much"
    ),
    "corrected": Row(corrected, KNOWN, HOLDS),
    "correction-leaves-out-a-tag": Row(
        correction_leaves_out_a_tag, failed("tags"), "item:first is missing", scope=Scope.WHOLE
    ),
    "voided": Row(voided, KNOWN, HOLDS),
    "voiding-leaves-out-a-tag": Row(
        voiding_leaves_out_a_tag, failed("tags"), "item:first is missing", scope=Scope.WHOLE
    ),
    "status-corrected": Row(status_corrected, KNOWN, HOLDS),
    "correction-leaves-out-a-status": Row(
        correction_leaves_out_a_status, failed("tags"), "approval:GX-1 is missing", scope=Scope.WHOLE
    ),
    "status-voided": Row(status_voided, KNOWN, HOLDS),
    "voiding-leaves-out-a-status": Row(
        voiding_leaves_out_a_status, failed("tags"), "approval:GX-1 is missing", scope=Scope.WHOLE
    ),
    "status-without-a-reason": Row(status_without_a_reason, KNOWN, "approval:GX-1 is too much"),
    "entry-leaves-out-its-status": Row(entry_leaves_out_its_status, KNOWN, "approval:GX-1 is missing"),
    "corrected-a-second-time": Row(corrected_a_second_time, KNOWN, HOLDS),
    "corrected-a-second-time-with-its-tags": Row(
        corrected_a_second_time_with_its_tags, failed("tags"), "item:first is too much"
    ),
    "corrects-what-the-log-does-not-hold": Row(corrects_what_the_log_does_not_hold, KNOWN, HOLDS),
    "event-judged-by-nothing": Row(
        ordinary, failed("entry"), "not judged", bend=(f"rules {RULE_PACK}".encode(), b"rules none")
    ),
    "header-names-what-is-no-tag": Row(ordinary, failed("entry"), "ENT-02", bend=(b" site:lab", b" sitelab")),
    "state-entry-recorded-before": Row(
        at_the_state_entry,
        failed("entry"),
        "before the entry in front",
        bend=(b"recorded 2026-09-01T04", b"recorded 2026-09-01T03"),
    ),
    "later-member": Row(
        later(lambda value: value.update({"colour": "blue"})), NOT_CHECKED, r"the member \$.colour", twin=TWICE
    ),
    "later-member-of-a-signer": Row(
        later(lambda value: value["signers"][0].update({"device": "d-1"})),
        NOT_CHECKED,
        r"the member \$.signers\[0\].device",
        twin=TWICE,
    ),
    "later-version-of-the-payload": Row(
        later(lambda value: value.update({"v": 2})), NOT_CHECKED, "a payload of version 2; it knows up to 1", twin=TWICE
    ),
    "later-version-without-a-member": Row(
        later(_of_a_later_form), NOT_CHECKED, "a payload of version 2; it knows up to 1", twin=TWICE
    ),
    "enrolled-behind-a-log-kind-unknown": Row(
        enrolled_behind_a_log_kind_unknown, NOT_CHECKED, "log.handed-over/1", twin=enrolled_behind_a_use
    ),
    "later-form-of-the-opening": Row(
        at_the_opening,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-header-line-of-the-opening": Row(
        at_the_opening,
        NOT_CHECKED,
        "the header line obligations",
        bend=(b"\n\n{", b"\nobligations none due\n\n{"),
    ),
    "enrolled-by-a-key-in-doubt": Row(enrolled_by_a_key_in_doubt, NOT_CHECKED, "key.suspended/1"),
    "revoked-by-a-key-in-doubt": Row(revoked_by_a_key_in_doubt, NOT_CHECKED, "key.suspended/1"),
    "revoked-under-a-later-header-line": Row(
        revoked_by_a_colleague,
        NOT_CHECKED,
        "the header line obligations",
        bend=(b"\n\n{", b"\nobligations none due\n\n{"),
    ),
    "corrected-behind-what-cannot-be-read": Row(
        corrected_behind_what_cannot_be_read,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-voiding": Row(
        voided_as_only_a_later_program_knows,
        NOT_CHECKED,
        "statement.voided/2",
        twin=used_thrice,
    ),
    "later-member-of-an-enrolment": Row(
        enrolled_with_a_further_member, NOT_CHECKED, r"the member \$.body.until", twin=enrolled_and_used
    ),
    "later-header-line": Row(
        ordinary, NOT_CHECKED, "the header line obligations", bend=(b"\n\n{", b"\nobligations none due\n\n{")
    ),
    "later-form-of-the-entry": Row(
        ordinary,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-line-at-the-state-entry": Row(
        at_the_state_entry, NOT_CHECKED, "the header line obligations", bend=(b"\n\n{", b"\nobligations none\n\n{")
    ),
    "state-entry-recorded-a-minute-late": Row(
        at_the_state_entry, KNOWN, HOLDS, bend=(RECORDED_LAST, b"recorded 2026-09-01T05:01:01.000000Z")
    ),
    "state-entry-recorded-more-than-a-minute-late": Row(
        at_the_state_entry, NOT_CHECKED, HOLDS, bend=(RECORDED_LAST, b"recorded 2026-09-01T05:01:01.500000Z")
    ),
    "earlier-form-of-the-entry": Row(ordinary, failed("entry"), "ENT-05", bend=(b"vialog-entry/3", b"vialog-entry/2")),
    "header-line-that-no-program-writes": Row(
        ordinary, failed("entry"), "ENT-03", bend=(b"\n\n{", b"\nObligations none\n\n{")
    ),
    "root-that-did-not-open-the-log": Row(
        ordinary, UNKNOWN, HOLDS, trust=f"root {SCIENTIST.signer.thumbprint}\n".encode()
    ),
}
