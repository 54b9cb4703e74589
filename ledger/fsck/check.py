"""The whole check, from the first byte: ranges in parallel, one process each; tree and index in order, in this one.

Whatever an administrator can do to the rows contradicts the rows themselves, or a checkpoint that he could not make:
one that is stored with cosignatures (give a policy), or an older one that somebody else kept (give it). Judges nothing
again and derives no tags: that is ``ledger.verification``. Repairs nothing.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed, LedgerError, Malformed, TooOld
from ledger.fsck.keys import KeyRing, read_keys
from ledger.fsck.ranges import Checked, RangeChecker, check_range, start_process
from ledger.fsck.rebuilt import Rebuilt
from ledger.store.database.survey import Survey
from ledger.tlog.checkpoint import Checkpoint, decode_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.own import check_own
from ledger.tlog.policy import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.fsck.keys import Keys
    from ledger.store.database.survey import Standing
    from ledger.tlog.policy import Policy
    from ledger.tlog.vkey import VerifierKey

RULES: Final = {
    "FSK-01": "A checkpoint that a log is held against is of that log.",
}

_RANGE: Final = 1_000
_AHEAD: Final = 4  # ranges for each process that wait to be taken in order


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a check is to hold against, besides what stands in the database.

    policy: what every checkpoint has to be believed by; None: the log's own keys alone.
    keys: these keys, as far as they are known; of another log's nothing is asked. witnesses: keys of witnesses: what
        says that it is a signature of theirs has to be one.
    held: notes of checkpoints that were kept elsewhere, by a name to call them.
    jobs: the number of processes; 1: this one alone.
    """

    policy: Policy | None
    held: Mapping[str, bytes]
    jobs: int
    keys: Sequence[VerifierKey] = ()
    witnesses: Sequence[VerifierKey] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """A log that holds: name, size and root, how much of it is published, how many checkpoints it was held against.

    disclosed: how many disclosures are kept, each one that its statement commits to.
    withheld: how many are not: they were not handed in, or are erased. Nothing says which; both are legal.
    """

    origin: str
    size: int
    root: bytes
    published: int
    checkpoints: int
    disclosed: int
    withheld: int


def check_database(conninfo: str, wanted: Wanted, tell: Callable[[int, int], None]) -> Sound:
    """Check a log's database from the first byte.

    conninfo: libpq's. tell: is told how many entries hold so far, and of how many.

    Raises IntegrityFailed: the first position that does not hold and why, or what else does not. Malformed: a
    checkpoint in ``wanted`` is of another log. TooOld: all holds that this program knows how to check, and that is not
    all. Unavailable.
    """
    with closing(Survey(conninfo)) as survey:
        standing = survey.standing()
        roots = _roots(standing, wanted)
        with (
            closing(Rebuilt(standing, roots, survey)) as rebuilt,
            _ranges(conninfo, standing, read_keys(standing.keys), wanted.jobs) as ranges,
        ):
            last: datetime | None = None
            unread: tuple[int, str] | None = None
            disclosed = withheld = 0
            for checked in ranges:
                disclosed, withheld = disclosed + checked.disclosed, withheld + checked.withheld
                last = _take(checked, rebuilt, last)
                unread = unread or checked.unread
                if unread is not None and rebuilt.size < checked.upto:
                    raise TooOld(*unread)
                tell(rebuilt.size, standing.head)
        rebuilt.check_all_reached()
        _check_beyond(standing)
        if last != standing.recorded:
            raise IntegrityFailed(
                f"position {standing.head}: the head of the log says it was recorded {standing.recorded}, not {last}"
            )
        _check_whole(survey)
        if unread is not None:
            raise TooOld(*unread)
    checkpoints = sum(map(len, roots.values()))
    return Sound(standing.origin, rebuilt.size, rebuilt.root(), standing.published, checkpoints, disclosed, withheld)


def _take(checked: Checked, rebuilt: Rebuilt, last: datetime | None) -> datetime | None:
    if checked.first is not None and last is not None and checked.first < last:
        raise IntegrityFailed(f"position {checked.after + 1}: it was recorded before the entry in front of it")
    rebuilt.take(checked)
    if checked.bad is not None:
        position, why = checked.bad
        raise IntegrityFailed(f"position {position}: {why}")
    return checked.last


