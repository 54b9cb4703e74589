"""Sessions at services, kept between commands: each in a file of mode 0600, in a folder of this person's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ledger.errors import Malformed
from ledger.files import OWN, read_own, write_over

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

_LONGEST: Final = 512
_COOKIE: Final = re.compile(rb"(?:__Host-)?vialog=[0-9A-Za-z_-]{16,200}")


def kept_session(settings: Settings) -> str:
    """Return the cookie of the session that is kept of the service; "" where none is.

    Raises NotTrusted: KEY-20 others can reach the file. Malformed: SVC-05 it is none. OSError.
    """
    try:
        line = read_own(_file(settings), _LONGEST).partition(b"\n")[0]
    except FileNotFoundError:
        return ""
    if _COOKIE.fullmatch(line) is None:
        raise Malformed("SVC-05", str(_file(settings)), "its first line is not a session")
    return line.decode("ascii")


def keep_session(settings: Settings, cookie: str) -> None:
    """Keep the cookie of a session with the service. Raises OSError."""
    file = _file(settings)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_over(file, cookie.encode("ascii") + b"\n", OWN)


def forget_session(settings: Settings) -> None:
    """Remove the session that is kept of the service, where there is one. Raises OSError."""
    _file(settings).unlink(missing_ok=True)


def _file(settings: Settings) -> Path:
    """Return the file of the service's session, named after its web origin."""
    name = re.sub(r"[^0-9A-Za-z.-]+", "_", settings.url or "")
    return settings.sessions.expanduser() / name
