"""Functions that look at letters: case, initials, abbreviations, wrapped lines.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    ('{{ upper "ßǆé" }}|{{ lower "ÉǅΣ" }}', "ßǄÉ|éǆσ"),
    ("{{ upper .invalid }}", "A�B"),
    ('{{ title "a-b c_d é.f 1x" }}', "A-B C_d É.F 1x"),
    ('{{ untitle "Ab Cd" }}|{{ swapcase "aB cD" }}', "ab cd|Ab Cd"),
    (
        (
            '{{ snakecase "HTTP20xOK" }}|'
            '{{ snakecase "Bld4Floor3rd" }}|'
            '{{ snakecase "a.b" }}|'
            '{{ snakecase "" }}'
        ),
        "http_20x_ok|bld4_floor_3rd|a.b|",
    ),
    (
        '{{ kebabcase "Duration2m3s" }}|{{ kebabcase "GO_PATH" }}|{{ kebabcase "中文Ab" }}',
        "duration-2m3s|go-path|中文-ab",
    ),
    (
        (
            '{{ camelcase "_complex__case_" }}|'
            '{{ camelcase "ABC_DEF" }}|'
            '{{ camelcase "-" }}|'
            '{{ camelcase "" }}'
        ),
        "_Complex_Case_|ABCDEF|--|",
    ),
    ('{{ initials "  été fini" }}', "Ãf"),
    ('{{ nospace "é" }}|{{ nospace "é a" }}', "é|Ã©a"),
    (
        '{{ abbrev 3 "abcdef" }}|{{ abbrev 4 "abcdef" }}|{{ abbrev 6 "abcdef" }}',
        "abcdef|a...|abcdef",
    ),
    (
        (
            '{{ abbrevboth 5 6 "1234567890123" }}|'
            '{{ abbrevboth 5 7 "1234567890123" }}|'
            '{{ abbrevboth 99 8 "1234567890123" }}'
        ),
        "1234567890123|...6...|...90123",
    ),
    (
        (
            '{{ abbrevboth 4 8 "1234567890123" }}|'
            '{{ abbrevboth 1 9 "1234567890" }}|'
            '{{ abbrevboth 20 7 "123456789012" }}'
        ),
        "12345...|123456...|...9012",
    ),
    ('{{ wrap 3 "a bb cccc dd" }}|{{ wrap 0 "a b" }}', "a\nbb\ncccc\ndd|a\nb"),
    ('{{ wrapWith 3 "" "abcdefg" }}|{{ wrapWith 1 "-" "é" | len }}', "abc\ndef\ng|3"),
]

ERRORS = [
    ("{{ snakecase 1 }}", "expected string; found 1"),
    ('{{ abbrev "5" "a" }}', 'expected integer; found "5"'),
    ('{{ wrap .none "a" }}', "wrong type for value; expected int; got interface {}"),
    ("{{ title nil }}", "cannot assign nil to string"),
    ("{{ camelcase .list }}", "wrong type for value; expected string; got []interface {}"),
    ("{{ initials }}", "wrong number of args for initials: want 1 got 0"),
    ('{{ wrapWith 5 "a" }}', "wrong number of args for wrapWith: want 3 got 2"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_letter_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_letter_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
