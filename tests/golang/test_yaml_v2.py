"""YAML of ConfigMap values is read as Go's yaml.v2 reads it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.fmt import sprint_v
from kalypso.golang.values import AnyMap, BoolKey, FloatKey, Uint64, type_name
from kalypso.golang.yaml.v2 import YAMLError, decode

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "yaml_v2_scalars.json").read_text()
)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["go_type"] != "ERROR"], ids=lambda case: case["yaml"]
)
def test_texts_have_the_type_and_value_that_go_gives(case: dict[str, Any]) -> None:
    value = decode(case["yaml"])

    assert type_name(value) == case["go_type"]
    # In Go, the order of keys of several types depends on addresses in the binary.
    assert sorted(sprint_v(value)) == sorted(case["printed_with_v"])


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["go_type"] == "ERROR"], ids=lambda case: case["yaml"]
)
def test_texts_that_go_refuses_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(YAMLError):
        decode(case["yaml"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("# nothing", None),
        ("---\n...\n", None),
        ("first\n---\nsecond", "first"),
        ("a: 1\na: 2", AnyMap({"a": 2})),
        ("{y: 1, n: 2}", AnyMap({BoolKey(1): 1, BoolKey(0): 2})),
        ("1: a\n~: b\n1.5: c", AnyMap({1: "a", None: "b", FloatKey(1.5): "c"})),
        ("2021-01-01: d", AnyMap({"2021-01-01": "d"})),
        ("- 1\n- - 2\n-\n- ''", [1, [2], None, ""]),
        ("a: |\n  x\n  y\n", AnyMap({"a": "x\ny\n"})),
        ("a: >\n  x\n  y\n", AnyMap({"a": "x y\n"})),
        ('"yes"', "yes"),
        ("!!str yes", "yes"),
        ("!!float 1", 1.0),
        ("!!binary aGk=", "hi"),
        ("!!binary /w==", "\udcff"),
        ("!custom 1", "1"),
        ("18446744073709551615", Uint64(18446744073709551615)),
        ("18446744073709551616", 18446744073709551616.0),
        ("-0b11", -3),
        ("0o17", 15),
        ("1__0", 10),
        ("12:30:45", "12:30:45"),
        ("=", "="),
        ("<<", "<<"),
    ],
)
def test_documents_become_go_values(text: str, expected: object) -> None:
    value = decode(text)

    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        ("{<<: *a, q: 3}", {"p": 1, "q": 3}),
        ("{q: 3, <<: *a}", {"p": 1, "q": 2}),
        ("{<<: [*a, *b]}", {"p": 1, "q": 2, "r": 5}),
        ("{<<: [*b, *a]}", {"p": 4, "q": 2, "r": 5}),
        ("{<<: {p: 7}}", {"p": 7}),
        ("{'<<': 1}", {"<<": 1}),
    ],
)
def test_merge_keys_bring_in_the_entries_of_other_maps(
    merged: str, expected: dict[str, int]
) -> None:
    value = decode(f"a: &a {{p: 1, q: 2}}\nb: &b {{p: 4, r: 5}}\nc: {merged}")

    assert value["c"] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "did not find expected"),
        ("a: b: c", "mapping values are not allowed"),
        ("\ta: 1", "line 1"),
        ("a: *missing", "undefined alias"),
        ("&a [*a]", "contains itself"),
        ("? [a]\n: 1", "invalid map key"),
        ("? {a: 1}\n: 1", "invalid map key"),
        ("b:\n  <<: 1", "map merge requires map"),
        ("a: &x [1]\nb: {<<: *x}", "map merge requires map"),
        ("!!int a", "cannot decode !!str `a` as a !!int"),
        ("!!bool 1", "cannot decode !!int `1` as a !!bool"),
        ("!!binary a!", "invalid base64"),
        ("[" * 200 + "]" * 200, "nested too deep"),
        ("'unclosed", "line 1"),
    ],
)
def test_what_yaml_2_refuses_is_an_error(text: str, message: str) -> None:
    with pytest.raises(YAMLError) as caught:
        decode(text)

    assert message in str(caught.value)


def test_aliases_that_blow_up_are_an_error() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(YAMLError, match="excessive aliasing"):
        decode("\n".join(lines))


def test_errors_name_the_line() -> None:
    with pytest.raises(YAMLError) as caught:
        decode("a: 1\nb: 2\nc: [")

    assert caught.value.line >= 3


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_of_64_bits_stay_integers(number: int) -> None:
    assert decode(str(number)) == number
    assert type(decode(str(number))) is int


@given(st.floats(allow_nan=False))
def test_floats_stay_floats(number: float) -> None:
    text = repr(number).replace("inf", ".inf")
    value = decode(text)

    assert value == number
    assert math.copysign(1, value) == math.copysign(1, number)


@given(st.text())
def test_any_text_is_read_or_refused_with_our_error(text: str) -> None:
    try:
        decode(text)
    except YAMLError as error:
        assert str(error)  # noqa: PT017 - either way is right
