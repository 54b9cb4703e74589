"""The server encrypts: within the same limits, and with a key that is its own alone."""

from __future__ import annotations

import http.client
import socket
import ssl
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from fastapi import FastAPI

from api.http.connections import Limits
from api.http.encrypted import read_certificate
from ledger.errors import Malformed, NotTrusted
from tests.http.serving import listening
from tests.http.test_connections import holding

if TYPE_CHECKING:
    from pathlib import Path


class Files(NamedTuple):
    """Where a certificate and its key are."""

    cert: Path
    key: Path


def _made(folder: Path, name: str, protection: KeySerializationEncryption) -> Files:
    """Make a certificate of localhost by itself."""
    key, now = generate_private_key(SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    cert = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    files = Files(folder / f"{name}.pem", folder / f"{name}.key")
    files.cert.write_bytes(cert.public_bytes(Encoding.PEM))
    files.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
    files.key.chmod(0o600)
    return files


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A certificate and its key."""
    return _made(tmp_path, "own", NoEncryption())


def _application() -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.state.largest_body, app.state.larger_bodies, app.state.metrics = 1_000_000, {}, None
    app.state.followers = None

    @app.get("/livez")
    async def alive() -> str:
        return "ok"

    return app


def _asked(port: int, files: Files) -> tuple[int, str | None]:
    """Ask as a client that trusts the certificate; return status and what is said of encryption."""
    trusting = ssl.create_default_context(cafile=files.cert)
    with closing(http.client.HTTPSConnection("localhost", port, timeout=20, context=trusting)) as connection:
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        return answer.status, answer.getheader("Strict-Transport-Security")


def test_answers_are_encrypted_and_say_that_a_browser_comes_back_so(files: Files) -> None:
    with listening(_application(), tls=read_certificate(*files)) as port:
        assert _asked(port, files) == (200, "max-age=31536000")


def test_who_speaks_no_tls_is_told_nothing(files: Files) -> None:
    with (
        listening(_application(), tls=read_certificate(*files)) as port,
        holding(port, 1, b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n") as (plain,),
    ):
        plain.settimeout(20)
        with suppress(ConnectionResetError):
            assert b"HTTP" not in plain.recv(65_536)
        assert _asked(port, files)[0] == 200


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01\x02\x00"], ids=["nothing", "half a greeting"])
def test_many_who_shake_no_hands_keep_nobody_out(files: Files, sent: bytes) -> None:
    limits = Limits(connections=20, within=600)
    with (
        listening(_application(), limits, tls=read_certificate(*files)) as port,
        holding(port, 60, sent) as held,
    ):
        assert [_asked(port, files)[0] for _ in range(5)] == [200] * 5
        assert _ended(held[0])
    # The server has stopped, though the others never said a word.


def test_who_shakes_no_hands_in_time_is_closed(files: Files) -> None:
    limits = Limits(within=0.2)
    with listening(_application(), limits, tls=read_certificate(*files)) as port, holding(port, 2, b"\x16") as held:
        assert [_ended(one) for one in held] == [True, True]


def _ended(connection: socket.socket) -> bool:
    connection.settimeout(20)
    with suppress(ConnectionResetError):
        return connection.recv(65_536) == b""
    return True


@pytest.mark.rule("TLS-01")
def test_a_certificate_is_served_with_its_own_key_which_nobody_types_a_passphrase_for(
    files: Files, tmp_path: Path
) -> None:
    other = _made(tmp_path, "other", NoEncryption())
    protected = _made(tmp_path, "protected", BestAvailableEncryption(b"a passphrase of the tests"))
    for wrong in (Files(files.cert, other.key), protected, Files(files.key, files.key)):
        with pytest.raises(Malformed) as refused:
            read_certificate(*wrong)
        assert refused.value.rule == "TLS-01"


def test_a_key_that_others_can_read_is_not_served(files: Files) -> None:
    files.key.chmod(0o644)
    with pytest.raises(NotTrusted) as refused:
        read_certificate(*files)
    assert refused.value.rule == "KEY-20"
