"""What people do with pull requests on GitHub, from a terminal: look, merge, close, open again."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from http import HTTPStatus

from kalypso.errors import DeliveryError, Position, SourceError
from kalypso.forge.github.answers import Pull
from kalypso.forge.github.client import PAGE, Answer, GitHubClient
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.interface import HeadRule, PullFacts, PullRequest
from kalypso.forge.review_rules import (
    no_pull_request,
    refuse_merged,
    refuse_second,
    refuse_unless_open,
)
from kalypso.git import NO_COMMIT, Access, Clone, RefMoved, RefUpdate, unified_diff


class _Commit(Answer):
    sha: str


class _Comparison(Answer):
    merge_base_commit: _Commit


class GitHubReview:
    """The pull requests of one repository, also those of people and of forks."""

    def __init__(self, place: GitHubPlace, access: Access) -> None:
        """Name the repository; nothing is asked yet.

        Raises:
            DeliveryError: There is no token for this repository.
        """
        self._place, self._client = place, GitHubClient(place, access)
        self._clone = Clone(place.address, access)

    @property
    def name(self) -> str:
        """Owner and name."""
        return str(self._place)

    def lock(self) -> AbstractContextManager[None]:
        """Keep other runs of this machine out."""
        return self._clone.lock()

    def waiting(self) -> tuple[PullRequest, ...]:
        """Return the pull requests that are open, newest first."""
        return self._listed(everything=False)

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """Return all pull requests, newest first; a hundred in a call."""
        return self._listed(everything=True)

    def pull_request(self, number: int) -> PullRequest:
        """Return one pull request."""
        return self._pull(number).record(self._place)

    def diff(self, number: int) -> str:
        """Return what a pull request changes, as git on this machine finds it.

        GitHub's own difference ends at 300 files or 20,000 lines.
        """
        pull = self._pull(number)
        between = f"{pull.base.sha}...{pull.head.sha}"
        found = self._client.one(
            _Comparison,
            lambda rest, owner, name: rest.repos.compare_commits(owner, name, between, per_page=1),
        )
        fork = found.merge_base_commit.sha

        def read() -> str:
            self._clone.whole(fork)
            return unified_diff(self._clone.whole(pull.head.sha), fork, pull.head.sha)

        return self._clone.reading(read)

    def merge(self, number: int, removable: HeadRule) -> PullRequest:
        """Merge as the repository's rules allow, and remove the head branch if it may go."""
        pull = self.pull_request(number)
        refuse_unless_open(pull, "merged", self.name)
        try:
            self._client.one(
                _Commit,
                lambda rest, owner, name: rest.pulls.merge(
                    owner, name, number, sha=pull.head_commit
                ),
            )
        except DeliveryError as error:
            now = self.pull_request(number)
            if now.head_commit != pull.head_commit:
                raise self._moved(pull) from error
            if now.state != "merged":  # else an earlier answer was lost
                raise
        if removable(pull):
            self._remove_head(pull)
        return self.pull_request(number)

    def close(self, number: int) -> None:
        """Close without merging; the head branch stays."""
        refuse_unless_open(self.pull_request(number), "closed", self.name)
        self._client.one(
            Pull,
            lambda rest, owner, name: rest.pulls.update(owner, name, number, state="closed"),
        )

    def reopen(self, number: int) -> PullRequest:
        """Open a closed pull request again; a head branch that is gone is made again."""
        answer = self._pull(number)
        pull = answer.record(self._place)
        refuse_merged(pull, self.name)
        if pull.state == "open":
            return pull
        refuse_second(self.waiting(), pull.base, pull.head, self.name)
        if answer.comes_from(self._place):
            self._client.done(
                lambda rest, owner, name: rest.git.create_ref(
                    owner, name, ref=f"refs/heads/{pull.head}", sha=pull.head_commit
                ),
                unless=HTTPStatus.UNPROCESSABLE_ENTITY,  # it is there
            )
        opened = self._client.one(
            Pull,
            lambda rest, owner, name: rest.pulls.update(owner, name, number, state="open"),
        )
        return opened.record(self._place)

    def facts(self, number: int) -> PullFacts:
        """Return who opened a pull request, and how many files it changes."""
        pull = self._pull(number)
        return PullFacts(pull.user.login if pull.user else "ghost", pull.changed_files)

    def _listed(self, *, everything: bool) -> tuple[PullRequest, ...]:
        found = self._client.pages(
            Pull,
            lambda page: lambda rest, owner, name: rest.pulls.list(
                owner, name, state="all" if everything else "open", sort="created",
                direction="desc", per_page=PAGE, page=page,
            ),
        )  # fmt: skip
        return tuple(answer.record(self._place) for answer in found)

    def _pull(self, number: int) -> Pull:
        answer = self._client.one_or_none(
            Pull,
            lambda rest, owner, name: rest.pulls.get(owner, name, number),
            unless=[HTTPStatus.NOT_FOUND],
        )
        if answer is None:
            raise no_pull_request(number, self.name)
        return answer

    def _remove_head(self, pull: PullRequest) -> None:
        """Remove the head branch, if nobody has pushed to it.

        What cannot be removed stays: the merge is done.
        """
        with suppress(SourceError, DeliveryError):
            self._clone.whole(pull.head_commit)  # git pushes from a repository only
            self._clone.push(RefUpdate(f"refs/heads/{pull.head}", pull.head_commit, NO_COMMIT))

    def _moved(self, pull: PullRequest) -> RefMoved:
        return RefMoved(
            f"{pull.head} was changed while pull request {pull.number} was merged",
            Position(self.name),
            f"look at it again: `kalypso pr diff {pull.number}`",
        )
