"""Integer and float arithmetic.

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
            '{{ atoi " 1" }}|'
            '{{ atoi "1.5" }}|'
            '{{ atoi "-7" }}|'
            '{{ atoi "99999999999999999999" }}|'
            '{{ atoi "-99999999999999999999" }}'
        ),
        "0|0|-7|9223372036854775807|-9223372036854775808",
    ),
    (
        (
            '{{ int "0x1F" }}|'
            '{{ int "010" }}|'
            "{{ int 2.9 }}|"
            "{{ int -2.9 }}|"
            "{{ int true }}|"
            "{{ int nil }}|"
            "{{ int .list }}"
        ),
        "0|10|2|-2|1|0|0",
    ),
    (
        '{{ int64 .big }}|{{ int64 1e300 }}|{{ int64 "1e3" }}',
        "9223372036854775807|-9223372036854775808|0",
    ),
    (
        (
            '{{ float64 "1_0" }}|'
            '{{ float64 "inf" }}|'
            '{{ float64 "x" }}|'
            "{{ float64 .big }}|"
            "{{ float64 false }}"
        ),
        "10|+Inf|0|1.8446744073709552e+19|0",
    ),
    ('{{ toDecimal 777 }}|{{ toDecimal "8" }}|{{ toDecimal nil }}', "511|0|0"),
    (
        '{{ add }}|{{ add 1 "2" 3.9 nil true }}|{{ add 9223372036854775807 1 }}',
        "0|7|-9223372036854775808",
    ),
    ('{{ add1 "x" }}|{{ sub 1 5 }}|{{ mul 2 }}|{{ mul 4611686018427387904 4 }}', "1|-4|2|0"),
    (
        "{{ div -7 2 }}|{{ mod -7 2 }}|{{ mod 7 -2 }}|{{ div -9223372036854775808 -1 }}",
        "-3|-1|1|-9223372036854775808",
    ),
    ('{{ max 1 2.9 "3" }}|{{ max -1 }}|{{ min 1 -2 }}|{{ biggest 1 5 }}', "3|-1|-2|5"),
    (
        ('{{ floor "1.7" }}|{{ floor -0.5 }}|{{ ceil -0.5 }}|{{ ceil 1e300 }}|{{ floor nil }}'),
        "1|-1|-0|1e+300|0",
    ),
    (
        (
            "{{ round 2.5 0 }}|"
            "{{ round -2.5 0 }}|"
            "{{ round 123.4567 -2 }}|"
            "{{ round 1.15 1 }}|"
            "{{ round 1.4 0 0.3 }}|"
            '{{ round "1.25" 1 }}'
        ),
        "3|-3|100|1.2|2|1.3",
    ),
    (
        (
            "{{ until -3 }}|"
            "{{ until 0 }}|"
            "{{ untilStep 0 10 4 }}|"
            "{{ untilStep 5 0 -2 }}|"
            "{{ untilStep 0 5 0 }}|"
            "{{ untilStep 5 0 1 }}"
        ),
        "[0 -1 -2]|[]|[0 4 8]|[5 3 1]|[]|[]",
    ),
    ("{{ seq }}", ""),
    ("{{ seq 3 }}", "1 2 3"),
    ("{{ seq -2 }}", "1 0 -1 -2"),
    ("{{ seq 2 5 }}", "2 3 4 5"),
    ("{{ seq 5 -2 1 }}", "5 3 1"),
    ("{{ seq 0 0 }}", "0"),
    ("{{ seq 5 2 1 }}", ""),
    ("{{ seq 1 2 3 4 }}", ""),
    ("{{ addf }}", "0"),
    ("{{ addf 0.1 0.2 }}", "0.3"),
    ("{{ subf 1 0.9 }}", "0.1"),
    ("{{ mulf 1.1 1.1 }}", "1.21"),
    ("{{ divf 2 3 }}", "0.6666666666666667"),
    ('{{ add1f "x" }}', "1"),
    ('{{ maxf 1 "2.5" }}', "2.5"),
    ("{{ minf -0.0 0 }}", "-0"),
    ("{{ maxf nil -1 }}", "0"),
]

ERRORS = [
    ("{{ div 1 0 }}", "error calling div: runtime error: integer divide by zero"),
    ('{{ mod 1 "x" }}', "error calling mod: runtime error: integer divide by zero"),
    ("{{ divf 1 0 }}", "error calling divf: decimal division by 0"),
    ('{{ addf "inf" }}', "error calling addf: Cannot create a Decimal from +Inf"),
    ('{{ mulf 1 "nan" }}', "error calling mulf: Cannot create a Decimal from NaN"),
    ('{{ until "3" }}', 'expected integer; found "3"'),
    ("{{ until (add 1 1) }}", "wrong type for value; expected int; got int64"),
    ("{{ untilStep 0 1 }}", "wrong number of args for untilStep: want 3 got 2"),
    ("{{ round 1.5 1.5 }}", "expected integer; found 1.5"),
    ("{{ atoi 5 }}", "expected string; found 5"),
    ("{{ seq 1.5 }}", "expected integer; found 1.5"),
    ('{{ round 1 0 "x" }}', 'expected float; found "x"'),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_number_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_number_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
