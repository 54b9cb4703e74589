"""The lines of a service's log: for people, or as JSON for a program; each with the id of the request it arose in.

Nothing is logged of a request that is answered as it should be: figures count those. What a caller sent is in no line.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, Final

from api.http.bounds.marks import request_id

_PLAIN: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class PlainLines(logging.Formatter):
    """A line for people, with the request's id behind it where there is one."""

    def __init__(self) -> None:
        """Write times as the service always did."""
        super().__init__(_PLAIN)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        """Return a record as one line."""
        ident = request_id.get()
        line = super().formatMessage(record)
        return f"{line} (request {ident})" if ident else line


class JsonLines(logging.Formatter):
    """One object a line: time in UTC, level, logger, message; request and error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON."""
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="microseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if ident := request_id.get():
            said["request"] = ident
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
