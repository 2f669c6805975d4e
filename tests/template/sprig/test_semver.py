"""Semantic versions.

Expected values are what real Go prints: text/template of Go 1.26, Sprig v2.22.0, and v3.3.0 for
the names that only it has, with TZ=UTC.
"""

from __future__ import annotations

import re

import pytest

from kalypso.errors import TemplateError
from kalypso.template import render

RESULTS = [
    ('{{ semver "1" }}|{{ semver "v1.2" }}|{{ semver "1.2.3-a.1+b" }}', "1.0.0|1.2.0|1.2.3-a.1+b"),
    (
        (
            '{{ $v := semver "v1.2.3-rc.1+b5" }}{{ $v.Major }} {{ $v.Minor }} {{ $v.Patch }} '
            "{{ $v.Prerelease }} {{ $v.Metadata }} {{ $v.Original }} {{ $v.String }}"
        ),
        "1 2 3 rc.1 b5 v1.2.3-rc.1+b5 1.2.3-rc.1+b5",
    ),
    (
        (
            '{{ (semver "1.2.3").IncMajor }}|'
            '{{ (semver "v1.2.3-a").IncPatch }}|'
            '{{ (semver "1.2.3").IncMinor | typeOf }}'
        ),
        "{2 0 0   2.0.0}|{1 2 3   v1.2.3}|semver.Version",
    ),
    (
        (
            '{{ (semver "1.2.3").Compare (semver "1.3.0") }}|'
            '{{ (semver "2.0.0").GreaterThan (semver "1.0.0") }}|'
            '{{ (semver "1.0.0").LessThan (semver "1.0.0") }}|'
            '{{ (semver "1.0.0+a").Equal (semver "1.0.0") }}'
        ),
        "-1|true|false|true",
    ),
    (
        '{{ (semver "1.2.3").SetPrerelease "x" }}|{{ (semver "v1.2.3").SetMetadata "y" }}',
        "{1 2 3 x  1.2.3-x}|{1 2 3  y v1.2.3+y}",
    ),
    (
        (
            '{{ semverCompare "^1.2" "1.9.0" }}|'
            '{{ semverCompare "^0.2.3" "0.3.0" }}|'
            '{{ semverCompare "~1.2.3" "1.3.0" }}|'
            '{{ semverCompare "~1" "1.9.9" }}'
        ),
        "true|true|false|true",
    ),
    (
        (
            '{{ semverCompare "1.2.x" "1.2.9" }}|'
            '{{ semverCompare "*" "5.0.0" }}|'
            '{{ semverCompare "!=1.x" "1.5.0" }}|'
            '{{ semverCompare "<1.x" "1.5.0" }}|'
            '{{ semverCompare "<=1.2" "1.2.9" }}'
        ),
        "true|true|false|true|false",
    ),
    (
        (
            '{{ semverCompare "1.0 - 2.0" "1.5.0" }}|'
            '{{ semverCompare ">1, <2 || 3" "3.0.0" }}|'
            '{{ semverCompare "=>1.0" "1.0.0" }}|'
            '{{ semverCompare "~>1.2" "1.3.0" }}'
        ),
        "true|true|true|false",
    ),
    (
        (
            '{{ semverCompare ">1.0.0" "2.0.0-beta" }}|'
            '{{ semverCompare ">1.0.0-0" "2.0.0-beta" }}|'
            '{{ semverCompare "!=1.0.0" "2.0.0-beta" }}'
        ),
        "false|true|true",
    ),
    (
        (
            '{{ semverCompare ">1.0.0-2" "1.0.0-10" }}|'
            '{{ semverCompare ">1.0.0-a" "1.0.0-1" }}|'
            '{{ semverCompare "<1.0.0-a.b" "1.0.0-a" }}'
        ),
        "true|false|true",
    ),
]

ERRORS = [
    ('{{ semver "" }}', "error calling semver: Invalid Semantic Version"),
    ('{{ semver "1.2.3.4" }}', "error calling semver: Invalid Semantic Version"),
    ('{{ semver "latest" }}', "error calling semver: Invalid Semantic Version"),
    (
        '{{ semver "99999999999999999999" }}',
        (
            "error calling semver: Error parsing version segment: strconv.ParseInt: parsing "
            '"99999999999999999999": value out of range'
        ),
    ),
    ('{{ semverCompare "" "1.0.0" }}', "error calling semverCompare: improper constraint: "),
    (
        '{{ semverCompare ">1.0 <2.0" "1.5.0" }}',
        "error calling semverCompare: improper constraint: >1.0 <2.0",
    ),
    ('{{ semverCompare "1x" "1.0.0" }}', "error calling semverCompare: constraint Parser Error"),
    ('{{ semverCompare ">1.0" "x" }}', "error calling semverCompare: Invalid Semantic Version"),
    (
        '{{ (semver "1.0.0").SetPrerelease "_" }}',
        "error calling SetPrerelease: Invalid Prerelease string",
    ),
    ('{{ semverCompare 1 "1.0.0" }}', "expected string; found 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_version_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_version_functions_fail_as_in_go(
    template: str, message: str, data: dict[str, object]
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
