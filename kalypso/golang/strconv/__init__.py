"""Go's package strconv: numbers and quoted texts, read and written."""

from __future__ import annotations

from kalypso.golang.strconv.floats import SHORTEST, format_float
from kalypso.golang.strconv.numbers import (
    MAX_INT64,
    MAX_UINT64,
    MIN_INT64,
    NumError,
    parse_float,
    parse_int,
    parse_uint,
    wrap_int64,
)
from kalypso.golang.strconv.quoting import (
    LiteralError,
    can_backquote,
    quote,
    quote_rune,
    unquote,
    unquote_rune,
)

__all__ = [
    "MAX_INT64",
    "MAX_UINT64",
    "MIN_INT64",
    "SHORTEST",
    "LiteralError",
    "NumError",
    "can_backquote",
    "format_float",
    "parse_float",
    "parse_int",
    "parse_uint",
    "quote",
    "quote_rune",
    "unquote",
    "unquote_rune",
    "wrap_int64",
]
