"""``vialog evidence ask``: an answer computed again from a bundle, and compared with the one that is claimed in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.cli.exits import USAGE
from api.cli.output import MOST_ENTRIES, Json, print_object, say_error
from api.settings import read_settings
from ledger.errors import Malformed
from ledger.evidence.files import read_bundle, read_policy, read_trust
from ledger.ids import Tag, is_tag

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.evidence.answer import Claimed
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
        str | None, typer.Option("--subject", metavar="ID", help="About this one, by its id; else as is claimed.")
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="As it was then: a time in UTC, or a day; else as is claimed."),
    ] = None,
    as_of: Annotated[
        int | None,
        typer.Option(
            "--as-of", min=1, max=MOST_ENTRIES, metavar="POSITION", help="As the record said then; else as is claimed."
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=0, max=MOST_ENTRIES, help="Print at most so many rows; 0 for all.")
    ] = _SHOWN,
    as_json: Json = False,
) -> None:
    """Compute the answer in a bundle again, offline, and say whether it agrees with the one that is claimed.

    The bundle is verified first, by your own policy and trust. Then the answer is computed from its entries and from
    the editions of the rules that this program has, before the claimed one is read. It agrees; or it differs, and the
    row and the event are named; or it is not checked, and what is missing is named. Exit code 0: it agrees, and the
    bundle is verified and known. 5: not checked, or that nothing is missing is the operator's word alone. 3: a signer
    is not known to you. 4: it differs, or the bundle fails. 2: the policy or the trust file is not one.
    """
    # Loaded here: who verifies a bundle needs neither the catalogue of kinds nor the questions.
    from api.cli.ask.checked import checked_object, print_checked
    from api.moments import instant_of
    from ledger.rulepacks.load import load_packs
    from projections.claims.checking import check_answer

    settings = read_settings()
    packs = load_packs(settings.rules)
    until = None if at is None else instant_of(at, packs, settings.jurisdiction)
    wanted = _wanted(question, subject, until, as_of, settings.jurisdiction)
    try:
        brought = read_policy(policy), None if trust is None else read_trust(trust)
    except Malformed as error:
        say_error(error, as_json=as_json, code=USAGE)
        raise typer.Exit(USAGE) from None
    checked = check_answer(read_bundle(file), *brought, packs, wanted)
    if as_json:
        print_object(checked_object(checked))
    else:
        print_checked(checked, limit or MOST_ENTRIES, settings)
    raise typer.Exit(checked.exit_code)


def _wanted(
    question: str | None, subject: str | None, until: datetime | None, as_of: int | None, jurisdiction: str
) -> Wanted | None:
    """Return how what is asked differs from what is claimed to be asked; None: in nothing."""
    if subject is not None and not is_tag(subject):
        raise typer.BadParameter("--subject: write the whole id, such as item:0123; names are not known offline")
    if all(one is None for one in (question, subject, until, as_of)):
        return None

    def asked(claimed: Claimed) -> Claimed:
        return replace(
            claimed,
            question=question or claimed.question,
            subject=claimed.subject if subject is None else Tag(subject),
            as_of=as_of or claimed.as_of,
            now=until or claimed.now,
            until=until or claimed.until,
            jurisdiction=claimed.jurisdiction or jurisdiction,
            parameters=claimed.parameters if question in {None, claimed.question} else {},
        )

    return asked
