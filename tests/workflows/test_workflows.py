"""The workflows of the sample are well formed, and may do as little as they need."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.workflows.schemas import broken
from tests.workflows.workflows import CONTROL_PLANE, GITOPS, PATHS, load, steps

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"
GUARDED = re.compile(r"\$\{\{ env\.OURS == 'true' && secrets\.\w+ \|\| (''|github\.token) \}\}")
every_workflow = pytest.mark.parametrize(
    "path", PATHS, ids=lambda path: path.relative_to(ROOT / "sample").as_posix()
)


@pytest.fixture(scope="session")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build actionlint at the version that tools/actionlint pins; what Go compiled is kept."""
    assert shutil.which("go"), "there is no Go on PATH to build actionlint with"
    built = tmp_path_factory.mktemp("actionlint") / "actionlint"
    command = ["go", "build", "-o", str(built), "github.com/rhysd/actionlint/cmd/actionlint"]
    environment = {**os.environ, "GOCACHE": str(ROOT / ".kalypso" / "go-build")}
    subprocess.run(command, cwd=ROOT / "tools/actionlint", env=environment, check=True)
    return built


def lint(actionlint: Path, *paths: Path) -> str:
    command = [str(actionlint), "-no-color", "-shellcheck=", "-pyflakes=", *map(str, paths)]
    return str(subprocess.run(command, capture_output=True, text=True, check=False).stdout)


def test_actionlint_finds_nothing(actionlint: Path) -> None:
    assert lint(actionlint, *PATHS) == ""


def test_actionlint_finds_what_is_wrong(actionlint: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    stepz: []\n")
    assert 'unexpected key "stepz"' in lint(actionlint, broken)


WELL_FORMED = """\
name: Odd
on:
  pull_request:
    branches: [main]
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    concurrency: {group: a, cancel-in-progress: true}
    steps:
      - run: echo
"""


def test_the_schema_takes_what_is_well_formed() -> None:
    assert broken("github-workflows", WELL_FORMED) == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("pull_request:", "pull_requests:", "pull_requests"),
        ("branches: [main]", "branches: main", "'main' is not of type 'array'"),
        ("permissions: {}", "permissions: {contents: admin}", "admin"),
        ("timeout-minutes: 5", "timeout-minutes: soon", "timeout-minutes"),
        ("steps:", "step:", "step"),
        ("runs-on: ubuntu-latest", "runs: ubuntu-latest", "runs"),
        ("cancel-in-progress: true", "cancel: true", "cancel"),
        ("- run: echo", "- run: [echo]", "echo"),
        ("jobs:", "job:", "jobs"),
        ("name: Odd", "name: [", "Failed to parse"),
    ],
)
def test_the_schema_finds_what_is_wrong(old: str, new: str, told: str) -> None:
    assert WELL_FORMED.count(old) == 1
    assert told in broken("github-workflows", WELL_FORMED.replace(old, new))


def test_every_branch_that_github_takes_workflows_from_has_them() -> None:
    names = {path.relative_to(ROOT / "sample").as_posix() for path in PATHS}
    control = {
        f"control-plane/{branch}/.github/workflows/{name}.yaml"
        for branch in ("main", "dev", "stage")
        for name in ("preview", "up")
    }
    control |= {
        f"control-plane/main/.github/workflows/{name}.yaml" for name in ("cd", "check-promote")
    }
    control |= {f"{name}-src/main/.github/workflows/cicd.yaml" for name in ("app", "svc")}
    assert names == control | {
        f"gitops/{branch}/.github/workflows/{name}.yaml"
        for branch in ("dev", "stage")
        for name in ("check-promote", "verify")
    }


@pytest.mark.parametrize("name", ["preview", "up"])
@pytest.mark.parametrize("branch", ["dev", "stage"])
def test_copies_are_equal(name: str, branch: str) -> None:
    inside = f".github/workflows/{name}.yaml"
    copy = (CONTROL_PLANE / branch / inside).read_text()
    assert copy == (CONTROL_PLANE / "main" / inside).read_text()


