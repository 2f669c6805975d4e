"""Checking the model of a change: its problems in the log, and all of them for the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from kalypso.ci.console import Console
from kalypso.ci.programs import run_kalypso
from kalypso.ci.settings import PreviewSettings
from kalypso.git import changes_between
from kalypso.report import annotation_start


class Checked(msgspec.Struct, frozen=True):
    """What `kalypso validate` said."""

    code: int
    problems: str
    """As text, whatever form the log has."""


def check_model(
    settings: PreviewSettings, variables: Mapping[str, str], start: str, console: Console
) -> Checked:
    """Check the model, and print its problems in the form that was asked for.

    Args:
        settings: What the preview is of.
        variables: Environment of the programs.
        start: Commit that the change began with.
        console: The job's log.
    """
    path = settings.report / "problems.txt"
    path.unlink(missing_ok=True)
    done = run_kalypso(
        "validate", *settings.inputs, "--output", settings.form, "--report", str(settings.report),
        folder=settings.model, variables=variables,
    )  # fmt: skip
    if settings.form == "github":
        for line in _annotations(settings, start, done.out):
            console.command(line)
    else:
        console.show(done.out)
    console.show_error(done.err)
    # There is none where the model cannot be read at all; the log of errors says why.
    written = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    problems = written + done.err
    path.write_text(problems, encoding="utf-8", newline="")
    return Checked(done.code, problems)


def _annotations(settings: PreviewSettings, start: str, printed: str) -> Iterator[str]:
    """Yield all errors, and what looks wrong where something was changed; the report has all."""
    lines = printed.splitlines()
    changed = changes_between(settings.model, start, "HEAD")
    marks = tuple(annotation_start("warning", path) for path in changed)
    yield from (line for line in lines if line.startswith("::error "))
    yield from (line for line in lines if line.startswith(marks))
