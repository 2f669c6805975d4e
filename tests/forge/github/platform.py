"""The GitOps repository on the stand-in GitHub, and its reviewers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from kalypso.forge.github.place import GitHub, GitHubPlace
from kalypso.forge.github.repository import GitHubRepository
from kalypso.forge.github.review import GitHubReview
from kalypso.forge.interface import PullRequest
from kalypso.git.credentials import Credentials
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from tests.delivery.platform import Bench
from tests.standins.github.repository import CREATED, Pull, Wish
from tests.standins.github.repository import GitHubRepository as StandIn
from tests.standins.github.server import TOKEN, GitHubServer

REPOSITORY = "acme/kalypso-gitops"


def _no_pause(seconds: float) -> None:
    del seconds


def access_to(
    server: GitHubServer,
    cache: Path,
    token: str = TOKEN,
    sleep: Callable[[float], None] = _no_pause,
) -> Access:
    """Return how a run reaches the server: with a token, and without pauses."""
    host = server.url.partition("://")[2]
    patience = Patience(sleep=sleep)
    return Access(credentials=Credentials({host: token}), patience=patience, cache=cache)


def place_on(server: GitHubServer, api: str = "", repository: str = REPOSITORY) -> GitHubPlace:
    """Return where a repository is."""
    owner, _, name = repository.partition("/")
    return GitHubPlace(GitHub(server.url, api), owner, name)


class Reviewers:
    """What people do on the pages of GitHub."""

    def __init__(self, repository: StandIn) -> None:
        self._repository = repository

    def pull_requests(self) -> tuple[PullRequest, ...]:
        return tuple(map(_record, self._repository.pulls()))

    def pull_request(self, number: int) -> PullRequest:
        return _record(self._repository.pull(number))

    def create(
        self, *, base: str, head: str, title: str, body: str, labels: Sequence[str]
    ) -> PullRequest:
        pull = self._repository.open_pull(Wish(base=base, head=head, title=title, body=body))
        self._repository.add_labels(pull.number, list(labels))
        return _record(pull)

    def merge(self, number: int) -> PullRequest:
        self._repository.merge(number)
        return self.pull_request(number)

    def close(self, number: int) -> None:
        self._repository.close(number)

    def reopen(self, number: int) -> PullRequest:
        self._repository.reopen(number)
        return self.pull_request(number)


class GitHubGitOps(Bench):
    """The repository on the stand-in server, reached by a run with a cache of its own."""

    def __init__(
        self, server: GitHubServer, folder: Path, api: str = "", name: str = REPOSITORY
    ) -> None:
        self.server, self.place = server, place_on(server, api, name)
        self.access = access_to(server, folder / "cache")
        self.repository = server.add(name)
        self.forge = GitHubRepository(self.place, self.access)
        self.review = GitHubReview(self.place, self.access)
        super().__init__(self.repository.folder, self.forge, Reviewers(self.repository))

    def use(self, forge: GitHubRepository) -> None:
        """Deliver by another forge object from now on, for example one with another cache."""
        self.forge = self._forge = forge


def _record(pull: Pull) -> PullRequest:
    return PullRequest(
        number=pull.number, title=pull.title, body=pull.body, base=pull.base, head=pull.head,
        head_commit=pull.head_commit,
        state="merged" if pull.merge_commit else "closed" if pull.state == "closed" else "open",
        labels=tuple(pull.labels), created=CREATED, merge_commit=pull.merge_commit,
    )  # fmt: skip
