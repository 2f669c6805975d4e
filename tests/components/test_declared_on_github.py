"""What a stack declares with `pulumi-github`, held to the types of that package."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi._types as sdk_types
import pulumi_github
import pytest
from msgspec.structs import replace

from components.arguments import platform_args
from components.file_delivery import MOST_FILES, check_files
from components.platform import Platform
from components.repositories.github_provider import check_package
from kalypso.errors import SettingsError
from kalypso.forge.github.place import GitHub, GitHubPlace
from kalypso.gitops.plans import plan
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.starting_content import REPOSITORY_CONTENTS
from tests.components.mocks import Seen

ARGS: Mapping[str, type] = {
    "Repository": pulumi_github.RepositoryArgs,
    "BranchDefault": pulumi_github.BranchDefaultArgs,
    "RepositoryFile": pulumi_github.RepositoryFileArgs,
    "RepositoryDeployKey": pulumi_github.RepositoryDeployKeyArgs,
    "RepositoryEnvironment": pulumi_github.RepositoryEnvironmentArgs,
    "ActionsEnvironmentVariable": pulumi_github.ActionsEnvironmentVariableArgs,
    "ActionsEnvironmentSecret": pulumi_github.ActionsEnvironmentSecretArgs,
    "RepositoryRuleset": pulumi_github.RepositoryRulesetArgs,
    "github": pulumi_github.ProviderArgs,
}
SECRET = pulumi.runtime.rpc._special_sig_key  # noqa: SLF001 - how the SDK marks a secret
REQUIRED = {
    "BranchDefault": {"repository", "branch"},
    "RepositoryFile": {"repository", "file", "content"},
    "RepositoryDeployKey": {"repository", "title", "key"},
    "RepositoryEnvironment": {"repository", "environment"},
    "ActionsEnvironmentVariable": {"repository", "environment", "variableName", "value"},
    "ActionsEnvironmentSecret": {"repository", "environment", "secretName", "value"},
    "RepositoryRuleset": {"repository", "target", "enforcement", "rules"},
}


@pytest.fixture
def schedule(tmp_path: Path) -> Schedule:
    """The sample, evaluated where no repositories are, as if to be delivered to GitHub."""
    local = parse_settings({"kalypso:forge.folder": str(tmp_path / "forge")}, "dev")
    gitops = GitHubPlace(GitHub(), "acme", "kalypso-gitops")
    return replace(make_schedule(local), destination=gitops)


def on_github(**config: str) -> Settings:
    given = {"forge": "github", "github.owner": "acme", "github.token": "ghp_secret", **config}
    return parse_settings({f"kalypso:{key}": text for key, text in given.items()}, "dev")


def declare(settings: Settings, schedule: Schedule, *, owns: bool = True) -> None:
    """Declare a platform and wait until every resource is registered."""

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        platform = Platform(
            "kalypso",
            platform_args(settings, schedule, owns_repositories=owns),
        )
        return platform.urn

    program()


def broken(kind: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return which inputs the package does not know, or knows to be of another type."""
    types = sdk_types.input_type_types(ARGS[kind])
    wrong = [name for name in inputs if name not in types]
    wrong += [
        name
        for name, value in inputs.items()
        if name in types and types[name] in {str, bool, int} and not isinstance(value, types[name])
    ]
    return wrong + sorted(REQUIRED.get(kind, set()) - inputs.keys())


def plain(value: object) -> object:
    """Return a value as it is, also a secret one."""
    return value["value"] if isinstance(value, dict) and SECRET in value else value


def ours(seen: Seen) -> dict[str, dict[str, Any]]:
    return {
        name: {key: plain(value) for key, value in inputs.items() if value is not None}
        for name, inputs in seen.inputs.items()
        if name.partition(" ")[0] in ARGS
    }


