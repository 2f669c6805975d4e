"""Hosts that no repository is on: link-local addresses, however they are spelled.

In a cloud, every machine finds its own credentials at such an address, and answers there are for
this machine only. An address in a model that leads there is a mistake or an attack.
"""

from __future__ import annotations

import ipaddress
import socket
import unicodedata
from urllib.parse import unquote, urlsplit

_METADATA = frozenset({"metadata.google.internal", "metadata.goog", "instance-data"})
"""Names that clouds give to such an address."""
_OTHER = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200")))
"""Addresses for the same purpose outside the range."""
_TRANSLATED = tuple(map(ipaddress.ip_network, ("::/96", "64:ff9b::/96")))
"""Addresses whose last bits are one of the fourth version."""
METADATA_ADDRESS = "169.254.169.254"
"""Where most clouds keep a machine's credentials."""


def host_of(address: str) -> str:
    """Return the host of a repository's address, in lower case; empty if it has none.

    Raises:
        ValueError: The text is not an address.
    """
    if "://" in address:
        parts = urlsplit(address)
        _ = parts.port  # raises if it is not a number
        host = parts.hostname or ""
    else:
        host = address.rpartition("@")[2].partition(":")[0]
        if address.rpartition("@")[2].startswith("["):
            host = address.rpartition("@")[2][1:].partition("]")[0]
    plain = unicodedata.normalize("NFKC", unquote(host))
    return plain.replace("\u3002", ".").rstrip(".").lower()


def is_link_local(host: str) -> bool:
    """Return whether a host is one of these addresses; names are not looked up."""
    if host in _METADATA:
        return True
    found = _address(host)
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif any(found in network for network in _TRANSLATED):
            return is_link_local(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        elif found.sixtofour:
            found = found.sixtofour
    return found is not None and (found.is_link_local or found in _OTHER)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Read an address as the system does: an IPv4 one may be one number, or octal, or short."""
    try:
        return ipaddress.IPv6Address(host.partition("%")[0].strip("[]"))
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError, ValueError):
        return None
