"""Hashes are those of mitchellh/hashstructure, whatever the order of keys."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import (
    AnyMap,
    Int64,
    Struct,
    Uint8,
    Uint64,
)
from kalypso.template.extras.hashstructure import hash_value

RESULTS: list[tuple[Any, str]] = [
    (None, "12161962213042174405"),
    (True, "12638153115695167454"),
    (-1, "15446756586918820205"),
    (1.5, "12161883048204943186"),
    (math.nan, "16390187459646237341"),
    (Uint8(7), "12638153115695167448"),
    (Uint64(2**64 - 1), "15446756586918820205"),
    ("", "14695981039346656037"),
    ("abc", "15626587013303479755"),
    ("a\udcff", "590647783936702245"),
    ([1, [2]], "11329696577211338802"),
    (["a", None], "4631752100231143313"),
    ({"a": 1, "b": [True]}, "9563911688827995502"),
    (AnyMap({1: "x", None: 2, "y": 1.5}), "16401096997147353083"),
]


@pytest.mark.parametrize(("value", "expected"), RESULTS)
def test_hashes_are_those_that_go_computes(value: object, expected: str) -> None:
    assert str(hash_value(value)) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, 0),
        (0, Int64(0)),
        (-1, Uint64(2**64 - 1)),
        ([], {}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (AnyMap({"a": 1}), {"a": 1}),
    ],
)
def test_values_that_go_does_not_tell_apart_hash_alike(left: object, right: object) -> None:
    assert hash_value(left) == hash_value(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (1, True),
        (1, Uint8(1)),
        ("1", 1),
        ([1, 2], [2, 1]),
        ({"a": "b"}, {"b": "a"}),
        ({"a": 1}, Struct({"a": 1}, "x.Y")),
    ],
)
def test_values_that_differ_hash_apart(left: object, right: object) -> None:
    assert hash_value(left) != hash_value(right)


@given(st.dictionaries(st.text(), st.integers(-(2**63), 2**63 - 1)))
def test_the_order_of_keys_does_not_matter(entries: dict[str, int]) -> None:
    assert hash_value(entries) == hash_value(dict(reversed(entries.items())))


def test_a_map_that_holds_itself_is_refused() -> None:
    entries: dict[str, Any] = {}
    entries["self"] = entries
    with pytest.raises(FunctionError, match="nested deeper"):
        hash_value(entries)
