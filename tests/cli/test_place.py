"""Which repository a command is about: a name is local, all else is on GitHub."""

import os

import pytest

from kalypso.errors import KalypsoError
from kalypso.forge.address import place_named


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_SERVER_URL", raising=False)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("acme/gitops", "https://github.com/acme/gitops.git"),
        ("https://github.com/acme/gitops", "https://github.com/acme/gitops.git"),
        ("https://github.com/acme/gitops.git", "https://github.com/acme/gitops.git"),
        ("https://github.com/acme/gitops/", "https://github.com/acme/gitops.git"),
        ("git@github.com:acme/gitops.git", "https://github.com/acme/gitops.git"),
        ("ssh://git@ghe.example/acme/gitops.git", "https://ghe.example/acme/gitops.git"),
        ("https://ghe.example:8443/acme/gitops", "https://ghe.example:8443/acme/gitops.git"),
        ("http://127.0.0.1:3000/acme/gitops", "http://127.0.0.1:3000/acme/gitops.git"),
    ],
)
def test_a_repository_on_github_is_named_as_people_do(given: str, address: str) -> None:
    place = place_named(given, os.environ)
    assert place is not None
    assert place.git_address == address


def test_in_a_workflow_the_server_is_that_of_the_workflow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://ghe.example/")
    place = place_named("acme/gitops", os.environ)
    assert place is not None
    assert place.git_address == "https://ghe.example/acme/gitops.git"


@pytest.mark.parametrize(
    "given", ["", "gitops", "kalypso-gitops.git", "../gitops", "a/b/c", "-a/b"]
)
def test_a_name_is_one_of_the_local_forge(given: str) -> None:
    assert place_named(given, os.environ) is None


@pytest.mark.parametrize(
    "given",
    [
        "https://github.com/acme",
        "https://github.com/acme/gitops/pull/1",
        "https://ada:secret@github.com/acme",
        "https://ada:secret@github.com/acme/gitops",
        "ada:secret@github.com:acme/gitops",
        "git@github.com:gitops.git",
        "ext::sh -c id",
        "file:///tmp/acme/gitops",
    ],
)
def test_an_address_without_owner_and_name_is_refused(given: str) -> None:
    with pytest.raises(KalypsoError) as caught:
        place_named(given, os.environ)
    assert caught.value.problem.code == "bad-repository"
    assert "secret" not in str(caught.value)