def test_every_input_is_one_that_the_package_knows(seen: Seen, schedule: Schedule) -> None:
    declare(on_github(delivery="repository-files", **{"commit.author": "A <a@b.c>"}), schedule)
    declared = ours(seen)
    kinds = [name.partition(" ")[0] for name in declared]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "Repository": 6,
        "BranchDefault": 6,
        "RepositoryFile": 8,
        "github": 1,
    }
    assert {name: broken(name.partition(" ")[0], given) for name, given in declared.items()} == {
        name: [] for name in declared
    }


def test_an_input_that_the_package_does_not_know_is_caught() -> None:
    assert broken("BranchDefault", {"repository": "r", "branch": 1}) == ["branch"]
    assert broken("RepositoryFile", {"repository": "r", "file": "f", "text": "t"}) == [
        "text",
        "content",
    ]


def test_repositories_are_private_unmerged_heads_go_and_destroy_archives(
    seen: Seen, schedule: Schedule
) -> None:
    declare(on_github(), schedule)
    assert seen.names("Repository") == sorted(
        f"kalypso-{content}" for content in REPOSITORY_CONTENTS
    )
    gitops = seen.inputs["Repository kalypso-gitops"]
    assert (gitops["visibility"], gitops["archiveOnDestroy"]) == ("private", True)
    assert gitops["deleteBranchOnMerge"] is True
    assert seen.inputs["Repository kalypso-app-src"]["deleteBranchOnMerge"] is False
    assert seen.inputs["BranchDefault kalypso-gitops"]["branch"] == "dev"


def test_the_providers_token_is_a_secret(seen: Seen, schedule: Schedule) -> None:
    declare(on_github(), schedule)
    token = seen.inputs["github github-acme"]["token"]
    assert isinstance(token, dict)
    assert SECRET in token
    assert "ghp_secret" not in str(
        [seen.inputs[name] for name in seen.inputs if "github " not in name]
    )


def test_only_the_platforms_stack_makes_repositories(seen: Seen, schedule: Schedule) -> None:
    declare(on_github(), schedule, owns=False)
    assert ours(seen) == {}


def test_nobody_makes_repositories_beside_a_control_plane_of_ones_own(
    seen: Seen, schedule: Schedule
) -> None:
    address = "https://github.com/acme/control-plane"
    declare(on_github(**{"repositories.control-plane": address}), schedule)
    assert ours(seen) == {}


def test_the_tracking_file_is_written_last(seen: Seen, schedule: Schedule) -> None:
    declare(on_github(delivery="repository-files"), schedule)
    files = [name for kind, name in seen.resources if kind == "RepositoryFile"]
    assert files[-1] == ".github/tracking/Promoted_Commit_Id"
    assert files[:-1] == sorted(files[:-1])
    assert seen.inputs["RepositoryFile drone/README.md"]["overwriteOnCreate"] is True


def test_an_enterprise_server_is_named(seen: Seen, schedule: Schedule) -> None:
    declare(on_github(), schedule)
    assert ours(seen)["github github-acme"]["baseUrl"] == "https://api.github.com/"
    declare(on_github(**{"forge.url": "https://github.example.com/"}), schedule)
    assert ours(seen)["github github-acme"]["baseUrl"] == "https://github.example.com/"


def test_an_app_without_its_installation_is_refused_first(seen: Seen) -> None:
    del seen
    check_package(app=True, installation=True)
    with pytest.raises(SettingsError, match=r"github\.app\.installation NUMBER"):
        check_package(app=True, installation=False)


def test_without_the_package_it_says_what_to_install(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    del seen
    monkeypatch.setitem(__import__("sys").modules, "pulumi_github", None)
    with pytest.raises(SettingsError, match=re.escape("kalypso-on-pulumi[github]")) as caught:
        check_package(app=False, installation=False)
    assert caught.value.problem.code == "no-library"


def test_files_one_by_one_have_a_limit() -> None:
    most = {"drone/README.md": "x"} | {f"drone/{n}.yaml": "x" for n in range(1, MOST_FILES)}
    check_files(plan({}, most))
    with pytest.raises(SettingsError, match="151 files would change") as caught:
        check_files(plan({}, {**most, "drone/more.yaml": "x"}))
    assert caught.value.problem.code == "too-many-files"
