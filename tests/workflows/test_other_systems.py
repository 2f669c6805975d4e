"""The pipelines that the pages show for GitLab and Azure DevOps, run; the engine is played.

The stand-in GitHub serves the repositories in the place of those systems: it is all git to them.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.workflows import azure, gitlab
from tests.workflows.conftest import SECRETS, PlayedEngine
from tests.workflows.documents import AZURE, GITLAB
from tests.workflows.events import commit
from tests.workflows.machine import surroundings
from tests.workflows.organization import PROGRAM, READS, WRITES, Organization

CONFIG = "cluster-types/west-us/west-us-config.yaml"
CLONED = "acme/kalypso-control-plane"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `python3 -m tools environment` made once; where that is asked for again, it is given."""
    return tmp_path_factory.mktemp("installed")


@pytest.fixture
def tools(acme: Organization, installed: Path) -> list[Path]:
    """The machine's tools, with a `python3` that has set up this program before."""
    program, bin_folder = installed / "program", installed / "bin"
    if not program.exists():
        clone(acme, PROGRAM, "v1", program)
        real = surroundings(installed / "home", acme.machine.tools)
        setup = ["python3", "-m", "tools", "environment"]
        subprocess.run(setup, cwd=program, env=real, check=True, capture_output=True)
        bin_folder.mkdir()
        python = bin_folder / "python3"
        python.write_text(
            "#!/bin/sh\n"
            'if [ "$*" = "-m tools environment" ] &&'
            f' cmp -s requirements-github.txt "{program}/requirements-github.txt"; then\n'
            f'  ln -s "{program}/.venv" .venv\n  exit\nfi\n'
            f'exec "{sys.base_prefix}/bin/python3" "$@"\n'
        )
        python.chmod(0o755)
    return [bin_folder, *acme.machine.tools]


def propose(acme: Organization, base: str, *, broken: bool = False) -> str:
    """Push a change on a branch; return its commit."""
    west = acme.text("dev", CONFIG).replace("West US", "West Europe")
    change = {"broken.yaml": b"kind: [\n"} if broken else {CONFIG: west.encode()}
    if base == "main":
        template = acme.text("main", "templates/argocd.yaml").replace("automated:", "automatic:")
        change = {"templates/argocd.yaml": template.encode()}
    return commit(acme.control_plane, "change", change, base)


def clone(acme: Organization, repository: str, wanted: str, folder: Path) -> None:
    """Clone with all branches, as these systems do without a limit of depth."""
    header = f"http.extraheader=Authorization: Basic {_basic(READS)}"
    origin = f"{acme.machine.server.url}/{repository}"
    for command in (
        ("init", "--quiet", str(folder)),
        ("-C", str(folder), "remote", "add", "origin", origin),
        ("-C", str(folder), "-c", header, "fetch", "--quiet", "origin"),
        ("-C", str(folder), "checkout", "--quiet", "--detach", wanted),
    ):
        subprocess.run(["git", *command], check=True, capture_output=True)


def _basic(token: str) -> str:
    return subprocess.run(
        ["base64", "-w0"], input=f"x:{token}".encode(), check=True, capture_output=True
    ).stdout.decode()


class GitLab:
    """A project on GitLab, and a runner."""

    def __init__(self, acme: Organization, folder: Path, tools: list[Path]) -> None:
        self.acme, self.folder, self._tools = acme, folder / "builds" / "control-plane", tools
        self._home = folder / "home"
        self.predefined: dict[str, str] = {}

    def pipeline(self, **predefined: str) -> dict[str, list[gitlab.GitLabRun]]:
        """Run the jobs that a pipeline includes."""
        self.predefined = predefined
        found = gitlab.jobs(GITLAB)
        return {
            name: [self._run(job, copy) for copy in gitlab.matrix(job)]
            for name, job in found.items()
            if gitlab.included(job, predefined)
        }

    def job(self, name: str, environment: str, **predefined: str) -> gitlab.GitLabRun:
        """Run one copy of a job."""
        self.predefined = predefined
        job = gitlab.jobs(GITLAB)[name]
        assert gitlab.included(job, predefined)
        return self._run(job, {"ENVIRONMENT": environment})

    def _run(self, job: gitlab.Job, copy: Mapping[str, str]) -> gitlab.GitLabRun:
        shutil.rmtree(self.folder, ignore_errors=True)  # what is beside it, some runners keep
        url = self.acme.machine.server.url
        clone(self.acme, CLONED, self.predefined["CI_COMMIT_SHA"], self.folder)
        given = {
            **surroundings(self._home, self._tools),
            "CI_SERVER_URL": url, "CI_JOB_TOKEN": READS, "CI_PROJECT_DIR": str(self.folder),
            "CI_PROJECT_URL": f"{url}/{CLONED}", "CI_JOB_URL": f"{url}/{CLONED}/-/jobs/7",
            "KALYPSO_PROGRAM": PROGRAM, "KALYPSO_PROGRAM_REF": "v1",
            "KALYPSO_READ_TOKEN": READS, **SECRETS, **self.predefined, **copy,
        }  # fmt: skip
        return gitlab.run(job, given, self.folder)


