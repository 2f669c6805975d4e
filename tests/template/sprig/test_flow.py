"""Defaults and choices.

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
            '{{ default "d" .missing }}|'
            '{{ default "d" 0 }}|'
            '{{ default "d" .labels }}|'
            '{{ default "d" false }}|'
            '{{ default "d" }}'
        ),
        "d|d|map[app:web]|d|d",
    ),
    ('{{ default "d" .map.zz }}|{{ .none | default 3 }}|{{ default nil "" }}', "d|3|<no value>"),
    (
        (
            "{{ empty .none }}|"
            "{{ empty 0.0 }}|"
            "{{ empty (dict) }}|"
            '{{ empty " " }}|'
            '{{ empty (semver "1.0.0") }}'
        ),
        "true|true|true|false|false",
    ),
    (
        '{{ coalesce }}|{{ coalesce nil 0 "" }}|{{ coalesce .none .float }}',
        "<no value>|<no value>|2.5",
    ),
    ("{{ ternary 1 2 true }}|{{ true | ternary .none 2 }}", "1|<no value>"),
    ("{{ all }}", "true"),
    ("{{ all 1 .missing }}", "false"),
    ("{{ any }}", "false"),
    ('{{ any 0 .none "" }}', "false"),
    ('{{ if false }}{{ fail "no" }}{{ end }}ok', "ok"),
]

ERRORS = [
    ('{{ fail "region is missing" }}', "error calling fail: region is missing"),
    ('{{ ternary 1 2 "true" }}', 'expected bool; found "true"'),
    ("{{ ternary 1 2 0 }}", "expected bool; found 0"),
    ("{{ ternary 1 2 nil }}", "cannot assign nil to bool"),
    ("{{ empty }}", "wrong number of args for empty: want 1 got 0"),
    ("{{ fail 1 }}", "expected string; found 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_choice_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_choice_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
