"""The memo changes how fast results come, never what they are."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import AnyMap
from kalypso.rendering.functions import functions
from kalypso.rendering.memo import Memo
from kalypso.template import extras

KEYS = st.text("abKEY_019-.", min_size=1, max_size=8)
SCALARS = st.one_of(st.text("a: -#'\"{}\n01", max_size=8), st.integers(), st.booleans(), st.none())
STRUCTURED = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3).map(AnyMap)
    ),
    max_leaves=8,
)
VALUES = st.dictionaries(KEYS, st.one_of(st.text("a :\n", max_size=9), STRUCTURED), max_size=6)


@given(VALUES)
def test_yaml_of_frozen_values_is_what_to_yaml_writes(values: dict[str, Any]) -> None:
    memo = Memo()
    memo.freeze(values)
    call = functions(memo)["toYaml"].call
    assert call(values) == call(values) == extras.to_yaml(values)


@given(VALUES, VALUES)
def test_members_shared_between_configurations_are_written_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    memo = Memo()
    both = {**one, **other}
    for values in (one, other, both):
        memo.freeze(values)
    call = functions(memo)["toYaml"].call
    assert [call(values) for values in (one, other, both)] == [
        extras.to_yaml(values) for values in (one, other, both)
    ]


def test_a_value_that_may_still_change_is_written_anew() -> None:
    call = functions(Memo())["toYaml"].call
    values = {"a": "1"}
    first = call(values)
    values["a"] = "2"
    assert (first, call(values)) == ('a: "1"', 'a: "2"')


def test_a_value_that_holds_itself_is_refused() -> None:
    values: dict[str, Any] = {}
    values["again"] = values
    with pytest.raises(FunctionError, match="nested deeper"):
        functions(Memo())["toYaml"].call(values)


def test_indented_text_is_the_same_the_second_time() -> None:
    call = functions(Memo())["nindent"].call
    text = "\n".join(["line"] * 60)
    assert call(2, text) == call(2, text) == "\n" + "\n".join(["  line"] * 60)


def test_yaml_of_the_configuration_is_noted_with_its_indentation() -> None:
    memo = Memo()
    values = {f"KEY_{number}": "x" * 20 for number in range(20)}
    memo.freeze(values)
    known = functions(memo)
    text = known["toYaml"].call(values)
    indented = known["indent"].call(2, text)
    assert memo.produced == [text, indented]
