"""Go's package encoding/json: values written, texts read."""

from __future__ import annotations

from kalypso.golang.json.decoding import decode
from kalypso.golang.json.encoding import JSONError, encode

__all__ = [
    "JSONError",
    "decode",
    "encode",
]
