"""The walkthrough from the first preview to the last clean-up, on the real engine with real git.

The story is told once, in order; what was seen on the way is looked at by the tests.
"""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from tests.engine.bench import Bench, up_command
from tests.sample.walkthrough import (
    DEV_POLICIES,
    REGISTRATION,
    STAGE_DATABASE,
    STAGE_POLICY,
    STAGE_SMALL,
    STEPS,
    Edits,
)

TRACKING = ".github/tracking/Promoted_Commit_Id"
NO_COMMIT = "0" * 40


@dataclass
class Seen:
    """A pull request as it was when it was opened, and the branch after its merge."""

    pull: dict[str, Any]
    changed: list[str]
    branch: dict[str, str] = field(default_factory=dict)


@dataclass
class Story:
    """What was seen, by the name of the step."""

    first_preview: str
    steps: dict[str, Seen]
    promoted: str
    unchanged: dict[str, int]
    preview: str
    state: str
    left: list[str]


def edit(bench: Bench, edits: Edits) -> str:
    """Push edits of the control plane; return the last commit."""
    commits = [bench.commit("control-plane", branch, files) for branch, files in edits.items()]
    return commits[-1]


def promote(bench: Bench, environment: str, commit: str) -> None:
    """Let an environment run a commit of main."""
    base = yaml.safe_load(bench.tree(environment, "control-plane")["base-repo.yaml"])
    base["spec"]["commit"] = commit
    bench.commit("control-plane", environment, {"base-repo.yaml": yaml.safe_dump(base)})


def deliver(bench: Bench, environment: str) -> Seen:
    """Run `pulumi up`, look at what waits, and merge it."""
    bench.up(environment)
    pull = bench.waiting()
    seen = Seen(pull, bench.changed(pull["number"]))
    bench.merge(pull["number"])
    seen.branch = bench.tree(environment)
    return seen


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    bench = Bench(tmp_path_factory.mktemp("walkthrough"))
    bench.init("dev", "stage")
    first_preview = bench.good("pulumi", "preview", "-s", "dev", "--non-interactive")
    steps = {"dev": deliver(bench, "dev"), "stage": deliver(bench, "stage")}
    promoted = edit(bench, REGISTRATION)
    promote(bench, "dev", promoted)
    steps["dev registered"] = deliver(bench, "dev")
    edit(bench, DEV_POLICIES)
    steps["dev policies"] = deliver(bench, "dev")
    promote(bench, "stage", promoted)
    edit(bench, STAGE_POLICY)
    steps["stage policy"] = deliver(bench, "stage")
    edit(bench, STAGE_DATABASE)
    steps["stage database"] = deliver(bench, "stage")
    edit(bench, STAGE_SMALL)
    preview = bench.good("pulumi", "preview", "-s", "stage", "--non-interactive", "--diff")
    steps["stage small"] = deliver(bench, "stage")
    bench.up("stage")
    unchanged = dict(bench.changes("stage"))
    state = (bench.state / ".pulumi/stacks/kalypso/stage.json").read_text()
    for stack in ("stage", "dev"):
        bench.good("pulumi", "destroy", "-s", stack, "--yes", "--skip-preview", "--non-interactive")
    left = sorted(path.name for path in bench.forge.parent.rglob("*"))
    return Story(first_preview, steps, promoted, unchanged, preview, state, left)


def parsed(files: dict[str, str]) -> dict[str, object]:
    """Return files as they compare: YAML as documents, the rest as text."""
    return {
        path: list(yaml.safe_load_all(text)) if path.endswith(".yaml") else text.rstrip()
        for path, text in files.items()
        if not path.startswith(".") and "/" in path
    }


def expected(step: str) -> dict[str, object]:
    folder = STEPS / step
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return parsed({path.relative_to(folder).as_posix(): path.read_text() for path in paths})


def test_the_first_preview_shows_every_assignment_before_any_repository_exists(
    story: Story,
) -> None:
    assert "kalypso:index:Assignment large/observability-prometheus create" in story.first_preview
    assert "+ 22 to create" in story.first_preview


