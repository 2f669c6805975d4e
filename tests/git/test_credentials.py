"""A token reaches its host and nothing else: no argument list, no file, no message."""

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, SourceError
from kalypso.git.credentials import Credentials, from_environment, hide, login
from kalypso.git.read import read_tree
from kalypso.git.remote import Access, Remote
from kalypso.git.retry import Patience
from kalypso.git.write import NO_COMMIT, RefUpdate
from tests.git.conftest import Repository
from tests.standins.github.faults import Fault
from tests.standins.github.server import TOKEN, GitHubServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GitHubServer]:
    with GitHubServer(tmp_path / "github") as server:
        made = server.add("acme/app")
        Repository(made.folder).commit("main", {"a": b"1"})
        yield server


@pytest.fixture
def reach(server: GitHubServer, tmp_path: Path) -> Callable[..., Access]:
    def access(token: str = TOKEN, host: str = "") -> Access:
        tokens = {host or server.url.removeprefix("http://"): token} if token else {}
        patience = Patience(attempts=2, sleep=lambda _: None)
        return Access(credentials=Credentials(tokens), cache=tmp_path / "cache", patience=patience)

    return access


def test_a_private_repository_is_read_with_the_token_of_its_host(
    server: GitHubServer, reach: Callable[..., Access]
) -> None:
    assert read_tree(f"{server.url}/acme/app", "main", access=reach()).files == {"a": b"1"}


def test_credentials_in_an_address_are_refused_before_git_sees_them(
    server: GitHubServer, reach: Callable[..., Access], tmp_path: Path
) -> None:
    address = server.url.replace("://", f"://x-access-token:{TOKEN}@")
    with pytest.raises(SourceError, match="holds credentials") as caught:
        read_tree(f"{address}/acme/app", "main", access=reach(token=""))
    assert TOKEN not in str(caught.value)
    assert server.authorizations == []
    assert in_files(tmp_path, TOKEN) == []


def test_no_argument_list_and_no_file_has_the_token(
    server: GitHubServer, reach: Callable[..., Access], tmp_path: Path
) -> None:
    seen: list[str] = []

    def look() -> None:
        listed = subprocess.run(["ps", "-A", "-ww", "-o", "args"], check=True, capture_output=True)
        seen.append(listed.stdout.decode(errors="replace"))

    server.plan = lambda _: Fault(moment="after", call=look, status=500) if not seen else None
    read_tree(f"{server.url}/acme/app", "main", access=reach())
    assert "ls-remote" in seen[0]
    assert TOKEN not in seen[0]
    assert login(server.url, reach().credentials).secrets[0] not in seen[0]
    assert in_files(tmp_path / "cache", TOKEN) == []


def test_a_refused_token_is_not_told(server: GitHubServer, reach: Callable[..., Access]) -> None:
    wrong = "wr0ng-c4nary"
    with pytest.raises(SourceError, match="acme/app") as caught:
        read_tree(f"{server.url}/acme/app", "main", access=reach(wrong))
    assert caught.value.problem.code == "denied"
    assert "no longer valid" in str(caught.value)
    assert wrong not in str(caught.value)


def test_a_token_that_the_server_repeats_is_hidden(
    server: GitHubServer, reach: Callable[..., Access]
) -> None:
    repository = server.find("acme/app")
    assert repository is not None
    hook = repository.folder / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\necho 'your token {TOKEN} may not'\nexit 1\n")
    hook.chmod(0o755)
    here = Repository(server.folder.parent / "here.git")
    commit = here.commit("main", {"b": b"2"})
    remote = Remote(f"{server.url}/acme/app", reach())
    with pytest.raises(DeliveryError, match=r"your token \*\*\* may not"):
        remote.push(here.folder, RefUpdate("refs/heads/x", NO_COMMIT, commit))


def test_another_host_never_gets_the_token(
    server: GitHubServer, reach: Callable[..., Access]
) -> None:
    with pytest.raises(SourceError, match="give a token for its host"):
        read_tree(f"{server.url}/acme/app", "main", access=reach(host="github.com"))
    assert set(server.authorizations) == {""}


