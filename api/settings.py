"""Settings: one frozen object, read once from the environment and passed down.

Nothing else reads the environment but what shapes text for a terminal: its language, its width and its colours.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from api.language import SETTING
from ledger.errors import Malformed
from ledger.words.table import Language

RULES: Final = {
    "SET-01": "A variable whose name begins with VIALOG_ is a setting.",
    "SET-02": "A setting that is given has a value that it can have.",
    "SET-03": "The log's name in the settings, where it is given, is that of the log in the database.",
    "SET-04": "Where the settings name a service, no command works on a log's own database.",
}

PREFIX: Final = "VIALOG_"
DEFAULT_ORIGIN: Final = "vialog.local/log"
JURISDICTIONS: Final = ("CN", "US")
"""Those that the program has rule packs of."""
_DEFAULT_DATA: Final = Path("vialog-data")
_DEFAULT_SESSIONS: Final = Path("~/.local/state/vialog/sessions")
# As the payload's own rule STM-31, but told before a log is given a name that no statement could carry.
_ORIGIN: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}\Z")

_DIGITS: Final = re.compile(r"[0-9]{1,11}\Z")
_WHOLE_SECONDS: Final = re.compile(r"[1-9][0-9]{0,4}\Z")
_SECONDS: Final = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,3})?\Z")
_LOOPBACK: Final = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?\Z")
# The characters of a bearer token, RFC 6750 2.1.
_TOKEN: Final = re.compile(r"[0-9A-Za-z._~+/=-]{16,512}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation is told from outside. Each field is the variable VIALOG_ and its name in capitals."""

    data: Path = _DEFAULT_DATA
    """Where the embedded server keeps its files. It holds the only copy of the log and must be on a local disk that
    honours fsync: on a network share or a RAM disk, what was acknowledged can be lost. Back it up while stopped."""

    database_url: str | None = field(default=None, repr=False)
    """A PostgreSQL server, 15 or later, to use instead of the embedded one: ``postgresql://user@host/database``. May
    hold a password, so it is never printed. Two logs in one database are impossible; pointing two installations at one
    database is meant: they then share the log."""

    primary_database_url: str | None = field(default=None, repr=False)
    """Of ``vialog serve --read-only``: the database at the primary, where people sign in and the access log is written;
    a login that may act as vialog_doors is enough. May hold a password, so it is never printed. Left out: nobody signs
    in there, and data of others are not told."""

    primary_origin: str | None = None
    """Of ``vialog serve --read-only``: the web origin of the service that records, which is named to whoever hands
    something in. Left out: none is named."""

    url: str | None = None
    """The web origin of a service whose log the commands ask and record at, such as ``https://log.example.org``;
    ``http`` only on this machine. No command then touches a database, and those that work on the log's own say so.
    Whoever has another's address here is told what that service says, and hands in there what is signed here."""

    token_file: Path | None = None
    """A file whose first line is the token with which the commands ask the service of ``url``, for programs. Whoever
    can read it acts as the person who made it: it must be readable by its owner alone. Left out: whoever opened a
    session with ``vialog session open``."""

    sessions: Path = _DEFAULT_SESSIONS
    """A folder in which ``vialog session open`` keeps sessions, each in a file that its owner alone can read: whoever
    has it acts as that person until it ends."""

    jurisdiction: str = "CN"
    """Whose rule packs judge. Changing it on a living log changes what is a breach from that moment on; what is
    recorded keeps the pack that its entry names."""

    rules: Path | None = None
    """A folder with further editions of rule packs, files as ``vialog rules export`` writes them: what was decreed
    after this program was made, and what other logs were judged by. An edition there judges from its first day on,
    unless the program has one of that day itself. Whoever can write there decides what is a breach from then on;
    entries name the edition with its digest. Left out: there are the program's own."""

    log_origin: str | None = None
    """The log's name and the first line of every checkpoint. Left out: the name that the log has, and
    ``vialog.local/log`` for a new one. Give a log that others will check a name under a domain of yours before its
    first statement: it can never be changed, because every signature and every checkpoint covers it."""

    passphrase_file: Path | None = None
    """A file whose first line opens the key files, for programs that cannot be asked. Whoever can read it and a key
    file can sign as you: it must be readable by its owner alone. Left out: you are asked."""

    checkpoint_every: float = 1.0
    """Seconds from one checkpoint to the next while something is new; 0.1 to 3600. Shorter: proofs come sooner, and
    each checkpoint adds an entry to the log and some kilobytes to the database for ever. Longer: what was recorded last
    stays longer without a proof, and whoever can write in the database can still change it unseen."""

    witness_policy: Path | None = None
    """A policy file (C2SP tlog-policy) that names the witnesses, their addresses and the quorum without which no
    checkpoint is published. Left out: nobody cosigns, and only those who keep a checkpoint themselves can tell when the
    log is rewritten. A quorum that cannot be met stops all proofs until it can."""

    clock_tolerance: float = 60.0
    """By how many seconds this machine's clock may differ from the database's, the witnesses' and the last entry's; 1
    to 86400. Beyond it nothing is recorded until a clock is mended or an operator confirms this one. Larger: a wrong
    clock puts wrong times into the log, for ever, and what follows takes the last one's time until it has come."""

    views: bool = True
    """Whether ``vialog serve`` keeps the views up with the log, in a process beside it: ``yes`` or ``no``. No: where
    ``vialog views follow`` is a service of its own, or memory is short; without views every list is folded from the
    whole log."""

    log_files_token: str | None = field(default=None, repr=False)
    """The bearer token that opens the entries under /log/tile/entries, 16 characters at least. Who knows it reads the
    whole log, every party's statements: it is for mirrors and auditors. Left out: nobody reads them over HTTP."""

    web_origin: str | None = None
    """The web origin under which people reach ``vialog serve``, such as ``https://log.example.org``: every sign-in is
    signed for it and counts nowhere else. ``http`` only on this machine itself. Left out: the address that it listens
    at, which is right where nobody asks from another machine. Another's address here: nobody can sign in."""

    language: Language | None = None
    """In which language people are told things: ``en`` or ``zh``. Left out: as the locale says (``LC_ALL``,
    ``LC_MESSAGES``, ``LANG``), English where it is not Chinese. What programs read stays as it is."""

    connections: int = 1_000
    """How many connections ``vialog serve`` and ``vialog witness serve`` hold at a time, 10 to 100000; half as many
    requests are worked on. More than the process may have files open are never held. Beyond, the one that has owed its
    request longest is closed. Smaller: somebody slow is closed sooner when many come at once."""

    request_within: float = 20.0
    """Seconds for the head of a request, for its body, and for a reader to take its answer; 1 to 3600. Smaller: a
    caller on a bad line is cut off. Larger: silence and half requests take up room for longer."""

    body_bytes: int = 64_000_000
    """How many bytes of requests are held at a time, all together; 2000000 to 10000000000. Beyond, the request that has
    been coming longest is given up. The memory that strangers can take."""

    requests_per_minute: int = 6_000
    """How many requests one caller, a network address, may send in a minute; 0 to 1000000, 0: any number. Beyond, 429
    until the quota comes back, evenly. This machine's own requests are not counted, unless a proxy of ``proxies`` tells
    for whom they are. Smaller: many people behind one address keep each other out."""

    proxies: frozenset[str] = frozenset()
    """The addresses of TLS proxies in front, separated by commas: the last address of their ``X-Forwarded-For`` is the
    caller's. Name none that strangers reach this service through without setting that header: they could say that they
    are anybody. Left out: whoever connects is the caller."""

    due_soon: int = 3
    """How many working days before its date something is noted to fall due soon, 0 to 60; 0: only once the date has
    passed. What has a shorter term is noted at once. More: people are told of much that is far away."""

    unsafe_hooks_to_this_machine: bool = False
    """Whether a hook may be at ``http://127.0.0.1:PORT`` or ``http://[::1]:PORT``, unencrypted: ``yes`` or ``no``. Yes:
    everybody who has signed in can have this machine's own services called, whatever those do then. For tests, and for
    a machine on which the log's operator is the only party."""

    log_lines: str = "plain"
    """How services write their log to stderr: ``plain`` for people, ``json`` one object a line. Nothing that a caller
    sent is in it."""