@pytest.mark.parametrize("name", ["check-promote", "verify"])
def test_what_follows_a_merge_is_the_same_for_every_environment(name: str) -> None:
    inside = f".github/workflows/{name}.yaml"
    assert (GITOPS / "dev" / inside).read_text() == (GITOPS / "stage" / inside).read_text()


@every_workflow
def test_no_workflow_breaks_githubs_published_schema(path: Path) -> None:
    assert broken("github-workflows", path.read_text()) == ""


@every_workflow
def test_no_workflow_runs_with_secrets_on_code_of_a_fork(path: Path) -> None:
    assert "pull_request_target" not in load(path)["on"]
    assert "workflow_run" not in load(path)["on"]


@every_workflow
def test_no_secret_can_reach_a_step_for_a_pull_request_of_a_fork(path: Path) -> None:
    body = load(path)
    named = [
        (key, value)
        for step in steps(path)
        for group in ("env", "with")
        for key, value in step.body.get(group, {}).items()
        if "secrets." in str(value)
    ]
    assert named
    if "pull_request" in body["on"]:
        assert [key for key, value in named if not GUARDED.fullmatch(value)] == []
        for job in body["jobs"].values():
            assert job["env"]["OURS"].startswith(f"${{{{ {SAME_REPOSITORY}")


@every_workflow
def test_nothing_is_allowed_but_what_a_job_names(path: Path) -> None:
    body = load(path)
    assert body["permissions"] == {}
    packages = {"contents": "read", "packages": "read"}
    allowed = {
        "preview": {"contents": "read", "pull-requests": "write"},
        "build": {
            "contents": "read",
            "packages": "write",
            "id-token": "write",
            "attestations": "write",
        },
    }
    if "app-src" in path.parts:
        allowed["deliver"] = packages
    for name, job in body["jobs"].items():
        assert job["permissions"] == allowed.get(name, {"contents": "read"})


@every_workflow
def test_actions_are_pinned_by_commit_and_say_their_version(path: Path) -> None:
    used = re.findall(r"^ *-? *uses: (.+)$", path.read_text(), re.MULTILINE)
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_an_action_is_pinned_to_the_same_commit_everywhere() -> None:
    text = "\n".join(path.read_text() for path in PATHS)
    pins = set(re.findall(r"uses: (\S+)@(\S+) # (\S+)", text))
    assert len(pins) == len({action for action, _, _ in pins}) == 4


@every_workflow
def test_no_checkout_leaves_its_token_behind(path: Path) -> None:
    checkouts = [step.body for step in steps(path) if "checkout" in step.body.get("uses", "")]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@every_workflow
def test_nothing_is_pasted_into_shell(path: Path) -> None:
    scripts = [step.body["run"] for step in steps(path) if "run" in step.body]
    assert scripts
    assert [text for text in scripts if "${{" in text] == []


@every_workflow
def test_secrets_are_seen_by_the_step_that_needs_them_only(path: Path) -> None:
    body = load(path)
    wide = [body.get("env", {}), *(job.get("env", {}) for job in body["jobs"].values())]
    assert [text for text in map(str, wide) if "secrets." in text] == []


@every_workflow
def test_every_job_ends_in_time(path: Path) -> None:
    assert all(0 < job["timeout-minutes"] <= 30 for job in load(path)["jobs"].values())


def test_one_run_at_a_time_changes_a_stack() -> None:
    job = load(CONTROL_PLANE / "main/.github/workflows/up.yaml")["jobs"]["up"]
    assert job["concurrency"] == {
        "group": "stack-${{ matrix.environment }}",
        "cancel-in-progress": False,
    }


def test_a_newer_push_ends_the_preview_of_an_older_one() -> None:
    job = load(CONTROL_PLANE / "main/.github/workflows/preview.yaml")["jobs"]["preview"]
    assert job["concurrency"]["cancel-in-progress"] is True
    assert "pull_request.number" in job["concurrency"]["group"]


def test_up_runs_after_a_merge_on_a_schedule_and_when_called() -> None:
    body = load(CONTROL_PLANE / "main/.github/workflows/up.yaml")
    assert set(body["on"]) == {"push", "schedule", "repository_dispatch"}
