"""List functions.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    ('{{ list }}|{{ list nil 1 "a" | toJson }}', '[]|[null,1,"a"]'),
    ('{{ append .list 2 | len }}|{{ prepend .names "x" | typeOf }}', "6|[]interface {}"),
    (
        "{{ first .list }}|{{ last .names }}|{{ first (list) }}|{{ last (list nil) }}",
        "b|a|<no value>|<no value>",
    ),
    (
        (
            "{{ rest (list 1 2) }}|"
            "{{ rest (list) | toJson }}|"
            "{{ initial (list 1 2) }}|"
            "{{ initial (list) | toJson }}"
        ),
        "[2]|null|[1]|null",
    ),
    ("{{ reverse .names }}|{{ reverse (until 3) }}", "[a b]|[2 1 0]"),
    ('{{ compact .list }}|{{ uniq (list 1 1.0 "1" 1 nil nil) }}', "[b a 1]|[1 1 1 <nil>]"),
    ('{{ without .list "a" nil }}|{{ without .list }}', "[b 1 ]|[b a 1 <nil> ]"),
    (
        '{{ has 1 .list }}|{{ has 1.0 .list }}|{{ has "a" nil }}|{{ has nil .list }}',
        "true|false|false|true",
    ),
    (
        (
            "{{ slice .list 1 3 }}|"
            "{{ slice .names 1 | typeOf }}|"
            "{{ slice (list) 1 2 }}|"
            '{{ slice (list 1 2) "1" }}'
        ),
        "[a 1]|[]string|<no value>|[2]",
    ),
    (
        "{{ concat }}|{{ concat (list) .names (until 2) }}|{{ concat | toJson }}",
        "[]|[b a 0 1]|null",
    ),
    ("{{ chunk 2 (until 5) }}", "[[0 1] [2 3] [4]]"),
    ("{{ chunk 3 (list) | toJson }}", "[]"),
    ("{{ chunk 9 (list 1) }}", "[[1]]"),
    ('{{ mustSlice (list 1 2 3) "0x1" "2.0" }}', "[2]"),
]

ERRORS = [
    ('{{ append "a" 1 }}', "error calling append: Cannot push on type string"),
    (
        "{{ prepend nil 1 }}",
        ("error calling prepend: runtime error: invalid memory address or nil pointer dereference"),
    ),
    ('{{ first "abc" }}', "error calling first: Cannot find first on type string"),
    ("{{ rest .map }}", "error calling rest: Cannot find rest on type map"),
    ("{{ reverse 1 }}", "error calling reverse: Cannot find reverse on type int"),
    ("{{ compact true }}", "error calling compact: Cannot compact on type bool"),
    ("{{ uniq (dict) }}", "error calling uniq: Cannot find uniq on type map"),
    ("{{ without 1.5 1 }}", "error calling without: Cannot find without on type float64"),
    ('{{ has 1 "abc" }}', "error calling has: Cannot find has on type string"),
    (
        '{{ slice "abc" 1 }}',
        "error calling slice: list should be type of slice or array but string",
    ),
    (
        "{{ slice (list 1 2) 1 3 }}",
        "error calling slice: reflect.Value.Slice: slice index out of bounds",
    ),
    (
        "{{ slice (list 1 2) -1 }}",
        "error calling slice: reflect.Value.Slice: slice index out of bounds",
    ),
    (
        "{{ concat (list) nil }}",
        ("error calling concat: runtime error: invalid memory address or nil pointer dereference"),
    ),
    ("{{ concat (list) 1 }}", "error calling concat: Cannot concat type int as list"),
    ("{{ chunk 0 (list 1) }}", "error calling chunk: runtime error: makeslice: len out of range"),
    ("{{ chunk -1 (list 1) }}", "error calling chunk: runtime error: makeslice: len out of range"),
    ('{{ chunk 1 "a" }}', "error calling chunk: Cannot chunk type string"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_list_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_list_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
