"""Go strings are bytes: how to count and cut them while they are ``str`` here.

Bytes that are not UTF-8 stand as lone surrogates (PEP 383); pieces that were cut
apart inside a character must be joined through :func:`from_bytes`, so that the
character comes back.
"""

from __future__ import annotations


def to_bytes(text: str) -> bytes:
    """Return the bytes that the Go string has."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(data: bytes) -> str:
    """Return the text of a Go string; bytes that are not UTF-8 become lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def byte_length(text: str) -> int:
    """Return ``len(text)`` as Go counts it."""
    return len(text) if text.isascii() else len(to_bytes(text))


def joined(text: str) -> str:
    """Put characters together whose bytes met in a concatenation."""
    return text if text.isascii() else from_bytes(to_bytes(text))


def replace_invalid(text: str) -> str:
    """Return the text as Go's runes see it: each byte that is not UTF-8 becomes U+FFFD."""
    if text.isascii():
        return text
    return "".join("\ufffd" if "\udc80" <= char <= "\udcff" else char for char in text)


def is_valid(text: str) -> bool:
    """Return whether the Go string is valid UTF-8."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