@pytest.fixture
def project(acme: Organization, tmp_path: Path, tools: list[Path]) -> GitLab:
    return GitLab(acme, tmp_path, tools)


def merge_request(sha: str, target: str) -> dict[str, str]:
    return {
        "CI_PIPELINE_SOURCE": "merge_request_event",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": target,
        "CI_COMMIT_SHA": sha,
    }


def test_gitlab_previews_a_merge_request(
    acme: Organization, project: GitLab, played_engine: PlayedEngine
) -> None:
    sha = propose(acme, "dev")
    later = acme.text("dev", CONFIG).replace("REGION:", "LATER: not of this change\n  REGION:")
    commit(acme.control_plane, "dev", {CONFIG: later.encode()})
    run = project.job("preview", "dev", **merge_request(sha, "dev"))
    assert run.code == 0, run.log
    comment = (project.folder / "preview" / "comment.md").read_text()
    assert "0 removed, 1 changed, 0 added" in comment
    assert "ConfigMap west-us-config" in comment
    assert "LATER" not in comment
    assert f"/-/jobs/7/artifacts/browse) of commit <code>{sha[:10]}</code>" in comment
    assert (project.folder / "preview" / "report" / "diff.json").is_file()
    (call,) = played_engine.calls
    assert call.endswith(f"--config model.folder={project.folder}")
    assert [secret for secret in (*SECRETS.values(), READS) if secret in run.log + comment] == []


def test_gitlab_fails_for_a_broken_model_and_keeps_what_was_found(
    acme: Organization, project: GitLab, played_engine: PlayedEngine
) -> None:
    run = project.job("preview", "dev", **merge_request(propose(acme, "dev", broken=True), "dev"))
    assert run.code == 2
    assert "broken.yaml:2" in run.log
    assert "broken.yaml:2" in (project.folder / "preview" / "comment.md").read_text()
    assert played_engine.calls == []


def test_gitlab_previews_a_change_of_main_and_of_a_fork_without_the_engine(
    acme: Organization, project: GitLab, played_engine: PlayedEngine
) -> None:
    sha = propose(acme, "main")
    run = project.job("preview", "stage", **merge_request(sha, "main"), PULUMI_CONFIG_PASSPHRASE="")
    assert run.code == 0, run.log
    assert played_engine.calls == []
    assert "<!-- kalypso-diff:stage -->" in (project.folder / "preview/comment.md").read_text()


def test_gitlab_delivers_only_the_environment_that_a_push_concerns(
    acme: Organization, project: GitLab, played_engine: PlayedEngine
) -> None:
    sha = acme.control_plane.branches()["dev"]
    pushed = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "dev", "CI_COMMIT_SHA": sha}
    runs = project.pipeline(**pushed, KALYPSO_TOKEN=WRITES)
    assert [(name, [run.code for run in found]) for name, found in runs.items()] == [("up", [0, 0])]
    (call,) = played_engine.calls
    assert "up --stack dev --yes" in call
    assert "dev is not the branch of stage" in runs["up"][1].log


