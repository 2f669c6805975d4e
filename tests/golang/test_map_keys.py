"""The keys 1, 1.0 and true of one mapping are three, as in Go, wherever the mapping goes."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from kalypso.explanation.trace import merged, trace
from kalypso.golang.reflect import deep_equal
from kalypso.golang.yaml.v2 import decode
from kalypso.golang.yaml.v3 import marshal
from kalypso.rendering.reference import render
from kalypso.report.plain import as_plain
from kalypso.scheduling.merge import merge_two

MIXED = "{1: one, true: yes it is, 1.0: float, 0: none, false: 'no', 0.0: nil, ~: null key}"
ALL = """\
0: none
0: nil
1: one
1: float
false: "no"
null: null key
true: yes it is
"""


def shown(template: str, text: str = MIXED) -> str:
    return render(template, {"ConfigData": {"m": decode(text)}})


def test_all_keys_are_kept() -> None:
    assert len(decode(MIXED)) == 7


def test_the_last_of_the_same_key_counts() -> None:
    assert decode("{true: a, 1: b, true: c}") == decode("{true: c, 1: b}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("1", "one"),
        ("true", "yes it is"),
        ("1.0", "float"),
        ("0", "none"),
        ("false", "no"),
        ("nil", "null key"),
        ("2", ""),
        ('"1"', ""),
        ("2.5", ""),
    ],
)
def test_index_finds_the_key_of_the_type(key: str, value: str) -> None:
    assert shown(f"{{{{ with index .ConfigData.m {key} }}}}{{{{ . }}}}{{{{ end }}}}") == value


def test_range_gives_plain_keys() -> None:
    template = "{{ range $k, $v := .ConfigData.m }}{{ typeOf $k }}={{ $v }};{{ end }}"
    assert sorted(shown(template).split(";")) == [
        "",
        "<nil>=null key",
        "bool=no",
        "bool=yes it is",
        "float64=float",
        "float64=nil",
        "int=none",
        "int=one",
    ]


def test_a_bool_key_is_a_bool_for_every_function() -> None:
    body = "{{ if kindIs `bool` $k }}{{ eq $k true }}{{ end }}"
    template = f"{{{{ range $k, $v := .ConfigData.m }}}}{body}{{{{ end }}}}"
    assert sorted(shown(template)) == sorted("falsetrue")


def test_printing_shows_all_of_them() -> None:
    assert shown("{{ .ConfigData.m }}").count(":") == 7
    assert shown("{{ printf `%v` .ConfigData.m }}") == shown("{{ .ConfigData.m }}")


def test_yaml_has_all_of_them() -> None:
    lines = sorted(marshal(decode(MIXED)).splitlines())
    assert lines == sorted(ALL.splitlines())


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("{1: a}", "{true: b}", "true: b\n1: a\n"),
        ("{1: a, true: b}", "{1: c}", "true: b\n1: c\n"),
        ("{true: {1: a}}", "{true: {true: b}}", "true:\n    true: b\n    1: a\n"),
        ("{1: a}", "{1.0: b}", "1: a\n1: b\n"),
    ],
)
def test_a_later_map_overwrites_only_the_key_of_its_type(old: str, new: str, result: str) -> None:
    assert marshal(merge_two(decode(old), decode(new))) == result
    assert marshal(merged(trace(decode(old), 0), decode(new), 1).value) == result


@pytest.mark.parametrize(
    ("left", "right"),
    [("{1: a}", "{true: a}"), ("{a: 1}", "{a: true}"), ("{a: 1}", "{a: 1.0}"), ("[0]", "[false]")],
)
def test_values_that_differ_in_type_only_are_different(left: str, right: str) -> None:
    assert not deep_equal(decode(left), decode(right))
    different = "{{ deepEqual .ConfigData.l .ConfigData.r }}"
    values = {"l": decode(left), "r": decode(right)}
    assert render(different, {"ConfigData": values}) == "false"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301 - our own
def test_a_copy_has_the_same_keys(again: Any) -> None:
    assert marshal(again(decode(MIXED))) == marshal(decode(MIXED))


def test_reports_say_true_and_not_1() -> None:
    assert as_plain(decode("{true: a, 1: b}")) == {"true": "a", "1": "b"}
