"""No call of a function builds more than its limits allow, and none takes down the process."""

from __future__ import annotations

import pytest

from kalypso.errors import TemplateError
from kalypso.golang.signatures import FunctionError
from kalypso.golang.sizes import MAX_DEPTH, MAX_ITEMS, MAX_TEXT
from kalypso.template import render
from kalypso.template.sprig import sprig_v2, sprig_v3_only


def call(name: str, *arguments: object) -> object:
    return {**sprig_v2(), **sprig_v3_only()}[name].call(*arguments)


def nested(depth: int) -> object:
    value: object = "end"
    for _ in range(depth):
        value = {"a": [value]}
    return value


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("repeat", (MAX_TEXT + 1, "a")),
        ("repeat", (1 << 62, "ab")),
        ("indent", (MAX_TEXT, "\n")),
        ("nindent", (MAX_TEXT + 1, "")),
        ("replace", ("", "x" * 2048, "a" * 2048)),
        ("replace", ("a", "x" * 2048, "a" * 2048)),
        ("join", ("x" * 2048, ["a"] * 2048)),
        ("wrapWith", (1, "x" * 2048, "a" * 2048)),
        ("regexReplaceAll", ("a", "a" * 2048, "x" * 2048)),
        ("b64enc", ("a" * MAX_TEXT,)),
        ("randAlpha", (MAX_TEXT + 1,)),
        ("randBytes", (MAX_TEXT,)),
        ("seq", (MAX_ITEMS - 1,)),
    ],
)
def test_long_texts_are_refused(name: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(FunctionError, match="bytes is over the limit"):
        call(name, *arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("until", (MAX_ITEMS + 1,)),
        ("until", (-(1 << 62),)),
        ("untilStep", (0, 1 << 62, 1)),
        ("untilStep", (1 << 62, 0, -1)),
        ("seq", (1, 1, 1 << 62)),
        ("concat", ([0] * MAX_ITEMS, [1])),
    ],
)
def test_long_lists_are_refused(name: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(FunctionError, match="items is over the limit"):
        call(name, *arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("toJson", (nested(MAX_DEPTH),)),
        ("toPrettyJson", (nested(MAX_DEPTH),)),
        ("deepCopy", (nested(MAX_DEPTH),)),
        ("deepEqual", (nested(MAX_DEPTH), nested(MAX_DEPTH))),
        ("merge", (nested(MAX_DEPTH), nested(MAX_DEPTH))),
    ],
)
def test_deep_values_end_in_an_error_or_a_result(name: str, arguments: tuple[object, ...]) -> None:
    try:
        call(name, *arguments)
    except FunctionError as error:
        assert "nested deeper than the limit" in str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    "use", ["toYaml $d", "toJson $d", "hash $d", "deepCopy $d", "stringify $d", "deepEqual $d $e"]
)
def test_a_map_that_holds_itself_is_an_error(use: str) -> None:
    template = (
        '{{ $d := dict "a" 1 }}{{ $_ := set $d "d" $d }}'
        '{{ $e := dict "a" 1 }}{{ $_ := set $e "d" $e }}'
    )
    with pytest.raises(TemplateError, match=r"nest|deep|itself"):
        render(f"{template}{{{{ {use} }}}}", {})


def test_results_at_the_limit_are_given() -> None:
    assert call("repeat", MAX_TEXT, "a") == "a" * MAX_TEXT
    assert len(str(call("seq", 1000)).split()) == 1000


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ until 200000 | uniq | len }}", "200000"),
        ("{{ chunk 1 (until 50000) | uniq | len }}", "50000"),
        ('{{ repeat 100000 "AbC" | kebabcase | len }}', "499999"),
        ('{{ repeat 100000 "a " | wrap 1 | len }}', "200000"),
        ('{{ regexReplaceAll "a" (repeat 50000 "a") "b" | len }}', "50000"),
    ],
)
@pytest.mark.no_cover
def test_long_values_take_time_in_proportion(template: str, expected: str) -> None:
    assert render(template, {}) == expected


@pytest.mark.parametrize(
    "template",
    [
        '{{ semverCompare (repeat 1000000 " ") "1.0.0" }}',
        '{{ semver (repeat 1000000 "1") }}',
        '{{ mustFromJson (repeat 1000000 "[") }}',
        '{{ urlParse (repeat 1000000 ":") }}',
        '{{ mustToDate "2006" (repeat 1000000 "1") }}',
        '{{ regexFind (repeat 100000 "(") "a" }}',
        "{{ div -9223372036854775808 0 }}",
    ],
)
def test_long_nonsense_is_refused_at_once(template: str) -> None:
    with pytest.raises(TemplateError):
        render(template, {})


def test_json_that_nests_deep_is_no_json() -> None:
    assert call("fromJson", "[" * 100_000) is None
