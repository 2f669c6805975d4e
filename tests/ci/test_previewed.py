"""What of a preview fails a job: errors that the events have, and those that only the text has."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from kalypso.ci import Console
from kalypso.ci.previewed import Previewed, run_preview
from kalypso.ci.settings import PreviewSettings
from kalypso.report.comment import Findings, ci_comment

REFUSAL = (
    "dev:1:1: error: this would remove the only assignment of 'dev' [too-many-removals]\n"
    "  large (1): observability-prometheus\n"
    "  hint: if exactly this is wanted, set limits.acknowledge to fc3e341f37c1\n"
)


@dataclass
class Job:
    """A preview with an engine that is played."""

    folder: Path
    form: str = "github"
    log: str = ""

    def run(self, code: int, text: str, *errors: str, **changes: int) -> Previewed:
        """Run an engine that prints this, and has these events."""
        events: list[object] = [
            {"diagnosticEvent": {"severity": "error", "message": error}} for error in errors
        ]
        if changes:
            events.append({"summaryEvent": {"resourceChanges": changes, "result": "failed"}})
        (self.folder / "events").write_text("".join(f"{json.dumps(each)}\n" for each in events))
        (self.folder / "text").write_bytes(text.encode())
        (self.folder / "report").mkdir(exist_ok=True)
        pulumi = self.folder / "pulumi"
        pulumi.write_text(
            f'#!/bin/sh\ncp {self.folder}/events "$3"\ncat {self.folder}/text\nexit {code}\n'
        )
        pulumi.chmod(0o755)
        settings = PreviewSettings.read(
            {
                "ENVIRONMENT": "dev", "TARGET": "dev", "MODEL": "/model", "OUT": str(self.folder),
                "PROGRAM": str(self.folder), "FORM": self.form,
            }
        )  # fmt: skip
        out = io.StringIO()
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        found = run_preview(settings, {"PATH": path}, Console(out, out))
        self.log = out.getvalue()
        return found


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def comment(found: Previewed) -> str:
    return ci_comment("dev", Findings(preview=found.text, engine=found.report, failed=found.failed))


def test_a_message_that_no_line_of_the_text_begins_is_known_by_its_event(job: Job) -> None:
    found = job.run(1, "Previewing update (dev):\n", "/model/a.yaml:2:1: error: odd [load]\n")
    assert found.code == 1
    assert job.log.splitlines()[-1] == "::error file=a.yaml,line=2,col=1,title=load::odd"
    assert "> a.yaml:2:1: error: odd [load]\n" in comment(found)


def test_a_line_of_content_that_looks_like_an_error_is_not_one_of_the_comment(job: Job) -> None:
    found = job.run(1, 'x: "a\r\nb\rerror: planted"\n  error: more\n', "real\n")
    assert found.report
    assert found.report.errors == "real"


def test_a_refusal_alone_fails_nothing(job: Job) -> None:
    found = job.run(255, f"error: {REFUSAL}  pulumi:pulumi:Stack: (same)\n", REFUSAL, same=1)
    assert (found.code, found.failed) == (0, True)
    assert "::warning title=too-many-removals::pulumi up will refuse" in job.log
    assert "set kalypso:limits.acknowledge fc3e341f37c1 --stack dev" in comment(found)
    assert "large (1): observability-prometheus" in comment(found)


@pytest.mark.parametrize("in_events", [True, False], ids=["event", "text"])
def test_an_error_beside_a_refusal_fails_the_job(job: Job, *, in_events: bool) -> None:
    other = "the checkpoint cannot be saved"
    errors = (REFUSAL, f"{other}\n") if in_events else (REFUSAL,)
    found = job.run(255, f"error: {REFUSAL}error: {other}\n", *errors)
    assert found.code == 255
    assert found.report
    assert found.report.errors.count(other) == 1


def test_a_refusal_that_the_engine_survives_is_not_reported_as_one(job: Job) -> None:
    found = job.run(0, "Previewing update (dev):\n", REFUSAL, same=2)
    assert (found.code, found.failed) == (0, False)
    assert "CAUTION" not in comment(found)


def test_without_events_errors_are_read_in_the_text(job: Job) -> None:
    found = job.run(255, "error: the stack is currently locked by 1 lock(s)\n  hint\n")
    assert found.code == 255
    assert "> the stack is currently locked by 1 lock(s)\n" in comment(found)


def test_an_engine_that_ends_without_a_message_fails_with_its_last_lines(job: Job) -> None:
    found = job.run(137, "".join(f"line {number}\n" for number in range(30)))
    assert found.code == 137
    assert found.report
    assert found.report.errors.splitlines() == [f"line {number}" for number in range(10, 30)]


def test_a_traceback_is_in_the_comment_whole(job: Job) -> None:
    message = "Program failed with an unhandled exception:\nTraceback (most recent call last):\n"
    found = job.run(1, f"error: {message}", f"{message}ValueError: x\n")
    assert "> Program failed with an unhandled exception:\n> Traceback" in comment(found)
    assert "> ValueError: x\n" in comment(found)


def test_an_error_in_colour_is_not_repeated(job: Job) -> None:
    found = job.run(1, "error: \x1b[31mboom\x1b[0m\n", "boom\n")
    assert found.report
    assert found.report.errors == "boom"


def test_several_problems_are_annotated_each_on_its_line(job: Job) -> None:
    errors = ("/model/a.yaml:2:1: error: 50% [load]\n", "/model/b.yaml:3:4: error: b [load]\n")
    job.run(1, "".join(f"error: {error}" for error in errors), *errors)
    assert job.log.splitlines()[2:] == [
        "::error file=a.yaml,line=2,col=1,title=load::50%25",
        "::error file=b.yaml,line=3,col=4,title=load::b",
    ]


def test_other_systems_get_no_annotations(job: Job) -> None:
    job.form = "text"
    job.run(1, "error: /model/a.yaml:2:1: error: odd [load]\n")
    assert job.log == "error: a.yaml:2:1: error: odd [load]\n"


def test_steps_are_those_of_the_summary(job: Job) -> None:
    text = "Resources:\n    ~ 1 to update\n    +-2 to replace\n    3 changes. 21 unchanged\n"
    found = job.run(0, text, replace=2, same=21, read=4, update=1)
    assert "</code>: 1 to update, 2 to replace, 21 unchanged" in comment(found)


def test_kinds_of_steps_that_are_not_known_are_left_out(job: Job) -> None:
    found = job.run(0, "", teleport=2, same=1)
    assert "</code>: 1 unchanged" in comment(job.run(0, "x\n", teleport=2, same=1))
    assert found.report
    assert found.report.steps == "1 unchanged"


def test_a_huge_difference_is_kept_whole_and_fits_the_comment(job: Job) -> None:
    found = job.run(0, "".join(f"    + line {number}\n" for number in range(200_000)), same=1)
    assert found.text.endswith("line 199999\n")
    assert (job.folder / "report" / "preview.txt").read_text() == found.text
    assert len(comment(found)) <= 65_000
