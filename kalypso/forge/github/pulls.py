"""Pull requests, and the labels on them, through GitHub's REST interface."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Literal

from kalypso.errors import DeliveryError
from kalypso.forge.github.answers import Label, Pull
from kalypso.forge.github.client import PAGE, GitHubClient
from kalypso.forge.github.labels import make_label
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.interface import PullRequest
from kalypso.forge.labels import OWNED
from kalypso.model import LONGEST_BODY

_LEFT_OUT = "\n\n… the rest is left out here: see the files\n\n"


class GitHubPulls:
    """The pull requests of one repository whose head is in it too."""

    def __init__(self, place: GitHubPlace, client: GitHubClient) -> None:
        self._place, self._client = place, client
        self._seen: dict[int, PullRequest] = {}

    def from_branch(self, head: str) -> tuple[PullRequest, ...]:
        """Return those with this head branch, newest first; those of forks are left out."""
        answers = self._page(head, "all")
        if len(answers) == PAGE:  # an open one may be older than the newest hundred
            known = {answer.number for answer in answers}
            answers += [a for a in self._page(head, "open") if a.number not in known]
        found = tuple(
            a.record(self._place)
            for a in answers
            if a.comes_from(self._place) and a.head.ref == head
        )
        self._seen.update({pull.number: pull for pull in found})
        return found

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        """Open one, or take the one that is open: an earlier answer may have been lost."""
        try:
            answer = self._client.one(
                Pull,
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
            pull = self._seen[answer.number] = answer.record(self._place)
        self.edit(pull.number, title=title, body=body, labels=labels)
        return pull

    def edit(self, number: int, *, title: str, body: str, labels: Sequence[str]) -> None:
        """Replace what differs: both texts in one call, and of the labels only ours."""
        pull = self._seen[number]
        body = _fitted(body)
        if (pull.title, _plain(pull.body)) != (title, _plain(body)):
            self._client.one(
                Pull,
                lambda rest, owner, name: rest.pulls.update(
                    owner, name, number, title=title, body=body
                ),
            )
        for label in set(labels) - set(pull.labels):
            self._add_label(number, label)
        for label in set(pull.labels) & OWNED.keys() - set(labels):
            self._remove_label(number, label)

    def close(self, number: int) -> None:
        """Close one without merging it."""
        self._client.one(
            Pull,
            lambda rest, owner, name: rest.pulls.update(owner, name, number, state="closed"),
        )

    def _page(self, head: str, state: Literal["all", "open"]) -> list[Pull]:
        return self._client.several(
            Pull,
            lambda rest, owner, name: rest.pulls.list(
                owner, name, state=state, head=f"{owner}:{head}", sort="created",
                direction="desc", per_page=PAGE,
            ),
        )  # fmt: skip

    def _add_label(self, number: int, label: str) -> None:
        make_label(self._client, label)
        self._client.several(
            Label,
            lambda rest, owner, name: rest.issues.add_labels(owner, name, number, labels=[label]),
        )

    def _remove_label(self, number: int, label: str) -> None:
        self._client.done(
            lambda rest, owner, name: rest.issues.remove_label(owner, name, number, label),
            unless=HTTPStatus.NOT_FOUND,  # a person has just removed it
        )


def _plain(text: str) -> str:
    """Return a text as it compares: GitHub's editor ends lines its own way."""
    return text.replace("\r\n", "\n").strip()


def _fitted(body: str) -> str:
    """Shorten a text to what GitHub keeps; its last line may be a mark and stays."""
    if len(body) <= LONGEST_BODY:
        return body
    text, _, mark = body.rstrip().rpartition("\n")
    return f"{text[: LONGEST_BODY - len(_LEFT_OUT) - len(mark) - 1]}{_LEFT_OUT}{mark}\n"
