"""Issues of a repository on GitHub, through its REST interface.

All open issues are listed, a hundred in a call, and Kalypso's are known by the hidden line in
their text. So a label that a person removed, or that GitHub left out because the token may
set none, never leads to a second issue.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from http import HTTPStatus
from typing import Literal

from githubkit.utils import UNSET

from kalypso.forge.github.answers import IssueAnswer
from kalypso.forge.github.client import PAGE, GitHubClient
from kalypso.forge.github.labels import make_label
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.interface import Issue
from kalypso.forge.labels import FAILING
from kalypso.forge.review_rules import no_issue
from kalypso.git import Access, Clone


class GitHubIssues:
    """The issues of one repository; pull requests, which GitHub counts as issues, are left out."""

    def __init__(self, place: GitHubPlace, access: Access) -> None:
        """Name the repository; nothing is asked yet.

        Raises:
            DeliveryError: There is no token for this repository.
        """
        self._place, self._client = place, GitHubClient(place, access)
        self._clone = Clone(place.address, access)
        self._has_label = False

    def issue_lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out."""
        return self._clone.lock()

    def open_issues(self) -> tuple[Issue, ...]:
        """Return all issues that are open, oldest first."""
        return tuple(answer.record() for answer in self._listed("open"))

    def all_issues(self) -> tuple[Issue, ...]:
        """Return all that are open, and of the closed ones those with our label; oldest first."""
        found = (*self._listed("open"), *self._listed("closed", FAILING))
        by_number = {answer.number: answer.record() for answer in found}
        return tuple(by_number[number] for number in sorted(by_number))

    def issue(self, number: int) -> Issue:
        """Return one issue."""
        answer = self._client.one_or_none(
            IssueAnswer,
            lambda rest, owner, name: rest.issues.get(owner, name, number),
            unless=(HTTPStatus.NOT_FOUND, HTTPStatus.GONE),
        )
        if answer is None or answer.pull_request:
            raise no_issue(number, str(self._place))
        return answer.record()

    def open_issue(self, *, title: str, body: str) -> Issue:
        """Open an issue; one that an attempt has made whose answer was lost is taken."""
        if not self._has_label:
            make_label(self._client, FAILING)
            self._has_label = True
        answer = self._client.one(
            IssueAnswer,
            lambda rest, owner, name: rest.issues.create(
                owner, name, title=title, body=body, labels=[FAILING]
            ),
            made=lambda: self._equal(title, body),
        )
        return answer.record()

    def edit_issue(self, number: int, *, title: str, body: str) -> None:
        """Replace the texts of an issue; its labels stay as people have them."""
        self._client.one(
            IssueAnswer,
            lambda rest, owner, name: rest.issues.update(
                owner, name, number, title=title, body=body
            ),
        )

    def close_issue(self, number: int) -> None:
        """Close an issue as done."""
        self._client.one(
            IssueAnswer,
            lambda rest, owner, name: rest.issues.update(
                owner, name, number, state="closed", state_reason="completed"
            ),
        )

    def _equal(self, title: str, body: str) -> IssueAnswer | None:
        for answer in self._listed("open"):
            if answer.title == title and (answer.body or "").strip() == body.strip():
                return answer
        return None

    def _listed(self, state: Literal["open", "closed"], label: str = "") -> list[IssueAnswer]:
        """List issues, oldest first, so that one opened meanwhile moves none to another page."""
        found = self._client.pages(
            IssueAnswer,
            lambda page: lambda rest, owner, name: rest.issues.list_for_repo(
                owner, name, state=state, labels=label or UNSET, sort="created",
                direction="asc", per_page=PAGE, page=page,
            ),
        )  # fmt: skip
        return [answer for answer in found if answer.pull_request is None]