VARIABLES: Final = tuple(f"{PREFIX}{one.name.upper()}" for one in fields(Settings))
"""The names of all settings."""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    environ: the process's own environment if left out.

    Raises Malformed: SET-01 a variable is not a setting, SET-02 its value cannot be one.
    """
    given = {
        name: value for name, value in (os.environ if environ is None else environ).items() if name.startswith(PREFIX)
    }
    for name, value in given.items():
        if name not in VARIABLES:
            raise Malformed("SET-01", name, f"is not a setting; did you mean {_nearest(name)}?")
        if not value.strip():
            raise Malformed("SET-02", name, "is empty; to leave a setting out, unset the variable")
    return Settings(
        data=Path(given.get("VIALOG_DATA", _DEFAULT_DATA)),
        database_url=_database_url(given.get("VIALOG_DATABASE_URL")),
        primary_database_url=_database_url(given.get("VIALOG_PRIMARY_DATABASE_URL"), "VIALOG_PRIMARY_DATABASE_URL"),
        primary_origin=_url(given.get("VIALOG_PRIMARY_ORIGIN"), "VIALOG_PRIMARY_ORIGIN"),
        url=_url(given.get("VIALOG_URL")),
        token_file=Path(given["VIALOG_TOKEN_FILE"]) if "VIALOG_TOKEN_FILE" in given else None,
        sessions=Path(given["VIALOG_SESSIONS"]) if "VIALOG_SESSIONS" in given else _DEFAULT_SESSIONS,
        jurisdiction=_jurisdiction(given.get("VIALOG_JURISDICTION", "CN")),
        rules=Path(given["VIALOG_RULES"]) if "VIALOG_RULES" in given else None,
        log_origin=_origin(given.get("VIALOG_LOG_ORIGIN")),
        passphrase_file=Path(given["VIALOG_PASSPHRASE_FILE"]) if "VIALOG_PASSPHRASE_FILE" in given else None,
        checkpoint_every=_seconds(given.get("VIALOG_CHECKPOINT_EVERY", "1")),
        witness_policy=Path(given["VIALOG_WITNESS_POLICY"]) if "VIALOG_WITNESS_POLICY" in given else None,
        clock_tolerance=_tolerance(given.get("VIALOG_CLOCK_TOLERANCE", "60")),
        views=_yes(given, "VIALOG_VIEWS", "yes"),
        log_files_token=_token(given.get("VIALOG_LOG_FILES_TOKEN")),
        web_origin=_web_origin(given.get("VIALOG_WEB_ORIGIN")),
        language=_language(given.get(SETTING)),
        connections=_whole(given, "VIALOG_CONNECTIONS", "1000", 10, 100_000),
        request_within=_whole(given, "VIALOG_REQUEST_WITHIN", "20", 1, 3_600),
        body_bytes=_whole(given, "VIALOG_BODY_BYTES", "64000000", 2_000_000, 10_000_000_000),
        requests_per_minute=_whole(given, "VIALOG_REQUESTS_PER_MINUTE", "6000", 0, 1_000_000),
        proxies=_proxies(given.get("VIALOG_PROXIES")),
        due_soon=_whole(given, "VIALOG_DUE_SOON", "3", 0, 60),
        unsafe_hooks_to_this_machine=_yes(given, "VIALOG_UNSAFE_HOOKS_TO_THIS_MACHINE", "no"),
        log_lines=_log_lines(given.get("VIALOG_LOG_LINES", "plain")),
    )


def _nearest(name: str) -> str:
    """Return the setting that is spelled most alike; there always is one."""
    return get_close_matches(name, VARIABLES, n=1, cutoff=0)[0]


def _database_url(value: str | None, name: str = "VIALOG_DATABASE_URL") -> str | None:
    if value is None:
        return None
    from ledger.store.database.connections import is_conninfo

    if not is_conninfo(value):
        # Without the value, and without the driver's words, which quote it: it may hold a password.
        raise Malformed("SET-02", name, "is not postgresql://user@host/database")
    return value


def _url(value: str | None, name: str = "VIALOG_URL") -> str | None:
    """Return the web origin of a service; what is sent to it unencrypted stays on this machine."""
    return None if value is None else _web_origin(value.removesuffix("/"), name)


def _web_origin(value: str | None, name: str = "VIALOG_WEB_ORIGIN") -> str | None:
    if value is None:
        return None
    from api.sessions.challenge import is_origin

    if not is_origin(value) or not (value.startswith("https://") or is_loopback(value)):
        raise Malformed("SET-02", name, "is not https://host, without a path; http only for 127.0.0.1")
    return value


def is_loopback(origin: str) -> bool:
    """Say whether a web origin is one of this machine's own: what is sent to it leaves the machine for nobody."""
    return _LOOPBACK.match(origin) is not None


