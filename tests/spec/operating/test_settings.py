"""Settings: read once, spelled right, each with its danger written beside it."""

from __future__ import annotations

import ast
from dataclasses import fields
from itertools import pairwise
from pathlib import Path

import pytest

from api import settings
from api.settings import VARIABLES, Settings, read_settings
from ledger.clock import SystemClock
from ledger.domain.bodies.vocabulary import Role
from ledger.errors import Malformed
from ledger.ids import PartyId, new_statement_id
from ledger.meaning import Meaning
from ledger.statement.form.header import Capture, CaptureMode, Signer
from ledger.statement.form.writing import build_payload
from ledger.statement.signing.keys import Algorithm
from ledger.words.table import Language


def test_nothing_needs_to_be_set() -> None:
    assert read_settings({"HOME": "/root"}) == Settings()


def test_every_setting_is_read() -> None:
    given = {
        "VIALOG_DATA": "/srv/vialog",
        "VIALOG_DATABASE_URL": "postgresql://host/db",
        "VIALOG_PRIMARY_DATABASE_URL": "postgresql://primary/db",
        "VIALOG_PRIMARY_ORIGIN": "https://log.example.org",
        "VIALOG_URL": "https://log.example.org/",
        "VIALOG_TOKEN_FILE": "/run/secrets/token",
        "VIALOG_SESSIONS": "/run/user/sessions",
        "VIALOG_JURISDICTION": "US",
        "VIALOG_RULES": "/etc/vialog/rules",
        "VIALOG_LOG_ORIGIN": "ledger.example/log1",
        "VIALOG_PASSPHRASE_FILE": "/run/secrets/passphrase",
        "VIALOG_CHECKPOINT_EVERY": "0.5",
        "VIALOG_WITNESS_POLICY": "/etc/vialog/witnesses",
        "VIALOG_CLOCK_TOLERANCE": "5",
        "VIALOG_VIEWS": "no",
        "VIALOG_LOG_FILES_TOKEN": "0123456789abcdef",
        "VIALOG_WEB_ORIGIN": "https://log.example.org",
        "VIALOG_LANGUAGE": "zh",
        "VIALOG_CONNECTIONS": "50",
        "VIALOG_REQUEST_WITHIN": "3",
        "VIALOG_BODY_BYTES": "2000000",
        "VIALOG_REQUESTS_PER_MINUTE": "0",
        "VIALOG_PROXIES": "10.0.0.1, 2001:DB8::1",
        "VIALOG_LOG_LINES": "json",
        "VIALOG_DUE_SOON": "0",
        "VIALOG_UNSAFE_HOOKS_TO_THIS_MACHINE": "yes",
    }
    assert set(given) == set(VARIABLES)
    assert read_settings(given) == Settings(
        data=Path("/srv/vialog"),
        database_url="postgresql://host/db",
        primary_database_url="postgresql://primary/db",
        primary_origin="https://log.example.org",
        url="https://log.example.org",
        token_file=Path("/run/secrets/token"),
        sessions=Path("/run/user/sessions"),
        jurisdiction="US",
        rules=Path("/etc/vialog/rules"),
        log_origin="ledger.example/log1",
        passphrase_file=Path("/run/secrets/passphrase"),
        checkpoint_every=0.5,
        witness_policy=Path("/etc/vialog/witnesses"),
        clock_tolerance=5,
        views=False,
        log_files_token="0123456789abcdef",
        web_origin="https://log.example.org",
        language=Language.CHINESE,
        connections=50,
        request_within=3,
        body_bytes=2_000_000,
        requests_per_minute=0,
        proxies=frozenset({"10.0.0.1", "2001:db8::1"}),
        log_lines="json",
        due_soon=0,
        unsafe_hooks_to_this_machine=True,
    )


@pytest.mark.rule("SET-01")
@pytest.mark.parametrize(
    ("name", "nearest"),
    [("VIALOG_LOGORIGIN", "VIALOG_LOG_ORIGIN"), ("VIALOG_DTA", "VIALOG_DATA"), ("VIALOG_X", "VIALOG_")],
)
def test_a_variable_that_is_no_setting_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(Malformed, match=f"SET-01: {name}: is not a setting; did you mean {nearest}"):
        read_settings({name: "x"})


