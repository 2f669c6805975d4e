"""Runs the jobs of a workflow as GitHub would, on this machine and against the stand-in GitHub.

Shell is run for real, with the environment that GitHub gives and nothing of ours; what an action
of others does is played. Nothing can be reached but the stand-in.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.standins.github.server import API, GitHubServer
from tests.standins.github.tokens import Grant
from tests.workflows.events import Event
from tests.workflows.expressions import Value, as_text, fill, holds
from tests.workflows.installed import (
    give_back_installed,
    keep_installed,
    note_what_is_installed,
    without_what_is_installed,
)
from tests.workflows.played_actions import ACTIONS
from tests.workflows.workflows import parse

SECONDS = 300
SDKS = Path(__file__).resolve().parents[2] / ".kalypso" / "sdks"


@dataclass
class StepRun:
    """What came of a step."""

    name: str
    outcome: str
    """success, failure, or skipped."""
    log: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What it was given: of an action, its inputs."""


@dataclass
class JobRun:
    """What came of a job."""

    name: str
    permissions: Mapping[str, str]
    concurrency: Mapping[str, Value]
    steps: list[StepRun] = field(default_factory=list)
    summary: str = ""
    artifacts: dict[str, dict[str, str]] = field(default_factory=dict)
    """Text of each file by its path, by the name of the artifact."""

    @property
    def good(self) -> bool:
        """Whether no step failed."""
        return all(step.outcome != "failure" for step in self.steps)

    @property
    def log(self) -> str:
        return "".join(step.log for step in self.steps)

    @property
    def annotations(self) -> list[str]:
        """Return the lines that GitHub makes marks of; it looks past blanks before them."""
        kinds = ("::error ", "::warning ", "::error::", "::warning::")
        return [line.strip() for line in self.log.splitlines() if line.strip().startswith(kinds)]

    def step(self, name: str) -> StepRun:
        (found,) = (step for step in self.steps if step.name == name)
        return found


@dataclass
class Machine:
    """A runner, kept between jobs; and what the organization gives to its workflows."""

    folder: Path
    server: GitHubServer
    variables: dict[str, str]
    secrets: dict[str, str]
    tools: Sequence[Path]
    """Folders of programs that the machine has, before those of the system."""
    careless: bool = False
    """Whether the repository's settings send secrets to forks' pull requests."""
    modules: Sequence[Path] = ()
    """Folders of Python modules that come before those that are installed."""
    runs: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def react(self, event: Event) -> list[JobRun]:
        """Run all workflows of the repository that an event starts, as its commit has them."""
        git, folder = event.repository.git, ".github/workflows/"
        names = git("ls-tree", "--name-only", event.sha, folder).splitlines()
        runs = [self.run(parse(git("show", f"{event.sha}:{name}")), event) for name in names]
        return [run for each in runs for run in each]

    def run(self, workflow: Mapping[Any, Any], event: Event) -> list[JobRun]:
        """Run every job of a workflow, one after the other; none if it is not for the event."""
        if not event.starts(workflow["on"]):
            return []
        github = self._github(event)
        assert workflow["permissions"] == {}
        runs: list[JobRun] = []
        done: dict[str, Value] = {}
        for name, job in workflow["jobs"].items():
            wanted = job.get("needs", [])
            needs = [wanted] if isinstance(wanted, str) else wanted
            if any(need not in done or done[need]["result"] != "success" for need in needs):
                continue
            if not holds(job.get("if", ""), {"github": github}, good=True):
                continue
            matrix = fill(job.get("strategy", {}).get("matrix", {}), {"github": github})
            for values in itertools.product(*matrix.values()):
                chosen = dict(zip(matrix, values, strict=True))
                running = _Job(self, event, workflow, job, github, chosen)
                running.needs(done)
                runs.append(running.run())
                done[name] = running.result()
        return runs

    def _github(self, event: Event) -> dict[str, Value]:
        url, number = self.server.url, next(self.runs)
        return {
            "event_name": event.name, "event": event.payload, "ref": event.ref, "sha": event.sha,
            "ref_name": event.ref.removeprefix("refs/heads/").removeprefix("refs/"),
            "repository": event.repository.full_name, "server_url": url, "api_url": f"{url}{API}",
            "actor": "ada",
            "base_ref": event.branch if event.name == "pull_request" else "",
            "head_ref": event.head, "run_id": str(number), "token": f"ghs_run{number:08}",
            "workspace": str(self.folder / "work"),
        }  # fmt: skip


