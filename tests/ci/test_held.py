"""A delivery that holds application sources, and who wants to know of it."""

import io
import json
from pathlib import Path

import pytest

from kalypso.ci.console import Console
from kalypso.ci.up import up

HELD = {
    "repository": "https://git.example.com/acme/app",
    "branch": "main",
    "commit": "1" * 40,
    "newest": "2" * 40,
    "code": "yaml-syntax",
    "message": "this is not YAML\n::error::x",
}


class Job:
    """A job on a machine whose engine does what a test says."""

    def __init__(self, folder: Path, path: str) -> None:
        self.folder, self._out = folder, io.StringIO()
        self.variables = {"ENVIRONMENT": "dev", "PROGRAM": str(folder), "PATH": f"{folder}:{path}"}

    def engine(self, outputs: str, *, up_code: int = 0, output_code: int = 0) -> None:
        (self.folder / "outputs").write_text(outputs)
        program = self.folder / "pulumi"
        program.write_text(
            '#!/bin/sh\necho "$*" >> calls\n'
            f'case "$1" in up) exit {up_code};; *) cat outputs; exit {output_code};; esac\n'
        )
        program.chmod(0o755)

    def run(self, fail_on_held: str = "") -> int:
        console = Console(self._out, self._out)
        return up({**self.variables, "FAIL_ON_HELD": fail_on_held}, console)

    @property
    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    @property
    def log(self) -> str:
        return self._out.getvalue()


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path, "/usr/bin:/bin")


def test_a_delivery_that_holds_a_source_ends_well_unless_told_otherwise(job: Job) -> None:
    job.engine(json.dumps({"heldSources": {"app@main": HELD}}))
    assert job.run() == 0
    assert job.calls == ["up --stack dev --yes --skip-preview --non-interactive --color never"]


def test_who_asks_for_it_is_told_which_source_is_held_and_the_job_fails(job: Job) -> None:
    job.engine(json.dumps({"heldSources": {"app@main": HELD}}))
    assert job.run("true") == 1
    assert "held: https://git.example.com/acme/app, branch main: this is not YAML" in job.log
    assert "\n::error" not in job.log


def test_a_delivery_that_holds_nothing_ends_well(job: Job) -> None:
    job.engine("warning: a new version is there\n" + json.dumps({"assignments": {}}))
    assert job.run("true") == 0


def test_a_delivery_that_fails_asks_for_no_outputs(job: Job) -> None:
    job.engine("{}", up_code=255)
    assert job.run("true") == 255
    assert len(job.calls) == 1


@pytest.mark.parametrize(("outputs", "code"), [("error: no stack\n", 255), ("{", 0)])
def test_outputs_that_cannot_be_read_fail_the_job(job: Job, outputs: str, code: int) -> None:
    job.engine(outputs, output_code=code)
    assert job.run("true") == (code or 1)
    assert "error: the outputs of the stack cannot be read" in job.log
