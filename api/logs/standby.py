"""A log that is only read, as a standby of PostgreSQL has it: opened without a migration, a committer or a publisher.

What the doors write is written at the primary: sessions, and the access log. Without the primary nobody signs in here,
and data of others are not told.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from api.accesses.log import AccessLog, CopiedAccessLog
from api.http.bounds.standby import Standby
from api.http.bounds.views import GLANCE, LOOKING, PATIENCE, Views
from api.http.doors import Doors
from api.logs.guarding import LOG_KEYS_FOLDER
from api.logs.wiring import check_name
from api.notices.keeping import QUERIES as NOTICES
from api.notices.keeping import Notices
from api.sessions.signing_in import SigningIn
from api.sessions.tables import DoorTables
from api.telling.reading import voice_of
from api.waiting.drafts import KeptDrafts
from api.waiting.leaving import QUERIES, OpenStatements
from ledger.clock import SystemClock
from ledger.errors import Malformed
from ledger.publisher.log_keys import read_vkeys
from ledger.publisher.publishing import POLL, Publishing
from ledger.rulepacks.load import load_packs
from ledger.service import ReadLedger
from ledger.store.database.postgres import PostgresStore
from ledger.store.database.publication import Publication
from projections.database.session import Session, is_prepared
from projections.database.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.settings import Settings


@contextmanager
def open_standby(settings: Settings, origin: str) -> Iterator[tuple[Doors, Publishing]]:
    """Open a log to be served and only read, for a with block.

    origin: the web origin that people see.

    Raises Malformed: SET-02 no database is named, SET-03 it is another log's. Unavailable: it does not answer.
    """
    if settings.database_url is None:
        raise Malformed("SET-02", "VIALOG_DATABASE_URL", "is not set: it names the standby that is read")
    here, primary = settings.database_url, settings.primary_database_url
    with ExitStack() as opened:
        store = PostgresStore(here)
        ledger = opened.enter_context(closing(ReadLedger(store, load_packs(settings.rules), settings.jurisdiction)))
        check_name(settings, store.origin)
        publication = opened.enter_context(closing(Publication(here)))
        publishing = Publishing(publication, POLL)  # another process's, of which checkpoints alone are seen here
        tables = opened.enter_context(closing(DoorTables(primary or here)))
        accesses = opened.enter_context(closing(AccessLog(primary) if primary else CopiedAccessLog(here)))
        notices = opened.enter_context(closing(DoorTables(here, NOTICES)))
        waiting = opened.enter_context(closing(DoorTables(here, QUERIES)))
        patient = [GLANCE, *[PATIENCE] * LOOKING] if is_prepared(here) else []
        looking = [Tables(opened.enter_context(closing(Session(here, patience)))) for patience in patient]
        doors = Doors(
            ledger,
            publication,
            publishing,
            read_vkeys(settings.data / LOG_KEYS_FOLDER),
            settings.log_files_token,
            voice=voice_of(settings, ledger.packs),
            views=looking[0] if looking else None,
            look_up=Views(looking[1:]),
            signing_in=SigningIn(tables, store, origin, SystemClock(), notes_use=primary is not None),
            accesses=accesses,
            log_keys=None,
            open_statements=OpenStatements(waiting, store.origin),
            kept_drafts=KeptDrafts(waiting),
            notices=Notices(notices),
            hooks=None,
            standby=Standby(settings.primary_origin, signs_in=primary is not None),
        )
        yield doors, publishing
