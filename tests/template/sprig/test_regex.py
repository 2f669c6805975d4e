"""Regular expressions.

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
            '{{ regexMatch "^a.c$" "abc" }}|'
            '{{ regexMatch "a.c" "a\\nc" }}|'
            '{{ regexMatch "(?s)a.c" "a\\nc" }}|'
            '{{ regexMatch "[" "a" }}|'
            '{{ regexMatch "(?=a)" "a" }}'
        ),
        "true|false|true|false|false",
    ),
    (
        (
            '{{ regexMatch `\\d` "٣" }}|'
            '{{ regexMatch `\\pL` "é" }}|'
            "{{ regexMatch `^.$` .invalid }}|"
            "{{ regexMatch `a.b` .invalid }}"
        ),
        "false|true|false|true",
    ),
    ('{{ regexFind "b+" "abbc" }}|{{ regexFind "x" "abc" }}|{{ regexFind "" "abc" }}', "bb||"),
    (
        (
            '{{ regexFindAll "a*" "baac" -1 | toJson }}|'
            '{{ regexFindAll "a" "aaa" 2 }}|'
            '{{ regexFindAll "x" "a" -1 | toJson }}|'
            '{{ regexFindAll "a" "a" 0 | len }}'
        ),
        '["","aa",""]|[a a]|null|0',
    ),
    (
        (
            '{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}|'
            '{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "$1W" }}|'
            '{{ regexReplaceAll "(?P<n>a)" "ba" "<$n>" }}'
        ),
        "-W-xxW-|---|b<a>",
    ),
    (
        (
            '{{ regexReplaceAll "a*" "baac" "-" }}|'
            '{{ regexReplaceAll "" "é" "-" }}|'
            '{{ regexReplaceAll "a" "a" "$$1${2}$" }}|'
            '{{ regexReplaceAll "(a)|b" "ab" "[$1]" }}'
        ),
        "-b-c-|-é-|$1$|[a][]",
    ),
    ('{{ regexReplaceAllLiteral "a" "a" "$1" }}', "$1"),
    (
        (
            '{{ regexSplit "," "a,b,c" -1 }}|'
            '{{ regexSplit "," "a,b,c" 2 }}|'
            '{{ regexSplit "," "" -1 | len }}|'
            '{{ regexSplit "" "abc" -1 }}|'
            '{{ regexSplit "a" "a" 0 | len }}'
        ),
        "[a b c]|[a b,c]|1|[a b c]|0",
    ),
    (
        '{{ regexQuoteMeta "a.b[c]$\\\\" }}|{{ mustRegexMatch "a" "b" }}',
        "a\\.b\\[c\\]\\$\\\\|false",
    ),
]

ERRORS = [
    (
        '{{ regexFind "[" "a" }}',
        (
            "error calling regexFind: regexp: Compile(`[`): error parsing regexp: missing "
            "closing ]: `[`"
        ),
    ),
    (
        '{{ regexFindAll "(" "a" 1 }}',
        (
            "error calling regexFindAll: regexp: Compile(`(`): error parsing regexp: missing "
            "closing ): `(`"
        ),
    ),
    (
        '{{ regexReplaceAll "a)" "a" "b" }}',
        (
            "error calling regexReplaceAll: regexp: Compile(`a)`): error parsing regexp: "
            "unexpected ): `a)`"
        ),
    ),
    (
        '{{ regexReplaceAllLiteral "*" "a" "b" }}',
        (
            "error calling regexReplaceAllLiteral: regexp: Compile(`*`): error parsing "
            "regexp: missing argument to repetition operator: `*`"
        ),
    ),
    (
        '{{ regexSplit `\\` "a" 1 }}',
        (
            "error calling regexSplit: regexp: Compile(`\\`): error parsing regexp: trailing "
            "backslash at end of expression: ``"
        ),
    ),
    (
        '{{ regexFind `(a)\\1` "aa" }}',
        (
            "error calling regexFind: regexp: Compile(`(a)\\1`): error parsing regexp: "
            "invalid escape sequence: `\\1`"
        ),
    ),
    (
        '{{ regexFind "(?<!a)b" "b" }}',
        (
            "error calling regexFind: regexp: Compile(`(?<!a)b`): error parsing regexp: "
            "invalid named capture: `(?<!a)b`"
        ),
    ),
    (
        '{{ regexFind "a{2,1}" "b" }}',
        (
            "error calling regexFind: regexp: Compile(`a{2,1}`): error parsing regexp: "
            "invalid repeat count: `{2,1}`"
        ),
    ),
    (
        '{{ regexFind "a**" "b" }}',
        (
            "error calling regexFind: regexp: Compile(`a**`): error parsing regexp: invalid "
            "nested repetition operator: `**`"
        ),
    ),
    (
        '{{ regexFind "[b-a]" "b" }}',
        (
            "error calling regexFind: regexp: Compile(`[b-a]`): error parsing regexp: "
            "invalid character class range: `b-a`"
        ),
    ),
    (
        '{{ regexFind `\\pX` "b" }}',
        (
            "error calling regexFind: regexp: Compile(`\\pX`): error parsing regexp: invalid "
            "character class range: `\\pX`"
        ),
    ),
    (
        '{{ regexFind `\\Ca` "b" }}',
        (
            "error calling regexFind: regexp: Compile(`\\Ca`): error parsing regexp: invalid "
            "escape sequence: `\\C`"
        ),
    ),
    (
        '{{ regexFind "`[" "b" }}',
        (
            'error calling regexFind: regexp: Compile("`["): error parsing regexp: missing '
            "closing ]: `[`"
        ),
    ),
    (
        '{{ mustRegexMatch "[a" "a" }}',
        "error calling mustRegexMatch: error parsing regexp: missing closing ]: `[a`",
    ),
    (
        '{{ mustRegexReplaceAll "(?P<n" "a" "b" }}',
        ("error calling mustRegexReplaceAll: error parsing regexp: invalid named capture: `(?P<n`"),
    ),
    ('{{ regexFind 1 "a" }}', "expected string; found 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_pattern_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_pattern_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
