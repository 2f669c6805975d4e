"""Passwords, ciphers and random texts.

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
            '{{ derivePassword 1 "long" "password" "user" "example.com" }}|'
            '{{ derivePassword 0 "pin" "" "" "" }}'
        ),
        "ZedaFaxcZaso9*|2847",
    ),
    (
        (
            '{{ derivePassword 1 "maximum" "é" "ü" "s" }}|'
            '{{ derivePassword 2 "basic" "p" "u" "s" }}|'
            '{{ derivePassword 2 "nope" "p" "u" "s" }}'
        ),
        "SZAvI*IgK7JwjEYcgE2/|Gtc9iwP8|cannot find password template nope",
    ),
    (
        (
            '{{ encryptAES "k" "x" | b64dec | len }}|'
            '{{ encryptAES "k" "0123456789abcdef" | b64dec | len }}'
        ),
        "32|48",
    ),
    (
        (
            '{{ decryptAES "k" "" }}|'
            '{{ encryptAES "k" "" }}|'
            '{{ encryptAES "key" "é" | decryptAES "key" }}'
        ),
        "||é",
    ),
    (
        (
            "{{ randAlpha 0 | quote }}|"
            "{{ randAlphaNum -1 | quote }}|"
            '{{ randNumeric 12 | regexMatch "^[0-9]{12}$" }}|'
            "{{ randAscii 30 | len }}"
        ),
        '""|""|true|30',
    ),
    (
        (
            '{{ shuffle "" }}|'
            '{{ shuffle "éa" | len }}|'
            '{{ uuidv4 | regexMatch "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3'
            '}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" }}'
        ),
        "|3|true",
    ),
    ("{{ randInt 3 4 }}", "3"),
    ("{{ randBytes 6 | len }}", "8"),
    ('{{ htpasswd "a:b" "c" }}', "invalid username: a:b"),
    (
        '{{ repeat 80 "a" | bcrypt }}',
        "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes",
    ),
    ('{{ genPrivateKey "nope" }}', "Unknown type nope"),
]

ERRORS = [
    ('{{ decryptAES "k" "!!" }}', "error calling decryptAES: illegal base64 data at input byte 0"),
    (
        '{{ decryptAES "k" "AAAA" }}',
        (
            "error calling decryptAES: runtime error: slice bounds out of range [:16] with "
            "capacity 3"
        ),
    ),
    (
        '{{ decryptAES "k" "AAAAAAAAAAAAAAAAAAAAAAA=" }}',
        "error calling decryptAES: crypto/cipher: input not full blocks",
    ),
    (
        '{{ decryptAES "k" "AAAAAAAAAAAAAAAAAAAAAA==" }}',
        "error calling decryptAES: runtime error: index out of range [-1]",
    ),
    ("{{ randInt 4 4 }}", "error calling randInt: invalid argument to Intn"),
    ("{{ randBytes -1 }}", "error calling randBytes: runtime error: makeslice: len out of range"),
    ('{{ randAlpha "3" }}', 'expected integer; found "3"'),
    (
        '{{ buildCustomCert "!" "" }}',
        "error calling buildCustomCert: unable to decode base64 certificate",
    ),
    (
        '{{ buildCustomCert "" "!" }}',
        "error calling buildCustomCert: unable to decode base64 private key",
    ),
    (
        '{{ buildCustomCert (b64enc "x") "" }}',
        "error calling buildCustomCert: unable to decode certificate",
    ),
    (
        '{{ genSelfSignedCert "a" (list 1) nil 1 }}',
        "error calling genSelfSignedCert: error parsing ip: 1 is not a string",
    ),
    (
        '{{ genSelfSignedCert "a" (list "x") nil 1 }}',
        "error calling genSelfSignedCert: error parsing ip: x",
    ),
    (
        '{{ genSelfSignedCert "a" nil (list nil) 1 }}',
        (
            "error calling genSelfSignedCert: error processing alternate dns name: <nil> is "
            "not a string"
        ),
    ),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_password_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_password_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
