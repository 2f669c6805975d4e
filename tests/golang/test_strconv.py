"""Numbers are read as Go's strconv reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.strconv import (
    NumError,
    parse_float,
    parse_int,
    parse_uint,
    wrap_int64,
)


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("0", 10, 0),
        ("+5", 10, 5),
        ("-9223372036854775808", 10, -(2**63)),
        ("777", 8, 511),
        ("1_000", 0, 1000),
        ("0x_1F", 0, 31),
        ("0_17", 0, 15),
        ("017", 0, 15),
        ("0o17", 0, 15),
        ("0b1_1", 0, 3),
        ("-0X10", 0, -16),
    ],
)
def test_integers_are_read(text: str, base: int, expected: int) -> None:
    assert parse_int(text, base) == expected


@pytest.mark.parametrize(
    ("text", "base", "reason"),
    [
        ("", 10, "invalid syntax"),
        (" 1", 10, "invalid syntax"),
        ("--5", 10, "invalid syntax"),
        ("1_000", 10, "invalid syntax"),
        ("1__0", 0, "invalid syntax"),
        ("_1", 0, "invalid syntax"),
        ("1_", 0, "invalid syntax"),
        ("0x", 0, "invalid syntax"),
        ("08", 0, "invalid syntax"),
        ("8", 8, "invalid syntax"),
        ("\u0661", 10, "invalid syntax"),
        ("9223372036854775808", 10, "value out of range"),
        ("9" * 10_000, 10, "value out of range"),
    ],
)
def test_what_is_no_integer_is_told_as_in_go(text: str, base: int, reason: str) -> None:
    with pytest.raises(NumError) as caught:
        parse_int(text, base)

    assert caught.value.reason == reason
    assert str(caught.value) == f'strconv.ParseInt: parsing "{text}": {reason}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1_23.50_0_0e+1_2", 1.235e14),
        ("0x_1p3", 8.0),
        ("0x1.8p1", 3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("-Inf", -math.inf),
        ("infinity", math.inf),
        ("1e-400", 0.0),
    ],
)
def test_floats_are_read(text: str, expected: float) -> None:
    assert parse_float(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "e5", "1e", "0x1", "+nan", " 1", "1 ", "+.inf", "1e400", "0x1p2000", "1__0", "\u0661"],
)
def test_what_is_no_float_is_an_error(text: str) -> None:
    with pytest.raises(NumError, match=r"strconv\.ParseFloat: parsing"):
        parse_float(text)


def test_unsigned_integers_have_no_sign() -> None:
    assert parse_uint("18446744073709551615") == 2**64 - 1
    for text in ("-1", "+1", "18446744073709551616"):
        with pytest.raises(NumError):
            parse_uint(text)


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_sums_wrap_around_as_in_64_bits(left: int, right: int) -> None:
    total = wrap_int64(left + right)

    assert -(2**63) <= total < 2**63
    assert (total - left - right) % 2**64 == 0
