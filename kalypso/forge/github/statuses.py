"""Commit statuses of a repository on GitHub, and who approved a run of a workflow there.

GitHub refuses a description of more than 140 characters and a context's 1,001st status on a commit,
so callers post only what has changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from kalypso.forge.github.answers import ReviewAnswer, StatusAnswer
from kalypso.forge.github.client import PAGE, GitHubClient
from kalypso.forge.github.place import GitHubPlace
from kalypso.forge.interface import CommitStatus
from kalypso.git import Access


class GitHubStatuses:
    """The commit statuses of one repository."""

    def __init__(self, place: GitHubPlace, access: Access) -> None:
        """Name the repository; nothing is asked yet.

        Raises:
            DeliveryError: There is no token for this repository.
        """
        self._client = GitHubClient(place, access)

    def statuses(self, commit: str) -> tuple[Mapping[str, object], ...]:
        """Return the statuses of a commit, newest first, as GitHub has them."""
        found = self._client.pages(
            StatusAnswer,
            lambda page: (
                lambda rest, owner, name: rest.repos.list_commit_statuses_for_ref(
                    owner, name, commit, per_page=PAGE, page=page
                )
            ),
        )
        return tuple(answer.model_dump() for answer in found)

    def post(self, commit: str, status: CommitStatus) -> None:
        """Put a status on a commit."""
        self._client.one(
            StatusAnswer,
            lambda rest, owner, name: rest.repos.create_commit_status(
                owner,
                name,
                commit,
                state=status.state,
                context=status.context,
                description=status.description,
            ),
        )

    def approvers(self, run: str, environment: str) -> tuple[str, ...]:
        """Return who approved that a run of a workflow goes on to an environment of GitHub."""
        found = self._client.several(
            ReviewAnswer,
            lambda rest, owner, name: rest.actions.get_reviews_for_run(owner, name, int(run)),
        )
        names = (
            answer.user.login
            for answer in found
            if answer.state == "approved"
            and environment in {each.name for each in answer.environments}
        )
        return tuple(dict.fromkeys(names))
