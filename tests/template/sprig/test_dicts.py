"""Map functions.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    ('{{ dict }}|{{ dict "a" }}|{{ dict 1 2 nil 3 "b" }}', "map[]|map[a:]|map[1:2 <nil>:3 b:]"),
    ('{{ $d := dict "a" 1 }}{{ $_ := set $d "b" .none }}{{ $d | toJson }}', '{"a":1,"b":null}'),
    ('{{ unset (dict "a" 1) "zz" }}', "map[a:1]"),
    ('{{ hasKey (dict "a" nil) "a" }}|{{ hasKey .missing "a" }}', "true|false"),
    ('{{ pluck "a" }}|{{ pluck "a" (dict "a" nil) (dict) }}', "[]|[<nil>]"),
    ('{{ keys }}|{{ keys (dict "b" 1) (dict "a" 2) }}', "[]|[b a]"),
    (
        (
            '{{ pick (dict "a" 1) }}|'
            '{{ pick (dict "a" 1) "a" "zz" }}|'
            '{{ omit (dict "a" 1 "b" 2) "b" "zz" }}'
        ),
        "map[]|map[a:1]|map[a:1]",
    ),
    ('{{ values (dict "a" (list 1)) }}', "[[1]]"),
    (
        (
            '{{ merge (dict "a" 0 "b" "" "c" (dict "x" 1)) (dict "a" 5 "b'
            '" "y" "c" (dict "x" 9 "y" 2)) }}'
        ),
        "map[a:5 b:y c:map[x:1 y:2]]",
    ),
    ('{{ $d := dict "a" 1 }}{{ $_ := merge $d (dict "b" 2) }}{{ $d }}', "map[a:1 b:2]"),
    (
        '{{ mergeOverwrite (dict "a" 1 "l" (list 1)) (dict "a" nil "l" (list)) | toJson }}',
        '{"a":null,"l":[]}',
    ),
    ('{{ mergeOverwrite (dict "a" 1) (dict "a" (dict "b" 2)) }}', "map[a:1]"),
    ('{{ mustMergeOverwrite (dict "a" 1) (dict "a" (dict "b" 2)) }}', "map[a:map[b:2]]"),
    (
        (
            '{{ $a := dict "x" (dict "y" 1) }}{{ $b := deepCopy $a }}'
            '{{ $_ := set $b.x "y" 2 }}{{ $a }}'
        ),
        "map[x:map[y:1]]",
    ),
    ('{{ get (dict "a" 1) "a" }}', "1"),
    ('{{ get (dict) "a" | quote }}', '""'),
    ('{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }}', "1"),
    ('{{ dig "a" "b" "none" (dict "a" (dict)) }}', "none"),
    ('{{ dig "a" 0 (dict) }}', "0"),
]

ERRORS = [
    (
        '{{ hasKey .map "a" }}',
        (
            "wrong type for value; expected map[string]interface {}; got map[interface {"
            "}]interface {}"
        ),
    ),
    (
        '{{ hasKey .labels "app" }}',
        "wrong type for value; expected map[string]interface {}; got map[string]string",
    ),
    ('{{ set .missing "a" 1 }}', "error calling set: assignment to entry in nil map"),
    (
        "{{ keys .map }}",
        (
            "wrong type for value; expected map[string]interface {}; got map[interface {"
            "}]interface {}"
        ),
    ),
    (
        '{{ pluck "a" .map }}',
        (
            "wrong type for value; expected map[string]interface {}; got map[interface {"
            "}]interface {}"
        ),
    ),
    (
        '{{ merge (dict "a" (dict "b" 1)) (dict "a" .map) }}',
        (
            "error calling merge: reflect.Value.MapIndex: value of type interface {} is not "
            "assignable to type string"
        ),
    ),
    (
        "{{ merge .map (dict) }}",
        (
            "wrong type for value; expected map[string]interface {}; got map[interface {"
            "}]interface {}"
        ),
    ),
    (
        "{{ deepCopy nil }}",
        "error calling deepCopy: reflect: call of reflect.Value.Type on zero Value",
    ),
    ('{{ dig "a" (dict) }}', "error calling dig: dig needs at least three arguments"),
    (
        '{{ dig "a" "b" 0 (dict "a" 1) }}',
        (
            "error calling dig: interface conversion: interface {} is int, not "
            "map[string]interface {}"
        ),
    ),
    (
        '{{ dig "a" 0 .map }}',
        (
            "error calling dig: interface conversion: interface {} is map[interface {"
            "}]interface {}, not map[string]interface {}"
        ),
    ),
    (
        '{{ dig 1 "x" (dict) }}',
        "error calling dig: interface conversion: interface {} is int, not string",
    ),
    ("{{ set (dict) 1 2 }}", "expected string; found 1"),
    ("{{ dict nil | unset }}", "wrong number of args for unset: want 2 got 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_map_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_map_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