def test_the_first_pull_request_to_dev_brings_the_platform_service(story: Story) -> None:
    seen = story.steps["dev"]
    assert (seen.pull["number"], seen.pull["head"], seen.pull["base"]) == (
        1,
        "deployment/dev",
        "dev",
    )
    assert seen.pull["labels"] == ["promoted"]
    assert seen.changed == [
        TRACKING,
        "command-center/README.md",
        "drone/README.md",
        "large/README.md",
        "large/observability-prometheus/config.yaml",
        "large/observability-prometheus/namespace.yaml",
        "large/observability-prometheus/reconciler.yaml",
        "small/README.md",
    ]


def test_the_first_pull_request_to_stage_brings_the_folders_of_its_cluster_types(
    story: Story,
) -> None:
    seen = story.steps["stage"]
    assert seen.changed == [TRACKING, "drone/README.md", "large/README.md"]


def test_the_registration_brings_nothing_but_the_promoted_commit(story: Story) -> None:
    seen = story.steps["dev registered"]
    assert seen.changed == [TRACKING]
    assert seen.pull["labels"] == ["promoted"]
    assert seen.branch[TRACKING].strip() == story.promoted


def test_the_policies_of_dev_bring_two_assignments_and_nothing_else(story: Story) -> None:
    seen = story.steps["dev policies"]
    assert seen.pull["labels"] == []
    assert seen.changed == [
        f"{folder}/{name}.yaml"
        for folder in (
            "drone/hello-world-app-functional-test",
            "large/hello-world-app-performance-test",
        )
        for name in ("config", "namespace", "reconciler")
    ]
    assert parsed(seen.branch) == expected("2-dev")


def test_the_policy_of_stage_brings_the_target_to_every_cluster_type(story: Story) -> None:
    seen = story.steps["stage policy"]
    assert seen.pull["labels"] == ["promoted"]
    assert parsed(seen.branch) == expected("2-stage")


def test_the_database_address_changes_one_file(story: Story) -> None:
    seen = story.steps["stage database"]
    assert seen.changed == ["large/hello-world-app-uat-test/config.yaml"]
    assert parsed(seen.branch) == expected("4-stage-config")


def test_a_new_cluster_type_brings_its_folder_and_its_assignment(story: Story) -> None:
    seen = story.steps["stage small"]
    assert seen.changed == [
        "small/README.md",
        "small/hello-world-app-uat-test/config.yaml",
        "small/hello-world-app-uat-test/namespace.yaml",
        "small/hello-world-app-uat-test/reconciler.yaml",
    ]
    assert parsed(seen.branch) == expected("5-stage-small")


def test_a_preview_shows_changed_files_only(story: Story) -> None:
    assert "kalypso:index:Assignment: (create)" in story.preview
    assert "+ small/hello-world-app-uat-test/config.yaml" in story.preview
    assert "drone/hello-world-app-uat-test/config.yaml" not in story.preview


def test_an_unchanged_model_changes_nothing(story: Story) -> None:
    assert set(story.unchanged) == {"same"}


def test_the_state_holds_no_credentials_and_no_commit_that_is_not_there(story: Story) -> None:
    resources = json.loads(story.state)["checkpoint"]["latest"]["resources"]
    branch = next(r for r in resources if r["type"] == "kalypso:index:GitOpsBranch")
    assert sorted(branch["outputs"]) == [
        "branch",
        "environment",
        "folder",
        "parent",
        "pullRequest",
        "repository",
    ]
    assert NO_COMMIT not in story.state


def test_destroy_leaves_nothing(story: Story) -> None:
    assert story.left == []


def test_a_stage_before_its_repositories_says_what_to_do_first(bench: Bench) -> None:
    bench.init("stage")
    told = bench.refused(*up_command("stage"))
    assert "the repositories do not exist yet: the stack 'dev' makes them" in told
    assert "pulumi up -s dev" in told
