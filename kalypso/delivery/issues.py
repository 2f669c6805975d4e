"""Issues about assignments that fail: opened once, kept up to date, closed when it is fixed.

| the assignment        | no issue of ours is open | one is open               |
| --------------------- | ------------------------ | ------------------------- |
| fails                 | open one                 | update it, if it differs  |
| is well, or is gone   | nothing                  | close it                  |

An issue is ours if its text begins as ours do and has our hidden line: not if it quotes one.
Others are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import msgspec

from kalypso.errors import Problem
from kalypso.forge import Issue, Issues
from kalypso.model import LONGEST_BODY, LONGEST_TITLE

_MARK = re.compile(r"<!-- kalypso-issue: (?P<environment>\S+) (?P<folder>\S+) -->")
_START = "The deployment target `"
_SHOWN = 20
"""Other assignments that a text lists by name."""
_LONGEST = LONGEST_BODY - 12_000
"""Characters of the problems in a text: room is left for the sentences around them."""


class FailedAssignment(msgspec.Struct, frozen=True, kw_only=True):
    """An assignment that cannot be delivered, and why."""

    environment: str
    cluster_type: str
    target: str
    problems: tuple[Problem, ...]
    """Sorted; never empty."""
    others: tuple[str, ...] = ()
    """Folders of the other assignments that fail for the same reasons; sorted."""
    held_at: str = ""
    """Commit of its source that is taken until the errors are gone; empty if nothing is."""

    @property
    def folder(self) -> str:
        """Its folder in the GitOps repository."""
        return f"{self.cluster_type}/{self.target}"

    @property
    def title(self) -> str:
        """Title of its issue."""
        more, fails = "", "fails"
        if self.others:
            more, fails = f" and {len(self.others):,} more", "fail"
        title = f"{self.target} on {self.cluster_type}{more} {fails} in {self.environment}"
        return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"

    @property
    def body(self) -> str:
        """Text of its issue; the same problems give the same text."""
        lines = "\n".join(str(problem) for problem in self.problems)
        shown = "".join(
            c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in lines
        )
        # Indented, it is code whatever it holds: nothing in it mentions people or closes a fence.
        block = "\n".join(f"    {line}" for line in shown.splitlines())[:_LONGEST].rstrip()
        return (
            f"{_START}{self.target}` is assigned to the cluster type"
            f" `{self.cluster_type}` in `{self.environment}`, and cannot be delivered:\n\n"
            f"{block}\n\n"
            f"{self._same}{self._meanwhile} This issue is updated"
            " by every run, and closed by the first one that finds the assignment well or gone.\n\n"
            f"<!-- kalypso-issue: {self.environment} {self.folder} -->\n"
        )

    @property
    def _same(self) -> str:
        if not self.others:
            return ""
        shown = ", ".join(f"`{folder}`" for folder in self.others[:_SHOWN])
        left = len(self.others) - _SHOWN
        more = f" and {left:,} more" if left > 0 else ""
        return f"The same is wrong with {shown}{more}.\n\n"

    @property
    def _meanwhile(self) -> str:
        if not self.held_at:
            return "Nothing is delivered to the environment while an error lasts."
        return (
            f"While an error lasts, its repository is read at the commit `{self.held_at[:10]}`,"
            " from which it was last delivered."
        )


class Settled(msgspec.Struct, frozen=True):
    """Numbers of the issues that a run changed."""

    opened: tuple[int, ...] = ()
    updated: tuple[int, ...] = ()
    closed: tuple[int, ...] = ()


def settle_issues(
    tracker: Issues, environment: str, failed: Collection[FailedAssignment]
) -> Settled:
    """Make the open issues of an environment those of its failed assignments.

    Args:
        tracker: Where issues are kept.
        environment: Issues of other environments are left alone.
        failed: All that fail; empty closes every issue.

    Raises:
        SourceError: The issues cannot be read.
        DeliveryError: An issue cannot be written; the next run goes on from there.
    """
    with tracker.issue_lock():
        own, doubled = _own_issues(tracker, environment)
        opened, updated = [], []
        for each in sorted(failed, key=lambda one: one.folder):
            known = [folder for folder in (each.folder, *each.others) if folder in own]
            issue = own.pop(known[0]) if known else None
            if issue is None:
                opened.append(tracker.open_issue(title=each.title, body=each.body).number)
            elif _plain(issue.body) != _plain(each.body) or issue.title != each.title:
                tracker.edit_issue(issue.number, title=each.title, body=each.body)
                updated.append(issue.number)
        closed = sorted([*(issue.number for issue in own.values()), *doubled])
        for number in closed:
            tracker.close_issue(number)
    return Settled(tuple(opened), tuple(updated), tuple(closed))


def is_ours(issue: Issue) -> bool:
    """Return whether an issue is about an assignment that fails, of whichever environment."""
    return bool(_mark(issue.body))


def without_issue_mark(body: str) -> str:
    """Return the text of an issue as people read it."""
    return _MARK.sub("", body).strip()


def _own_issues(tracker: Issues, environment: str) -> tuple[dict[str, Issue], list[int]]:
    """Return our open issues by folder, and the numbers of second ones after an accident."""
    found: dict[str, Issue] = {}
    doubled: list[int] = []
    for issue in tracker.open_issues():
        marked = _mark(issue.body)
        if marked.get("environment") != environment:
            continue
        if found.setdefault(marked["folder"], issue) is not issue:
            doubled.append(issue.number)
    return found, doubled


def _mark(body: str) -> Mapping[str, str]:
    """Return what the last mark says: the text before it may quote another one."""
    marks = list(_MARK.finditer(body)) if body.startswith(_START) else []
    return marks[-1].groupdict() if marks else {}


def _plain(body: str) -> str:
    return body.replace("\r\n", "\n").strip()
