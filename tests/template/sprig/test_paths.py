"""Paths and URLs.

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
            '{{ base "" }}|'
            '{{ base "/" }}|'
            '{{ base "a/b/" }}|'
            '{{ dir "" }}|'
            '{{ dir "/a" }}|'
            '{{ dir "a/b/" }}'
        ),
        ".|/|b|.|/|a/b",
    ),
    (
        ('{{ clean "" }}|{{ clean "/../a" }}|{{ clean "../../a/.." }}|{{ clean "a/./b//c/.." }}'),
        ".|/a|../..|a/b",
    ),
    ('{{ ext "a.b/c" }}', ""),
    ('{{ ext ".gitignore" }}', ".gitignore"),
    ('{{ ext "a." }}', "."),
    ('{{ isAbs "" }}', "false"),
    ('{{ isAbs "/" }}', "true"),
    ('{{ osBase "/a/b" }}', "b"),
    (
        (
            '{{ $u := urlParse "https://u:p%40@git.io:8443/a%20b?x=1#frag" }}'
            "{{ range $k, $v := $u }}{{ $k }}={{ $v }} {{ end }}"
        ),
        (
            "fragment=frag host=git.io:8443 hostname=git.io opaque= path=/a b query=x=1 "
            "scheme=https userinfo=u:p%40 "
        ),
    ),
    (
        (
            '{{ (urlParse "mailto:a@b.c").opaque }}|'
            '{{ (urlParse "//h/p").host }}|'
            '{{ (urlParse "HTTP://[::1]:80/").hostname }}|'
            '{{ (urlParse "").path | quote }}|'
            '{{ (urlParse "a?b?c").query }}'
        ),
        'a@b.c|h|::1|""|b?c',
    ),
    (
        (
            '{{ urlJoin (dict "scheme" "https" "host" "h" "path" "a b" "q'
            'uery" "q=1" "fragment" "f g" "userinfo" "u:p@") }}'
        ),
        "https://u:p%40@h/a%20b?q=1#f%20g",
    ),
    (
        (
            "{{ urlJoin (dict) | quote }}|"
            '{{ urlJoin (dict "path" "a:b") }}|'
            '{{ urlJoin (dict "opaque" "x" "scheme" "s") }}|'
            '{{ urlJoin (dict "host" "é" "path" "*") }}'
        ),
        '""|./a:b|s:x|//%C3%A9/*',
    ),
    ('{{ urlJoin (urlParse "https://u@h:1/p?q#f") }}', "https://u@h:1/p?q#f"),
]

ERRORS = [
    (
        '{{ urlParse ":bad" }}',
        'error calling urlParse: unable to parse url: parse ":bad": missing protocol scheme',
    ),
    (
        '{{ urlParse "git@github.com:acme/repo.git" }}',
        (
            "error calling urlParse: unable to parse url: parse "
            '"git@github.com:acme/repo.git": first path segment in URL cannot contain colon'
        ),
    ),
    (
        '{{ urlParse "http://a b/" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://a b/": invalid '
            'character " " in host name'
        ),
    ),
    (
        '{{ urlParse "http://h:port/" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://h:port/": invalid '
            'port ":port" after host'
        ),
    ),
    (
        '{{ urlParse "http://[::1" }}',
        ("error calling urlParse: unable to parse url: parse \"http://[::1\": missing ']' in host"),
    ),
    (
        '{{ urlParse "http://h/%zz" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://h/%zz": invalid URL '
            'escape "%zz"'
        ),
    ),
    (
        '{{ urlParse "http://h/#%4" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://h/#%4": invalid URL '
            'escape "%4"'
        ),
    ),
    (
        '{{ urlParse "http://a<b>@h/" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://a<b>@h/": net/url: '
            "invalid userinfo"
        ),
    ),
    (
        '{{ urlParse "\\x7f" }}',
        (
            'error calling urlParse: unable to parse url: parse "\\x7f": net/url: invalid '
            "control character in URL"
        ),
    ),
    (
        '{{ urlParse "http://a:b:c/" }}',
        (
            'error calling urlParse: unable to parse url: parse "http://a:b:c/": invalid '
            'port ":b:c" after host'
        ),
    ),
    (
        '{{ urlJoin (dict "host" 1) }}',
        ("error calling urlJoin: unable to parse host key, must be of type string, but int found"),
    ),
    (
        '{{ urlJoin (dict "path" nil) }}',
        ("error calling urlJoin: runtime error: invalid memory address or nil pointer dereference"),
    ),
    (
        '{{ urlJoin (dict "userinfo" "a b") }}',
        (
            'error calling urlJoin: unable to parse userinfo in dict: parse "proto://a '
            'b@host": net/url: invalid userinfo'
        ),
    ),
    (
        "{{ urlJoin .map }}",
        (
            "wrong type for value; expected map[string]interface {}; got map[interface {"
            "}]interface {}"
        ),
    ),
    ("{{ base 1 }}", "expected string; found 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_path_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_path_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
