"""Dates and lengths of time.

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
        ('{{ date "2006-01-02 15:04:05.000 MST -07:00 Mon Jan _2 3PM pm __2 002 06" 1577934245 }}'),
        "2020-01-02 03:04:05.000 UTC +00:00 Thu Jan  2 3AM am   2 002 20",
    ),
    (
        (
            '{{ date "Jan January Janus 1 01 2 02 03 4 05 Z0700 -0700 ,99'
            '9 .99" (int64 1577934245) }}'
        ),
        "Jan January Janus 1 01 2 02 03 4 05 Z +0000  ",
    ),
    (
        (
            '{{ dateInZone "15:04 MST" 1577934245 "Europe/Berlin" }}|'
            '{{ dateInZone "15:04 MST" 1577934245 "No/Zone" }}|'
            '{{ dateInZone "15:04 MST -0700" 1593561600 "America/St_Johns" }}'
        ),
        "04:04 CET|03:04 UTC|21:30 NDT -0230",
    ),
    (
        '{{ date "3PM 03:04pm 15" 1577880000 }}|{{ date "3PM 03:04pm 15" 1577838600 }}',
        "12PM 12:00pm 12|12AM 12:30am 00",
    ),
    ('{{ htmlDate -1 }}|{{ htmlDateInZone 0 "Asia/Tokyo" }}', "1969-12-31|1970-01-01"),
    (
        (
            '{{ toDate "2006-01-02" "2020-02-30" }}|'
            '{{ toDate "2006-01-02T15:04:05Z07:00" "2020-02-29T10:00:00+02:00" }}|'
            '{{ toDate "02 Jan 06 MST" "05 mar 70 CET" }}'
        ),
        (
            "0001-01-01 00:00:00 +0000 UTC|"
            "2020-02-29 10:00:00 +0200 +0200|"
            "1970-03-05 00:00:00 +0000 CET"
        ),
    ),
    (
        (
            '{{ toDate "2006-002" "2020-366" }}|'
            '{{ toDate "3:04pm" "12:30am" }}|'
            '{{ toDate "15:04:05" "01:02:03.25" }}'
        ),
        (
            "2020-12-31 00:00:00 +0000 UTC|"
            "0000-01-01 00:30:00 +0000 UTC|"
            "0000-01-01 01:02:03.25 +0000 UTC"
        ),
    ),
    (
        (
            '{{ toDate "2006-01-02" "2020-01-31" | dateModify "-36h1.5s" '
            '| date "2006-01-02 15:04:05.9" }}|'
            '{{ toDate "2006" "2020" | dateModify "soon" | date "2006" }}'
        ),
        "2020-01-29 11:59:58.5|2020",
    ),
    (
        ('{{ toDate "2006-01-02" "2020-01-31" | unixEpoch }}|{{ toDate "x" "y" | unixEpoch }}'),
        "1580428800|-62135596800",
    ),
    (
        (
            '{{ $t := toDate "2006-01-02 15:04:05" "2020-02-29 13:14:15" }}{{ $t.Year }} '
            "{{ $t.Month }} {{ $t.Day }} {{ $t.Weekday }} {{ $t.YearDay }} {{ $t.Hour }} "
            "{{ $t.Unix }} {{ $t.IsZero }}"
        ),
        "2020 February 29 Saturday 60 13 1582982055 false",
    ),
    (
        (
            '{{ $t := toDate "2006-01-02" "2020-02-29" }}{{ $t.AddDate 1 0 0 }}|'
            '{{ ($t.AddDate 0 1 1).Format "Jan 2" }}|'
            "{{ $t.Sub ($t.AddDate 0 0 -1) }}|"
            "{{ $t.Before ($t.AddDate 0 0 1) }}|"
            "{{ ($t.Add 90000000000).Truncate 60000000000 }}"
        ),
        "2021-03-01 00:00:00 +0000 UTC|Mar 30|24h0m0s|true|2020-02-29 00:01:00 +0000 UTC",
    ),
    (
        '{{ toYaml (toDate "2006" "2020") }}|{{ toJson (toDate "2006" "2020") }}',
        '2020-01-01T00:00:00Z|"2020-01-01T00:00:00Z"',
    ),
    ('{{ duration "3661" }}', "1h1m1s"),
    ("{{ duration (int64 90) }}", "1m30s"),
    ("{{ duration 90 }}", "0s"),
    ('{{ duration "x" }}', "0s"),
    ("{{ duration nil }}", "0s"),
    ('{{ durationRound "400h" }}', "16d"),
    ('{{ durationRound "2h10m5s" }}', "2h"),
    ('{{ durationRound "1s" }}', "0s"),
    ('{{ durationRound "-90s" }}', "1m"),
    ("{{ durationRound (int64 5000000000) }}", "5s"),
    ("{{ durationRound 5 }}", "0s"),
    ('{{ mustToDate "2006-01-02" "2020-01-31" }}', "2020-01-31 00:00:00 +0000 UTC"),
    ('{{ toDate "2006" "2020" | mustDateModify "1h30m" }}', "2020-01-01 01:30:00 +0000 UTC"),
]

ERRORS = [
    (
        '{{ mustToDate "2006-01-02" "2020-13-01" }}',
        'error calling mustToDate: parsing time "2020-13-01": month out of range',
    ),
    (
        '{{ mustToDate "2006-01-02" "2021-02-29" }}',
        'error calling mustToDate: parsing time "2021-02-29": day out of range',
    ),
    (
        '{{ mustToDate "2006-01-02" "x" }}',
        ('error calling mustToDate: parsing time "x" as "2006-01-02": cannot parse "x" as "2006"'),
    ),
    (
        '{{ mustToDate "2006-01-02" "2020-01-02x" }}',
        'error calling mustToDate: parsing time "2020-01-02x": extra text: "x"',
    ),
    (
        '{{ mustToDate "Jan 2" "Foo 3" }}',
        (
            'error calling mustToDate: parsing time "Foo 3" as "Jan 2": cannot parse "Foo 3" '
            'as "Jan"'
        ),
    ),
    (
        '{{ mustToDate "2006-002" "2021-366" }}',
        'error calling mustToDate: parsing time "2021-366": day-of-year out of range',
    ),
    (
        '{{ mustToDate "15:04" "25:00" }}',
        'error calling mustToDate: parsing time "25:00": hour out of range',
    ),
    (
        '{{ mustToDate "2006-01-02T15:04:05Z07:00" "2020-01-01T00:00:00+25:00" }}',
        (
            'error calling mustToDate: parsing time "2020-01-01T00:00:00+25:00": time zone '
            "offset hour out of range"
        ),
    ),
    (
        '{{ toDate "2006" "2020" | mustDateModify "1" }}',
        'error calling mustDateModify: time: missing unit in duration "1"',
    ),
    (
        '{{ toDate "2006" "2020" | mustDateModify "1d" }}',
        'error calling mustDateModify: time: unknown unit "d" in duration "1d"',
    ),
    (
        '{{ toDate "2006" "2020" | mustDateModify "" }}',
        'error calling mustDateModify: time: invalid duration ""',
    ),
    ('{{ dateModify "1h" "2020-01-01" }}', 'can\'t handle "2020-01-01" for arg of type time.Time'),
    ("{{ unixEpoch 1 }}", "can't handle 1 for arg of type time.Time"),
    ('{{ dateInZone 1 2 "UTC" }}', "expected string; found 1"),
]


@pytest.mark.parametrize(("template", "expected"), RESULTS)
def test_date_functions_print_what_go_prints(
    template: str, expected: str, data: dict[str, object]
) -> None:
    assert render(template, data) == expected


@pytest.mark.parametrize(("template", "message"), ERRORS)
def test_date_functions_fail_as_in_go(template: str, message: str, data: dict[str, object]) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        render(template, data)
