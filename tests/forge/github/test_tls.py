"""A server is believed only with a certificate that somebody here vouches for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.forge.github.repository import GitHubRepository
from kalypso.forge.interface import Repository
from kalypso.git.credentials import Credentials
from kalypso.git.read import read_tree
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from tests.delivery.platform import DRONE
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, place_on
from tests.standins.github.server import TOKEN, GitHubServer
from tests.support.tls import Authority


class SecureGitOps(GitHubGitOps):
    """The GitOps repository on a server that speaks TLS."""

    def __init__(self, server: GitHubServer, folder: Path) -> None:
        super().__init__(server, folder)
        self.slept: list[float] = []
        self.access = Access(
            credentials=Credentials({server.url.removeprefix("https://"): TOKEN}),
            patience=Patience(sleep=self.slept.append),
            cache=folder / "cache",
        )
        self.use(GitHubRepository(place_on(server), self.access))
        server.clear()


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Callable[..., tuple[SecureGitOps, Authority]]]:
    """Start a server whose certificate is for some hosts."""
    servers: list[GitHubServer] = []

    def start(*hosts: str) -> tuple[SecureGitOps, Authority]:
        server, authority = GitHubServer(tmp_path / "github"), Authority(tmp_path)
        authority.secure(server, *hosts)
        servers.append(server.__enter__())
        return SecureGitOps(server, tmp_path), authority

    yield start
    for server in servers:
        server.__exit__()


def trust(authority: Authority, patch: pytest.MonkeyPatch) -> None:
    """Vouch for an authority as the how-to says."""
    config = authority.file.with_name("gitconfig")
    config.write_text(f"[http]\n\tsslCAInfo = {authority.file}\n")
    patch.setenv("GIT_CONFIG_GLOBAL", str(config))
    patch.delenv("GIT_SSL_CAINFO", raising=False)  # it would win over the configuration
    patch.setenv("SSL_CERT_FILE", str(authority.file))


def test_a_server_with_the_organizations_own_certificate_is_delivered_to(
    secure: Callable[..., tuple[SecureGitOps, Authority]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gitops, authority = secure("127.0.0.1")
    trust(authority, monkeypatch)
    gitops.use(GitHubRepository(gitops.place, gitops.access))
    assert gitops.run(DRONE).step == "open"
    assert gitops.states() == ["open"]


def ask_by_git(forge: Repository) -> None:
    forge.head("dev")


def ask_by_rest(forge: Repository) -> None:
    forge.pull_requests("deployment/dev")


@pytest.mark.parametrize("ask", [ask_by_git, ask_by_rest])
@pytest.mark.parametrize("trusted", [False, True], ids=["nobody's", "another host's"])
def test_a_certificate_that_is_not_the_hosts_is_refused_at_once(
    secure: Callable[..., tuple[SecureGitOps, Authority]],
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[Repository], None],
    *,
    trusted: bool,
) -> None:
    gitops, authority = secure("github.example" if trusted else "127.0.0.1")
    if trusted:
        trust(authority, monkeypatch)
    forge = GitHubRepository(gitops.place, gitops.access)
    with pytest.raises(KalypsoError, match="certificate") as caught:
        ask(forge)
    assert caught.value.problem.code == "untrusted"
    assert "SSL_CERT_FILE" in caught.value.problem.hint
    assert REPOSITORY in str(caught.value)
    assert gitops.server.calls == [], "the token has not left this machine"
    assert gitops.slept == [], "and nothing was tried again"


def test_a_push_to_a_server_that_changed_its_certificate_changes_nothing(
    secure: Callable[..., tuple[SecureGitOps, Authority]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gitops, authority = secure("127.0.0.1")
    trust(authority, monkeypatch)
    forge = GitHubRepository(gitops.place, gitops.access)
    head = forge.head("dev")
    assert head is not None
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with pytest.raises(DeliveryError) as caught:
        forge.move_branch("deployment/dev", old=None, new=head.commit)
    assert caught.value.problem.code == "untrusted"
    assert set(gitops.refs()) == {"refs/heads/dev"}


def test_what_was_fetched_is_kept_when_a_certificate_is_refused(
    secure: Callable[..., tuple[SecureGitOps, Authority]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gitops, authority = secure("127.0.0.1")
    trust(authority, monkeypatch)
    address = gitops.place.address
    files = read_tree(address, gitops.start, access=gitops.access).files
    newer = gitops.commit("dev", {"README.md": b"newer\n"})
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    with pytest.raises(SourceError, match="certificate"):
        read_tree(address, newer, access=gitops.access)
    gitops.server.clear()
    assert read_tree(address, gitops.start, access=gitops.access).files == files
    assert gitops.server.calls == []
