"""URLs taken apart and put together, as Go's ``net/url`` does.

Source: Go's package net/url, url.go.
"""

from __future__ import annotations

import re
import string
from typing import Final, Literal

import msgspec

from kalypso.golang.bytestrings import from_bytes, to_bytes
from kalypso.golang.signatures import FunctionError
from kalypso.golang.strconv import quote

_Part = Literal["path", "host", "zone", "user", "fragment"]

_UNRESERVED: Final = string.ascii_letters + string.digits + "-._~"
_HOST: Final = frozenset((_UNRESERVED + "!\"$&'()*+,:;<=>[]").encode())
_LITERAL: Final[dict[_Part, frozenset[int]]] = {
    "path": frozenset((_UNRESERVED + "$&+,/:;=@").encode()),
    "host": _HOST,
    "zone": _HOST,
    "user": frozenset((_UNRESERVED + "$&+,;=").encode()),
    "fragment": frozenset((_UNRESERVED + "!$&()*+,/:;=?@").encode()),
}
"""Bytes that stand for themselves."""
_ESCAPE: Final = re.compile(rb"%([0-9a-fA-F]{2})")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PORT: Final = re.compile(r"(?::[0-9]*)?", re.ASCII)
_USERINFO: Final = re.compile(r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*", re.ASCII)
_CONTROL: Final = re.compile("[\x00-\x1f\x7f]")


class URLError(ValueError):
    """The text is not a URL; the message is Go's without the URL."""


class URL(msgspec.Struct):
    """The parts of a URL, decoded."""

    scheme: str = ""
    opaque: str = ""
    user: str | None = None
    """Name, and password after a colon, encoded again."""
    host: str = ""
    path: str = ""
    query: str = ""
    """As it was."""
    fragment: str = ""

    def hostname(self) -> str:
        """Return the host without port and brackets."""
        host, colon, port = self.host.rpartition(":")
        if not colon or not _PORT.fullmatch(colon + port):
            host = self.host
        return host[1:-1] if host.startswith("[") and host.endswith("]") else host

    def text(self) -> str:
        """Put the parts together."""
        text = f"{self.scheme}:" if self.scheme else ""
        if self.opaque:
            text += self.opaque
        else:
            text += self._authority() + self._path(empty=not text and not self._authority())
        text += f"?{self.query}" if self.query else ""
        return text + (f"#{_escape(self.fragment, 'fragment')}" if self.fragment else "")

    def _authority(self) -> str:
        if not (self.scheme or self.host or self.user is not None):
            return ""
        text = "//" if self.host or self.path or self.user is not None else ""
        text += f"{self.user}@" if self.user is not None else ""
        return text + _escape(self.host, "host")

    def _path(self, *, empty: bool) -> str:
        path = "*" if self.path == "*" else _escape(self.path, "path")
        if path and not path.startswith("/") and self.host:
            path = f"/{path}"
        # A colon in the first segment would make it look like a scheme.
        if empty and self.host == "" and ":" in path.partition("/")[0]:
            path = f"./{path}"
        return path


def parse(text: str) -> URL:
    """Take a URL apart.

    Raises:
        FunctionError: The text is not a URL; the message names it and what is wrong.
    """
    body, _, fragment = text.partition("#")
    try:
        url = _parse(body)
    except URLError as error:
        raise FunctionError(f"parse {quote(body)}: {error}") from None
    try:
        url.fragment = _unescape(fragment, "fragment")
    except URLError as error:
        raise FunctionError(f"parse {quote(text)}: {error}") from None
    return url


def _parse(text: str) -> URL:
    if _CONTROL.search(text):
        raise URLError("net/url: invalid control character in URL")
    if text == "*":
        return URL(path="*")
    if text.startswith(":"):
        raise URLError("missing protocol scheme")
    scheme = _SCHEME.match(text)
    url = URL(scheme=scheme[0][:-1].lower() if scheme else "")
    rest, _, url.query = text[scheme.end() if scheme else 0 :].partition("?")
    if not rest.startswith("/"):
        if url.scheme:
            url.opaque = rest
            return url
        if ":" in rest.partition("/")[0]:
            raise URLError("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (url.scheme or not rest.startswith("///")):
        authority, slash, path = rest[2:].partition("/")
        rest = slash + path
        _parse_authority(url, authority)
    url.path = _unescape(rest, "path")
    return url


def _parse_authority(url: URL, authority: str) -> None:
    userinfo, at, host = authority.rpartition("@")
    url.host = _parse_host(url.scheme, host)
    if not at:
        return
    if not _USERINFO.fullmatch(userinfo):
        raise URLError("net/url: invalid userinfo")
    name, colon, password = userinfo.partition(":")
    url.user = _escape(_unescape(name, "user"), "user")
    if colon:
        url.user += ":" + _escape(_unescape(password, "user"), "user")


def _parse_host(scheme: str, host: str) -> str:
    bracket = host.rfind("[")
    if bracket > 0:
        raise URLError("invalid IP-literal")
    if bracket == 0:
        return _parse_ip_literal(host)
    colon = host.find(":")
    if colon >= 0:
        if scheme not in ("http", "https"):
            colon = host.rfind(":")
        _check_port(host[colon:])
    return _unescape(host, "host")


def _check_port(text: str) -> None:
    if not _PORT.fullmatch(text):
        raise URLError(f"invalid port {quote(text)} after host")


def _parse_ip_literal(host: str) -> str:
    address, bracket, port = host[1:].rpartition("]")
    if not bracket:
        raise URLError("missing ']' in host")
    _check_port(port)
    address, zone, zone_name = address.partition("%25")
    address = _unescape(address, "host") + _unescape(zone + zone_name, "zone")
    _check_ipv6(address)
    return f"[{address}]{port}"


def _check_ipv6(text: str) -> None:
    import ipaddress  # noqa: PLC0415 - few URLs have such a host

    try:
        version = ipaddress.ip_address(text).version
    except ValueError:
        known = ":" in text or "." in text
        reason = "invalid address" if known else "unable to parse IP"
        raise URLError(f"invalid host: ParseAddr({quote(text)}): {reason}") from None
    if version == 4:  # IPv4
        raise URLError("invalid IP-literal")


def _unescape(text: str, part: _Part) -> str:
    data, at = to_bytes(text), 0
    while at < len(data):
        if data[at] == ord("%"):
            _check_escape(data[at : at + 3], part)
            at += 3
            continue
        strange = part in ("host", "zone") and data[at] not in _LITERAL[part]
        if strange and data[at] < 0x80:  # ASCII
            raise URLError(f"invalid character {quote(chr(data[at]))} in host name")
        at += 1
    return from_bytes(_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data))


def _check_escape(escape: bytes, part: _Part) -> None:
    match = _ESCAPE.fullmatch(escape)
    fits = match is not None
    if match and part in ("host", "zone") and escape != b"%25":
        code = int(match[1], 16)
        # A host may escape what it could not hold otherwise, a zone what it could, and spaces.
        in_zone = code == ord(" ") or code in _LITERAL["host"]
        fits = code >= 0x80 if part == "host" else in_zone  # ASCII
    if not fits:
        raise URLError(f"invalid URL escape {quote(from_bytes(escape))}")


def _escape(text: str, part: _Part) -> str:
    literal = _LITERAL[part]
    return "".join(chr(byte) if byte in literal else f"%{byte:02X}" for byte in to_bytes(text))
