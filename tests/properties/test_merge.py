"""What holds for every merge of values."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kalypso.scheduling.merge import merge_values

some = settings(max_examples=150, deadline=None, derandomize=True)
keys = st.sampled_from(["a", "b", "c"])
scalars = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y"]))
mappings = st.recursive(
    st.dictionaries(keys, scalars, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from(["d", "e"]), inner, max_size=2),
    max_leaves=6,
)
plain_lists = st.lists(st.integers(0, 5), max_size=4)
named_lists = st.lists(
    st.builds(
        lambda name, body: {"name": name, **body},
        st.sampled_from(["one", "two", "three"]),
        mappings,
    ),
    max_size=3,
    unique_by=lambda item: str(item["name"]),
)


def layers(member: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Layers whose values are all of one type: where types change, the later one wins."""
    return st.dictionaries(keys, member, max_size=3)


def merged(*found: dict[str, Any]) -> dict[str, Any]:
    return merge_values(found)


@some
@given(st.one_of(*(st.tuples(*[layers(kind)] * 3) for kind in (plain_lists, named_lists, scalars))))
def test_merging_is_associative_for_values_of_one_type(
    three: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> None:
    first, second, third = three
    assert merged(merged(first, second), third) == merged(first, merged(second, third))


@some
@given(layers(mappings), layers(mappings))
def test_nothing_is_neutral(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert merged({}, one) == one == merged(one, {})
    assert merged(one, {}, two) == merged(one, two)


@some
@given(layers(st.one_of(mappings, plain_lists, named_lists, scalars)), layers(mappings))
def test_layers_are_not_changed(one: dict[str, Any], two: dict[str, Any]) -> None:
    before = copy.deepcopy((one, two))
    merged(one, two)
    merged(two, one)
    assert (one, two) == before


@some
@given(layers(scalars), layers(scalars))
def test_the_later_scalar_wins(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert merged(one, two) == {**one, **two}


@some
@given(layers(plain_lists), layers(plain_lists))
def test_items_without_names_are_appended(one: dict[str, Any], two: dict[str, Any]) -> None:
    found = merged(one, two)
    assert found == {key: one.get(key, []) + two.get(key, []) for key in {*one, *two}}


@some
@given(layers(named_lists), layers(named_lists))
def test_every_name_stands_once(one: dict[str, Any], two: dict[str, Any]) -> None:
    for key, items in merged(one, two).items():
        names = [item["name"] for item in items]
        assert sorted(names) == sorted(
            {item["name"] for layer in (one, two) for item in layer.get(key, [])}
        )


def test_a_change_of_type_breaks_associativity_and_that_is_meant() -> None:
    first, second, third = {"k": {"a": 1}}, {"k": "text"}, {"k": {"b": 2}}
    assert merged(merged(first, second), third) == {"k": {"b": 2}}
    assert merged(first, merged(second, third)) == {"k": {"a": 1, "b": 2}}
