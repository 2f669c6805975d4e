"""Base64 and base32 texts as bytes, with the errors of Go's packages.

Source: Go's encoding/base64 and encoding/base32. Line ends are skipped; padding is wanted.
"""

from __future__ import annotations

import base64
import re
from typing import Final

from kalypso.golang.bytestrings import to_bytes

_BASE64: Final = re.compile(rb"[A-Za-z0-9+/]*")
_BASE32: Final = {char: value for value, char in enumerate(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}
_PAD: Final = ord("=")
_QUANTUM: Final = 8
_BYTES_OF: Final = {2: 1, 4: 2, 5: 3, 7: 4, 8: 5}
"""Bytes that a number of base32 characters hold; the other numbers hold no whole byte."""


class DecodeError(ValueError):
    """The text is not of that encoding; the message is Go's."""


def base64_bytes(text: str) -> bytes:
    """Decode base64.

    Raises:
        DecodeError: Names the offset of the byte that Go complains of.
    """
    data = to_bytes(text)
    plain = data.replace(b"\r", b"").replace(b"\n", b"")
    match = _BASE64.match(plain)
    count = match.end() if match else 0
    padding = plain[count:]
    in_quantum = count % 4
    if in_quantum == 1 or padding != b"=" * (-count % 4):
        raise DecodeError(f"illegal base64 data at input byte {_wrong_byte(data, count, padding)}")
    return base64.b64decode(plain)


def _wrong_byte(data: bytes, count: int, padding: bytes) -> int:
    offsets = [at for at, byte in enumerate(data) if byte not in b"\r\n"]
    in_quantum = count % 4
    if not padding:
        # The text ends inside a group of four.
        return len(data) - in_quantum
    if padding[0] != _PAD or in_quantum in (0, 1):
        return offsets[count]
    wanted = 4 - in_quantum
    if wanted > len(padding):
        return len(data)
    if padding[wanted - 1] != _PAD:
        return offsets[count + 1] - 1
    return offsets[count + wanted]


def base32_bytes(text: str) -> bytes:
    """Decode base32.

    Raises:
        DecodeError: Names the offset, line ends not counted, that Go complains of.
    """
    data = to_bytes(text).replace(b"\r", b"").replace(b"\n", b"")
    out, at = bytearray(), 0
    while at < len(data):
        chars = _base32_quantum(data, at)
        bits = 0
        for char in chars:
            bits = bits << 5 | char
        bits <<= 5 * (_QUANTUM - len(chars))
        out += bits.to_bytes(5, "big")[: _BYTES_OF[len(chars)]]
        if len(chars) < _QUANTUM:
            # What follows the padding is not looked at.
            break
        at += _QUANTUM
    return bytes(out)


def _base32_quantum(data: bytes, start: int) -> list[int]:
    chars: list[int] = []
    while len(chars) < _QUANTUM:
        at = start + len(chars)
        if at == len(data):
            raise _base32_error(start)
        if data[at] == _PAD and len(chars) > 1 and len(data) - at - 1 < _QUANTUM:
            _check_base32_padding(data, at, len(chars), data[at + 1 :])
            return chars
        value = _BASE32.get(data[at])
        if value is None:
            raise _base32_error(at)
        chars.append(value)
    return chars


def _check_base32_padding(data: bytes, at: int, count: int, rest: bytes) -> None:
    missing = _QUANTUM - 1 - count
    if len(rest) < missing:
        raise _base32_error(len(data))
    for index, byte in enumerate(rest[:missing]):
        if byte != _PAD:
            raise _base32_error(at + index)
    if count not in _BYTES_OF:
        raise _base32_error(at)


def _base32_error(at: int) -> DecodeError:
    return DecodeError(f"illegal base32 data at input byte {at}")
