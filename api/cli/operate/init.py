"""``vialog init``: make the data directory, the operator's root key and the log's first entry. Once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from api.answers import rules_object
from api.cli.operate.lost import refuse_lost
from api.cli.output import Json, print_object, print_pairs, say
from api.cli.passphrases import make_key, open_key
from api.logs.wiring import open_ledger
from api.settings import DEFAULT_ORIGIN, read_settings
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.registry.keys import OPENED_ONCE, LogOpened
from ledger.errors import Malformed
from ledger.files import holds_something
from ledger.ids import PartyId, Tag, is_tag, key_tag, new_id, type_of
from ledger.service import Submission
from ledger.statement.authoring import Author, Circumstances, make_statement
from ledger.statement.form.envelope import parse_envelope
from ledger.statement.form.header import Capture, CaptureMode
from ledger.statement.form.payload import read_payload
from ledger.statement.reading import read_statement
from ledger.statement.signing.keys import Algorithm
from ledger.statement.signing.signer import MemorySigner
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from api.rows.operate import Opened
    from ledger.statement.signing.signer import StatementSigner

_KEY_FILE: Final = Path("operator-root.pem")


def init(
    *,
    name: Annotated[str, typer.Option("--name", help="The operator's registered name; of an organisation.")],
    name_zh: Annotated[str | None, typer.Option("--name-zh", help="The operator's name in Chinese.")] = None,
    operator: Annotated[
        str | None, typer.Option("--operator", help="The operator's id, party:…; a fresh one if left out.")
    ] = None,
    key: Annotated[Path, typer.Option("--key", help="Where the root key goes; an existing key file is used.")] = (
        _KEY_FILE
    ),
    alg: Annotated[Algorithm, typer.Option("--alg", help="How a fresh root key signs.")] = Algorithm.ED25519,
    person: Annotated[str, typer.Option("--person", help="The pseudonymous code of who holds the root key.")] = "root",
    as_json: Json = False,
) -> None:
    """Open a new log: its database, the operator's root key, and the first entry, log.opened.

    The log's name is VIALOG_LOG_ORIGIN and can never be changed. Keep the root key file and its passphrase apart, off
    this machine; with them anybody is the operator. Interrupted, the command can be run again with the same key. Where
    the data directory remembers a log that the database does not hold, none is opened: that one is lost.
    """
    settings = read_settings()
    party = _operator(operator)
    # Once for nothing, with a key that nobody keeps: a name that cannot be is told before anything is made.
    _opening(DEFAULT_ORIGIN, MemorySigner.generate(alg), party=party, names=(name, name_zh), person=person)
    refuse_lost(settings)
    with open_ledger(settings, create=True) as ledger:
        if ledger.store.head():
            raise OPENED_ONCE.refuse(f"the log {ledger.store.origin} is open already")
        signer = open_key(settings, key) if holds_something(key) else make_key(settings, key, alg)
        # Die here: a key file stands that no log knows. Running the command again uses it.
        outcome = ledger.record(
            _opening(ledger.store.origin, signer, party=party, names=(name, name_zh), person=person)
        )
        made: Opened = {
            "log": ledger.store.origin,
            "operator": party,
            "key": key_tag(signer.thumbprint),
            "key_file": str(key),
            "position": outcome.event.position if outcome.event else None,
            **rules_object(outcome.rules),
        }
    print_object(made) if as_json else print_pairs(made.items())
    say(f"The log is open. Keep {key} and its passphrase apart and off this machine: they speak for the operator.")


def _operator(given: str | None) -> PartyId:
    party = given or new_id("party")
    if not is_tag(party) or type_of(Tag(party)) != "party":
        raise Malformed("STM-37", "--operator", "is not the id of a party, such as party:port-lab")
    return PartyId(party)


def _opening(
    log: str, signer: StatementSigner, *, party: PartyId, names: tuple[str, str | None], person: str
) -> Submission:
    body = LogOpened(
        party=party,
        name=names[0],
        name_zh=names[1],
        key=key_tag(signer.thumbprint),
        spki=encode_base64(signer.spki),
        alg=signer.alg,
        person=person,
    )
    author = Author(signer, party, person, Role.OPERATOR)
    now = Circumstances(occurred_at=SystemClock().now(), capture=Capture(CaptureMode.BENCH))
    made = make_statement(log, body, [author], now)
    read_statement(read_payload(parse_envelope(made.envelope).payload))
    return Submission(made.envelope)