def _language(value: str | None) -> Language | None:
    if value is not None and value not in set(Language):
        raise Malformed("SET-02", SETTING, f"{value} is none of {', '.join(Language)}")
    return None if value is None else Language(value)


def _jurisdiction(value: str) -> str:
    if value not in JURISDICTIONS:
        raise Malformed("SET-02", "VIALOG_JURISDICTION", f"is none of {', '.join(JURISDICTIONS)}")
    return value


def _origin(value: str | None) -> str | None:
    if value is not None and _ORIGIN.match(value) is None:
        raise Malformed("SET-02", "VIALOG_LOG_ORIGIN", "a log's name is 1 to 128 letters, digits and . _ ~ : / -")
    return value


def _seconds(value: str) -> float:
    if _SECONDS.match(value) is None or not 0.1 <= float(value) <= 3600:
        raise Malformed("SET-02", "VIALOG_CHECKPOINT_EVERY", "is no number of seconds from 0.1 to 3600")
    return float(value)


def _yes(given: Mapping[str, str], name: str, default: str) -> bool:
    value = given.get(name, default)
    if value not in {"yes", "no"}:
        raise Malformed("SET-02", name, "is neither yes nor no")
    return value == "yes"


def _tolerance(value: str) -> float:
    if _WHOLE_SECONDS.match(value) is None or not 1 <= int(value) <= 86_400:
        raise Malformed("SET-02", "VIALOG_CLOCK_TOLERANCE", "is no number of seconds from 1 to 86400")
    return float(value)


def _whole(given: Mapping[str, str], name: str, default: str, least: int, most: int) -> int:
    value = given.get(name, default)
    if _DIGITS.match(value) is None or not least <= int(value) <= most:
        raise Malformed("SET-02", name, f"is no whole number from {least} to {most}")
    return int(value)


def _proxies(value: str | None) -> frozenset[str]:
    try:
        return frozenset(str(ip_address(one.strip())) for one in (value or "").split(",") if value is not None)
    except ValueError:
        raise Malformed("SET-02", "VIALOG_PROXIES", "is not a list of IP addresses, separated by commas") from None


def _log_lines(value: str) -> str:
    if value not in {"plain", "json"}:
        raise Malformed("SET-02", "VIALOG_LOG_LINES", "is neither plain nor json")
    return value


def _token(value: str | None) -> str | None:
    if value is not None and _TOKEN.match(value) is None:
        raise Malformed("SET-02", "VIALOG_LOG_FILES_TOKEN", "is not 16 or more letters, digits and . _ ~ + / = -")
    return value
