"""The merge that remembers gives what the plain merge gives, and says who gave each part."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kalypso.explanation.trace import (
    Traced,
    leaves,
    merged,
    trace,
)
from kalypso.scheduling.merge import merge_values

SCALARS = st.one_of(st.text("abc", max_size=2), st.integers(0, 3), st.none(), st.booleans())
NAMED = st.fixed_dictionaries({"name": st.sampled_from(["x", "y", 1])}, optional={"size": SCALARS})
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        st.lists(st.one_of(below, NAMED), max_size=3),
        st.dictionaries(st.sampled_from(["k", "l", "name"]), below, max_size=3),
    ),
    max_leaves=8,
)


def traced(*values: Any) -> Traced:
    history = trace(values[0], 0)
    for number, value in enumerate(values[1:], 1):
        history = merged(history, value, number)
    return history


def history(*values: Any) -> list[tuple[str, Any, int, tuple[tuple[int, Any], ...]]]:
    return [(path, leaf.leaf, leaf.layer, leaf.overrode) for path, leaf in leaves(traced(*values))]


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_it_gives_what_the_plain_merge_gives(values: list[Any]) -> None:
    assert traced(*values).value == merge_values({"key": value} for value in values)["key"]


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_merging_changes_no_layer(values: list[Any]) -> None:
    before = repr(values)
    traced(*values)
    assert repr(values) == before


def test_a_leaf_knows_its_layer_and_all_that_it_overrode_in_order() -> None:
    assert history({"a": 1, "b": 1}, {"a": 2}, {"a": 3}) == [
        ("a", 3, 2, ((0, 1), (1, 2))),
        ("b", 1, 0, ()),
    ]


def test_items_with_the_same_name_merge_and_are_found_by_it() -> None:
    first = [{"name": "read", "size": 1}, {"name": "write", "size": 1}]
    assert history({"pools": first}, {"pools": [{"name": "read", "size": 9}]}) == [
        ("pools[read].size", 9, 1, ((0, 1),)),
        ("pools[write].size", 1, 0, ()),
    ]


def test_items_without_a_name_are_appended_and_found_by_their_number() -> None:
    assert history(["a"], ["b"]) == [("[0]", "a", 0, ()), ("[1]", "b", 1, ())]


def test_a_mapping_that_gives_way_to_a_text_is_what_the_text_overrode() -> None:
    assert history({"a": {"b": 1}}, {"a": "text"}) == [("a", "text", 1, ((0, {"b": 1}),))]


def test_a_text_that_gives_way_to_a_mapping_is_not_lost() -> None:
    part = traced({"a": "text"}, {"a": {"b": 1}})
    assert part.members is not None
    assert part.members["a"].overrode == ((0, "text"),)


def test_an_empty_mapping_overrides_nothing_and_is_overridden_by_nothing() -> None:
    assert history({"a": 1}, {}) == [("a", 1, 0, ())]
    assert history({}, {"a": 1}) == [("a", 1, 1, ())]
