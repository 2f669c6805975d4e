"""What is read of GitHub's answers about pull requests, issues and labels: a few fields of each."""

from __future__ import annotations

from typing import Literal

from kalypso.forge.github.client import Answer
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.interface import Issue, PullRequest, State


class Label(Answer):
    """A label on a pull request or an issue."""

    name: str


class _Repository(Answer):
    full_name: str


class _Side(Answer):
    label: str | None = None
    """Owner and branch, with a colon between them."""
    ref: str
    sha: str
    repo: _Repository | None = None
    """Absent if a fork was removed."""


class _Person(Answer):
    login: str


class Pull(Answer):
    """A pull request."""

    number: int
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    created_at: str
    merged_at: str | None = None
    merge_commit_sha: str | None = None
    base: _Side
    head: _Side
    labels: list[Label]
    user: _Person | None = None
    changed_files: int = 0
    """Only a single pull request is answered with it."""

    def comes_from(self, place: GitHubPlace) -> bool:
        """Return whether its head branch is in this repository, and not in a fork."""
        there = self.head.repo
        return there is not None and there.full_name.lower() == str(place).lower()

    def record(self, place: GitHubPlace) -> PullRequest:
        """Return it as every forge has it; the head of a fork has its owner before it."""
        state: State = "merged" if self.merged_at else self.state
        head = self.head.ref
        if not self.comes_from(place):
            head = self.head.label or f"fork:{head}"
        return PullRequest(
            number=self.number, title=self.title, body=self.body or "", base=self.base.ref,
            head=head, head_commit=self.head.sha, state=state,
            labels=tuple(label.name for label in self.labels), created=self.created_at,
            merge_commit=self.merge_commit_sha or "" if state == "merged" else "",
        )  # fmt: skip


class Person(Answer):
    """An account."""

    login: str


class StatusAnswer(Answer):
    """A commit status."""

    id: int
    url: str
    context: str
    state: str
    description: str | None = None
    creator: Person | None = None
    created_at: str
    updated_at: str


class _Environment(Answer):
    name: str


class ReviewAnswer(Answer):
    """What somebody said about a run of a workflow that waited for them."""

    state: str
    user: Person
    environments: list[_Environment]


class IssueAnswer(Answer):
    """An issue; GitHub lists pull requests as issues too."""

    number: int
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    created_at: str
    pull_request: Answer | None = None
    """Present if it is a pull request."""

    def record(self) -> Issue:
        """Return it as every forge has it."""
        return Issue(
            number=self.number, title=self.title, body=self.body or "", state=self.state,
            created=self.created_at,
        )  # fmt: skip
