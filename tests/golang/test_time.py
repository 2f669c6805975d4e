"""Times of any year and place are shown as Go shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalypso.golang.time import (
    LOCAL,
    DurationError,
    ParseError,
    Time,
    format_duration,
    format_time,
    load_location,
    parse_duration,
    parse_time,
)
from kalypso.golang.time.calendar import civil_from_days, days_from_civil

LONG = "2006-01-02 15:04:05.999999999 -0700 MST Monday"


@pytest.mark.parametrize(
    ("unix", "nanos", "zone", "expected"),
    [
        (0, 0, "UTC", "1970-01-01 00:00:00 +0000 UTC Thursday"),
        (1577934245, 120000000, "Europe/Berlin", "2020-01-02 04:04:05.12 +0100 CET Thursday"),
        (1593561600, 1, "America/St_Johns", "2020-06-30 21:30:00.000000001 -0230 NDT Tuesday"),
        (-62135596800, 0, "UTC", "0001-01-01 00:00:00 +0000 UTC Monday"),
        (-62167219200, 0, "UTC", "0000-01-01 00:00:00 +0000 UTC Saturday"),
        (-2208988800, 0, "America/New_York", "1899-12-31 19:00:00 -0500 EST Sunday"),
        (253402300800, 0, "Asia/Tokyo", "10000-01-01 09:00:00 +0900 JST Saturday"),
        (376480842148, 0, "America/St_Johns", "13900-03-16 01:12:28 -0230 NDT Friday"),
        (-3000000000, 0, "Africa/Monrovia", "1874-12-07 17:56:52 -0043 LMT Monday"),
        (1554570000, 0, "Australia/Lord_Howe", "2019-04-07 03:30:00 +1030 +1030 Sunday"),
        (1616893199, 999999999, "Europe/Berlin", "2021-03-28 01:59:59.999999999 +0100 CET Sunday"),
        (1616893200, 0, "Europe/Berlin", "2021-03-28 03:00:00 +0200 CEST Sunday"),
        (-100000000000, 5, "UTC", "-1199-02-15 14:13:20.000000005 +0000 UTC Thursday"),
        (1700000000, 0, "Asia/Kathmandu", "2023-11-15 03:58:20 +0545 +0545 Wednesday"),
    ],
)
def test_times_are_written_as_go_writes_them(
    unix: int, nanos: int, zone: str, expected: str
) -> None:
    assert format_time(Time(unix, nanos, load_location(zone)), LONG) == expected


@pytest.mark.parametrize("zone", ["No/Where", "../etc/passwd", "/etc/localtime", "Europe"])
def test_unknown_zones_are_utc(zone: str) -> None:
    assert load_location(zone).lookup(0) == ("UTC", 0)


def test_local_time_is_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    assert load_location("Local") is LOCAL
    assert Time(0).text() == "1970-01-01 00:00:00 +0000 UTC"


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("1h2m3.5s", 3_723_500_000_000),
        ("-1.5h", -5_400_000_000_000),
        (".5ms", 500_000),
        ("1\u00b5s", 1_000),
        ("-9223372036854775808ns", -(2**63)),
    ],
)
def test_durations_are_read(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", 'time: invalid duration ""'),
        ("1", 'time: missing unit in duration "1"'),
        ("1d", 'time: unknown unit "d" in duration "1d"'),
        (".s", 'time: invalid duration ".s"'),
        ("1h-1m", 'time: unknown unit "h-" in duration "1h-1m"'),
        ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
        ("\u00e9", 'time: invalid duration "\\xc3\\xa9"'),
    ],
)
def test_what_is_no_duration_is_told_as_in_go(text: str, message: str) -> None:
    with pytest.raises(DurationError) as caught:
        parse_duration(text)

    assert str(caught.value) == message


@given(st.integers(-(2**63), 2**63 - 1))
def test_durations_read_back(nanoseconds: int) -> None:
    # Fractions go through a float in Go, too: hours of nanoseconds lose the last digits there.
    whole = nanoseconds // 1_000_000_000 * 1_000_000_000
    if abs(whole) < 2**63:
        assert parse_duration(format_duration(whole)) == whole


@given(st.integers(-(10**9), 10**9))
def test_days_and_dates_are_each_other_s_inverse(days: int) -> None:
    year, month, day = civil_from_days(days)

    assert days_from_civil(year, month, day) == days
    assert 1 <= month <= 12
    assert 1 <= day <= 31


@given(st.integers(-62_135_596_800, 253_402_300_799), st.integers(0, 999_999_999))
def test_times_read_back(unix: int, nanos: int) -> None:
    layout = "2006-01-02T15:04:05.999999999Z07:00"
    time = Time(unix, nanos)

    read = parse_time(layout, format_time(time, layout))
    assert (read.unix, read.nanos) == (unix, nanos)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_layout_reads_any_text_or_refuses_it(layout: str, text: str) -> None:
    try:
        format_time(parse_time(layout, text), layout)
    except ParseError as error:
        assert str(error).startswith("parsing time ")  # noqa: PT017 - either way is right
