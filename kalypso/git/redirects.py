"""Where a server redirects git to, and whether git may go there.

Forges redirect the address of a repository that was renamed. But a server may name any address,
also one that only this machine can reach. So git itself follows no redirect: it is asked where it
was sent, and the address is looked at first.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

import msgspec

from kalypso.git.hosts import host_of, is_link_local
from kalypso.git.run import GitFailed, git

TRACED: Mapping[str, str] = {"GIT_TRACE_CURL": "1", "GIT_TRACE_CURL_NO_DATA": "1"}
"""Variables with which git prints the headers that it gets; it hides those with secrets."""
MOST_REDIRECTS = 5
_REDIRECTED = re.compile(r"returned error: 30[12378]\b")
_LOCATION = re.compile(r"<= Recv header: location: (\S+)", re.IGNORECASE)
_TAIL = re.compile(r"/info/refs\?service=git-(?:upload|receive)-pack$")
_PORTS = {"http": 80, "https": 443}


class Redirect(msgspec.Struct, frozen=True):
    """The address that a server sends git to."""

    url: str
    addresses: tuple[str, ...] = ()
    """What its host was found to be; git goes there and nowhere else."""

    def settings(self, repository: str) -> dict[str, str]:
        """Return the configuration with which git asks it in place of a repository's address."""
        found = {f"url.{self.url}.insteadOf": repository}
        if self.addresses:
            parts = urlsplit(self.url)
            port = parts.port or _PORTS[parts.scheme]
            found["http.curloptResolve"] = f"{parts.hostname}:{port}:{','.join(self.addresses)}"
        return found


class Refused(Exception):
    """Git may not go where it is sent; says why."""


def is_redirect(error: GitFailed) -> bool:
    """Return whether git ended because it was sent elsewhere."""
    return _REDIRECTED.search(f"{error.output}\n{error.problem.message}") is not None


def follows_redirects() -> bool:
    """Return whether git's configuration of this user lets it follow any."""
    try:
        said = git("config", "--get", "http.followRedirects").decode().strip().lower()
    except GitFailed:
        return True
    return said not in {"false", "no", "off", "0"}


def redirect_of(url: str, traced: GitFailed, *, link_local: bool) -> Redirect:
    """Return where git is sent.

    Args:
        url: What it asked.
        traced: How it ended, with the variables `TRACED`.
        link_local: Whether link-local addresses may be asked.

    Raises:
        Refused: The redirect may not be followed.
    """
    locations = _LOCATION.findall(traced.output)
    if not locations:
        raise Refused("somewhere that it does not name")
    whole = urljoin(f"{url.rstrip('/')}/info/refs?service=git-upload-pack", locations[-1])
    new, count = _TAIL.subn("", whole)
    host = _host(new) if count else ""
    if not host:
        raise Refused("an address that is not one of a repository")
    if url.lower().startswith("https:") and not new.lower().startswith("https:"):
        raise Refused(f"{host} without encryption")
    addresses = _addresses(host)
    if not link_local and any(map(is_link_local, (host, *addresses))):
        raise Refused(f"{host}, which is link-local")
    if any(map(_is_private, addresses)) and not any(map(_is_private, _addresses(host_of(url)))):
        raise Refused(f"{host}, which is a private address")
    return Redirect(new, addresses if host not in addresses else ())


def _host(url: str) -> str:
    """Return the host of an address that git may be sent to; empty for any other."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises if it is not a number
        named = parts.scheme in _PORTS and parts.username is None
        return host_of(url) if named else ""
    except ValueError:
        return ""


def _addresses(host: str) -> tuple[str, ...]:
    """Return the addresses of a host; none if it cannot be looked up, as behind a proxy."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def _is_private(address: str) -> bool:
    return not ipaddress.ip_address(address.partition("%")[0]).is_global
