"""What three readers say of the same log: the command and the page of a bundle, and who replays the whole log.

Each row is a decision of ``docs/formats.md`` on which readers could differ: a log in which something odd stands, what
is said of the bundle about it, and whether the log holds for who replays it. Where a bundle holds and its log does not,
the bundle names under "not checked" what it could not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.evidence.bundle.manifest import Scope
from tests.corpus import logs
from tests.corpus import logs_about_keys as keys
from tests.corpus import logs_about_tags as tags
from tests.corpus.bundle_log import RULE_PACK, SmallLog
from tests.corpus.bundle_story import (
    SCIENTIST,
    STRANGER,
)

if TYPE_CHECKING:
    from collections.abc import Callable


HOLDS: Final = ""
"""What is said by who replays a log that holds."""

KNOWN: Final = ("verified and known", 0, None)
NOT_CHECKED: Final = ("not checked", 5, None)
UNKNOWN: Final = ("intact but signer unknown", 3, None)

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


_TRUST_IN_STRANGER: Final = f"key {STRANGER.party} {STRANGER.signer.thumbprint}\n".encode()

RECORDED_LAST: Final = b"recorded 2026-09-01T04:17:01.000000Z"
"""When the state entry behind one event was recorded; the quorum cosigned at 05:00:01."""

ROWS: Final = {
    "ordinary": Row(logs.ordinary, KNOWN, HOLDS),
    "enrolled-by-a-third-party": Row(keys.enrolled_by_a_third_party, failed("key"), "may not enrol"),
    "enrolled-by-a-third-party-and-trusted": Row(
        keys.enrolled_by_a_third_party, failed("key"), "may not enrol", trust=_TRUST_IN_STRANGER
    ),
    "enrolled-by-a-colleague": Row(keys.enrolled_by_a_colleague, KNOWN, HOLDS),
    "enrolled-by-another-key-of-the-operator": Row(keys.enrolled_by_another_key_of_the_operator, KNOWN, HOLDS),
    "enrolment-voided": Row(keys.enrolment_voided, KNOWN, HOLDS),
    "revocation-voided": Row(keys.revocation_voided, failed("key"), "was revoked"),
    "revoked-by-a-third-party": Row(keys.revoked_by_a_third_party, failed("key"), "was revoked"),
    "revoked-by-itself": Row(keys.revoked_by_itself, KNOWN, HOLDS),
    "key-kind-unknown": Row(keys.key_kind_unknown, NOT_CHECKED, "key.suspended/1"),
    "key-kind-unknown-of-another-key": Row(keys.key_kind_unknown_of_another_key, KNOWN, "key.suspended/1"),
    "log-kind-unknown": Row(keys.log_kind_unknown, NOT_CHECKED, "log.handed-over/1", twin=tags.used_twice),
    "kind-unknown": Row(tags.kind_unknown, KNOWN, "item.polished/1", twin=logs.ordinary),
    "body-of-another-kind": Row(tags.body_of_another_kind, KNOWN, "body", twin=logs.ordinary),
    "tag-without-a-reason": Row(tags.tag_without_a_reason, failed("tags"), "item:second is too much"),
    "approval-without-an-item": Row(
        tags.approval_without_an_item, failed("tags"), "approval:GX-1 is too much", scope=Scope.WHOLE
    ),
    "approval-that-the-item-did-not-come-in-under": Row(
        tags.approval_that_the_item_did_not_come_in_under, KNOWN, "approval:GX-9 is too much"
    ),
    "corrected": Row(tags.corrected, KNOWN, HOLDS),
    "correction-leaves-out-a-tag": Row(
        tags.correction_leaves_out_a_tag, failed("tags"), "item:first is missing", scope=Scope.WHOLE
    ),
    "voided": Row(tags.voided, KNOWN, HOLDS),
    "voiding-leaves-out-a-tag": Row(
        tags.voiding_leaves_out_a_tag, failed("tags"), "item:first is missing", scope=Scope.WHOLE
    ),
    "status-corrected": Row(tags.status_corrected, KNOWN, HOLDS),
    "correction-leaves-out-a-status": Row(
        tags.correction_leaves_out_a_status, failed("tags"), "approval:GX-1 is missing", scope=Scope.WHOLE
    ),
    "status-voided": Row(tags.status_voided, KNOWN, HOLDS),
    "voiding-leaves-out-a-status": Row(
        tags.voiding_leaves_out_a_status, failed("tags"), "approval:GX-1 is missing", scope=Scope.WHOLE
    ),
    "status-without-a-reason": Row(tags.status_without_a_reason, KNOWN, "approval:GX-1 is too much"),
    "entry-leaves-out-its-status": Row(tags.entry_leaves_out_its_status, KNOWN, "approval:GX-1 is missing"),
    "corrected-a-second-time": Row(tags.corrected_a_second_time, KNOWN, HOLDS),
    "corrected-a-second-time-with-its-tags": Row(
        tags.corrected_a_second_time_with_its_tags, failed("tags"), "item:first is too much"
    ),
    "corrects-what-the-log-does-not-hold": Row(tags.corrects_what_the_log_does_not_hold, KNOWN, HOLDS),
    "event-judged-by-nothing": Row(
        logs.ordinary, failed("entry"), "not judged", bend=(f"rules {RULE_PACK}".encode(), b"rules none")
    ),
    "header-names-what-is-no-tag": Row(logs.ordinary, failed("entry"), "ENT-02", bend=(b" site:lab", b" sitelab")),
    "state-entry-recorded-before": Row(
        logs.at_the_state_entry,
        failed("entry"),
        "before the entry in front",
        bend=(b"recorded 2026-09-01T04", b"recorded 2026-09-01T03"),
    ),
    "later-member": Row(
        logs.later(lambda value: value.update({"colour": "blue"})),
        NOT_CHECKED,
        r"the member \$.colour",
        twin=logs.TWICE,
    ),
    "later-member-of-a-signer": Row(
        logs.later(lambda value: value["signers"][0].update({"device": "d-1"})),
        NOT_CHECKED,
        r"the member \$.signers\[0\].device",
        twin=logs.TWICE,
    ),
    "later-version-of-the-payload": Row(
        logs.later(lambda value: value.update({"v": 2})),
        NOT_CHECKED,
        "a payload of version 2; it knows up to 1",
        twin=logs.TWICE,
    ),
    "later-version-without-a-member": Row(
        logs.later(logs.of_a_later_form),
        NOT_CHECKED,
        "a payload of version 2; it knows up to 1",
        twin=logs.TWICE,
    ),
    "enrolled-behind-a-log-kind-unknown": Row(
        keys.enrolled_behind_a_log_kind_unknown, NOT_CHECKED, "log.handed-over/1", twin=keys.enrolled_behind_a_use
    ),
    "later-form-of-the-opening": Row(
        logs.at_the_opening,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-header-line-of-the-opening": Row(
        logs.at_the_opening,
        NOT_CHECKED,
        "the header line obligations",
        bend=(b"\n\n{", b"\nobligations none due\n\n{"),
    ),
    "enrolled-by-a-key-in-doubt": Row(keys.enrolled_by_a_key_in_doubt, NOT_CHECKED, "key.suspended/1"),
    "revoked-by-a-key-in-doubt": Row(keys.revoked_by_a_key_in_doubt, NOT_CHECKED, "key.suspended/1"),
    "revoked-under-a-later-header-line": Row(
        keys.revoked_by_a_colleague,
        NOT_CHECKED,
        "the header line obligations",
        bend=(b"\n\n{", b"\nobligations none due\n\n{"),
    ),
    "corrected-behind-what-cannot-be-read": Row(
        tags.corrected_behind_what_cannot_be_read,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-voiding": Row(
        tags.voided_as_only_a_later_program_knows,
        NOT_CHECKED,
        "statement.voided/2",
        twin=tags.used_thrice,
    ),
    "later-member-of-an-enrolment": Row(
        keys.enrolled_with_a_further_member, NOT_CHECKED, r"the member \$.body.until", twin=keys.enrolled_and_used
    ),
    "later-header-line": Row(
        logs.ordinary, NOT_CHECKED, "the header line obligations", bend=(b"\n\n{", b"\nobligations none due\n\n{")
    ),
    "later-form-of-the-entry": Row(
        logs.ordinary,
        NOT_CHECKED,
        "vialog-entry/4; it knows up to vialog-entry/3",
        bend=(b"vialog-entry/3", b"vialog-entry/4"),
    ),
    "later-line-at-the-state-entry": Row(
        logs.at_the_state_entry, NOT_CHECKED, "the header line obligations", bend=(b"\n\n{", b"\nobligations none\n\n{")
    ),
    "state-entry-recorded-a-minute-late": Row(
        logs.at_the_state_entry, KNOWN, HOLDS, bend=(RECORDED_LAST, b"recorded 2026-09-01T05:01:01.000000Z")
    ),
    "state-entry-recorded-more-than-a-minute-late": Row(
        logs.at_the_state_entry, NOT_CHECKED, HOLDS, bend=(RECORDED_LAST, b"recorded 2026-09-01T05:01:01.500000Z")
    ),
    "earlier-form-of-the-entry": Row(
        logs.ordinary, failed("entry"), "ENT-05", bend=(b"vialog-entry/3", b"vialog-entry/2")
    ),
    "header-line-that-no-program-writes": Row(
        logs.ordinary, failed("entry"), "ENT-03", bend=(b"\n\n{", b"\nObligations none\n\n{")
    ),
    "root-that-did-not-open-the-log": Row(
        logs.ordinary, UNKNOWN, HOLDS, trust=f"root {SCIENTIST.signer.thumbprint}\n".encode()
    ),
}