@pytest.mark.parametrize(
    ("predefined", "names"),
    [
        ({"CI_PIPELINE_SOURCE": "schedule", "CI_COMMIT_BRANCH": "main"}, ["up"]),
        ({"CI_PIPELINE_SOURCE": "trigger", "CI_COMMIT_BRANCH": "main"}, ["up"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "stage"}, ["up"]),
        ({"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "wip-dev"}, []),
        ({"CI_PIPELINE_SOURCE": "merge_request_event"}, ["preview"]),
        ({"CI_PIPELINE_SOURCE": "web", "CI_COMMIT_BRANCH": "main"}, []),
    ],
)
def test_gitlab_runs_a_job_for_what_it_is_meant_for(
    predefined: Mapping[str, str], names: list[str]
) -> None:
    found = gitlab.jobs(GITLAB)
    assert [name for name, job in found.items() if gitlab.included(job, predefined)] == names


class Agent:
    """An agent of Azure DevOps."""

    def __init__(self, acme: Organization, folder: Path, tools: list[Path]) -> None:
        self.acme, self.folder, self._home = acme, folder / "agent", folder / "home"
        self._tools = tools

    def run(self, environment: str, wanted: str, **system: str) -> azure.AzureRun:
        """Run one copy of the job, on a commit."""
        (self.folder / "a").mkdir(parents=True)

        def checkout(step: Mapping[str, Any], folder: Path) -> None:
            own = step["checkout"] == "self"
            clone(self.acme, *((CLONED, wanted) if own else (PROGRAM, "v1")), folder)

        named = {key.replace("_", ".", key.count("_")): value for key, value in system.items()}
        variables = {
            "Pipeline.Workspace": str(self.folder),
            "Build.ArtifactStagingDirectory": str(self.folder / "a"),
            "System.CollectionUri": "https://dev.azure.com/acme/",
            "System.TeamProjectId": "0a1b", "Build.BuildId": "7", "ENVIRONMENT": environment,
            "KALYPSO_READ_TOKEN": READS, **SECRETS, **named,
        }  # fmt: skip
        del variables["PULUMI_ACCESS_TOKEN"]
        given = surroundings(self._home, self._tools)
        return azure.run(AZURE, variables, given, checkout)


@pytest.fixture
def agent(acme: Organization, tmp_path: Path, tools: list[Path]) -> Agent:
    return Agent(acme, tmp_path, tools)


def pull_request(sha: str, target: str) -> dict[str, str]:
    return {
        "Build_Reason": "PullRequest",
        "System_PullRequest_IsFork": "False",
        "System_PullRequest_TargetBranch": f"refs/heads/{target}",
        "System_PullRequest_SourceCommitId": sha,
    }


def test_azure_previews_a_pull_request(
    acme: Organization, agent: Agent, played_engine: PlayedEngine
) -> None:
    sha = propose(acme, "dev")
    run = agent.run("dev", sha, **pull_request(sha, "dev"))
    assert run.outcomes == dict.fromkeys(["Set up", "Preview", "Summary"], "succeeded"), run.log
    summary = agent.folder / "a" / "summary.md"
    assert ("task.uploadsummary", "", str(summary)) in run.commands
    assert "ConfigMap west-us-config" in summary.read_text()
    page = "https://dev.azure.com/acme/0a1b/_build/results?buildId=7"
    assert f"[Full report]({page}) of commit <code>{sha[:10]}</code>" in summary.read_text()
    uploaded = ("artifact.upload", "artifactname=preview-dev", f"{agent.folder}/a/report")
    assert uploaded in run.commands
    (call,) = played_engine.calls
    assert call.endswith(f"--config model.folder={agent.folder}/s/model")
    assert [secret for secret in (*SECRETS.values(), READS) if secret in run.log] == []


def test_azure_fails_for_a_broken_model_and_shows_why(
    acme: Organization, agent: Agent, played_engine: PlayedEngine
) -> None:
    sha = propose(acme, "dev", broken=True)
    run = agent.run("dev", sha, **pull_request(sha, "dev"))
    assert run.outcomes == {"Set up": "succeeded", "Preview": "failed", "Summary": "succeeded"}
    assert "broken.yaml:2" in (agent.folder / "a" / "summary.md").read_text()
    assert played_engine.calls == []


def test_azure_obeys_no_line_of_a_model(
    acme: Organization, agent: Agent, played_engine: PlayedEngine
) -> None:
    played_engine.plays(0, "  ##vso[task.prependpath]/evil\n##[error]x ##vso[a.b]c\n")
    sha = propose(acme, "dev")
    run = agent.run("dev", sha, **pull_request(sha, "dev"))
    assert "evil" in run.log
    assert "##vso[task.prependpath]/evil" not in run.log
    assert "##vso[a.b]" not in run.log


def test_azure_previews_a_change_of_main_from_a_fork_without_the_engine(
    acme: Organization, agent: Agent, played_engine: PlayedEngine
) -> None:
    sha = propose(acme, "main")
    told = {**pull_request(sha, "main"), "System_PullRequest_IsFork": "True"}
    run = agent.run("stage", sha, **told)
    assert "failed" not in run.outcomes.values(), run.log
    assert "<!-- kalypso-diff:stage -->" in (agent.folder / "a" / "summary.md").read_text()
    assert played_engine.calls == []


@pytest.mark.parametrize(
    ("branch", "reason", "calls"),
    [
        ("dev", "IndividualCI", 0),
        ("stage", "BatchedCI", 1),
        ("main", "Schedule", 1),
    ],
)
def test_azure_delivers_what_a_branch_concerns(
    agent: Agent, played_engine: PlayedEngine, branch: str, reason: str, calls: int
) -> None:
    sha = agent.acme.control_plane.branches()[branch]
    run = agent.run(
        "stage", sha, Build_Reason=reason, Build_SourceBranch=f"refs/heads/{branch}",
        KALYPSO_TOKEN=WRITES,
    )  # fmt: skip
    assert run.outcomes == {"Set up": "succeeded", "Up": "succeeded"}, run.log
    assert [" up --stack stage --yes" in call for call in played_engine.calls] == [True] * calls


def test_azure_stops_when_the_set_up_fails(
    acme: Organization, agent: Agent, played_engine: PlayedEngine
) -> None:
    head = acme.repository("kalypso-program").branches()["main"]
    sha = acme.control_plane.branches()["dev"]
    program = acme.repository("kalypso-program")
    made = commit(program, "broken", {"requirements-github.txt": b"no-such-package==1\n"}, "main")
    program.git("update-ref", "refs/tags/v1", made)
    try:
        run = agent.run(
            "dev", sha, Build_Reason="IndividualCI", Build_SourceBranch="refs/heads/dev"
        )
    finally:
        program.git("update-ref", "refs/tags/v1", head)
        program.git("update-ref", "-d", "refs/heads/broken")
    assert run.outcomes == {"Set up": "failed"}
    assert played_engine.calls == []
