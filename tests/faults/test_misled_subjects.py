"""Rows of tags that an administrator deleted, renamed or added: nothing is decided on them, whoever asks next."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from ledger.domain.registry.keys import KeyRevoked
from ledger.domain.registry.parties import PartyRegistered
from ledger.errors import IntegrityFailed, NotTrusted, Refused
from ledger.ids import PartyId, Tag, key_tag
from ledger.publisher.witnesses import Witnesses
from ledger.rulepacks.load import load_packs
from ledger.service import Ledger
from ledger.statement.catalogue import KINDS
from ledger.store.database.migrate import migrate, name_log
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from ledger.store.tag_rows import TagRows
from tests.authors import OPERATOR, ORIGIN, SteppingClock, admissions, made, opening
from tests.contracts.behind import as_admin, other_letter
from tests.faults.parties import LABORATORY, registration
from tests.faults.published_log import LOG_KEYS, TABLES, publish
from tests.servers import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.service import Submission
    from ledger.store.port import LockedLog
    from tests.servers import Database, Servers

KEY = key_tag(LABORATORY.signer.thumbprint)
REVOKED = "kind = 'key.revoked/1'"


@contextmanager
def opened(database: Database) -> Iterator[Ledger]:
    """Open the log as a process does that has just started."""
    store = PostgresStore(database.app)
    with closing(Publication(database.app)) as publication:
        rows = TagRows(store, publication, LOG_KEYS.keys)
        with closing(Ledger(store, load_packs(), clock=SteppingClock(), rows=rows)) as ledger:
            yield ledger


@contextmanager
def looked_at(database: Database) -> Iterator[LockedLog]:
    """Lock the log, its answers by tag checked, as a process does that has just started."""
    with closing(Publication(database.app)) as publication, closing(PostgresStore(database.app)) as store:
        rows = TagRows(store, publication, LOG_KEYS.keys)
        with store.locked() as log:
            yield rows.over(log)


def forged(database: Database, *statements: str) -> None:
    off = [f"alter table vialog.{table} disable trigger all" for table in TABLES]
    as_admin(database, ";\n".join([*off, *statements]))


def own_statement() -> Submission:
    """Return what the laboratory says with the key that is revoked."""
    body = PartyRegistered(party=PartyId("party:x"), name="X", country="CN", business="research")
    return made(body, LABORATORY)


@pytest.fixture(params=["published", "behind the checkpoint", "never published"])
def revoked(servers: Servers, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A log in which a key was revoked, before its newest checkpoint, behind it, or without any."""
    with servers.get(EMBEDDED).empty_database() as database:
        migrate(database.owner)
        name_log(database.owner, ORIGIN)
        with opened(database) as ledger:
            for submission in (opening(), *admissions(LABORATORY)):
                ledger.record(submission)
            if request.param == "behind the checkpoint":
                publish(database, tmp_path, LOG_KEYS, Witnesses())
            ledger.record(made(KeyRevoked(key=KEY, ground="lost"), OPERATOR))
            ledger.record(made(registration(1), OPERATOR))
            if request.param == "published":
                publish(database, tmp_path, LOG_KEYS, Witnesses())
        yield database


def test_a_revoked_key_says_nothing_while_the_rows_are_whole(revoked: Database) -> None:
    with opened(revoked) as ledger:
        with pytest.raises(Refused):
            ledger.record(own_statement())
        assert ledger.record(made(registration(2), OPERATOR)).event


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(f"delete from vialog.event_tag where {REVOKED}", id="deleted"),
        pytest.param(f"update vialog.event_tag set kind = 'item.used/1' where {REVOKED}", id="of another kind"),
        pytest.param(
            f"update vialog.event_tag set kind = 'item.used/1' where {REVOKED};"
            f"update vialog.event set kind = 'item.used/1' where {REVOKED}",
            id="of another kind, and the event too",
        ),
        pytest.param(f"update vialog.event_tag set position = 2 where {REVOKED}", id="at another position"),
        pytest.param(
            f"delete from vialog.event_tag where {REVOKED};"
            f"insert into vialog.event_tag select '{KEY}', 'item.used/1', 2",
            id="another one in its place",
        ),
        pytest.param("delete from vialog.event_tag where kind = 'role.granted/1'", id="the role of its party"),
        pytest.param(f"delete from vialog.event where {REVOKED}", id="deleted with its event"),
    ],
)
def test_nothing_is_decided_on_a_key_whose_rows_are_not_those_of_the_log(revoked: Database, attack: str) -> None:
    before = as_admin(revoked, "select position from vialog.head")
    forged(revoked, attack)
    with opened(revoked) as ledger, pytest.raises(IntegrityFailed, match=r"key:|party:|position"):
        ledger.record(own_statement())
    assert as_admin(revoked, "select position from vialog.head") == before


def test_a_checkpoint_that_the_log_has_not_signed_is_not_rested_on(revoked: Database) -> None:
    if not as_admin(revoked, "select from vialog.checkpoint"):
        return
    forged(revoked, f"update vialog.checkpoint set note = {other_letter(9)}")
    with opened(revoked) as ledger, pytest.raises(IntegrityFailed, match="own key"):
        ledger.record(own_statement())


def test_a_key_of_which_no_row_tells_is_not_trusted(revoked: Database) -> None:
    forged(revoked, f"delete from vialog.event_tag where tag = '{KEY}'")
    with opened(revoked) as ledger, pytest.raises(NotTrusted):
        ledger.record(own_statement())


def test_only_what_the_signed_index_vouches_for_is_read_fast(revoked: Database, request: pytest.FixtureRequest) -> None:
    with looked_at(revoked) as log:
        found = {one.kind: one.vouched for one in log.concerning({Tag(KEY): KINDS.keys()})}
    where = request.node.callspec.params["revoked"]
    published, behind = where == "published", where == "behind the checkpoint"
    assert found == {"key.enrolled/1": published or behind, "key.revoked/1": published}


@pytest.mark.parametrize(
    "attack",
    [
        pytest.param(f"delete from vialog.event_tag where {REVOKED} and tag = '{KEY}'", id="deleted"),
        pytest.param(f"update vialog.event_tag set kind = 'item.used/1' where {REVOKED}", id="of another kind"),
        pytest.param(
            f"update vialog.event_tag set position = 2 where {REVOKED} and tag = '{KEY}'", id="at another position"
        ),
    ],
)
def test_entries_that_are_known_from_another_subject_vouch_for_no_rows(revoked: Database, attack: str) -> None:
    with looked_at(revoked) as log:
        log.concerning({Tag(OPERATOR.party): ["role.granted/1"]})  # it signed all of them: each is taken apart
        forged(revoked, attack)
        with pytest.raises(IntegrityFailed, match=r"key:|position"):
            log.concerning({Tag(KEY): ["key.enrolled/1", "key.revoked/1"]})
