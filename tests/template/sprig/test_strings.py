"""Text functions: trim, cut, replace, indent, quote.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    ('{{ trim " \\t\\n a b \\u00a0" }}', "a b"),
    ('{{ trimAll "" "aa" }}|{{ trimAll "ab" "abcba" }}', "aa|c"),
    ('{{ trimPrefix "a" "aab" }}|{{ trimSuffix "b" "abb" }}', "ab|ab"),
    ('{{ trunc 1 "é" | len }}', "1"),
    ('{{ trunc 0 "" }}|{{ trunc 9 "abc" }}', "|abc"),
    (
        (
            '{{ substr -1 2 "abc" }}|'
            '{{ substr 1 -1 "abc" }}|'
            '{{ substr 1 99 "abc" }}|'
            '{{ substr 2 2 "abc" }}'
        ),
        "ab|bc|bc|",
    ),
    ('{{ repeat 0 "a" }}|{{ repeat 2 "é" }}', "|éé"),
    (
        (
            '{{ contains "" "a" }}|'
            '{{ contains "b" "a" }}|'
            '{{ hasPrefix "" "" }}|'
            '{{ hasSuffix "a" "" }}'
        ),
        "true|false|true|false",
    ),
    (
        '{{ quote .none }}|{{ quote "a\\tb\\\\" 1.0 true .list .map }}',
        '|"a\\tb\\\\" "1" "true" "[b a 1 <nil> ]" "map[a:1 b:map[c:d]]"',
    ),
    ('{{ quote "é\\u200b" .invalid }}', '"é\\u200b" "a\\xffb"'),
    ('{{ squote "it\'s" nil 1e6 }}', "'it's' '1e+06'"),
    ('{{ cat "a" nil 2 .float }}|{{ cat }}', "a 2 2.5|"),
    ('{{ indent 2 "" }}|{{ indent 1 "a\\n\\nb\\n" }}', "  | a\n \n b\n "),
    ('{{ nindent 0 "a" }}', "\na"),
    ('{{ replace "" "-" "abc" }}|{{ replace "b" "" "abcb" }}', "-a-b-c-|ac"),
    ('{{ plural "one" "many" 1 }}|{{ plural "one" "many" 0 }}', "one|many"),
    (
        '{{ split "," "a,b" }}|{{ range $k, $v := split "" "éa" }}{{ $k }}{{ $v }}{{ end }}',
        "map[_0:a _1:b]|_0é_1a",
    ),
    ('{{ splitn "," 0 "a,b" | len }}|{{ (splitn "," 2 "a,b,c")._1 }}', "0|b,c"),
    ('{{ splitList "" "aé" }}|{{ splitList "," "" | len }}', "[a é]|1"),
    ('{{ join "," .list }}|{{ join "," 5 }}|{{ join "," nil }}', "b,a,1,|5|"),
    ('{{ sortAlpha .list }}|{{ sortAlpha "b a" }}', "[ 1 a b]|[b a]"),
    ('{{ $l := splitList "," "b,a" }}{{ $_ := sortAlpha $l }}{{ $l }}', "[a b]"),
    (
        ("{{ toString nil }}|{{ toString 1.0 }}|{{ toStrings .map }}|{{ toStrings nil | len }}"),
        "<nil>|1|[map[a:1 b:map[c:d]]]|0",
    ),
]

ERRORS = [
    ('{{ trunc -1 "abc" }}', "error calling trunc: runtime error: slice bounds out of range [:-1]"),
    (
        '{{ substr 3 1 "abc" }}',
        "error calling substr: runtime error: slice bounds out of range [3:1]",
    ),
    (
        '{{ substr 5 9 "abc" }}',
        "error calling substr: runtime error: slice bounds out of range [5:3]",
    ),
    (
        '{{ substr -1 -1 "abc" }}',
        "error calling substr: runtime error: slice bounds out of range [:-1]",
    ),
    ('{{ repeat -1 "a" }}', "error calling repeat: strings: negative Repeat count"),
    ('{{ indent -1 "a" }}', "error calling indent: strings: negative Repeat count"),
    ('{{ trunc "a" "b" }}', 'expected integer; found "a"'),
    ("{{ upper 1 }}", "expected string; found 1"),
    ("{{ trim }}", "wrong number of args for trim: want 1 got 0"),
    ('{{ trunc 1.5 "abc" }}', "expected integer; found 1.5"),
    ('{{ contains "a" .none }}', "wrong type for value; expected string; got interface {}"),
    ('{{ contains "a" .list }}', "wrong type for value; expected string; got []interface {}"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_text_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_text_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
