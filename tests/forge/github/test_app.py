"""A GitHub App in place of a token: found, let in, renewed in time, and never shown."""

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, KalypsoError, SourceError
from kalypso.forge.github.app import AppTokens
from kalypso.forge.github.place import App
from kalypso.forge.github.repository import GitHubRepository
from kalypso.git.credentials import Credentials
from kalypso.git.read import read_tree
from kalypso.git.remote import Access
from kalypso.git.retry import Patience
from tests.delivery.platform import DRONE, OTHER
from tests.forge.github.platform import REPOSITORY, GitHubGitOps, place_on
from tests.git.conftest import Repository
from tests.standins.github import faults
from tests.standins.github.app import APP_ID, key_pair
from tests.standins.github.faults import Fault, on
from tests.standins.github.server import GitHubServer
from tests.support.openapi import checking

LOOKED_UP = f"GET /api/v3/repos/{REPOSITORY}/installation"
MADE = "POST /api/v3/app/installations/77/access_tokens"
PATIENCE = Patience(sleep=lambda _: None)


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = field(default_factory=time.monotonic)

    def __call__(self) -> float:
        return self.now


class AppGitOps(GitHubGitOps):
    """The GitOps repository, delivered to by an App."""

    def __init__(self, server: GitHubServer, folder: Path, app: App, api: str = "") -> None:
        super().__init__(server, folder)
        self.clock, self.cache = Clock(), folder / "app-cache"
        self.place = place_on(server, api)
        tokens = AppTokens(self.place.github, app, PATIENCE, self.clock)
        host = server.url.removeprefix("http://")
        credentials = Credentials(made={host: tokens})
        self.access = Access(credentials=credentials, patience=PATIENCE, cache=self.cache)
        self.use(GitHubRepository(self.place, self.access))
        server.grants.pop(server.token)  # nothing but the App gets in
        server.clear()

    def calls(self, path: str) -> int:
        return [str(call) for call in self.server.calls].count(path)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "github") as server:
        yield server


@pytest.fixture
def app(server: GitHubServer, tmp_path: Path) -> AppGitOps:
    return AppGitOps(server, tmp_path, App(APP_ID, key_pair()[0]))


@pytest.fixture
def with_app(server: GitHubServer, tmp_path: Path) -> Callable[..., AppGitOps]:
    """Make a repository that an App with other settings delivers to."""

    def make(app_id: str = APP_ID, key: str = "", installation: int | None = None) -> AppGitOps:
        return AppGitOps(server, tmp_path, App(app_id, key or key_pair()[0], installation))

    return make


def refusal(gitops: AppGitOps) -> KalypsoError:
    """Return why a delivery is refused; nothing was written."""
    with pytest.raises(KalypsoError, match=REPOSITORY) as caught:
        gitops.run(DRONE)
    assert gitops.server.writes() == []
    assert gitops.states() == []
    assert "PRIVATE KEY" not in str(caught.value)
    return caught.value


def test_one_token_reads_pushes_and_opens_the_pull_request(app: AppGitOps) -> None:
    assert app.run(DRONE).step == "open"
    assert app.run(OTHER).step == "replace"
    assert app.states() == ["open"]
    assert (app.calls(LOOKED_UP), app.calls(MADE)) == (1, 1)
    assert app.server.app.issued != []


def test_an_installation_that_is_named_is_not_looked_up(
    with_app: Callable[..., AppGitOps],
) -> None:
    app = with_app(installation=77)
    assert app.run(DRONE).step == "open"
    assert (app.calls(LOOKED_UP), app.calls(MADE)) == (0, 1)


def test_a_token_is_renewed_before_it_expires(app: AppGitOps) -> None:
    app.run(DRONE)
    app.clock.now += 49 * 60
    app.run(OTHER)
    assert app.calls(MADE) == 1
    app.clock.now += 2 * 60
    app.server.app.revoke()  # as if an hour had passed
    assert app.run(DRONE).step == "replace"
    assert app.calls(MADE) == 2


@pytest.mark.parametrize("hours", [-10 * 365 * 24, -1, 1, 10 * 365 * 24])
def test_a_clock_that_is_wrong_makes_no_token_a_call(app: AppGitOps, hours: int) -> None:
    tokens = app.server.app
    life = tokens.clock
    answer = tokens.answer

    def skewed(path: str, authorization: str) -> tuple[int, object]:
        tokens.clock = life
        status, told = answer(path, authorization)
        if "expires_at" in told:
            ends = time.gmtime(time.time() + 3600 * (hours + 1))
            told["expires_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", ends)
        return status, told

    tokens.answer = skewed  # type: ignore[method-assign] # the server's dates are those of its clock
    app.run(DRONE)
    app.run(OTHER)
    assert app.calls(MADE) == 1
    app.clock.now += 51 * 60
    app.run(DRONE)
    assert app.calls(MADE) == 2


def test_many_readers_at_once_share_a_token(app: AppGitOps) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: app.look(DRONE), range(6)))
    assert (app.calls(LOOKED_UP), app.calls(MADE)) == (1, 1)


def test_a_key_written_in_one_line_is_understood(with_app: Callable[..., AppGitOps]) -> None:
    app = with_app(key=key_pair()[0].replace("\n", "\\n"))
    assert app.run(DRONE).step == "open"


