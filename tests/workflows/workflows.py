"""The workflows of the sample, as text and as data."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SAMPLE = Path(__file__).parents[2] / "sample"
CONTROL_PLANE = SAMPLE / "control-plane"
GITOPS = SAMPLE / "gitops"
PATHS = sorted(SAMPLE.glob("*/*/.github/workflows/*.yaml"))


@dataclass(frozen=True)
class Step:
    """A step with the workflow, and the job, that it is in."""

    file: Path
    job: str
    body: dict[str, Any]


def load(path: Path) -> dict[Any, Any]:
    """Read the workflow of a file."""
    return parse(path.read_text())


def parse(text: str) -> dict[Any, Any]:
    """Read a workflow; YAML 1.1 reads its key `on` as true."""
    body: dict[Any, Any] = yaml.safe_load(text)
    return {"on" if key is True else key: value for key, value in body.items()}


def steps(path: Path) -> Iterator[Step]:
    """Give all steps of a workflow."""
    for name, job in load(path)["jobs"].items():
        for body in job["steps"]:
            yield Step(path, name, body)


def script(path: Path, name: str) -> str:
    """Return the shell of a step."""
    (found,) = (step.body["run"] for step in steps(path) if step.body.get("name") == name)
    return str(found)
