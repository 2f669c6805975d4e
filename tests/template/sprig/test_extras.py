"""The functions of the reference operator: toYaml, stringify, hash, unquote.

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
            "{{ toYaml nil }}|"
            '{{ toYaml "" }}|'
            '{{ toYaml "a" }}|'
            "{{ toYaml 1e6 }}|"
            "{{ toYaml .big }}|"
            "{{ toYaml (list) }}|"
            "{{ toYaml (dict) }}"
        ),
        'null|""|a|1e+06|18446744073709551615|[]|{}',
    ),
    (
        '{{ toYaml (dict "a" (list 1 (list "x" (dict "k" "v"))) "b" (dict "c" nil)) }}',
        "a:\n    - 1\n    - - x\n      - k: v\nb:\n    c: null",
    ),
    (
        (
            '{{ toYaml (list "true" "1" "1.5" "y" "on" "1:30" "2020-01-02'
            '" "null" "~" "0x1" "0o7" ".5" "<<" "=" "!" "-" "- a" "a: b" '
            '"a #b" "#" "@a" "a\'b") }}'
        ),
        (
            '- "true"\n- "1"\n- "1.5"\n- "y"\n- "on"\n- "1:30"\n'
            '- "2020-01-02"\n- "null"\n- "~"\n- "0x1"\n- "0o7"\n'
            "- \".5\"\n- <<\n- =\n- '!'\n- '-'\n- '- a'\n"
            "- 'a: b'\n- 'a #b'\n- '#'\n- '@a'\n- a'b"
        ),
    ),
    (
        (
            '{{ toYaml (list "a\\nb" "a\\n" "a\\n\\n" " a\\nb" "a\\tb" "a \\nb" '
            '"\\n" "é" "😀" "\\u2028" "\\x07" " a" "a ") }}'
        ),
        (
            "- |-\n  a\n  b\n- |\n  a\n- |+\n  a\n\n- |4-\n   a\n  b\n"
            '- "a\\tb"\n- "a \\nb"\n- |4+\n- é\n- "\\U0001F600"\n'
            "- '\u2028'\n- \"\\a\"\n- ' a'\n- 'a '"
        ),
    ),
    (
        '{{ toYaml (dict "a10" 1 "a9" 2 "b" 3 "B" 4 "1" 5 "" 6 "a\\nb" 7) }}',
        '"": 6\n"1": 5\nB: 4\n? |-\n    a\n    b\n: 7\na9: 2\na10: 1\nb: 3',
    ),
    (
        '{{ toYaml (dict "a1b" 1 "a1_" 2 "a_" 3 "ab" 4 "a01" 5 "a1" 6 "a" 7) }}',
        "a: 7\na_: 3\na1: 6\na1b: 1\na1_: 2\na01: 5\nab: 4",
    ),
    (
        "{{ toYaml .map }}|{{ toYaml .labels }}|{{ toYaml .names }}|{{ toYaml .invalid }}",
        "a: 1\nb:\n    c: d|app: web|- b\n- a|!!binary Yf9i",
    ),
    (
        (
            '{{ stringify (dict "l" (list 1 "a") "m" (dict "x" 1) "s" "t" "n" nil) }}|'
            "{{ stringify .map }}|"
            '{{ stringify "a" }}'
        ),
        'l: |\n    - 1\n    - a\nm: |\n    x: 1\n"n": null\ns: t|a: 1\nb:\n    c: d|a',
    ),
    (
        '{{ stringify (dict "m" .map "l" .names) }}',
        "l:\n    - b\n    - a\nm:\n    a: 1\n    b:\n        c: d",
    ),
    (
        (
            "{{ hash nil }}|"
            "{{ hash 0 }}|"
            "{{ hash (list) }}|"
            "{{ hash (dict) }}|"
            '{{ hash "a" }}|'
            "{{ hash 1.5 }}|"
            "{{ hash true }}|"
            "{{ hash (list 1 2) }}|"
            "{{ hash (list 2 1) }}"
        ),
        (
            "12161962213042174405|12161962213042174405|0|0|"
            "12638153115695167422|12161883048204943186|"
            "12638153115695167454|7476045177263584794|"
            "14541619292495358650"
        ),
    ),
    (
        (
            '{{ hash (dict "a" 1 "b" 2) }}|'
            "{{ hash .map }}|"
            "{{ hash .big }}|"
            "{{ hash -1 }}|"
            '{{ hash (semver "1.2.3") }}|'
            "{{ hash (int64 1) }}|"
            "{{ hash 1 }}"
        ),
        (
            "8064784877785481894|17338602623142326600|"
            "15446756586918820205|15446756586918820205|"
            "10502685333455939899|16390143479181108970|"
            "16390143479181108970"
        ),
    ),
    (
        (
            '{{ unquote " \\"\'a\'\\" " }}|'
            '{{ unquote "\'\\"a\\"\'" }}|'
            "{{ unquote 5 }}|"
            "{{ unquote nil | quote }}|"
            '{{ unquote "\\"\\"" | quote }}'
        ),
        'a|"a"||""|""',
    ),
]

ERRORS = [
    ("{{ toYaml }}", "wrong number of args for toYaml: want 1 got 0"),
    ("{{ hash 1 2 }}", "wrong number of args for hash: want 1 got 2"),
    ("{{ unquote }}", "wrong number of args for unquote: want 1 got 0"),
    ("{{ stringify }}", "wrong number of args for stringify: want 1 got 0"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_function_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_function_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
