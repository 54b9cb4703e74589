"""What a log is held against before anything is recorded on it: this machine's memory, its clock, and its witnesses."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from ledger.clock import SystemClock
from ledger.errors import Malformed
from ledger.evidence.files import read_policy
from ledger.publisher.log_keys import read_vkeys
from ledger.publisher.memory_file import FILE_NAME, MemoryFile
from ledger.publisher.remembering import check_place, check_remembered, check_shown
from ledger.publisher.witness_memory import FILE_NAME as WITNESSES_FILE
from ledger.publisher.witness_memory import WitnessMemory
from ledger.publisher.witnesses import NO_WITNESSES, Witnesses
from ledger.store.deciding.confirmation import FILE_NAME as CONFIRMED_FILE
from ledger.store.deciding.confirmation import read_confirmed
from ledger.store.deciding.permit import Permit
from ledger.store.deciding.watch import ClockWatch
from ledger.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.settings import Settings
    from ledger.clock import Clock
    from ledger.store.database.publication import Publication
    from ledger.store.port import Store

LOG_KEYS_FOLDER: Final = "log-keys"


_MIRROR: Final = "a mirror cosigns what is published already: publishing asks witnesses, the verifier's policy mirrors"


class Guard:
    """What guards one log in this process. Made once, shared by all that record and publish."""

    def __init__(
        self,
        settings: Settings,
        origin: str,
        clock: Clock | None = None,
        heard: Callable[[str, int], None] = lambda _, __: None,
    ) -> None:
        """Ask nobody yet.

        origin: the log's name.
        clock: tells the time in the machine's place, and is believed.
        heard: is told, as the watch is, of the time that a witness states, in POSIX seconds.

        Raises Malformed: TLOG-07, the policy of the witnesses, or it names a mirror. IntegrityFailed: what is
        remembered of them is damaged. OSError.
        """
        confirmed = partial(read_confirmed, settings.data / CONFIRMED_FILE)
        tolerance = timedelta(seconds=settings.clock_tolerance)
        self.clock: Final = clock or SystemClock()
        self.watch: Final = ClockWatch(self.clock, tolerance, confirmed=confirmed)
        self.memory: Final = MemoryFile(settings.data / FILE_NAME)
        self.permit: Final = Permit(self.clock, None if clock else self.watch, self.memory.size)
        policy = NO_WITNESSES if settings.witness_policy is None else read_policy(settings.witness_policy)
        if policy.mirrors:
            raise Malformed("TLOG-07", f"{settings.witness_policy}: mirror", _MIRROR)
        remembered = WitnessMemory(settings.data / WITNESSES_FILE, origin)

        def hear(witness: str, seconds: int) -> None:
            self.watch.hear(witness, seconds)
            heard(witness, seconds)

        self.witnesses: Final = Witnesses(policy, memory=remembered, hear=hear)
        self.keys: Final = read_vkeys(settings.data / LOG_KEYS_FOLDER)

    def check(self, store: Store, publication: Publication) -> None:
        """Hold a log against what is remembered of it, and against what its witnesses show.

        Raises Halted: it contradicts that. IntegrityFailed: what is remembered or published is damaged. Unavailable.
        """
        check_remembered(store, publication, self.memory)
        published = publication.newest()
        if published is not None and self.keys:
            self.witnesses.meet(parse_note(published.note), self.keys)
            for shown in self.witnesses.evidence:
                check_shown(store, publication, self.memory, shown)
        check_place(self.memory)