class _Job:
    def __init__(  # noqa: PLR0913, PLR0917 - all that GitHub knows when a job starts
        self, machine: Machine, event: Event, workflow: Mapping[Any, Any], job: Mapping[str, Any],
        github: dict[str, Value], matrix: Mapping[str, Value],
    ) -> None:  # fmt: skip
        self._machine, self._event, self._job = machine, event, job
        folder = machine.folder
        self._work, self._temp = folder / "work", folder / "temp"
        secrets = {} if event.foreign and not machine.careless else machine.secrets
        self._contexts: dict[str, Value] = {
            "github": github, "matrix": dict(matrix), "vars": machine.variables,
            "secrets": secrets, "steps": {}, "runner": {"temp": str(self._temp), "os": "Linux"},
        }  # fmt: skip
        asked = job.get("concurrency", workflow.get("concurrency", {}))
        self._run = JobRun(
            as_text(fill(job.get("name", ""), self._contexts)),
            job["permissions"],
            fill(asked, self._contexts),
        )
        self._contexts["env"] = {
            key: as_text(value) for key, value in fill(job.get("env", {}), self._contexts).items()
        }

    def needs(self, done: Mapping[str, Value]) -> None:
        """Give the results of the jobs before."""
        self._contexts["needs"] = dict(done)

    def result(self) -> Value:
        """Return what jobs after this one see of it."""
        outputs = fill(self._job.get("outputs", {}), self._contexts)
        return {"result": "success" if self._run.good else "failure", "outputs": outputs}

    def run(self) -> JobRun:
        """Run the steps on a clean work folder."""
        self._clean()
        token = self._contexts["github"]["token"]
        writes = [name for name, right in self._run.permissions.items() if right == "write"]
        self._machine.server.grants[token] = Grant(
            repository=self._event.repository.full_name,
            writes=() if self._event.foreign else writes,
        )
        for number, step in enumerate(self._job["steps"], 1):
            self._run.steps.append(self._step(step, number))
        del self._machine.server.grants[token]
        self._run.summary = (self._temp / "summary").read_text()
        return self._run

    def _clean(self) -> None:
        """Empty the folders, but for what was installed."""
        keep_installed(self._machine.folder)
        for folder in (self._work, self._temp):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        for name in ("path", "output", "summary", "env"):
            (self._temp / name).touch()

    def _step(self, step: Mapping[str, Any], number: int) -> StepRun:
        name = step.get("name", step.get("uses", f"step {number}"))
        if not holds(step.get("if", ""), self._contexts, good=self._run.good):
            return StepRun(name, "skipped")
        if "uses" in step:
            return self._action(name, step)
        given = fill(step.get("env", {}), self._contexts)
        environment = {key: as_text(value) for key, value in given.items()}
        folder = self._work / as_text(fill(step.get("working-directory", "."), self._contexts))
        script = self._temp / f"step-{number}.sh"
        script.write_text(without_what_is_installed(step["run"], folder))
        done = subprocess.run(
            ["bash", "-e", str(script)],  # as GitHub runs a step that names no shell
            cwd=folder, env={**self._given(), **self._contexts["env"], **environment},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=SECONDS,
        )  # fmt: skip
        if "id" in step:
            lines = (self._temp / "output").read_text().splitlines()
            outputs = dict(line.split("=", 1) for line in lines)
            self._contexts["steps"][step["id"]] = {"outputs": outputs}
        if not done.returncode:
            note_what_is_installed(step["run"])
        outcome = "failure" if done.returncode else "success"
        return StepRun(name, outcome, done.stdout, environment)

    def _action(self, name: str, step: Mapping[str, Any]) -> StepRun:
        inputs = {key: as_text(value) for key, value in
                  fill(step.get("with", {}), self._contexts).items()}  # fmt: skip
        action = step["uses"].partition("@")[0]
        ACTIONS[action](inputs, self._contexts["github"], self._run.artifacts)
        give_back_installed(self._machine.folder)
        return StepRun(name, "success", "", inputs)

    def _given(self) -> dict[str, str]:
        """Return what every step gets from GitHub and from the machine."""
        github, temp = self._contexts["github"], self._temp
        given = surroundings(self._machine.folder / "home", self._machine.tools)
        modules = [*map(str, self._machine.modules), given["PYTHONPATH"]]
        added = reversed((temp / "path").read_text().splitlines())
        return {
            **given, "PATH": os.pathsep.join([*added, given["PATH"]]),
            "PYTHONPATH": os.pathsep.join(modules),
            "CI": "true", "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(temp), "GITHUB_PATH": str(temp / "path"),
            "GITHUB_OUTPUT": str(temp / "output"), "GITHUB_ENV": str(temp / "env"),
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
            "GITHUB_WORKSPACE": github["workspace"], "GITHUB_API_URL": github["api_url"],
            "GITHUB_SERVER_URL": github["server_url"], "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_RUN_ID": github["run_id"], "GITHUB_SHA": github["sha"],
            "GITHUB_REF": github["ref"], "GITHUB_BASE_REF": github["base_ref"],
            "GITHUB_HEAD_REF": github["head_ref"], "GITHUB_EVENT_NAME": github["event_name"],
        }  # fmt: skip


def surroundings(home: Path, tools: Sequence[Path]) -> dict[str, str]:
    """Return the environment of a machine that has these tools, and no network."""
    home.mkdir(exist_ok=True)
    path = map(str, [*tools, Path(sys.base_prefix) / "bin"])
    own = str(Path(sys.prefix) / "bin")
    system = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder != own]
    return {
        "HOME": str(home), "LANG": "C.UTF-8", "PATH": os.pathsep.join([*path, *system]),
        # What would be downloaded is installed here already, and pip is content with that.
        "PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPATH": os.pathsep.join([sysconfig.get_path("purelib"), str(SDKS)]),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        # Nothing listens there: who goes out fails.
        "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9",
        "no_proxy": "127.0.0.1",
    }  # fmt: skip