def test_a_public_repository_of_another_owner_is_read_without_the_app(app: AppGitOps) -> None:
    theirs = app.server.add("other/public")
    theirs.public = True
    Repository(theirs.folder).commit("main", {"a": b"1"})
    address = f"{app.server.url}/other/public"
    assert read_tree(address, "main", access=app.access).files == {"a": b"1"}
    assert read_tree(address, "main", access=app.access).files == {"a": b"1"}
    assert app.calls("GET /api/v3/repos/other/public/installation") == 1


def test_a_private_repository_of_another_owner_is_told_with_its_reason(app: AppGitOps) -> None:
    Repository(app.server.add("other/private").folder).commit("main", {"a": b"1"})
    with pytest.raises(SourceError, match="App 123456 is not installed for other/private") as told:
        read_tree(f"{app.server.url}/other/private", "main", access=app.access)
    assert told.value.problem.code == "no-installation"


def test_an_app_that_nobody_let_in_is_told(app: AppGitOps) -> None:
    app.server.app.installations.clear()
    error = refusal(app)
    assert error.problem.code == "no-installation"
    assert "install it for the owner" in error.problem.hint


def test_an_installation_that_is_not_there_is_told(with_app: Callable[..., AppGitOps]) -> None:
    error = refusal(with_app(installation=78))
    assert error.problem.code == "no-installation"
    assert "has no installation 78" in error.problem.message


def test_a_key_of_another_app_is_told(with_app: Callable[..., AppGitOps]) -> None:
    error = refusal(with_app(key=key_pair(1)[0]))
    assert error.problem.code == "app-refused"
    assert "could not be decoded" in error.problem.message


def test_the_number_of_another_app_is_told(with_app: Callable[..., AppGitOps]) -> None:
    error = refusal(with_app(app_id="654321"))
    assert error.problem.code == "app-refused"
    assert "Integration not found" in error.problem.message


def test_an_installation_that_was_suspended_is_told(app: AppGitOps) -> None:
    app.server.app.suspended = True
    error = refusal(app)
    assert error.problem.code == "app-refused"
    assert "has been suspended" in error.problem.message


@pytest.mark.parametrize("minutes", [-30, 30])
def test_a_signature_out_of_time_says_to_look_at_the_clock(app: AppGitOps, minutes: int) -> None:
    app.server.app.clock = lambda: time.time() + 60 * minutes
    error = refusal(app)
    assert error.problem.code == "app-refused"
    assert "this machine's clock must be right" in error.problem.hint


def test_a_clock_that_is_ahead_a_little_is_no_matter(app: AppGitOps) -> None:
    app.server.app.clock = lambda: time.time() - 30
    assert app.run(DRONE).step == "open"


@pytest.mark.parametrize(
    "key",
    [
        "kalypso.pem",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        key_pair()[1],
    ],
    ids=["a file's name", "damaged", "public"],
)
def test_what_is_no_private_key_is_told_before_anything_is_asked(
    with_app: Callable[..., AppGitOps], key: str
) -> None:
    app = with_app(key=key)
    error = refusal(app)
    assert error.problem.code == "bad-app-key"
    assert key not in str(error)
    assert app.server.calls == []


def test_an_app_without_any_right_to_write_is_refused_by_github(app: AppGitOps) -> None:
    app.server.plan = on("POST", "/pulls", faults.FORBIDDEN)
    with pytest.raises(DeliveryError, match="not accessible") as caught:
        app.run(DRONE)
    assert caught.value.problem.code == "denied"


@pytest.mark.parametrize("fault", [faults.BROKEN, faults.TOO_MANY, faults.CUT, faults.HALF])
@pytest.mark.parametrize("ending", ["/installation", "/access_tokens"])
def test_a_busy_server_is_asked_again_for_a_token(
    app: AppGitOps, fault: Fault, ending: str
) -> None:
    app.server.plan = on("POST" if ending == "/access_tokens" else "GET", ending, fault, times=2)
    assert app.run(DRONE).step == "open"


def test_an_answer_that_is_no_token_is_an_error_that_does_not_repeat_it(app: AppGitOps) -> None:
    answer = app.server.app.answer

    def changed(path: str, authorization: str) -> tuple[int, object]:
        status, told = answer(path, authorization)
        return status, {**told, "expires_at": "soon"} if "token" in told else told

    app.server.app.answer = changed  # type: ignore[method-assign] # as another server may answer
    error = refusal(app)
    assert error.problem.code == "github-answer"
    assert app.server.app.issued[0] not in str(error)


def test_key_and_token_are_in_no_argument_list_and_no_file(app: AppGitOps) -> None:
    seen: list[str] = []

    def plan(_: object) -> None:
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args"], check=True, capture_output=True)
        seen.append(listed.stdout.decode(errors="replace"))

    app.server.plan = plan
    app.run(DRONE)
    secrets = [app.server.app.issued[0], *key_pair()[0].splitlines()[1:3]]
    assert any("ls-remote" in listing for listing in seen)
    assert [each for each in secrets if each in "".join(seen)] == []
    files = [path for path in app.cache.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files for each in secrets if each.encode() in path.read_bytes()] == []
    assert [each for each in secrets if each in repr([app.access, app.forge])] == []


def test_every_call_of_an_app_is_as_github_describes_it(
    server: GitHubServer, tmp_path: Path
) -> None:
    with checking(server.api, tmp_path) as proxy:
        app = AppGitOps(server, tmp_path, App(APP_ID, key_pair()[0]), api=proxy)
        assert app.run(DRONE).step == "open"
        assert (app.calls(LOOKED_UP), app.calls(MADE)) == (1, 1)
