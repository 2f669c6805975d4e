"""Runs steps of an `azure-pipelines.yml` as an agent would, as far as ours needs it.

Source: Azure DevOps' documentation, "Define variables", "Specify conditions", "Logging commands".
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_MACRO = re.compile(r"\$\(([\w.]+)\)")
_COMMAND = re.compile(r"^##vso\[([\w.]+) ?([^\]]*)\](.*)$", re.MULTILINE)
_CONDITION = re.compile(
    r"and\((succeeded|succeededOrFailed)\(\), (eq|ne)\(variables\['([\w.]+)'\], '(\w+)'\)\)"
)


@dataclass
class AzureRun:
    """What came of a job."""

    outcomes: dict[str, str] = field(default_factory=dict)
    """By the name that the page shows; of those that ran."""
    log: str = ""
    commands: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, properties and value of each logging command."""


def environments(text: str) -> list[dict[str, str]]:
    """Return the variables of each copy of the job."""
    (job,) = yaml.safe_load(text)["jobs"]
    return list(job["strategy"]["matrix"].values())


def run(
    text: str,
    variables: Mapping[str, str],
    given: Mapping[str, str],
    checkout: Callable[[Mapping[str, Any], Path], None],
) -> AzureRun:
    """Run the steps of the job.

    Args:
        text: The pipeline.
        variables: Of the system, the group and the matrix, by the names that the agent uses.
        given: Environment of the machine.
        checkout: Plays a step that checks out, into a folder.
    """
    (job,) = yaml.safe_load(text)["jobs"]
    done, path = AzureRun(), given["PATH"]
    for step in job["steps"]:
        if "checkout" in step:
            checkout(step, Path(variables["Pipeline.Workspace"]) / step["path"])
            continue
        if not _runs(
            step.get("condition", ""), variables, good="failed" not in done.outcomes.values()
        ):
            continue
        own = {key: _filled(value, variables) for key, value in step.get("env", {}).items()}
        open_ones = {
            key.upper().replace(".", "_"): value
            for key, value in variables.items()
            if key not in SECRET  # a secret is in no environment but where a step names it
        }
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-c", _filled(step["bash"], variables)],
            cwd=_filled(step.get("workingDirectory", "$(Pipeline.Workspace)"), variables),
            env={**given, **open_ones, **own, "PATH": path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
        )  # fmt: skip
        found = _COMMAND.findall(ended.stdout)
        path = ":".join([*(v for n, _, v in reversed(found) if n == "task.prependpath"), path])
        done.outcomes[step["displayName"]] = "failed" if ended.returncode else "succeeded"
        done.log += ended.stdout
        done.commands += found
    return done


SECRET = {"PULUMI_CONFIG_PASSPHRASE", "KALYPSO_READ_TOKEN", "KALYPSO_TOKEN"}


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """Put variables in; of one that does not exist, the agent leaves the text as it is."""
    return _MACRO.sub(lambda found: variables.get(found[1], found[0]), text)


def _runs(condition: str, variables: Mapping[str, str], *, good: bool) -> bool:
    if not condition:
        return good
    found = _CONDITION.fullmatch(condition)
    assert found, condition
    same = variables.get(found[3], "") == found[4]
    return (good or found[1] == "succeededOrFailed") and same == (found[2] == "eq")
