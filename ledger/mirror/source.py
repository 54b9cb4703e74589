"""Where a mirror gets a log's files from: a log's address, or a folder that holds the same files.

    <prefix>/checkpoint                        the newest signed checkpoint
    <prefix>/tile/entries/<N>[.p/<W>]          bundles of entries, as in ``ledger.tlog.tiles``

What comes back is bytes of a limited size, believed by nobody. Reads and never writes.
"""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote, urlsplit

from ledger.errors import Malformed, NotFound, NotTrusted, Unavailable
from ledger.tlog.note import MAX_NOTE
from ledger.tlog.tiles import MAX_ENTRY, TILE_WIDTH, format_path

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from ledger.tlog.tiles import Tile

RULES: Final = {
    "MIR-01": "A log's address is http://…, https://…, file://… or a folder.",
    "MIR-02": "A log's file is not larger than its form allows.",
    "MIR-03": "A log's server gives its files for the mirror's token.",
}

MAX_BUNDLE: Final = TILE_WIDTH * (2 + MAX_ENTRY)
_PATIENCE: Final = 10.0  # seconds without a byte


class Files(Protocol):
    """Whatever holds a log's files."""

    def get(self, path: str, limit: int, /) -> bytes:
        """Return a file of at most so many bytes.

        Raises NotFound. NotTrusted: the token does not open it. Malformed: MIR-02, larger. Unavailable.
        """
        ...


def read_checkpoint(files: Files) -> bytes:
    """Return the note of the newest checkpoint. Raises as ``Files.get``."""
    return files.get("checkpoint", MAX_NOTE)


def read_bundle(files: Files, bundle: Tile) -> bytes:
    """Return the bytes of a bundle of entries. Raises as ``Files.get``."""
    return files.get(format_path(bundle), MAX_BUNDLE)


def open_files(prefix: str, token: str | None) -> Files:
    """Return the files of a log at an address: http://…, https://…, file://… or the path of a folder.

    token: what opens the bundles; sent to that server alone. Raises Malformed: MIR-01, not such an address.
    """
    try:
        parts, _ = urlsplit(prefix), urlsplit(prefix).port
    except ValueError as error:
        raise Malformed("MIR-01", "the log's address", f"cannot be one: {error}") from None
    is_plain = prefix.isascii() and not parts.query and not parts.fragment
    if parts.scheme in {"http", "https"} and parts.hostname and is_plain:
        return HttpFiles(parts, token)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"}:
        return FolderFiles(Path(unquote(parts.path)))
    if "://" in prefix:
        raise Malformed("MIR-01", "the log's address", "is not http://…, https://…, file://… or a folder")
    return FolderFiles(Path(prefix))


class FolderFiles:
    """A log's files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Read below a folder."""
        self._folder = folder

    def get(self, path: str, limit: int, /) -> bytes:
        """Return a file; see ``Files``."""
        try:
            with (self._folder / path).open("rb") as file:
                return _limited(path, file.read(limit + 1), limit)
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(f"there is no {path} in {self._folder}") from None
        except OSError as error:
            raise Unavailable(f"{self._folder / path}: {error.strerror}") from error


class HttpFiles:
    """A log's files over HTTP. One thread uses it."""

    def __init__(self, prefix: SplitResult, token: str | None) -> None:
        """Read below an address; opens no connection yet."""
        self._prefix = prefix.path.rstrip("/")
        self._headers = {"accept": "*/*"} | ({} if token is None else {"authorization": f"Bearer {token}"})
        secure = prefix.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._connection = kind(prefix.hostname or "", prefix.port, timeout=_PATIENCE)
        self._server = prefix.netloc.rpartition("@")[2]

    def get(self, path: str, limit: int, /) -> bytes:
        """Return a file; see ``Files``. Redirects are not followed: the token is for this server alone."""
        try:
            status, data = self._asked(path, limit)
        except (OSError, UnicodeError, http.client.HTTPException) as error:
            self._connection.close()
            raise Unavailable(
                f"{self._server} does not answer for {path}: {str(error) or type(error).__name__}"
            ) from error
        match status:
            case 200:
                return _limited(path, data, limit)
            case 401 | 403:
                raise NotTrusted("MIR-03", f"{self._server} does not give {path} for this token")
            case 404:
                raise NotFound(f"{self._server} has no {path}")
            case _:
                raise Unavailable(f"{self._server} answers {status} for {path}")

    def _asked(self, path: str, limit: int) -> tuple[int, bytes]:
        """Return status and body of an answer; ask again where a connection kept since the last time was closed."""
        kept = self._connection.sock is not None
        try:
            return self._ask(path, limit)
        except (ConnectionError, http.client.HTTPException):
            if not kept:
                raise
        # Servers close what is idle for some seconds, at any moment: also while we ask.
        self._connection.close()
        return self._ask(path, limit)

    def _ask(self, path: str, limit: int) -> tuple[int, bytes]:
        self._connection.request("GET", f"{self._prefix}/{path}", headers=self._headers)
        answer = self._connection.getresponse()
        data = answer.read(limit + 1)
        if not answer.isclosed():  # more than was asked for: what is left must not be taken for the next answer
            self._connection.close()
        return answer.status, data


def _limited(path: str, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise Malformed("MIR-02", path, f"larger than {limit} bytes")
    return data
