"""Where a hook may be: public addresses alone, looked up anew before each delivery, and told apart by nobody else.

A name says nothing of where it leads: whoever owns it can let it lead into this service's own network, and between two
look-ups elsewhere. So the addresses that a name leads to are looked at, all of them, and the connection goes to one of
those that were looked at, and not to the name.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from ledger.errors import Malformed, Refused

RULES: Final = {
    "HOK-01": "A hook has an https address with a name: https://host/path, at port 443 or from 1024 on.",
    "HOK-02": "A hook is called at public addresses of the internet alone, and its name leads to no others.",
}

_LONGEST: Final = 500
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# The last label has a letter first: what programs take for a number written otherwise (0x7f.1, 2130706433) is no name.
_NAMED: Final = re.compile(
    rf"https://(?P<host>(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9])(?::(?P<port>[1-9][0-9]{{0,4}}))?"
    r"(?P<path>/[!-\"$-\[\]-~]*)?"
)
_HERE: Final = re.compile(r"http://(?P<host>127\.0\.0\.1|\[::1\]):(?P<port>[1-9][0-9]{0,4})(?P<path>/[!-\"$-\[\]-~]*)?")
_LONGEST_HOST: Final = 253
_HTTPS: Final = 443
_FIRST_FREE: Final = 1_024
_LAST: Final = 65_535

_UNICAST: Final = IPv6Network("2000::/3")
"""What of IPv6 is given out to the internet; all else is nobody's, or only somebody's own (RFC 4291 2.4)."""

_TRANSLATED: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo (RFC 4380) and 6to4 (RFC 3056): an address of IPv4 stands in them, of whatever network."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a hook is called. path: with its query. port: 443 where the address names none."""

    secure: bool
    host: str
    port: int
    path: str


def read_address(url: str, member: str, *, here: bool) -> Address:
    """Return what an address names; nothing is looked up. here: whether this machine itself may be named, by http.

    Raises Malformed: HOK-01.
    """
    named = _NAMED.fullmatch(url) if len(url) <= _LONGEST else None
    own = _HERE.fullmatch(url) if here and named is None and len(url) <= _LONGEST else None
    if (found := named or own) is None or len(found["host"]) > _LONGEST_HOST:
        raise Malformed("HOK-01", member, "is not https://host/path, with a name and no number for the host")
    port = int(found["port"] or _HTTPS)
    if not (port == _HTTPS or _FIRST_FREE <= port <= _LAST):
        raise Malformed("HOK-01", member, f"names a port that is neither {_HTTPS} nor {_FIRST_FREE} to {_LAST}")
    return Address(named is not None, found["host"].strip("[]"), port, found["path"] or "/")


def look_up(address: Address) -> str:
    """Return the number to which a connection may go. Takes as long as the resolver does.

    Raises Refused: HOK-02 there is none, or not all to which the name leads are public; which of the two is not told,
    or whoever asks would learn what names this service's own network has.
    """
    if not address.secure:
        return address.host  # this machine, by its number: it was allowed where the address was read
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        found = []
    numbers = [str(one[4][0]) for one in found]
    if not numbers or not all(map(is_public, numbers)):
        raise Refused("HOK-02", "the address does not lead to the public internet")
    return numbers[0]


def is_public(number: str) -> bool:
    """Say whether an IP address is one of the public internet that belongs to one machine."""
    try:
        address = ip_address(number)
    except ValueError:  # with a zone: of one link
        return False
    return _is_public_6(address) if isinstance(address, IPv6Address) else _is_public_4(address)


def _is_public_4(address: IPv4Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _is_public_6(address: IPv6Address) -> bool:
    # An address of IPv4 in one of IPv6 (::ffff:10.0.0.1, 64:ff9b::a00:1) is outside of what is given out: not public.
    return address in _UNICAST and address.is_global and not any(address in one for one in _TRANSLATED)
