"""``vialog admit``: an organisation joins the log, with its roles and a person's key, in one act.

The key proves that its holder has it by signing its own enrolment second. Where its file is elsewhere, what the
operator signs is left open, and the holder signs it there; no private key travels.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.exits import OK
from api.cli.output import Json
from api.cli.passphrases import open_key
from api.cli.record.signing.public_keys import read_public
from api.cli.record.signing.stating import Draft, How, state
from api.drafts.acts.authors import author_of, named
from api.logs.served import open_recording
from api.settings import read_settings
from api.telling.histories import history_of
from api.telling.labels import Labels
from ledger.domain.bodies.vocabulary import Role
from ledger.domain.states.party import Party
from ledger.files import refuse_existing
from ledger.ids import Tag, key_tag, new_id
from ledger.meaning import Meaning
from ledger.statement.catalogue import KINDS
from ledger.statement.text.binary import encode_base64

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.settings import Settings
    from ledger.statement.signing.signer import StatementSigner
    from ledger.statement.text.strict_json import JsonValue


def admit(
    name: Annotated[str, typer.Argument(help="The organisation: a new one's name, or what a known one is called.")],
    *,
    name_zh: Annotated[str | None, typer.Option("--name-zh", help="Of a new one its name in Chinese.")] = None,
    key: Annotated[Path, typer.Option("--key", help="The key file of who admits: the operator's, or the party's own.")],
    country: Annotated[str | None, typer.Option("--country", help="Of a new one its country, two letters.")] = None,
    business: Annotated[
        str | None, typer.Option("--business", help="Of a new one what it does, such as research.")
    ] = None,
    party: Annotated[
        str | None, typer.Option("--party", help="Of a new one its id, party:…; a fresh one if left out.")
    ] = None,
    role: Annotated[list[Role] | None, typer.Option("--role", help="What it may speak as; may be repeated.")] = None,
    public: Annotated[
        Path | None,
        typer.Option("--public", help="A person's key: its file, or what `vialog keys new` printed of it elsewhere."),
    ] = None,
    person: Annotated[str | None, typer.Option("--person", help="The pseudonymous code of who holds that key.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Record nothing, and leave it in this new file for the key's holder.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Sign without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Admit an organisation to the log, with what it may speak as and a person's key; or one more person of it.

    \b
    vialog admit "Harbour Laboratory" --name-zh 海港实验室 --country CN --business testing \\
        --role laboratory --public lab.pem --person t-07 --key operator.pem
    vialog admit "Harbour Laboratory" --public colleague.pem --person t-08 --key lab.pem

    A key whose file is on another machine is enrolled by what `vialog keys new` printed there, saved in a file: what
    you sign is left open in --out, its holder adds a signature there with `vialog statement cosign`, and `vialog
    statement submit` records all of it.
    """
    new = any(one is not None for one in (name_zh, country, business, party))
    _check(public, person, out, known_with_nothing=not new and not role)
    if new and public is not None and not role:
        raise _without_role()
    settings = read_settings()
    with open_recording(settings) as recording:
        labels = Labels(lambda: recording.store)
        ident = Tag(party or new_id("party")) if new else labels.id_of(name, "party", "NAME")
        signer = open_key(settings, key)
        joining = _Joining(labels, settings, signer, ident, tuple(role or ()))
        drafts = [joining.registered(name, name_zh=name_zh, country=country, business=business)] if new else []
        drafts += joining.granted()
        if public is not None and person is not None:
            drafts.append(joining.enrolled(public, person, alone=out is None))
        worst = state(recording, labels, drafts, How(yes=yes, out=out, as_json=as_json))
    if worst != OK:
        raise typer.Exit(worst)


def _check(public: Path | None, person: str | None, out: Path | None, *, known_with_nothing: bool) -> None:
    if (public is None) != (person is None):
        raise typer.BadParameter("--public and --person go together", param_hint="--person")
    if public is None and known_with_nothing:
        raise typer.BadParameter("say what is to be admitted: a new one's --country and --business, a --role, a key")
    if out is not None:
        refuse_existing(out)


def _without_role() -> typer.BadParameter:
    return typer.BadParameter(
        "it has no role yet, and nobody speaks without one: say what it may speak as", param_hint="--role"
    )


class _Joining:
    """A party that joins, or gets more: what is to be stated of it, and who states it.

    roles: what it gets. All statements are signed by one key.
    """

    def __init__(
        self, labels: Labels, settings: Settings, signer: StatementSigner, party: Tag, roles: tuple[Role, ...]
    ) -> None:
        self._labels, self._settings, self._signer = labels, settings, signer
        self._party, self._roles = party, roles

    def registered(self, name: str, **more: str | None) -> Draft:
        """Return the registration. more: what else is said of it; None: nothing."""
        said = {"party": self._party, "name": name, **more}
        return self._draft("party.registered/1", {one: value for one, value in said.items() if value is not None})

    def granted(self) -> list[Draft]:
        """Return the grant of each role."""
        return [self._draft("role.granted/1", {"party": self._party, "role": one}) for one in self._roles]

    def enrolled(self, public: Path, person: str, *, alone: bool) -> Draft:
        """Return the enrolment of a person's key. alone: nobody else signs, so the key has to be here.

        Raises BadParameter: it is not. As read_public.
        """
        key, holder = read_public(self._settings, public)
        if alone and holder is None:
            raise typer.BadParameter(
                "the key is elsewhere: say with --out where it goes for its holder", param_hint="--public"
            )
        body: dict[str, JsonValue] = {
            "key": key_tag(key.thumbprint),
            "spki": encode_base64(key.spki),
            "alg": str(key.alg),
            "party": self._party,
            "person": person,
        }
        role = self._speaks_as()
        signer = {"party": self._party, "person": person, "role": role, "meaning": str(Meaning.ENROLLED)}
        signer |= {"key": key.thumbprint, "alg": str(key.alg)}
        draft, keys = self._draft("key.enrolled/1", body, beside=Role(role))
        signers = draft["signers"]
        both: JsonValue = [*(signers if isinstance(signers, list) else []), {**signer}]
        return draft | {"signers": both}, [*keys, *([holder] if holder is not None else [])]

    def _speaks_as(self) -> str:
        """Return what the holder of a new key speaks as: a role that the party gets now, or one that it has."""
        subject = history_of(self._labels.store, Tag(self._party)).subject if not self._roles else None
        held = self._roles or (tuple(sorted(subject.roles)) if isinstance(subject, Party) else ())
        if not held:
            raise _without_role()
        return str(held[0])

    def _draft(self, kind: str, body: Mapping[str, JsonValue], beside: Role | None = None) -> Draft:
        author = author_of(self._labels.store, self._signer, KINDS[kind], None, beside=beside)
        signers: JsonValue = [{**named(author)}]
        log = self._labels.store.origin
        return {"log": log, "kind": kind, "signers": signers, "body": {**body}}, [self._signer]
