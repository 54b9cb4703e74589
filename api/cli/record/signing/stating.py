"""Stating: what was drafted is told in words, and signed and recorded if that is meant, or left for others to sign."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from api.cli.ask.entries import read_shown
from api.cli.exits import OK, exit_code
from api.cli.output import say
from api.cli.record.signing.asking import confirm, say_unsigned, tell
from api.cli.record.signing.last_keys import say_last_keys
from api.cli.record.submit import Line, Result, print_result
from api.drafts.acts.authors import key_of
from api.drafts.payload import draft_payload
from api.language import label
from api.submissions import write_submission
from ledger.clock import SystemClock
from ledger.errors import LedgerError, Malformed, NeedsAcknowledgement
from ledger.files import write_new
from ledger.ids import StatementId
from ledger.service import Submission
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.statement import sign_open, unsigned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from api.logs.recording import Recording
    from api.telling.labels import Labels
    from ledger.statement.form.payload import Payload
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue

Draft: TypeAlias = "tuple[dict[str, JsonValue], Sequence[StatementSigner]]"
"""A draft, and the keys at hand that sign it."""


@dataclass(frozen=True, slots=True)
class How:
    """What is to become of what was drafted.

    yes: nobody is asked. dry_run: it is judged, and not recorded. out: it is left in this new file, and not recorded.
    """

    yes: bool = False
    dry_run: bool = False
    out: Path | None = None
    as_json: bool = False


def state(recording: Recording, labels: Labels, drafts: Sequence[Draft], how: How) -> int:
    """Tell drafts in words, sign them, and record all of them or none; return the exit code.

    Raises Exit: it is not meant. As draft_payload.
    """
    now = SystemClock()
    drafted = [
        (draft_payload(draft, keys, now, lambda party, person: key_of(labels, party, person)), keys)
        for draft, keys in drafts
    ]
    payloads = [read_payload(payload) for (payload, _), _ in drafted]
    for payload in payloads:
        labels.learn(read_statement(payload))
    tell(payloads, labels.name, lambda ident: _recorded(labels, ident))
    say_last_keys(payloads, labels)
    if not how.dry_run:
        confirm(len(drafted), yes=how.yes)
    signed = [Submission(sign_open(payload, keys), disclosures) for (payload, disclosures), keys in drafted]
    if how.out is not None:
        _leave(signed, labels, how.out)
        return OK
    return _record(recording, signed, labels, how)


def _recorded(labels: Labels, ident: str) -> Payload | None:
    """Return a statement of the log that is here, as it was signed."""
    found = labels.store.find(StatementId(ident))
    return None if found is None else read_shown(found).payload


def leave_draft(labels: Labels, drafts: Sequence[Draft], out: Path) -> int:
    """Write a draft that nobody has signed, with the keys of those who are to sign it; return the exit code.

    Whoever signs it needs no log.

    Raises Malformed: DRF-04 whose key it is nobody here knows, or there is more than one statement; as draft_payload.
    """
    if len(drafts) > 1:
        raise Malformed("DRF-04", "--out", f"a draft is of one statement, and these are {len(drafts)}")
    (draft, _), now = drafts[0], SystemClock()
    payload = read_payload(draft_payload(draft, (), now, lambda party, person: key_of(labels, party, person))[0])
    labels.learn(read_statement(payload))
    tell([payload], labels.name, lambda ident: _recorded(labels, ident))
    draft = draft | {"signers": payload.value["signers"], "names": {**labels.of_all(payload.tags)}}
    write_new(out, json.dumps(draft, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    say(label("Drafted, and signed by nobody: {file}").format(file=out))
    say(label("Whoever signs it: vialog statement sign {file} --key KEY --out FILE").format(file=out))
    return OK


def _record(recording: Recording, signed: Sequence[Submission], labels: Labels, how: How) -> int:
    """Record all, or none if one is wrong, print each answer, and return the exit code."""
    answers = recording.together(signed, record=not how.dry_run)
    wrong = [one for one in answers if isinstance(one, LedgerError)]
    for number, (submission, answer) in enumerate(zip(signed, answers, strict=True), 1):
        if answer is not None and (isinstance(answer, LedgerError) or not (how.dry_run or wrong)):
            result = Result(Line("record", number, submission), answer)
            place = label("statement {number} of {count}:").format(number=number, count=len(signed))
            print_result(result, as_json=how.as_json, told=labels.told, place=place if len(signed) > 1 else "")
        if isinstance(answer, NeedsAcknowledgement) and not how.as_json:
            rules = dict.fromkeys(breach.rule for breach in answer.breaches)
            say(f"To record it as it is: {' '.join(f'--acknowledge {rule}=REASON' for rule in rules)}")
    if wrong or how.dry_run:
        say("Nothing was recorded." if wrong else "It can be recorded. Nothing was recorded.")
    return max(map(exit_code, wrong), default=OK)


def _leave(signed: Sequence[Submission], labels: Labels, out: Path) -> None:
    """Write what was signed, for others to sign or for somebody to submit."""
    payloads = [read_payload(parse_envelope(one.envelope).payload) for one in signed]
    lines = []
    for one, payload in zip(signed, payloads, strict=True):
        open_ = unsigned(payload, parse_envelope(one.envelope))
        lines.append(write_submission(one, labels.of_all(payload.tags) if open_ else {}) + b"\n")
    write_new(out, b"".join(lines))
    say(f"Signed: {out}")
    for one, payload in zip(signed, payloads, strict=True):
        say_unsigned(payload, one, labels.of_all(payload.tags))