def test_gits_own_helper_is_asked_where_there_is_no_token(
    server: GitHubServer,
    reach: Callable[..., Access],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    helper = tmp_path / "helper"
    helper.write_text(f"#!/bin/sh\necho username=x-access-token\necho password={TOKEN}\n")
    helper.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(f"[credential]\n\thelper = {helper}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    files = read_tree(f"{server.url}/acme/app", "main", access=reach(token="")).files
    assert files == {"a": b"1"}


def test_a_repository_over_ssh_is_read_with_what_git_has_for_it(
    server: GitHubServer,
    reach: Callable[..., Access],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = tmp_path / "asked"
    ssh = tmp_path / "ssh"
    ssh.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> {asked}\nfor command; do :; done\n'
        f'cd {server.folder} && eval "$command"\n'
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    monkeypatch.setenv("GIT_SSH_VARIANT", "simple")
    files = read_tree("git@git.example.com:acme/app.git", "main", access=reach()).files
    assert files == {"a": b"1"}
    assert "git@git.example.com" in asked.read_text()
    assert TOKEN not in asked.read_text()


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("https://github.com/acme/app", "t1"),
        ("https://GitHub.com/acme/app.git", "t1"),
        ("https://git.example.com:8443/acme/app", "t2"),
        ("http://127.0.0.1:3180/app", "t3"),
        ("https://git.example.com/acme/app", ""),
        ("https://github.com.evil.example/acme/app", ""),
        ("https://evil.example/github.com/app", ""),
        ("http://github.com/acme/app", ""),
        ("git@github.com:acme/app.git", ""),
        ("ssh://git@github.com/acme/app", ""),
        ("/srv/git/app.git", ""),
    ],
)
def test_a_token_goes_to_its_host_over_a_safe_way_only(url: str, token: str) -> None:
    tokens = {"github.com": "t1", "git.example.com:8443": "t2", "127.0.0.1:3180": "t3"}
    assert Credentials(tokens).token(url) == token


@pytest.mark.parametrize(
    ("variables", "tokens"),
    [
        ({}, {}),
        ({"GITHUB_TOKEN": "a"}, {"github.com": "a"}),
        ({"GH_TOKEN": " b\n"}, {"github.com": "b"}),
        ({"GITHUB_TOKEN": "a", "GH_TOKEN": "b"}, {"github.com": "a"}),
        (
            {"GITHUB_TOKEN": "a", "GITHUB_SERVER_URL": "https://git.example.com"},
            {"git.example.com": "a"},
        ),
        (
            {"GH_ENTERPRISE_TOKEN": "c", "GH_HOST": "git.example.com", "GITHUB_TOKEN": "a"},
            {"git.example.com": "c", "github.com": "a"},
        ),
        ({"GH_ENTERPRISE_TOKEN": "c"}, {}),
        ({"GITHUB_TOKEN": " "}, {}),
    ],
)
def test_tokens_are_found_where_workflows_and_gh_keep_them(
    variables: dict[str, str], tokens: dict[str, str]
) -> None:
    assert from_environment(variables).tokens == tokens


def test_a_token_is_not_in_what_python_shows() -> None:
    credentials = Credentials({"github.com": TOKEN})
    shown = f"{credentials!r} {login('https://github.com/a/b', credentials)!r}"
    assert TOKEN not in shown
    assert TOKEN not in repr(Access(credentials=credentials))


def in_files(folder: Path, text: str) -> list[str]:
    """Return the files that hold a text; there must be files at all."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if text.encode() in path.read_bytes()]


def test_a_secret_is_hidden_wherever_it_is_in_a_text() -> None:
    text = "fatal: s3cret and again s3cret, and key"
    assert hide(text, ("s3cret", "", "key")) == "fatal: *** and again ***, and ***"


def test_the_form_in_which_a_credential_is_sent_is_hidden_like_the_credential() -> None:
    found = login("https://git.example.com/a/b", Credentials({"git.example.com": "s3cret"}))
    sent = base64.b64encode(b"x-access-token:s3cret").decode()
    assert found.header == f"Authorization: Basic {sent}"
    assert hide(f"> {found.header}, s3cret", found.secrets) == "> Authorization: Basic ***, ***"
