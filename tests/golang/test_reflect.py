"""Equality at every depth: types count, nil lists differ from empty ones, NaN equals nothing."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.reflect import deep_equal, fingerprint
from kalypso.golang.values import (
    AnyMap,
    Int64,
    NilList,
    StringList,
    StringMap,
    Struct,
    Value,
)

ALIKE: list[tuple[Value, Value]] = [
    (None, None),
    (1, 1),
    ([1, [2]], [1, [2]]),
    (AnyMap({1: "a", "b": [None]}), AnyMap({"b": [None], 1: "a"})),
    (Struct({"A": [1]}, "x.Y"), Struct({"A": [1]}, "x.Y")),
    (NilList(), NilList()),
]
APART: list[tuple[Value, Value]] = [
    (1, 1.0),
    (1, True),
    (1, Int64(1)),
    ([1], [1.0]),
    ([1, 2], [2, 1]),
    ([], NilList()),
    (["a"], StringList(["a"])),
    ({"a": "b"}, StringMap({"a": "b"})),
    ({"a": 1}, {"a": 1, "b": 2}),
    ({"a": None}, {"b": None}),
    (AnyMap({1: "a"}), AnyMap({True: "a"})),
    (AnyMap({1: "a"}), AnyMap({1.0: "a"})),
    (AnyMap({math.nan: 1}), AnyMap({math.nan: 1})),
    (Struct({"A": 1}, "x.Y"), Struct({"A": 1}, "x.Z")),
    (math.nan, math.nan),
    ([math.nan], [float("nan")]),
]


@pytest.mark.parametrize(("left", "right"), ALIKE)
def test_values_of_equal_types_and_contents_are_equal(left: Value, right: Value) -> None:
    assert deep_equal(left, right)
    assert fingerprint(left) == fingerprint(right)


@pytest.mark.parametrize(("left", "right"), APART)
def test_values_that_go_tells_apart_are_not_equal(left: Value, right: Value) -> None:
    assert not deep_equal(left, right)
    assert fingerprint(left) != fingerprint(right)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from([0.0, 1.0, "", "a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=2),
    max_leaves=5,
)


@given(VALUES, VALUES)
def test_fingerprints_agree_with_equality(left: Value, right: Value) -> None:
    assert (fingerprint(left) == fingerprint(right)) is deep_equal(left, right)
