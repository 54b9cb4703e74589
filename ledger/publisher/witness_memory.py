"""What this machine remembers of its witnesses: the largest checkpoint that each cosigned, and who has forgotten.

One file in the data directory, JSON, by the witnesses' vkeys:

    {"log": "<origin>", "witnesses": {"<vkey>": {"cosigned": 64, "forgot": 0}}}

``cosigned`` only grows, and is written after a cosignature was verified. ``forgot`` is what a witness had cosigned when
it went on from less: it can be shown two histories, and its key is to be retired. 0: it never did.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import IntegrityFailed
from ledger.files import write_over
from ledger.publisher.memory_file import exclusively
from ledger.tlog.vkey import format_vkey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ledger.tlog.vkey import VerifierKey

FILE_NAME: Final = "witnesses.json"


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of one witness; sizes, 0 for none."""

    cosigned: int = 0
    forgot: int = 0


class WitnessMemory:
    """The file of what witnesses cosigned. Processes may share it; each only adds."""

    def __init__(self, path: Path, origin: str) -> None:
        """Use a file, of the log of this name; there is none before the first cosignature."""
        self.path: Final = path
        self._origin = origin
        self._known = self._read()

    def of(self, key: VerifierKey) -> Known:
        """Return what is remembered of a witness."""
        return self._known.get(format_vkey(key), Known())

    def add(self, learned: Mapping[VerifierKey, Known]) -> None:
        """Remember what was learned of some witnesses, where it is more than was known.

        Raises IntegrityFailed: the file is damaged. OSError.
        """
        more = {format_vkey(key): known for key, known in learned.items() if _more(self.of(key), known) != self.of(key)}
        if not more:
            return
        with exclusively(self.path.parent):
            stands = self._read()
            self._known = stands | {key: _more(stands.get(key, Known()), known) for key, known in more.items()}
            said = {"log": self._origin, "witnesses": {key: asdict(known) for key, known in self._known.items()}}
            write_over(self.path, json.dumps(said, indent=1).encode() + b"\n")

    def _read(self) -> dict[str, Known]:
        try:
            said = json.loads(self.path.read_bytes())
            if said["log"] != self._origin:
                raise IntegrityFailed(f"{self.path} is of the log {said['log']}")
            return dict(_known(said["witnesses"]))
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise IntegrityFailed(f"{self.path} does not hold what witnesses cosigned: {error!r}") from error


def _known(said: Mapping[str, Mapping[str, int]]) -> Iterator[tuple[str, Known]]:
    for key, one in said.items():
        yield key, Known(int(one["cosigned"]), int(one["forgot"]))


def _more(one: Known, other: Known) -> Known:
    return Known(max(one.cosigned, other.cosigned), max(one.forgot, other.forgot))
