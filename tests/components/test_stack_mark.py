"""Marks of stacks: who shares something stays until the others are gone."""

import subprocess
from pathlib import Path

import pulumi
import pytest

from components.arguments import platform_args
from components.platform import Platform
from components.provider.stack_mark import StackMark
from components.provider.values import Properties
from kalypso.errors import DeliveryError
from kalypso.git import create_repository
from kalypso.stack.access import ProviderConfiguration
from kalypso.stack.schedule import make_schedule
from kalypso.stack.sharing import shares_clusters
from kalypso.stack.stack_file import parse_settings
from tests.components.mocks import Seen
from tests.stack.forge import quiet, settings_for
from tests.standins.github.server import TOKEN, GitHubServer


@pytest.fixture(params=["local", "github"])
def gitops(
    request: pytest.FixtureRequest, tmp_path: Path, github_server: GitHubServer
) -> tuple[StackMark, Properties]:
    """What marks stacks, and the inputs that name the GitOps repository."""
    configuration = ProviderConfiguration()
    if request.param == "local":
        create_repository(tmp_path / "kalypso-gitops.git", branch="dev")
        return StackMark(configuration), {"folder": str(tmp_path), "repository": "kalypso-gitops"}
    github_server.add("acme/kalypso-gitops")
    configuration.take(
        {"kalypso:config:forge.url": github_server.url, "kalypso:config:github.token": TOKEN}
    )
    inputs: Properties = {
        "folder": "",
        "github": github_server.url,
        "repository": "acme/kalypso-gitops",
    }
    return StackMark(configuration), inputs


def test_who_shares_something_stays_until_the_others_are_gone(
    gitops: tuple[StackMark, Properties],
) -> None:
    marks, place = gitops
    stage, dev = {**place, "stack": "stage"}, {**place, "stack": "dev", "shares": True}
    for inputs in (dev, stage, stage):  # again, as after a run that was killed
        made = marks.create(inputs, quiet)
        assert made.resource_id == inputs["stack"]
        assert marks.read(made.resource_id, made.state, inputs).resource_id == inputs["stack"]
    with pytest.raises(DeliveryError) as caught:
        marks.before_destroy(dev)
    assert caught.value.problem.message == "stage still uses what the stack 'dev' shares"
    assert "kalypso teardown" in caught.value.problem.hint
    assert caught.value.problem.code == "stacks-left"
    marks.before_destroy(stage)
    marks.delete(stage)
    marks.delete(stage)
    assert marks.read("stage", stage, stage).resource_id == ""
    marks.before_destroy(dev)
    marks.delete(dev)
    assert marks.read("dev", dev, dev).resource_id == ""


def test_a_stack_that_shares_nothing_goes_whoever_is_there(
    gitops: tuple[StackMark, Properties],
) -> None:
    marks, place = gitops
    for stack in ("dev", "stage"):
        marks.create({**place, "stack": stack}, quiet)
    marks.before_destroy({**place, "stack": "stage"})
    marks.delete({**place, "stack": "stage"})
    assert marks.read("dev", {**place, "stack": "dev"}, {}).resource_id == "dev"


def test_marks_go_with_a_repository_that_is_gone(tmp_path: Path) -> None:
    state: Properties = {"folder": str(tmp_path), "repository": "kalypso-gitops"}
    for step in (StackMark().before_destroy, StackMark().delete):
        step({**state, "stack": "dev", "shares": True})


@pytest.mark.parametrize(
    ("key", "value", "changed", "replaced"),
    [
        ("stack", "prod", True, ("stack",)),
        ("repository", "other", True, ("repository",)),
        ("shares", True, True, ()),
        ("stack", "dev", False, ()),
    ],
)
def test_another_name_needs_another_mark(
    tmp_path: Path, key: str, value: object, *, changed: bool, replaced: tuple[str, ...]
) -> None:
    create_repository(tmp_path / "r.git", branch="dev")
    state: Properties = {"folder": str(tmp_path), "repository": "r", "stack": "dev"}
    StackMark().create(state, quiet)
    found = StackMark().diff(state, state, {**state, key: value})  # type: ignore[dict-item]  # of the table
    assert (found.changed, found.replaces) == (changed, replaced)


def test_a_mark_that_is_gone_is_set_again(gitops: tuple[StackMark, Properties]) -> None:
    marks, place = gitops
    state = {**place, "stack": "dev", "shares": True}
    assert marks.diff(state, state, state).changed
    marks.update(state, state, quiet)
    assert not marks.diff(state, state, state).changed


CLUSTERS = "config:\n  kalypso:environments: [dev, stage]\n  kalypso:clusters: [{name: a%s}]\n"
EXISTING = ", provider: existing, context: a"


@pytest.mark.parametrize(
    ("file", "shares"),
    [(CLUSTERS % EXISTING, True), (CLUSTERS % "", False), ("config: {}\n", False), ("[", False)],
)
def test_stacks_share_clusters_if_the_platforms_stack_sets_some_up(
    tmp_path: Path, file: str, *, shares: bool
) -> None:
    (tmp_path / "Pulumi.dev.yaml").write_text(file)
    assert shares_clusters(parse_settings({}, "stage"), "stage", tmp_path) is shares
    assert not shares_clusters(parse_settings({}, "dev"), "dev", tmp_path)


@pytest.mark.parametrize(("mark", "shares"), [("dev", True), ("stage", False)])
def test_a_mark_is_the_last_of_a_platforms_stack_and_the_first_of_the_others(
    seen: Seen, tmp_path: Path, mark: str, *, shares: bool
) -> None:
    settings = settings_for(tmp_path / "forge")

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        schedule = make_schedule(settings)
        args = platform_args(settings, schedule, owns_repositories=shares, mark=mark)
        return Platform("kalypso", args).urn

    program()
    given = seen.inputs[f"StackMark {mark}-mark"]
    assert (given["stack"], given["shares"], given["repository"]) == (
        mark,
        shares,
        "kalypso-gitops",
    )
    names = [name for _, name in seen.resources]
    branch = ("GitOpsBranch", "dev")
    assert (names.index(f"{mark}-mark") > seen.resources.index(branch)) is shares


def test_without_clusters_there_is_no_mark(seen: Seen, tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "forge")

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, make_schedule(settings), owns_repositories=True)
        return Platform("kalypso", args).urn

    program()
    assert seen.names("StackMark") == []


def test_a_mark_is_no_branch_that_anybody_sees(tmp_path: Path) -> None:
    create_repository(tmp_path / "kalypso-gitops.git", branch="dev")
    StackMark().create(
        {"folder": str(tmp_path), "repository": "kalypso-gitops", "stack": "dev"}, quiet
    )
    command = ["git", "-C", str(tmp_path / "kalypso-gitops.git"), "branch", "--list"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""
