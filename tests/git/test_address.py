"""What is refused before git sees it, and what is hidden before people do."""

import pytest

from kalypso.errors import Position, SourceError
from kalypso.git.address import (
    check_ref,
    check_repository,
    folder_in_tree,
    is_commit,
    is_remote,
    mask,
)

AT = Position("model.yaml")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/team/app",
        "http://127.0.0.1:3180/kalypso-app-src",
        "ssh://git@example.com/team/app.git",
        "git@example.com:team/app.git",
        "folder/with/repository",
        "/folder",
    ],
)
def test_an_ordinary_address_is_allowed(address: str) -> None:
    check_repository(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "-oProxyCommand=true",
        "--upload-pack=touch /tmp/x",
        "ext::sh -c true",
        "fd::17",
        "file:///etc",
        "FILE:///etc",
        "ftp://example.com/a",
        "https://example.com/a\nb",
        "https://",
        "https:///team/app",
        "http://[zz]/x",
        "http://[::1/x",
        "https://example.com:port/app",
        "https://example.com:99999/app",
        "~nosuchuser/x",
        "x" * 5_000,
        "https://example.com/" + "x" * 5_000,
    ],
)
def test_an_address_that_could_run_or_read_something_else_is_refused(address: str) -> None:
    with pytest.raises(SourceError, match="bad-repository"):
        check_repository(address)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("~nosuchuser/x", "'~nosuchuser/x' names the home folder of nobody here"),
        ("http://[zz]/x", "the address http://[zz]/x has no host, or one that cannot be read"),
        ("https://h.example:99999/x", "the address https://h.example:99999/x has no host, or one"),
        ("ext::sh -c true", "the address ext::sh -c true is not allowed"),
        ("a\x1b[2J", "'a\\x1b[2J' is not the address of a repository"),
        ("x" * 5_000, f"'{'x' * 200}… (4,800 more characters)' is not the address of a repository"),
    ],
)
def test_an_address_that_is_refused_is_named_at_its_place(address: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        check_repository(address, Position("base/app.yaml", 9, 5))
    assert str(caught.value).startswith(f"base/app.yaml:9:5: error: {told}")


CANARY = "s3cr3t-c4nary"


@pytest.mark.parametrize(
    "address",
    [
        f"http://{CANARY}@example.com/team/app",
        f"https://ada:{CANARY}@example.com/team/app",
        f"HTTPS://ada:{CANARY}@example.com/team/app",
        f"https://:{CANARY}@example.com/team/app",
        f"https://{CANARY}:x-oauth-basic@example.com/team/app",
        f"https://ada:{CANARY}/with/slash@example.com/team/app",
        f"https://ada%3A{CANARY}@example.com/team/app",
        f"https:\\\\ada:{CANARY}@example.com/app",
        f"ssh://git:{CANARY}@example.com/team/app",
        f"ssh://{CANARY * 3}@example.com/team/app",
        f"git://{CANARY}@example.com/team/app",
        f"ada:{CANARY}@example.com:team/app",
        f"{CANARY * 3}@example.com:team/app",
        f"https://example.com/team/app?token={CANARY}",
        f"https://example.com/team/app?{CANARY}",
        f"https://example.com/team/app#{CANARY}",
        f"ssh://git@example.com/app?private_token={CANARY}",
    ],
)
def test_an_address_with_credentials_is_refused_and_not_shown(address: str) -> None:
    with pytest.raises(SourceError, match=r"bad-repository") as caught:
        check_repository(address)
    assert CANARY not in str(caught.value)


def test_the_place_of_an_address_is_where_it_is_written() -> None:
    with pytest.raises(SourceError, match=r"^env/repos\.yaml:3:9: error: the address "):
        check_repository("https://ada:pw@example.com/app", Position("env/repos.yaml", 3, 9))


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com:8443/team/app",
        "https://[2001:db8::1]:8443/team/app",
        "https://example.com/@scope/app",
        "ssh://git@example.com:2222/team/app",
        "ssh://git@[2001:db8::1]/team/app",
        "org@vs-ssh.visualstudio.com:v3/org/project/app",
        "folder with blanks/app",
        "~/app",
    ],
)
def test_ports_users_of_ssh_and_folders_are_no_credentials(address: str) -> None:
    check_repository(address)


@pytest.mark.parametrize("ref", ["main", "feature/x", "v1.0", "refs/heads/main", "a" * 40])
def test_an_ordinary_ref_is_allowed(ref: str) -> None:
    check_ref(ref, AT)


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "-x",
        "--output=x",
        "a..b",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a\\b",
        "x.lock",
        "x/",
        "@",
        "@{1}",
    ],
)
def test_a_ref_that_is_no_name_is_refused(ref: str) -> None:
    with pytest.raises(SourceError, match="bad-ref"):
        check_ref(ref, AT)


@pytest.mark.parametrize(
    ("path", "folder"),
    [("", ""), (".", ""), ("./", ""), ("/", ""), ("workload/", "workload"), ("./a//b", "a/b")],
)
def test_a_path_counts_from_the_root_of_the_repository(path: str, folder: str) -> None:
    assert folder_in_tree(path, AT) == folder


@pytest.mark.parametrize("path", ["..", "../x", "a/../../x", "a\\..\\b", "a\0b", "a\nb"])
def test_a_path_that_leaves_the_repository_is_refused(path: str) -> None:
    with pytest.raises(SourceError, match="bad-path"):
        folder_in_tree(path, AT)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ada:s3cret@example.com/a", "https://***@example.com/a"),
        ("fetch https://t0ken@example.com/a: 403", "fetch https://***@example.com/a: 403"),
        ("https://ada:p@ss@example.com/a", "https://***@example.com/a"),
        ("https://example.com/a@dev", "https://example.com/a@dev"),
        ("git@example.com:a", "git@example.com:a"),
    ],
)
def test_credentials_of_an_address_are_masked(text: str, shown: str) -> None:
    assert mask(text) == shown


def test_only_a_whole_id_counts_as_commit() -> None:
    assert is_commit("0123456789abcdef0123456789abcdef01234567")
    assert not is_commit("0123456")
    assert not is_commit("0123456789abcdef0123456789abcdef01234567\n")


def test_a_windows_drive_is_no_host() -> None:
    assert not is_remote("C:\\repositories\\app")
    assert is_remote("host:repositories/app")
