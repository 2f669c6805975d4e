"""Types and equality.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    (
        (
            "{{ typeOf nil }}|"
            "{{ typeOf .big }}|"
            "{{ typeOf .names }}|"
            "{{ typeOf .labels }}|"
            "{{ typeOf .map }}|"
            "{{ typeOf (add 1) }}|"
            "{{ typeOf 'a' }}"
        ),
        "<nil>|uint64|[]string|map[string]string|map[interface {}]interface {}|int64|int",
    ),
    (
        (
            "{{ kindOf nil }}|"
            "{{ kindOf .list }}|"
            "{{ kindOf .labels }}|"
            "{{ kindOf 1.5 }}|"
            "{{ kindOf true }}|"
            '{{ kindOf (semver "1.0.0") }}|'
            "{{ kindOf now }}"
        ),
        "invalid|slice|map|float64|bool|ptr|struct",
    ),
    (
        (
            '{{ typeIs "<nil>" nil }}|'
            '{{ typeIs "int" 1.0 }}|'
            '{{ typeIsLike "semver.Version" (semver "1.0.0") }}|'
            '{{ typeIsLike "int" 1 }}'
        ),
        "true|false|true|true",
    ),
    ('{{ kindIs "map" .map }}|{{ kindIs "slice" "a" }}', "true|false"),
    (
        (
            "{{ deepEqual nil nil }}|"
            "{{ deepEqual (list) (rest (list)) }}|"
            "{{ deepEqual 1 (int64 1) }}|"
            '{{ deepEqual (dict "a" (list 1)) (dict "a" (list 1)) }}'
        ),
        "true|false|false|true",
    ),
    (
        ('{{ deepEqual (list 1) (list 1.0) }}|{{ deepEqual .map .map }}|{{ deepEqual "a" nil }}'),
        "false|true|false",
    ),
]

ERRORS = [
    ("{{ typeOf }}", "wrong number of args for typeOf: want 1 got 0"),
    ("{{ typeIs 1 2 }}", "expected string; found 1"),
    ("{{ kindIs nil 2 }}", "cannot assign nil to string"),
    ("{{ deepEqual 1 }}", "wrong number of args for deepEqual: want 2 got 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_type_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_type_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
