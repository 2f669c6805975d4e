"""Runs jobs of a `.gitlab-ci.yml` as GitLab's runner would, as far as ours needs it.

Source: GitLab's documentation, "CI/CD YAML syntax reference" and "Where variables can be used".
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Job = Mapping[str, Any]
_VARIABLE = re.compile(r"\$(\w+)")
_TERM = re.compile(r"""\$(\w+) (==|=~) (?:"([^"]*)"|/([^/]*)/)""")


@dataclass(frozen=True)
class GitLabRun:
    """What came of a job."""

    code: int
    log: str


def jobs(text: str) -> dict[str, Job]:
    """Return the jobs by name, with what they extend; hidden ones are left out."""
    body: dict[str, Job] = yaml.safe_load(text)
    return {name: _whole(job, body) for name, job in body.items() if not name.startswith(".")}


def included(job: Job, predefined: Mapping[str, str]) -> bool:
    """Return whether a job is part of a pipeline; its matrix is not seen by rules."""
    return any(
        all(_holds(term, predefined) for term in rule["if"].split(" && ")) for rule in job["rules"]
    )


def matrix(job: Job) -> list[dict[str, str]]:
    """Return the variables of each of its copies."""
    ((group,),) = [job["parallel"]["matrix"]]
    ((name, values),) = group.items()
    return [{name: value} for value in values]


def run(job: Job, variables: Mapping[str, str], folder: Path) -> GitLabRun:
    """Run a job: what comes before and the script are one shell, what comes after is another.

    Args:
        job: With what it extends.
        variables: All that GitLab, the project, the matrix and the machine give.
        folder: The project's folder.
    """
    environment = dict(variables)
    for name, value in job["variables"].items():
        environment[name] = _VARIABLE.sub(lambda found: environment.get(found[1], ""), value)
    script = [*job["before_script"], *job["script"]]
    done = _shell(script, environment, folder)
    after = _shell(job.get("after_script", []), environment, folder)
    return GitLabRun(done.returncode, done.stdout + after.stdout)


def _shell(
    lines: list[str], environment: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", "\n".join(["set -eo pipefail", *lines])],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, timeout=300,
    )  # fmt: skip


def _whole(job: Job, body: Mapping[str, Job]) -> Job:
    base = body[job["extends"]]
    variables = {**base.get("variables", {}), **job.get("variables", {})}
    return {**base, **{k: v for k, v in job.items() if k != "extends"}, "variables": variables}


def _holds(term: str, predefined: Mapping[str, str]) -> bool:
    found = _TERM.fullmatch(term)
    assert found, term
    value = predefined.get(found[1], "")
    return value == found[3] if found[2] == "==" else re.search(found[4], value) is not None
