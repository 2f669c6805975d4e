"""Which forge serves a stack, the inputs of a resource, and an address."""

from pathlib import Path

import pytest

from kalypso.errors import DeliveryError, KalypsoError
from kalypso.forge.address import FORGES, forge_of, place_identified, place_named
from kalypso.forge.forge import Values
from kalypso.forge.github.place import GitHub, GitHubPlace
from kalypso.forge.local.folder import LocalFolder, LocalPlace

EMBEDDED: Values = {"forge": "local", "forge.folder": "/srv/forge"}
ON_GITHUB: Values = {"forge": "github", "github.owner": "acme"}
ON_SERVER: Values = {**ON_GITHUB, "forge.url": "https://ghe.example/"}


@pytest.mark.parametrize(
    ("values", "forge", "home"),
    [
        ({"forge": "local"}, LocalFolder(Path(".kalypso/forge")), "http://127.0.0.1:3180"),
        (EMBEDDED, LocalFolder(Path("/srv/forge")), "http://127.0.0.1:3180"),
        (
            {**EMBEDDED, "forge.url": "http://forge.lan/"},
            LocalFolder(Path("/srv/forge"), "http://forge.lan/"),
            "http://forge.lan",
        ),
        (ON_GITHUB, GitHub(owner="acme"), "https://github.com/acme"),
        (ON_SERVER, GitHub("https://ghe.example", "", "acme"), "https://ghe.example/acme"),
        ({"forge": "github"}, GitHub(), ""),
    ],
)
def test_the_settings_of_a_stack_name_its_forge(values: Values, forge: object, home: str) -> None:
    assert forge_of(values) == forge
    assert forge_of(values).home == home
    assert forge_of(values).kind == values["forge"]


@pytest.mark.parametrize(
    ("values", "address", "name", "at_home"),
    [
        (EMBEDDED, "http://127.0.0.1:3180/gitops", "gitops", True),
        (EMBEDDED, "http://127.0.0.1:3180/gitops.git", "gitops", True),
        (EMBEDDED, "http://127.0.0.1:3180/a/b", None, False),
        (EMBEDDED, "http://127.0.0.1:3181/gitops", None, False),
        (EMBEDDED, "https://github.com/acme/gitops", None, False),
        (ON_GITHUB, "https://github.com/acme/gitops", "acme/gitops", True),
        (ON_GITHUB, "git@github.com:ACME/gitops.git", "ACME/gitops", True),
        (ON_GITHUB, "https://github.com/other/gitops", "other/gitops", False),
        (ON_GITHUB, "https://ghe.example/acme/gitops", None, False),
        (ON_SERVER, "https://ghe.example/acme/gitops", "acme/gitops", True),
        (ON_SERVER, "https://github.com/acme/gitops", None, False),
        (ON_GITHUB, "http://127.0.0.1:3180/gitops", None, False),
    ],
)
def test_a_forge_knows_its_own_addresses(
    values: Values, address: str, name: str | None, *, at_home: bool
) -> None:
    forge = forge_of(values)
    place = forge.place(address)
    assert (place.full_name if place else None) == name
    assert (forge.name_at_home(address) is not None) == at_home


@pytest.mark.parametrize(
    ("values", "address"),
    [
        (EMBEDDED, "http://127.0.0.1:3180/gitops"),
        (ON_GITHUB, "https://github.com/acme/gitops"),
        (ON_SERVER, "https://ghe.example/acme/gitops"),
    ],
)
def test_what_a_resource_keeps_of_a_place_leads_back_to_it(values: Values, address: str) -> None:
    place = forge_of(values).place(address)
    assert place is not None
    found = place_identified(place.identity, values)
    assert (type(found), found.full_name, found.git_address, found.page) == (
        type(place), place.full_name, place.git_address, place.page,
    )  # fmt: skip


def test_inputs_of_resources_are_those_of_earlier_states() -> None:
    embedded = LocalPlace(LocalFolder(Path("/srv/forge")), "gitops")
    assert embedded.identity == {"folder": "/srv/forge", "repository": "gitops"}
    there = GitHubPlace(GitHub("https://ghe.example"), "acme", "gitops")
    assert there.identity == {
        "folder": "", "github": "https://ghe.example", "repository": "acme/gitops",
    }  # fmt: skip


@pytest.mark.parametrize("identity", [{}, {"folder": "", "github": "", "repository": "x"}])
def test_inputs_that_name_no_forge_are_refused(identity: dict[str, object]) -> None:
    with pytest.raises(DeliveryError, match="nothing says which forge") as caught:
        place_identified(identity, {})
    assert caught.value.problem.code == "bad-repository"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("gitops", None),
        ("", None),
        ("acme/gitops", "https://github.com/acme/gitops.git"),
        ("https://ghe.example/acme/gitops", "https://ghe.example/acme/gitops.git"),
    ],
)
def test_an_option_names_a_repository_of_another_machine(given: str, address: str | None) -> None:
    place = place_named(given, {})
    assert (place.git_address if place else None) == address


def test_an_address_that_is_of_no_repository_is_refused() -> None:
    with pytest.raises(KalypsoError, match="is not a repository on GitHub"):
        place_named("https://ghe.example/acme", {})


def test_a_token_for_github_is_sent_to_no_other_forge() -> None:
    values = {**EMBEDDED, "forge.url": "http://127.0.0.1:3180", "github.token": "t"}
    found = [kind.credentials(values).tokens for kind in FORGES.values()]
    assert found == [{}, {"github.com": "t"}]


def test_github_is_asked_last_since_it_may_have_any_host() -> None:
    assert list(FORGES)[-1] == "github"
