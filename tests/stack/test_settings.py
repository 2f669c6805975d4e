"""Settings are checked whole: what is right is read, what is wrong is told in its line."""

import json
from pathlib import Path

import pytest

from kalypso.errors import Problems
from kalypso.forge.github.place import GitHub
from kalypso.stack.clusters import FIELDS
from kalypso.stack.settings import GROUPS, Settings
from kalypso.stack.stack_file import key_lines, known_keys, parse_settings

LINES = {"environment": 2, "prefx": 3, "limits": 4, "forge": 6}


def parse(**config: str) -> Settings:
    return parse_settings({f"kalypso:{key}": text for key, text in config.items()}, "dev")


def refusal(config: dict[str, str]) -> list[str]:
    """Return the lines of the refusal of some settings."""
    with pytest.raises(Problems) as caught:
        parse_settings({f"kalypso:{key}": text for key, text in config.items()}, "dev", LINES)
    return [str(problem) for problem in caught.value.problems]


def test_a_stack_without_settings_has_the_defaults_and_its_name_as_environment() -> None:
    settings = parse()
    assert settings.environment == "dev"
    assert settings.repository("gitops") == "kalypso-gitops"
    assert settings.limits.removals == 5
    assert f"{settings.forge.home}/kalypso-gitops" == "http://127.0.0.1:3180/kalypso-gitops"


def test_settings_of_other_packages_are_left_alone() -> None:
    config = {"azure-native:location": "westus", "kalypso:prefix": "acme"}
    assert parse_settings(config, "dev").prefix == "acme"


@pytest.mark.parametrize(
    "config",
    [
        {"limits.removals": "3", "limits.acknowledge": "0123456789ab"},
        {"limits": json.dumps({"removals": 3, "acknowledge": "0123456789ab"})},
    ],
)
def test_limits_may_be_set_by_key_or_as_an_object(config: dict[str, str]) -> None:
    limits = parse(**config).limits
    assert (limits.removals, limits.acknowledge) == (3, "0123456789ab")


def test_rendering_follows_the_settings() -> None:
    rendering = parse(
        conventions="operator", **{"templates.missingKey": "default", "templates.allow": '["now"]'}
    ).rendering
    assert rendering.convention == "operator"
    assert rendering.missing_key == "default"
    assert rendering.allowed_functions == {"now"}


def test_a_misspelt_key_is_told_with_its_line_and_the_nearest_name() -> None:
    (told,) = refusal({"prefx": "acme"})
    assert told.startswith("Pulumi.dev.yaml:3:1: error: there is no setting 'prefx'")
    assert "did you mean prefix?" in told


def test_a_key_like_none_of_ours_is_told_with_all_of_them() -> None:
    (told,) = refusal({"zzz": "1"})
    for key in known_keys():
        assert key in told


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("limits.removals", "many"),
        ("limits.removals", "-1"),
        ("limits.share", "2"),
        ("conventions", "walk"),
        ("forge", "gitlab"),
        ("forge.url", "127.0.0.1:3180"),
        ("forge.url", "http://ada:t0ken@127.0.0.1"),
        ("forge.api", "https://t0ken@ghe.example/api/v3"),
        ("forge.api", "https://ghe.example/api/v3?key=t0ken"),
        ("repositories.control-plane", "https://t0ken@ghe.example/acme/fleet"),
        ("repositories.control-plane", "ada:t0ken@ghe.example:acme/fleet"),
        ("repositories.control-plane", "https://ghe.example/acme/fleet?key=t0ken"),
        ("repositories.control-plane", "http://[zz]/x"),
        ("repositories.control-plane", "~nosuchuser/x"),
        ("repositories.linkLocal", "perhaps"),
        ("prefix", "../x"),
        ("environment", "a/b"),
        ("clusters", "true"),
        ("clusters", "[not json"),
        ("strict", "perhaps"),
        ("templates.missingKey", "ignore"),
    ],
)
def test_a_wrong_value_is_told_by_its_key_and_not_shown(key: str, value: str) -> None:
    (told,) = refusal({key: value})
    assert f"the setting {key!r} is wrong" in told
    assert "t0ken" not in told


def test_a_wrong_value_is_told_with_a_right_one() -> None:
    (told,) = refusal({"forge.url": "127.0.0.1:3180"})
    assert "hint: for example http://127.0.0.1:3180; see docs/reference/settings.md" in told


def test_the_page_on_settings_has_every_key() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/settings.md").read_text()
    settings, _, clusters = page.partition("## Clusters")
    assert sorted(rows(settings)) == known_keys()
    assert sorted(rows(clusters)) == sorted(FIELDS.keys() - {"hub"})


