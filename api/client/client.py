"""A service as a program sees it: states, asks, follows and checks through it, as one caller.

    with Client("https://log.example.org", token=token_in(Path("token"))) as client:
        recorded = client.statements.submit(submission)
        for item in client.asking.rows("items", status="received"):
            …

It reads what it wrote: each read waits for the newest statement that was handed in here.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from api.client.asking import Asking
from api.client.following import Following
from api.client.proving import Proving
from api.client.signing_in import signed_in
from api.client.statements import Statements
from api.client.transport import Transport
from ledger.clock import SystemClock
from ledger.errors import Malformed
from ledger.files import read_own

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.client.transport import Patience
    from ledger.clock import Clock
    from ledger.statement.signing.signer import StatementSigner
    from ledger.tlog.policy import Policy

RULES: Final = {
    "SVC-05": "The first line of the file of a token or a session is one that a service gave.",
}

_LONGEST: Final = 512


class Client:
    """A service. Threads may share it; a session is of all of them. ``statements``, ``asking``: see these."""

    def __init__(
        self, origin: str, *, token: str | None = None, language: str = "en", patience: Patience | None = None
    ) -> None:
        """Ask when something is asked; as ``Transport``."""
        self.service: Final = Transport(origin, token, language, patience)
        self.statements: Final = Statements(self.service)
        self.asking: Final = Asking(self.service)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def signed_in(self, signer: StatementSigner, clock: Clock | None = None) -> Iterator[Self]:
        """Sign in with a key, which stays here, for a with block, at whose end the session ends.

        Raises NotTrusted: SES-02, SES-03 what the service asks to be signed is no sign-in here and now; the key is not
        enrolled there.
        """
        with signed_in(self.service, signer, (clock or SystemClock()).now()):
            yield self

    def follow(self, after: int | None = None) -> Following:
        """Return the feed behind a position; None: behind the head."""
        return Following(self.service, after)

    def proving(self, policy: Policy, kept: Path) -> Proving:
        """Return what checks the log by a policy. kept: the file of the newest checkpoint that was seen of it."""
        return Proving(self.service, policy, kept)

    def close(self) -> None:
        """Close the connections; a session goes on until it ends by itself or is ended."""
        self.service.close()


def token_in(path: Path) -> str:
    """Return the token in a file that is its owner's alone: its first line.

    Raises NotTrusted: KEY-20 others can reach the file. Malformed: SVC-05 it is no token. OSError.
    """
    line = read_own(path, _LONGEST).partition(b"\n")[0].strip()
    if not line.isascii() or not line.decode("ascii").isprintable() or b" " in line or not line:
        raise Malformed("SVC-05", str(path), "its first line is not a token")
    return line.decode("ascii")
