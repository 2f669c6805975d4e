"""The chain of environments: what may go into the next one, and what its pull request says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kalypso.forge import PullRequest
from kalypso.promotion.conditions import Conditions, closed_by_calendar
from kalypso.promotion.expected import short
from kalypso.promotion.findings import Finding, fail, superseded, wait
from kalypso.promotion.record import Record
from kalypso.promotion.times import time_text


def next_environment(chain: Sequence[str], environment: str) -> str | None:
    """Return the environment after another one; None after the last.

    Raises:
        ValueError: The chain does not have the environment.
    """
    place = list(chain).index(environment) + 1
    return chain[place] if place < len(chain) else None


class Entry(msgspec.Struct, frozen=True):
    """A commit of main on its way into an environment."""

    promoted: str
    """Of main."""
    environment: str
    chain: tuple[str, ...]
    """The environments in order."""


def against_entering(
    entry: Entry,
    records: Mapping[str, Record],
    conditions: Conditions,
    now: float,
) -> tuple[Finding, ...]:
    """Return why a commit of main may not be promoted to an environment now.

    Args:
        entry: The commit and the environment.
        records: By environment; one that is missing has recorded nothing.
        conditions: Of the environment.
        now: By our clock.
    """
    environment, chain = entry.environment, entry.chain
    if environment not in chain:
        return (superseded(f"{environment} is not in the chain of environments"),)
    found: list[Finding] = []
    own = records.get(environment)
    hold = own.held if own else None
    if hold:
        when = time_text(hold.when)
        found.append(wait(f"{environment} is held by {hold.who} since {when}: {hold.why}"))
    place = chain.index(environment)
    if place:
        before = chain[place - 1]
        record = records.get(before)
        if record is None or record.passed(entry.promoted) is None:
            found.append(fail(f"{before} has not promoted {short(entry.promoted)}", lasting=True))
    return (*found, *closed_by_calendar(conditions, now))


def against_pull_request(pull: PullRequest | None) -> tuple[Finding, ...]:
    """Return why there is no merge commit to wait for yet."""
    if pull is None:
        return (wait("there is no pull request yet"),)
    match pull.state:
        case "open":
            return (wait(f"pull request #{pull.number} is not merged"),)
        case "closed":
            text = f"rejected: pull request #{pull.number} was closed without merging"
            return (fail(text, lasting=True),)
        case "merged":
            return () if pull.merge_commit else (wait("the forge does not name the merge commit"),)
