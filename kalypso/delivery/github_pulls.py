"""Pull requests, and the labels on them, through GitHub's REST interface."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal

from kalypso.delivery.github_client import Answer, GitHubClient
from kalypso.delivery.github_place import GitHubPlace
from kalypso.delivery.interface import PullRequest, State
from kalypso.delivery.proposal import PROMOTED
from kalypso.errors import DeliveryError

_PAGE = 100
_LONGEST_BODY = 65_536
"""Characters that GitHub keeps of a text."""
_LEFT_OUT = "\n\n… the rest is left out here: see the files\n\n"
_OURS = {PROMOTED: ("0e8a16", "Brings another commit of the control plane")}
"""Labels that we add and remove, with colour and description; all others are people's."""


class _Repository(Answer):
    full_name: str


class _Side(Answer):
    ref: str
    sha: str
    repo: _Repository | None = None
    """Absent if a fork was removed."""


class _Label(Answer):
    name: str


class _Pull(Answer):
    number: int
    title: str
    body: str | None = None
    state: Literal["open", "closed"]
    created_at: str
    merged_at: str | None = None
    merge_commit_sha: str | None = None
    base: _Side
    head: _Side
    labels: list[_Label]


class GitHubPulls:
    """The pull requests of one repository whose head is in it too."""

    def __init__(self, place: GitHubPlace, client: GitHubClient) -> None:
        self._place, self._client = place, client
        self._seen: dict[int, PullRequest] = {}

    def from_branch(self, head: str) -> tuple[PullRequest, ...]:
        """Return those with this head branch, newest first; those of forks are left out."""
        answers = self._page(head, "all")
        if len(answers) == _PAGE:  # an open one may be older than the newest hundred
            known = {answer.number for answer in answers}
            answers += [a for a in self._page(head, "open") if a.number not in known]
        found = tuple(_record(a) for a in answers if self._is_here(a.head) and a.head.ref == head)
        self._seen.update({pull.number: pull for pull in found})
        return found

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        """Open one, or take the one that is open: an earlier answer may have been lost."""
        try:
            answer = self._client.one(
                _Pull,
                lambda rest, owner, name: rest.pulls.create(
                    owner, name, title=title, head=head, base=base, body=_fitted(body)
                ),
            )
        except DeliveryError as error:
            found = [p for p in self.from_branch(head) if p.state == "open" and p.base == base]
            if error.problem.code != "github-refused" or not found:
                raise
            pull = found[0]
        else:
            pull = self._seen[answer.number] = _record(answer)
        self.edit(pull.number, title=title, body=body, labels=labels)
        return pull

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        """Replace what differs: both texts in one call, and of the labels only ours."""
        pull = self._seen[number]
        body = _fitted(body)
        if (pull.title, _plain(pull.body)) != (title, _plain(body)):
            self._client.one(
                _Pull,
                lambda rest, owner, name: rest.pulls.update(
                    owner, name, number, title=title, body=body
                ),
            )
        for label in set(labels) - set(pull.labels):
            self._add_label(number, label)
        for label in set(pull.labels) & _OURS.keys() - set(labels):
            self._remove_label(number, label)

    def close(self, number: int) -> None:
        """Close one without merging it."""
        self._client.one(
            _Pull,
            lambda rest, owner, name: rest.pulls.update(owner, name, number, state="closed"),
        )

    def _page(self, head: str, state: Literal["all", "open"]) -> list[_Pull]:
        return self._client.several(
            _Pull,
            lambda rest, owner, name: rest.pulls.list(
                owner, name, state=state, head=f"{owner}:{head}", sort="created",
                direction="desc", per_page=_PAGE,
            ),
        )  # fmt: skip

    def _is_here(self, side: _Side) -> bool:
        return side.repo is not None and side.repo.full_name.lower() == str(self._place).lower()

    def _add_label(self, number: int, label: str) -> None:
        known = self._client.done(
            lambda rest, owner, name: rest.issues.get_label(owner, name, label),
            unless=HTTPStatus.NOT_FOUND,
        )
        if not known:
            color, description = _OURS.get(label, ("ededed", ""))
            self._client.done(
                lambda rest, owner, name: rest.issues.create_label(
                    owner, name, name=label, color=color, description=description
                ),
                unless=HTTPStatus.UNPROCESSABLE_ENTITY,  # another run has just made it
            )
        self._client.several(
            _Label,
            lambda rest, owner, name: rest.issues.add_labels(owner, name, number, labels=[label]),
        )

    def _remove_label(self, number: int, label: str) -> None:
        self._client.done(
            lambda rest, owner, name: rest.issues.remove_label(owner, name, number, label),
            unless=HTTPStatus.NOT_FOUND,  # a person has just removed it
        )


def _record(answer: _Pull) -> PullRequest:
    state: State = "merged" if answer.merged_at else answer.state
    return PullRequest(
        number=answer.number, title=answer.title, body=answer.body or "", base=answer.base.ref,
        head=answer.head.ref, head_commit=answer.head.sha, state=state,
        labels=tuple(label.name for label in answer.labels), created=answer.created_at,
        merge_commit=answer.merge_commit_sha or "" if state == "merged" else "",
    )  # fmt: skip


def _plain(text: str) -> str:
    """Return a text as it compares: GitHub's editor ends lines its own way."""
    return text.replace("\r\n", "\n").strip()


def _fitted(body: str) -> str:
    """Shorten a text to what GitHub keeps; its last line is our mark and stays."""
    if len(body) <= _LONGEST_BODY:
        return body
    text, _, mark = body.rstrip().rpartition("\n")
    return f"{text[: _LONGEST_BODY - len(_LEFT_OUT) - len(mark) - 1]}{_LEFT_OUT}{mark}\n"
