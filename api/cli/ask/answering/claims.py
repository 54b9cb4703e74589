"""``vialog evidence ask``: an answer computed again from a bundle, and compared with the one that is claimed in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.exits import USAGE
from api.cli.output import MOST_ENTRIES, Json, print_object, say_error
from api.settings import read_settings
from ledger.clock import SystemClock
from ledger.errors import Malformed
from ledger.evidence.bundle.answer import YEARS, Claimed
from ledger.evidence.files import read_bundle, read_policy, read_trust
from ledger.ids import Tag, is_statement_id, is_tag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.rulepacks.load import RulePacks
    from projections.claims.checking import Wanted

_SHOWN: Final = 20


def ask_bundle(
    file: Annotated[Path, typer.Argument(help="The bundle, a zip.")],
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="Another question than the one that is answered in it.")
    ] = None,
    *,
    policy: Annotated[Path, typer.Option("--policy", help="Your policy: the log and the witnesses you believe.")],
    trust: Annotated[Path | None, typer.Option("--trust", help="Your trust file: whose keys you know.")] = None,
    subject: Annotated[
        str | None,
        typer.Option(
            "--subject", metavar="ID", help="About this one, or this statement, by its id; else as is claimed."
        ),
    ] = None,
    lot: Annotated[str | None, typer.Option("--lot", help="Only of this lot of its maker.")] = None,
    donor: Annotated[
        str | None, typer.Option("--donor", help="Only of this donor, by the commitment to the code.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="As it was then: a time in UTC, or a day; else now."),
    ] = None,
    as_of: Annotated[
        int | None,
        typer.Option(
            "--as-of",
            min=1,
            max=MOST_ENTRIES,
            metavar="POSITION",
            help="As the record said then; else as far as the bundle proves it.",
        ),
    ] = None,
    now: Annotated[
        str | None,
        typer.Option("--now", metavar="TIME", help="Which terms had passed then; else at --at, or by the clock here."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, max=MOST_ENTRIES, help="Print at most so many rows; 0 for all.")
    ] = _SHOWN,
    as_json: Json = False,
) -> None:
    """Compute the answer in a bundle again, offline, and say whether it agrees with the one that is claimed.

    Without a question of your own it is computed as it says that it was asked: read what is printed of that. Whoever
    names a question, --subject or any other option that narrows asks all of it: not narrowed by what is claimed, by all
    that the bundle proves, and now. An answer to something else then differs.

    The bundle is verified first, by your own policy and trust. Then the answer is computed from its entries and from
    the editions of the rules that this program has, before the claimed one is read. It agrees; or it differs, and the
    row and the event are named; or it is not checked, and what is missing is named. Exit code 0: it agrees, and the
    bundle is verified and known. 5: not checked, or that nothing is missing is the operator's word alone. 3: a signer
    is not known to you. 4: it differs, or the bundle fails. 2: the policy or the trust file is not one.

    By a bundle from which something is withheld an answer agrees as far as is shown, and no further: exit code 5.
    """
    # Loaded here: who verifies a bundle needs neither the catalogue of kinds nor the questions.
    from api.cli.ask.answering.checked import checked_object, print_checked
    from ledger.rulepacks.load import load_packs
    from projections.claims.checking import check_answer

    settings, clock = read_settings(), SystemClock().now()
    packs = load_packs(settings.rules)
    if subject is not None and not is_tag(subject) and not is_statement_id(subject):
        raise typer.BadParameter(
            "--subject: write the whole id, such as item:0123, or of a statement 01990000-0000-7000-8000-0000000000ff, "
            "in small letters; names and positions are not known offline"
        )
    narrowed = {name: value for name, value in (("lot", lot), ("donor", donor)) if value is not None}
    until, passed = (_instant(*one, packs, settings.jurisdiction) for one in (("--at", at), ("--now", now)))
    wanted = None
    if narrowed or any(one is not None for one in (question, subject, until, as_of, passed)):
        wanted = wanting(
            question,
            subject,
            narrowed=narrowed,
            until=until,
            as_of=as_of,
            now=passed or until or clock,
            jurisdiction=settings.jurisdiction,
        )
    try:
        brought = read_policy(policy), None if trust is None else read_trust(trust)
    except Malformed as error:
        say_error(error, as_json=as_json, code=USAGE)
        raise typer.Exit(USAGE) from None
    checked = check_answer(read_bundle(file), *brought, packs, wanted)
    if as_json:
        print_object(checked_object(checked, clock))
    else:
        print_checked(checked, limit or MOST_ENTRIES, settings, clock)
    raise typer.Exit(checked.exit_code)


def wanting(
    question: str | None,
    subject: str | None,
    *,
    narrowed: Mapping[str, str],
    until: datetime | None,
    as_of: int | None,
    now: datetime,
    jurisdiction: str,
) -> Wanted:
    """Return what a verifier asks. Of the answer's own word go into it its log and calendar, and what is not named."""

    def asked(claimed: Claimed, size: int) -> Claimed:
        return Claimed(
            log=claimed.log,
            question=question or claimed.question,
            subject=claimed.subject if subject is None else Tag(subject),
            as_of=as_of or size,
            now=now,
            until=until,
            jurisdiction=claimed.jurisdiction or jurisdiction,
            parameters=narrowed,
        )

    return asked


def _instant(option: str, text: str | None, packs: RulePacks, jurisdiction: str) -> datetime | None:
    """Return the instant that is written. Raises BadParameter: no answer is of such a year; else as ``instant_of``."""
    if text is None:
        return None
    from api.telling.moments import instant_of

    try:
        instant = instant_of(text, packs, jurisdiction, option)
    except OverflowError:
        instant = None
    if instant is None or instant.year not in YEARS:
        raise typer.BadParameter(f"{option}: {text} is not in the years {YEARS[0]} to {YEARS[-1]}")
    return instant