@pytest.mark.rule("SET-02")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIALOG_DATA", ""),
        ("VIALOG_LOG_ORIGIN", "two words"),
        ("VIALOG_CHECKPOINT_EVERY", "0"),
        ("VIALOG_CHECKPOINT_EVERY", "3601"),
        ("VIALOG_CHECKPOINT_EVERY", "often"),
        ("VIALOG_CLOCK_TOLERANCE", "0"),
        ("VIALOG_CLOCK_TOLERANCE", "86401"),
        ("VIALOG_CLOCK_TOLERANCE", "1.5"),
        ("VIALOG_LOG_FILES_TOKEN", "short"),
        ("VIALOG_URL", "http://log.example.org"),
        ("VIALOG_URL", "https://log.example.org/v1"),
        ("VIALOG_WEB_ORIGIN", "http://log.example.org"),
        ("VIALOG_WEB_ORIGIN", "https://log.example.org/"),
        ("VIALOG_WEB_ORIGIN", "https://Log.example.org"),
        ("VIALOG_WEB_ORIGIN", "https://log.example.org:443"),
        ("VIALOG_WEB_ORIGIN", "https://log.example.org@evil.example"),
        ("VIALOG_PROXIES", "proxy.example"),
        ("VIALOG_DUE_SOON", "61"),
        ("VIALOG_DUE_SOON", "soon"),
        ("VIALOG_PROXIES", "10.0.0.1,"),
        ("VIALOG_LOG_LINES", "xml"),
        ("VIALOG_UNSAFE_HOOKS_TO_THIS_MACHINE", "true"),
        ("VIALOG_REQUESTS_PER_MINUTE", "-1"),
        ("VIALOG_LOG_FILES_TOKEN", "with a space in it somewhere"),
        ("VIALOG_LOG_ORIGIN", "line\nfeed"),
        ("VIALOG_LOG_ORIGIN", "a" * 129),
        ("VIALOG_JURISDICTION", "ATLANTIS"),
        ("VIALOG_DATABASE_URL", "nonsense"),
        ("VIALOG_DATABASE_URL", "mysql://x"),
        ("VIALOG_DATABASE_URL", "postgresql://[::1"),
        ("VIALOG_DATABASE_URL", "postgresql://host/db?connect_timeout=soon"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: str) -> None:
    with pytest.raises(Malformed, match=f"SET-02: {name}: "):
        read_settings({name: value})


@pytest.mark.parametrize("origin", ["a", "ledger.example/log1", "_x", "x y", "x" * 128, "x" * 129, "é"])
def test_a_log_can_be_named_as_a_statement_can_name_it(origin: str) -> None:
    assert _takes_setting(origin) == _takes_payload(origin)


def test_a_password_in_the_url_is_not_shown() -> None:
    assert "secret" not in repr(read_settings({"VIALOG_DATABASE_URL": "postgresql://me:secret@host/db"}))


def test_a_url_that_cannot_be_is_not_shown_either() -> None:
    with pytest.raises(Malformed) as caught:
        read_settings({"VIALOG_DATABASE_URL": "mysql://me:secret@host/db"})
    assert "secret" not in str(caught.value)


def test_every_setting_explains_itself() -> None:
    tree = ast.parse(Path(settings.__file__).read_text(encoding="utf-8"))
    (body,) = [node.body for node in tree.body if isinstance(node, ast.ClassDef)]
    explained = [
        one.target.id
        for one, following in pairwise(body)
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and isinstance(following, ast.Expr)
    ]
    assert explained == [one.name for one in fields(Settings)]


def _takes_setting(origin: str) -> bool:
    try:
        read_settings({"VIALOG_LOG_ORIGIN": origin})
    except Malformed:
        return False
    return True


def _takes_payload(origin: str) -> bool:
    now = SystemClock().now()
    signer = Signer("0" * 64, Algorithm.ED25519, PartyId("party:p"), "p-1", Role.OPERATOR, Meaning.PERFORMED)
    try:
        build_payload(
            log=origin,
            id=new_statement_id(now),
            kind="site.changed/1",
            occurred_at=now,
            signers=[signer],
            capture=Capture(CaptureMode.API),
            body={},
        )
    except Malformed:
        return False
    return True
