"""Where hooks may be, and what an attacker would have called: this service's own network, written in every way."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from api.hooks.addresses import Address, is_public, look_up, read_address
from api.hooks.sending import FAULTS, connected
from ledger.errors import Malformed, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://lab.example", Address(True, "lab.example", 443, "/")),
        ("https://a-b.lab.example:8443/x/y?z=1&q=%20", Address(True, "a-b.lab.example", 8443, "/x/y?z=1&q=%20")),
        ("https://xn--bcher-kva.example/", Address(True, "xn--bcher-kva.example", 443, "/")),
    ],
)
def test_an_address_is_of_https_and_has_a_name(url: str, expected: Address) -> None:
    assert read_address(url, "$.url", here=False) == expected


@pytest.mark.rule("HOK-01")
@pytest.mark.parametrize(
    "url",
    [
        "http://lab.example/",
        "ftp://lab.example/",
        "https://lab.example:80/",
        "https://lab.example:22/",
        "https://lab.example:65536/",
        "https://lab.example:0443/",
        "https://user@lab.example/",
        "https://lab.example@evil.example/",
        "https://lab.example/#x",
        "https://lab.example/a b",
        "https://lab.example/\r\nHost: x",
        "https://lab.example\\@evil.example/",
        "https://LAB.example/",
        "https://lab.example./",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://lab.example/" + "a" * 500,
        "https://" + "a." * 130 + "example/",
        "https://-lab.example/",
        "https://①.example/",
        "http://127.0.0.1:80/",
        "",
    ],
)
def test_whatever_else_is_no_address_of_a_hook(url: str) -> None:
    with pytest.raises(Malformed, match="HOK-01"):
        read_address(url, "$.url", here=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9000/x", "http://[::1]:9000/", "http://127.0.0.1:1024"])
def test_this_machine_is_one_where_its_operator_says_so_and_by_number_alone(url: str) -> None:
    address = read_address(url, "$.url", here=True)
    assert look_up(address) in {"127.0.0.1", "::1"}
    for other in ("http://127.0.0.2:9000/", "http://localhost:9000/", "http://10.0.0.1:9000/", "http://127.0.0.1:80/"):
        with pytest.raises(Malformed, match="HOK-01"):
            read_address(other, "$.url", here=True)


@pytest.mark.parametrize("number", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "240e::1"])
def test_an_address_of_the_internet_is_public(number: str) -> None:
    assert is_public(number)


@pytest.mark.parametrize(
    "number",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *(
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
        ),
        *("255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1"),
        *("fe80::1%lo", "fec0::1", "ff02::1", "ff0e::1", "nonsense"),
    ],
)
def test_every_other_address_is_not(number: str) -> None:
    assert not is_public(number)


def leads_to(*numbers: str) -> Callable[..., Sequence[object]]:
    """Return a resolver for which every name leads to these numbers."""

    def found(host: str, port: int, **_: object) -> Sequence[object]:
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in numbers]

    return found


HOOK = read_address("https://lab.example/", "$.url", here=False)


@pytest.mark.rule("HOK-02")
@pytest.mark.parametrize("numbers", [(), ("10.0.0.1",), ("1.1.1.1", "127.0.0.1"), ("1.1.1.1", "::ffff:10.0.0.1")])
def test_a_name_that_leads_anywhere_else_is_refused_and_not_why(
    numbers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", leads_to(*numbers))
    with pytest.raises(Refused, match="HOK-02: the address does not lead to the public internet"):
        look_up(HOOK)


def test_a_name_that_leads_elsewhere_by_the_time_of_delivery_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", leads_to("1.1.1.1"))
    assert look_up(HOOK) == "1.1.1.1"
    monkeypatch.setattr(socket, "getaddrinfo", leads_to("127.0.0.1"))
    with pytest.raises(Refused, match="HOK-02"), connected(HOOK):
        pass


def test_the_connection_goes_to_the_number_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    went: list[object] = []

    def connect(place: object, within: float) -> socket.socket:
        went.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", leads_to("93.184.215.14", "1.1.1.1"))
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(ConnectionRefusedError), connected(HOOK):
        pass
    assert went == [("93.184.215.14", 443)]


@contextmanager
def answering(*chunks: bytes, endless: bytes = b"") -> Iterator[Address]:
    """Serve one connection: send chunks, then the endless part until nobody takes it; or nothing more."""

    def serve(listening: socket.socket) -> None:
        taken, _ = listening.accept()
        with taken:
            try:
                taken.recv(65_536)
                for one in chunks:
                    taken.sendall(one)
                while endless:
                    taken.sendall(endless)
                while taken.recv(65_536):
                    pass
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, args=(listening,))
        thread.start()
        yield read_address(f"http://127.0.0.1:{listening.getsockname()[1]}/", "$.url", here=True)
        thread.join()


def test_an_endless_answer_is_not_read() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", endless=b"x" * 65_536) as address, connected(address) as line:
        assert line.post({}, b"{}") == 200


@pytest.mark.parametrize(
    ("chunks", "endless"),
    [
        ((), b""),
        ((b"HTTP/1.1 200 OK\r\n",), b""),
        ((b"HTTP/1.1 200 OK\r\n",), b"X: y\r\n"),
        ((), b"HTTP/1.1 100 Continue\r\n\r\n"),
        ((), b"x"),
    ],
)
def test_who_does_not_come_to_an_end_is_cut_off_in_time(chunks: tuple[bytes, ...], endless: bytes) -> None:
    began = monotonic()
    with (
        answering(*chunks, endless=endless) as address,
        pytest.raises(FAULTS),
        connected(address, within=0.3) as line,
    ):
        line.post({}, b"{}")
    assert monotonic() - began < 5


def test_a_line_that_is_gone_is_not_opened_again() -> None:
    closing = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with answering(closing) as address, connected(address) as line:
        assert line.post({}, b"{}") == 200
        with pytest.raises(FAULTS):
            line.post({}, b"{}")
