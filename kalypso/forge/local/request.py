"""What a request over HTTP may be: which repository and service it names, and how its body comes.

Everything is checked before git is started, as far as it can be; a body is read in small blocks
and within bounds, so that a client can neither fill the memory nor hold a process for ever.
Source: RFC 9112, "Message body"; where it leaves a choice, the strict one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from http import HTTPStatus
from io import BufferedIOBase
from urllib.parse import unquote, urlsplit

import msgspec

_BLOCK = 64 * 1024
_LINE = 256
"""Bytes of a line that says how long a chunk is, or of a trailer."""
_TRAILERS = 20
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_LENGTH = re.compile(r"[0-9]{1,12}")
_SERVICE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_QUERY = re.compile(r"[A-Za-z0-9=&._-]{0,200}")
_HEADER = re.compile(r"[ -~]{0,200}")
_HERE = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)


class Refused(Exception):
    """A request is not answered; carries the status of HTTP and why."""

    def __init__(self, status: HTTPStatus, why: str) -> None:
        super().__init__(status, why)
        self.status, self.why = status, why


class Target(msgspec.Struct, frozen=True):
    """What a request asks for."""

    name: str
    """Of the repository, without `.git`."""
    service: str
    """The path behind it, as git's clients ask for it."""
    query: str


class Framing(msgspec.Struct, frozen=True):
    """How a body comes: in chunks, or with a length."""

    chunked: bool
    length: int = 0


def target_of(path: str) -> Target:
    """Read the target of a request line.

    Raises:
        Refused: The target is not a path, or does not name anything that git serves.
    """
    try:
        parts = urlsplit(path)
    except ValueError:
        raise _bad("not a path") from None
    name, _, service = unquote(parts.path, errors="surrogateescape").lstrip("/").partition("/")
    if not _QUERY.fullmatch(parts.query):
        raise _bad("not a query of git")
    if not _SERVICE.fullmatch(service):
        raise Refused(HTTPStatus.NOT_FOUND, "no such repository")
    return Target(name.removesuffix(".git"), service, parts.query)


def asks_here(headers: Message) -> bool:
    """Return whether a request names this machine as its host.

    Raises:
        Refused: The request names several hosts.
    """
    hosts = headers.get_all("Host") or [""]
    if len(hosts) > 1:
        raise _bad("several hosts")
    return _HERE.fullmatch(hosts[0].strip()) is not None


def header(headers: Message, name: str) -> str:
    """Return a header that is handed on to git; empty if it is absent.

    Raises:
        Refused: The header is given twice, or has characters that no header has.
    """
    found = headers.get_all(name) or [""]
    if len(found) > 1 or not _HEADER.fullmatch(str(found[0])):
        raise _bad(f"not a good {name}")
    return str(found[0])


def framing_of(headers: Message, method: str, largest: int) -> Framing:
    """Read how the body of a request comes.

    Args:
        headers: Of the request.
        method: Of the request.
        largest: Bytes that a body may have.

    Raises:
        Refused: The request does not say how long its body is, says it in two ways, or is too
            large.
    """
    codings, lengths = headers.get_all("Transfer-Encoding"), headers.get_all("Content-Length")
    if codings and lengths:
        raise _bad("both a length and chunks")
    if codings:
        if [coding.strip().lower() for coding in codings] != ["chunked"]:
            raise Refused(HTTPStatus.NOT_IMPLEMENTED, "no such transfer coding")
        found = Framing(chunked=True)
    elif lengths:
        if len(lengths) > 1 or not _LENGTH.fullmatch(lengths[0].strip()):
            raise _bad("not a length")
        found = Framing(chunked=False, length=int(lengths[0]))
    elif method == "POST":
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "no length")
    else:
        return Framing(chunked=False)
    if method != "POST" and (found.chunked or found.length):
        raise _bad("a body where none belongs")
    if found.length > largest:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    return found


def body_of(source: BufferedIOBase, framing: Framing, largest: int) -> Iterator[bytes]:
    """Read a body block by block.

    Raises:
        Refused: The body ends early, breaks the rules of chunks, or is too large.
        OSError: The client is gone, or too slow.
    """
    if not framing.chunked:
        yield from _exactly(source, framing.length)
        return
    left = largest
    while size := _chunk_size(source):
        left -= size
        if left < 0:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
        yield from _exactly(source, size)
        if source.readline(3) not in {b"\r\n", b"\n"}:
            raise _bad("a chunk without its end")
    for _ in range(_TRAILERS):
        line = source.readline(_LINE)
        if line in {b"\r\n", b"\n"}:
            return
        if not line.endswith(b"\n"):
            break
    raise _bad("a body without its end")


def _chunk_size(source: BufferedIOBase) -> int:
    found = _SIZE.fullmatch(source.readline(_LINE))
    if found is None:
        raise _bad("not the size of a chunk")
    return int(found[1], 16)


def _exactly(source: BufferedIOBase, length: int) -> Iterator[bytes]:
    while length > 0:
        block = source.read(min(length, _BLOCK))
        if not block:
            raise _bad("a body that ends early")
        length -= len(block)
        yield block


def _bad(why: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, why)
