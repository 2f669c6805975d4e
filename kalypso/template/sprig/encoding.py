"""Encodings and checksums: base64, base32, JSON, SHA, Adler.

Source: Sprig v2.22.0 and v3.3.0, strings.go, crypto.go and defaults.go.
"""

from __future__ import annotations

import base64
import hashlib
import zlib

from kalypso.golang.base_decoding import DecodeError, base32_bytes, base64_bytes
from kalypso.golang.bytestrings import byte_length, from_bytes, to_bytes
from kalypso.golang.json import JSONError, decode, encode
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_text
from kalypso.golang.values import Value
from kalypso.template.functions import Function, Memory, Outsiders, per_text


def b64_decode(text: str) -> str:
    """Decode base64; for what is none, return the error's text."""
    try:
        return from_bytes(base64_bytes(text))
    except DecodeError as error:
        return str(error)


def b32_decode(text: str) -> str:
    """Decode base32; for what is none, return the error's text."""
    try:
        return from_bytes(base32_bytes(text))
    except DecodeError as error:
        return str(error)


def _base64_encode(text: str) -> str:
    check_text(byte_length(text) * 4 // 3)
    return base64.b64encode(to_bytes(text)).decode()


def to_json(value: Value) -> str:
    """Return JSON on one line; nothing if the value has none."""
    try:
        return encode(value)
    except JSONError:
        return ""


def to_pretty_json(value: Value) -> str:
    """Return JSON with two spaces a level; nothing if the value has none."""
    try:
        return encode(value, indent="  ")
    except JSONError:
        return ""


def _must_encode(
    *, escape_html: bool = True, indent: str = "", memory: Memory = Memory.NONE
) -> Function:
    def call(value: Value) -> str:
        try:
            return encode(value, escape_html=escape_html, indent=indent)
        except JSONError as error:
            raise FunctionError(str(error)) from None

    return Function((Kind.ANY,), call, walks=True, memory=memory)


def must_from_json(text: str) -> Value:
    """Return the value of a JSON text."""
    value, complaint = decode(text)
    if complaint:
        raise FunctionError(complaint)
    return value


def from_json(text: str) -> Value:
    """Return the value of a JSON text; nil if it is none."""
    return decode(text)[0]


def _checksum(algorithm: str) -> Function:
    return Function(
        (Kind.STRING,),
        lambda text: hashlib.new(algorithm, to_bytes(text)).hexdigest(),
        outsiders=Outsiders.HIDDEN,
    )


_TEXT = (Kind.STRING,)

FUNCTIONS: dict[str, Function] = {
    "b64enc": Function(_TEXT, _base64_encode),
    "b64dec": Function(_TEXT, b64_decode, outsiders=Outsiders.DECODED),
    "b32enc": Function(_TEXT, lambda text: base64.b32encode(to_bytes(text)).decode()),
    "b32dec": Function(_TEXT, b32_decode, outsiders=Outsiders.DECODED, cost=per_text(100)),
    "sha1sum": _checksum("sha1"),
    "sha256sum": _checksum("sha256"),
    "adler32sum": Function(
        _TEXT, lambda text: str(zlib.adler32(to_bytes(text))), outsiders=Outsiders.HIDDEN
    ),
    "toJson": Function((Kind.ANY,), to_json, walks=True, memory=Memory.VALUE),
    "toPrettyJson": Function((Kind.ANY,), to_pretty_json, walks=True, memory=Memory.VALUE),
}
FUNCTIONS_V3: dict[str, Function] = {
    "sha512sum": _checksum("sha512"),
    "fromJson": Function(_TEXT, from_json, outsiders=Outsiders.DECODED, cost=per_text(200)),
    "mustFromJson": Function(
        _TEXT, must_from_json, outsiders=Outsiders.DECODED, cost=per_text(200)
    ),
    "mustToJson": _must_encode(),
    "mustToPrettyJson": _must_encode(indent="  "),
    "toRawJson": _must_encode(escape_html=False, memory=Memory.VALUE),
    "mustToRawJson": _must_encode(escape_html=False),
}