@contextmanager
def _ranges(conninfo: str, standing: Standing, keys: Keys, jobs: int) -> Iterator[Iterator[Checked]]:
    """Give all ranges, checked, in their order."""
    bounds = [(after, min(after + _RANGE, standing.head)) for after in range(0, standing.head, _RANGE)]
    if jobs == 1:
        with closing(Survey(conninfo)) as survey:
            checker = RangeChecker(standing.origin, KeyRing(keys), survey)
            yield (checker.check(*one) for one in bounds)
        return
    # Spawned, not forked: a fork would share this process's connections with its children.
    context = get_context("spawn")
    leash, held = context.Pipe(duplex=False)
    start = partial(start_process, conninfo, standing.origin, keys, leash)
    with closing(leash), closing(held), ProcessPoolExecutor(jobs, mp_context=context, initializer=start) as processes:
        try:
            yield _in_order(processes, bounds, jobs * _AHEAD)
        except BaseException:
            held.close()  # whatever they wait for: it ends them at once
            raise
        finally:
            # Waited for: one that is only just starting would not find what its parent has put away, and say so.
            processes.shutdown(wait=True, cancel_futures=True)


def _in_order(processes: ProcessPoolExecutor, bounds: list[tuple[int, int]], ahead: int) -> Iterator[Checked]:
    waiting = deque(processes.submit(check_range, *one) for one in bounds[:ahead])
    for following in [*bounds[ahead:], *[None] * len(waiting)]:
        if following is not None:
            waiting.append(processes.submit(check_range, *following))
        yield waiting.popleft().result()


def _roots(standing: Standing, wanted: Wanted) -> dict[int, dict[str, bytes]]:
    """Return what the root has to be at which sizes, by who says so."""
    roots: dict[int, dict[str, bytes]] = {}
    for size, note in standing.checkpoints.items():
        name = f"the stored checkpoint of {size} entries"
        try:
            checkpoint = _believed(note, wanted.policy)
            check_own(note, [key for key in wanted.keys if key.name == standing.origin], wanted.witnesses)
        except LedgerError as error:
            raise IntegrityFailed(f"{name}: {error}") from error
        if (checkpoint.origin, checkpoint.size) != (standing.origin, size):
            raise IntegrityFailed(f"{name} is of {checkpoint.size} entries of {checkpoint.origin}")
        roots.setdefault(size, {})[name] = checkpoint.root
    for name, note in wanted.held.items():
        checkpoint = _believed(note, wanted.policy)
        if checkpoint.origin != standing.origin:
            raise Malformed("FSK-01", name, f"a checkpoint of {checkpoint.origin}, but the log is {standing.origin}")
        roots.setdefault(checkpoint.size, {})[f"the checkpoint {name}"] = checkpoint.root
    return roots


def _believed(note: bytes, policy: Policy | None) -> Checkpoint:
    return decode_checkpoint(parse_note(note).text) if policy is None else evaluate(policy, note).checkpoint


def _check_beyond(standing: Standing) -> None:
    if standing.last > standing.head:
        raise IntegrityFailed(f"position {standing.head + 1}: an entry stands beyond the head of the log")


def _check_whole(survey: Survey) -> None:
    """Check what no range can see by itself."""
    if (repeated := survey.repeated_statement()) is not None:
        # The table has a constraint against it, which its administrator can drop.
        raise IntegrityFailed(f"position {repeated[1]}: the statement {repeated[0]} stands in the log already")
    if (tag := survey.orphaned_tag()) is not None:
        raise IntegrityFailed(f"position {tag[0]}: a row gives it the tag {tag[1]}, and there is no such entry")
    if (statement := survey.orphaned_disclosure()) is not None:
        raise IntegrityFailed(f"a disclosure is kept beside the statement {statement}, which is not recorded")
    if (kind := survey.odd_kind()) is not None:
        raise IntegrityFailed(f"the table of kinds and the entries do not agree on {kind}")
