"""Encodings, checksums and JSON.

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
        '{{ b64enc "" }}|{{ b64enc .invalid }}|{{ b64dec "aA==" }}|{{ b64dec "aGk\\n=" }}',
        "|Yf9i|h|hi",
    ),
    (
        (
            '{{ b64dec "a" }}|'
            '{{ b64dec "aA=" }}|'
            '{{ b64dec "a===" }}|'
            '{{ b64dec "aA==x" }}|'
            '{{ b64dec "é" }}|'
            '{{ b64dec "aA=x" }}'
        ),
        (
            "illegal base64 data at input byte 0|"
            "illegal base64 data at input byte 3|"
            "illegal base64 data at input byte 1|"
            "illegal base64 data at input byte 4|"
            "illegal base64 data at input byte 0|"
            "illegal base64 data at input byte 2"
        ),
    ),
    (
        (
            '{{ b32enc "a" }}|'
            '{{ b32dec "ME======" }}|'
            '{{ b32dec "ME" }}|'
            '{{ b32dec "me======" }}|'
            '{{ b32dec "M" }}'
        ),
        (
            "ME======|a|illegal base32 data at input byte 0|"
            "illegal base32 data at input byte 0|"
            "illegal base32 data at input byte 0"
        ),
    ),
    (
        '{{ sha1sum "" }}|{{ sha256sum "é" }}|{{ adler32sum "" }}|{{ adler32sum "abc" }}',
        (
            "da39a3ee5e6b4b0d3255bfef95601890afd80709|"
            "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c|"
            "1|38600999"
        ),
    ),
    (
        (
            "{{ toJson nil }}|"
            "{{ toJson 1.0 }}|"
            "{{ toJson 1e21 }}|"
            "{{ toJson 1e-7 }}|"
            "{{ toJson 0.000001 }}|"
            "{{ toJson .big }}|"
            "{{ toJson (list) }}"
        ),
        "null|1|1e+21|1e-7|0.000001|18446744073709551615|[]",
    ),
    (
        '{{ toJson "<a&b>\\u2028\\b\\f\\x01\\x7f\\"\\\\" }}|{{ toJson .invalid }}',
        '"\\u003ca\\u0026b\\u003e\\u2028\\b\\f\\u0001\x7f\\"\\\\"|"a\\ufffdb"',
    ),
    (
        (
            "{{ toJson .map }}|"
            '{{ dict "a" .map | toJson }}|'
            "{{ toJson .labels }}|"
            '{{ toJson (dict "b" 1 "a" nil) }}'
        ),
        '||{"app":"web"}|{"a":null,"b":1}',
    ),
    (
        '{{ toPrettyJson (dict "a" (list 1 (dict)) "b" (list)) }}|{{ toPrettyJson .map }}',
        '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}|',
    ),
    (
        (
            "{{ toJson now | len | lt 20 }}|"
            '{{ toJson (semver "v1.2") }}|'
            '{{ toJson (semver "1.2.3").IncPatch }}'
        ),
        'true|"1.2.0"|{}',
    ),
    (
        (
            '{{ fromJson "{\\"a\\": [1, 2.5, null, true], \\"b\\": \\"\\\\u00e9\\'
            '\\ud83d\\\\ude00\\\\n\\"}" }}'
        ),
        "map[a:[1 2.5 <nil> true] b:é😀\n]",
    ),
    ('{{ fromJson "x" }}', "<no value>"),
    ('{{ fromJson "" }}', "<no value>"),
    ('{{ typeOf (fromJson "1") }}', "float64"),
    ('{{ fromJson "[1e400]" }}', "[<nil>]"),
    ('{{ mustToRawJson (list "<" .none) }}', '["<",null]'),
    ('{{ toRawJson "&" }}', '"&"'),
]

ERRORS = [
    ('{{ mustFromJson "" }}', "error calling mustFromJson: unexpected end of JSON input"),
    ('{{ mustFromJson "{" }}', "error calling mustFromJson: unexpected end of JSON input"),
    (
        '{{ mustFromJson "{\\"a\\" 1}" }}',
        "error calling mustFromJson: invalid character '1' after object key",
    ),
    (
        '{{ mustFromJson "[1,]" }}',
        "error calling mustFromJson: invalid character ']' looking for beginning of value",
    ),
    (
        '{{ mustFromJson "{,}" }}',
        (
            "error calling mustFromJson: invalid character ',' looking for beginning of "
            "object key string"
        ),
    ),
    (
        '{{ mustFromJson "tru" }}',
        "error calling mustFromJson: invalid character ' ' in literal true (expecting 'e')",
    ),
    (
        '{{ mustFromJson "1 2" }}',
        "error calling mustFromJson: invalid character '2' after top-level value",
    ),
    (
        '{{ mustFromJson "\\"\\\\x\\"" }}',
        "error calling mustFromJson: invalid character 'x' in string escape code",
    ),
    (
        '{{ mustFromJson "\\"\\\\u12\\"" }}',
        ("error calling mustFromJson: invalid character '\"' in \\u hexadecimal character escape"),
    ),
    (
        "{{ mustFromJson \"'a'\" }}",
        "error calling mustFromJson: invalid character '\\'' looking for beginning of value",
    ),
    (
        '{{ mustFromJson "01" }}',
        "error calling mustFromJson: invalid character '1' after top-level value",
    ),
    (
        '{{ mustFromJson "1e400" }}',
        (
            "error calling mustFromJson: json: cannot unmarshal number 1e400 into Go value "
            "of type float64"
        ),
    ),
    (
        "{{ mustToJson .map }}",
        "error calling mustToJson: json: unsupported type: map[interface {}]interface {}",
    ),
    (
        "{{ toRawJson .map }}",
        "error calling toRawJson: json: unsupported type: map[interface {}]interface {}",
    ),
    (
        '{{ mustToPrettyJson (float64 "nan") }}',
        "error calling mustToPrettyJson: json: unsupported value: NaN",
    ),
    (
        '{{ mustToJson (toDate "2006" "2020" | mustDateModify "87600000h" ) }}',
        'error calling mustDateModify: time: invalid duration "87600000h"',
    ),
    ("{{ b64enc 1 }}", "expected string; found 1"),
    ("{{ sha1sum .list }}", "wrong type for value; expected string; got []interface {}"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_encoding_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_encoding_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
