"""What an environment asks beyond healthy clusters: a share of them, time, people, own checks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kalypso.promotion.expected import Expected, short
from kalypso.promotion.findings import Finding, fail, unknown, wait
from kalypso.promotion.record import Record
from kalypso.promotion.times import time_text

_CHECK_SECONDS = 600.0
"""For how long the answer of an own check is good."""
ALL = Fraction(1)


class Window(msgspec.Struct, frozen=True):
    """Hours of a week in which a gate may open."""

    days: frozenset[int]
    """0 for Monday; of the day on which the window begins."""
    start: time
    end: time
    """Not after the start means on the next day."""
    zone: str = "UTC"

    def contains(self, moment: datetime) -> bool:
        """Return whether it is open.

        Raises:
            ZoneInfoNotFoundError: The time zone does not exist.
        """
        here = moment.astimezone(ZoneInfo(self.zone))
        clock, today = here.time(), here.weekday()
        yesterday = (here - timedelta(days=1)).weekday()
        if self.start < self.end:
            return today in self.days and self.start <= clock < self.end
        late = today in self.days and clock >= self.start
        return late or (yesterday in self.days and clock < self.end)


class Freeze(msgspec.Struct, frozen=True):
    """A time in which nothing moves, approved or not."""

    start: float
    end: float
    why: str


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """Of one environment, as its settings say now."""

    share: Fraction = ALL
    """Of the required clusters: more than 0, at most 1."""
    healthy_for: float = 0.0
    """Seconds for which each cluster has to be healthy without interruption."""
    windows: tuple[Window, ...] = ()
    """Open in any of them; always if there is none."""
    freezes: tuple[Freeze, ...] = ()
    frozen: str = ""
    """Any text at all closes: a mistyped `no` does not open."""
    approvals: int = 0
    """How many people have to say yes."""
    approvers: frozenset[str] = frozenset()
    """Whose yes counts; anybody's if empty."""
    checks: frozenset[str] = frozenset()
    """Own checks that have to pass, by name."""
    health: Literal["healthy", "applied"] = "healthy"
    """`applied`: also what nobody looks at counts as healthy once it is applied."""
    removal: Literal["warn", "wait"] = "warn"
    """Whether what an assignment leaves behind is only shown."""
    allow_empty: bool = False
    """Whether an environment without clusters lets commits through."""

    def __post_init__(self) -> None:
        """Refuse what would open by arithmetic."""
        if not 0 < self.share <= 1:
            raise ValueError(f"a share is more than 0 and at most 1, not {self.share}")

    def needed(self, clusters: int) -> int:
        """Return how many of the required clusters have to pass; at least one of any."""
        return math.ceil(self.share * clusters)


class CheckResult(msgspec.Struct, frozen=True):
    """What an own check answered about a commit."""

    name: str
    commit: str
    """Of the GitOps branch, as it was asked about."""
    answer: Literal["pass", "fail", "unknown"]
    at: float
    text: str = ""


def read_share(text: str) -> Fraction:
    """Read `95%`, `2/3` or `0.9`.

    Raises:
        ValueError: The text is not one of these forms, or the share is not more than 0 and at most
            1.
    """
    try:
        share = Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)
    except ZeroDivisionError as error:
        raise ValueError(f"{text!r} is not a share") from error
    if not 0 < share <= 1:
        raise ValueError(f"{text!r} is not more than 0 and at most 1")
    return share


def unmet(
    conditions: Conditions,
    expected: Expected,
    record: Record,
    checks: Sequence[CheckResult],
    now: float,
) -> tuple[Finding, ...]:
    """Return what the conditions say against a commit, apart from its clusters."""
    return (
        *_calendar(conditions, now),
        *_approval(conditions, expected, record),
        *(
            finding
            for name in sorted(conditions.checks)
            for finding in _check(name, expected, checks, now)
        ),
    )


def closed_by_calendar(conditions: Conditions, now: float) -> tuple[Finding, ...]:
    """Return why nothing may move now."""
    return tuple(_calendar(conditions, now))


def _calendar(conditions: Conditions, now: float) -> Iterator[Finding]:
    if conditions.frozen:
        yield wait(f"frozen: {conditions.frozen.strip() or 'the setting is not empty'}")
    for freeze in conditions.freezes:
        if freeze.start <= now < freeze.end:
            yield wait(f"frozen until {time_text(freeze.end)}: {freeze.why}")
    if not conditions.windows:
        return
    moment = datetime.fromtimestamp(now, UTC)
    try:
        if not any(window.contains(moment) for window in conditions.windows):
            yield wait("outside the hours in which this environment promotes")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zones = ", ".join(sorted({window.zone for window in conditions.windows}))
        yield unknown(f"which hours these are, with the time zones {zones}")


def _approval(conditions: Conditions, expected: Expected, record: Record) -> Iterator[Finding]:
    if not conditions.approvals:
        return
    wanted = (expected.promoted, expected.commit)
    given = {
        each.who
        for each in record.approvals
        if (each.promoted, each.commit) == wanted
        and (not conditions.approvers or each.who in conditions.approvers)
    }
    if len(given) < conditions.approvals:
        have = f"{len(given)} of {conditions.approvals} approvals"
        text = f"{have} of {expected.main_and_branch}"
        others = [each for each in record.approvals if (each.promoted, each.commit) != wanted]
        if others and not given:
            last = others[-1]
            text += f"; that of {last.who} was for {expected.branch} {short(last.commit)}"
        yield wait(text)


def _check(
    name: str, expected: Expected, checks: Sequence[CheckResult], now: float
) -> Iterator[Finding]:
    found = [
        each
        for each in checks
        if each.name == name
        and each.commit == expected.commit
        and expected.merged <= each.at <= now
        and now - each.at <= _CHECK_SECONDS
    ]
    if not found:
        yield unknown(f"the check {name} has not answered about {short(expected.commit)}")
        return
    last = max(found, key=lambda each: (each.at, each.answer != "pass"))
    because = f": {last.text}" if last.text else ""
    match last.answer:
        case "pass":
            return
        case "fail":
            yield wait(f"the check {name} says no{because}")
        case _:
            yield unknown(f"what the check {name} says{because}")


def no_cluster(expected: Expected, conditions: Conditions) -> tuple[Finding, ...]:
    """Return why an empty set of clusters keeps the gate closed."""
    if conditions.allow_empty:
        return ()
    if expected.clusters:
        text = "no cluster is required: every one is optional, or has nothing assigned"
    else:
        text = f"no clusters expected in {expected.environment}"
    return (fail(text, lasting=True),)
