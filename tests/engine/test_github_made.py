"""Repositories that a stack makes on GitHub: engine and provider are real, GitHub is not."""

from collections.abc import Iterator

import pytest

from kalypso.stack.starting_content import REPOSITORY_CONTENTS
from tests.engine.bench import Bench, up_command
from tests.engine.github_bench import MadeOnGitHub
from tests.standins.github.faults import FORBIDDEN, on
from tests.standins.github.server import TOKEN, GitHubServer

_OF_A_CREATION = 2
"""Changes with which the provider completes a repository that it has made."""


@pytest.fixture
def made(bench: Bench) -> Iterator[MadeOnGitHub]:
    with GitHubServer(bench.project.parent / "github") as server:
        yield MadeOnGitHub(bench, server, "dev", "stage")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeOnGitHub]:
    """A platform with the stack dev up."""
    folder = tmp_path_factory.mktemp("dev-is-up")
    with GitHubServer(folder / "github") as server:
        made = MadeOnGitHub(Bench(folder), server, "dev", "stage")
        made.up()
        made.keep()
        yield made


@pytest.fixture
def dev_is_up(bench: Bench, kept: MadeOnGitHub) -> MadeOnGitHub:
    """A platform with the stack dev up, to go on with: a copy."""
    return kept.in_folder_of(bench)


def test_a_platform_is_made_on_github_and_archived_in_the_end(made: MadeOnGitHub) -> None:
    preview = made.bench.good("pulumi", "preview", "-s", "dev", "--non-interactive")
    assert "kalypso:index:Assignment large/observability-prometheus" in preview
    assert made.server.writes() == []

    assert "opened pull request 1 in acme/kalypso-gitops" in made.up()
    abouts = {content: made.repository(content).about for content in REPOSITORY_CONTENTS}
    assert {about["visibility"] for about in abouts.values()} == {"private"}
    assert abouts["control-plane"]["default_branch"] == "main"
    assert abouts["gitops"]["default_branch"] == "dev"
    assert sorted(made.repository("control-plane").branches()) == ["dev", "main", "stage"]

    made.repository("gitops").merge(1)
    made.server.clear()
    changes = made.bench.changes("dev")
    assert (changes.get("create"), changes.get("update")) == (None, None)
    made.up()
    assert made.server.writes() == []

    assert "opened pull request 2" in made.up("stage")
    made.destroy("stage")
    made.destroy("dev")
    assert all(made.repository(content).about["archived"] for content in REPOSITORY_CONTENTS)
    assert "drone/README.md" in made.tree()


def test_a_stack_may_delete_what_it_made(made: MadeOnGitHub) -> None:
    made.set("repositories.onDestroy", "delete")
    made.set("github.visibility", "internal")
    made.up()
    assert made.repository("gitops").about["visibility"] == "internal"
    made.destroy()
    assert [made.server.find(f"acme/kalypso-{content}") for content in REPOSITORY_CONTENTS] == [
        None
    ] * 6


def test_the_token_of_the_plugin_is_in_no_state_output_or_file(dev_is_up: MadeOnGitHub) -> None:
    state = dev_is_up.bench.good("pulumi", "stack", "export", "-s", "dev")
    assert '"pulumi:providers:github"' in state
    assert TOKEN not in state + dev_is_up.said
    assert dev_is_up.files_with(TOKEN) == []


def test_another_environment_before_the_repositories_says_what_to_do_first(
    made: MadeOnGitHub,
) -> None:
    said = made.bench.refused(*up_command("stage"))
    assert "the stack 'dev' makes them" in said
    assert made.server.writes() == []


def test_an_empty_state_is_not_a_platform_that_has_yet_to_be_made(dev_is_up: MadeOnGitHub) -> None:
    before = dev_is_up.repository("gitops").branches()
    (state,) = dev_is_up.bench.state.rglob("stacks/kalypso/dev.json")
    state.unlink()
    dev_is_up.bench.make_stacks("dev")
    dev_is_up.server.clear()
    said = dev_is_up.bench.refused(*up_command("dev"))
    assert (
        "the state of the stack 'dev' is empty, and what it makes exists already, such as"
        " acme/kalypso-gitops [lost-state]"
    ) in said
    assert "already exists on this account" not in said
    assert dev_is_up.server.writes() == []
    assert dev_is_up.repository("gitops").branches() == before


def test_a_repository_of_somebody_else_is_not_taken_over(made: MadeOnGitHub) -> None:
    theirs = made.server.add("acme/kalypso-gitops")
    said = made.bench.refused(*up_command("dev"))
    assert "name already exists on this account" in said
    assert theirs.branches() == {}
    assert theirs.pulls() == []


def test_a_control_plane_that_cannot_be_seen_any_more_is_not_read_as_the_sample(
    dev_is_up: MadeOnGitHub,
) -> None:
    dev_is_up.server.remove("acme/kalypso-control-plane")
    dev_is_up.server.clear()
    said = dev_is_up.bench.refused(*up_command("dev"))
    assert "acme/kalypso-control-plane" in said
    assert "[no-repository]" in said
    assert dev_is_up.server.writes() == []


def test_a_run_whose_creations_fail_is_completed_by_the_next(made: MadeOnGitHub) -> None:
    made.server.plan = on("POST", "/orgs/acme/repos", FORBIDDEN, times=3)
    made.bench.refused(*up_command("dev"))
    made.server.clear()
    assert "opened pull request 1 in acme/kalypso-gitops" in made.up()
    assert len(made.repository("gitops").pulls()) == 1


@pytest.mark.parametrize(
    ("method", "ending", "well"),
    [
        ("POST", "/kalypso-control-plane.git/git-receive-pack", 0),
        ("PATCH", "/repos/acme/kalypso-gitops", _OF_A_CREATION),
        ("POST", "/kalypso-gitops.git/git-receive-pack", 0),
    ],
    ids=["content is pushed", "a default branch is set", "the gitops repository is filled"],
)
def test_a_killed_run_is_repeated_to_the_same_end(
    made: MadeOnGitHub, method: str, ending: str, well: int
) -> None:
    made.killed_at(method, ending, well=well)
    made.up()
    assert [pull.state for pull in made.repository("gitops").pulls()] == ["open"]
    assert made.bench.changes("dev").get("create") is None


@pytest.mark.parametrize(
    ("method", "ending"),
    [("POST", "/orgs/acme/repos"), ("PATCH", "/repos/acme/kalypso-gitops")],
    ids=["as it is made", "before its settings are complete"],
)
def test_a_repository_that_was_made_unseen_is_named_and_left_alone(
    made: MadeOnGitHub, method: str, ending: str
) -> None:
    made.killed_at(method, ending)
    said = made.bench.refused(*up_command("dev"))
    assert "name already exists on this account" in said
    there = made.server.find("acme/kalypso-gitops")
    assert there is None or (there.branches(), there.pulls()) == ({}, [])