def rows(text: str) -> list[str]:
    """Return what the first column of a page's tables names."""
    return [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]


def test_all_that_is_wrong_is_told_together_in_the_order_of_the_lines() -> None:
    told = refusal({"limits.removals": "many", "prefx": "acme", "forge": "gitlab"})
    assert [line.partition(": ")[0] for line in told] == [
        "Pulumi.dev.yaml:3:1",
        "Pulumi.dev.yaml:4:1",
        "Pulumi.dev.yaml:6:1",
    ]


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ({"delivery": "repository-files"}, "delivery 'repository-files' is GitHub's"),
        (
            {
                "clusters": '[{"name": "drone", "provider": "azure"}]',
                "environments": '["dev"]',
            },
            "the cluster 'drone' is made in Azure, and nothing says where",
        ),
    ],
)
def test_what_a_stack_cannot_have_is_told_clearly(config: dict[str, str], sentence: str) -> None:
    (told,) = refusal(config)
    assert sentence in told


def test_lines_of_a_stacks_file_are_found_by_key() -> None:
    text = 'config:\n  kalypso:environment: dev\n  "kalypso:limits.removals": 3\n  other:x: 1\n'
    assert key_lines(text) == {"environment": 2, "limits.removals": 3, "other:x": 4}


def test_a_setting_under_the_name_of_another_project_is_not_ignored() -> None:
    config = {"kalypso:environment": "dev", "acme:prefix": "acme", "acme:own": "x"}
    with pytest.raises(Problems) as raised:
        parse_settings(config, "dev", {"acme:prefix": 4}, "acme")
    assert str(raised.value) == (
        "Pulumi.dev.yaml:4:1: error: the setting 'acme:prefix' is not read: Kalypso's are under"
        " 'kalypso' [setting]\n"
        "  hint: `pulumi config rm acme:prefix`, then `pulumi config set kalypso:prefix VALUE`"
    )


def test_keys_of_providers_are_not_taken_for_settings() -> None:
    config = {"azure-native:environment": "public", "kalypso:prefix": "acme"}
    assert parse_settings(config, "dev", {}, "acme").prefix == "acme"


def test_on_github_the_control_plane_is_where_its_owner_says() -> None:
    settings = parse(forge="github", **{"github.owner": "acme"})
    assert settings.control_plane_url == "https://github.com/acme/kalypso-control-plane"
    assert isinstance(settings.forge, GitHub)
    assert settings.forge.rest == "https://api.github.com"


def test_a_server_of_ones_own_and_a_control_plane_of_ones_own_may_be_named() -> None:
    settings = parse(
        forge="github",
        **{
            "forge.url": "https://git.example.com/",
            "repositories": json.dumps({"control-plane": "https://git.example.com/a/fleet"}),
        },
    )
    assert settings.control_plane_url == "https://git.example.com/a/fleet"
    assert isinstance(settings.forge, GitHub)
    assert settings.forge.rest == "https://git.example.com/api/v3"


def test_github_without_an_owner_says_what_to_set() -> None:
    (told,) = refusal({"forge": "github"})
    assert told.startswith(
        "Pulumi.dev.yaml:6:1: error: the forge is GitHub, and nothing says where"
    )
    assert "pulumi config set github.owner NAME" in told


def test_tokens_of_the_stack_come_before_those_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "around")
    given = {"forge": "github", "github.owner": "acme"}
    assert parse(**given).access.credentials.tokens == {"github.com": "around"}
    own = parse(**given, **{"github.token": "c4nary", "tokens": '{"Git.example.com": "t"}'})
    assert own.access.credentials.tokens == {"github.com": "c4nary", "git.example.com": "t"}
    assert "c4nary" not in repr(own)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("github.owner", "acme/gitops"),
        ("forge.url", "https://user:secret@github.com"),
        ("forge.api", "api.github.com"),
        ("tokens", "ghp_0123"),
        ("forge", "gitlab"),
    ],
)
def test_a_wrong_setting_of_the_forge_is_told_without_its_value(key: str, text: str) -> None:
    told = refusal({"forge": "github", "github.owner": "acme", key: text})
    assert f"the setting '{key}' is wrong" in told[0]
    assert "secret" not in told[0]
    assert "ghp_0123" not in told[0]


def test_every_key_of_two_parts_may_be_given_in_an_object() -> None:
    parted = {key.rpartition(".")[0] for key in known_keys() if "." in key}
    assert parted - {"forge"} == set(GROUPS)
