"""The log that the settings lead to: the one that is here, or, where they name a service, the one behind that.

Commands that ask and record come in through here. What works on a log's own database comes in through ``wiring``.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from api.logs.recording import Here
from api.logs.wiring import check_name, open_ledger, open_store
from ledger.errors import Malformed, NotTrusted
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Protocol

    from api.client.transport import Transport
    from api.logs.recording import Recording
    from api.settings import Settings
    from ledger.ids import StatementId
    from ledger.store.port import Readable

    class Disclosing(Readable, Protocol):
        """A log that can be read, with what is kept beside its entries."""

        def disclosures(self, statement: StatementId) -> Sequence[str]:
            """Return the disclosures kept beside a statement that are not erased."""
            ...


@contextmanager
def open_readable(settings: Settings) -> Iterator[Disclosing]:
    """Open the log to read, for a with block: as the service shows it, or all of it where it is here.

    Raises as ``open_service`` or as ``open_store``.
    """
    if settings.url is None:
        with open_store(settings) as store:
            yield store
        return
    # Loaded here: who has the log here needs no network.
    from api.client.log import ServedLog

    with open_service(settings) as service:
        log = ServedLog(service)
        check_name(settings, log.origin)
        yield log


def reader_of(log: Readable, settings: Settings) -> Tag | None:
    """Return the party by whose rights a log is read; None: it is here. Raises as ``Transport.ask``."""
    if settings.url is None:
        return None
    from api.client.log import ServedLog

    return Tag(log.seen_by()) if isinstance(log, ServedLog) else None


@contextmanager
def open_recording(settings: Settings) -> Iterator[Recording]:
    """Open the log for recording, for a with block; raises as ``open_service`` or as ``open_ledger``."""
    if settings.url is None:
        with open_ledger(settings) as ledger:
            yield Here(ledger)
        return
    # Loaded here: who has the log here needs no network.
    from api.client.recording import ServedRecording

    with open_service(settings) as service, closing(ServedRecording(service)) as recording:
        check_name(settings, recording.store.origin)
        yield recording


@contextmanager
def open_service(settings: Settings) -> Iterator[Transport]:
    """Give the service that the settings name, asked with the token or the session that is kept here.

    It is asked in English: what it says is told in the reader's language where it is printed, as all that is said here.

    Raises NotTrusted: SVC-02 there is neither; KEY-20 others can reach its file. Malformed: SVC-05 it is none. OSError.
    """
    from api.client.client import token_in
    from api.client.transport import Transport
    from api.logs.sessions import kept_session

    if settings.url is None:
        raise Malformed("SET-02", "VIALOG_URL", "is not set: it names the service that is asked")
    token = None if settings.token_file is None else token_in(settings.token_file)
    service = Transport(settings.url, token)
    if token is None:
        service.cookie = kept_session(settings)
    if token is None and not service.cookie:
        raise NotTrusted(
            "SVC-02",
            f"nobody has signed in at {settings.url} from here: run `vialog session open --key KEY`, or name a token's "
            "file in VIALOG_TOKEN_FILE",
        )
    with closing(service):
        yield service
