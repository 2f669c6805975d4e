"""Comparing the model of a change with that which it began with."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kalypso.ci.console import Console
from kalypso.ci.programs import run_kalypso
from kalypso.ci.settings import PreviewSettings
from kalypso.model import LONGEST_COMMENT

_LONGEST = LONGEST_COMMENT - 20_000
"""Characters of the difference in a comment; what the engine printed needs room too."""
_BROKEN = 2


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What `kalypso diff` found."""

    code: int
    difference: str = ""
    """For the comment; empty if there is no comparison."""
    whole: str = ""
    """The same at greater length, for the summary."""
    checked: str
    """Its standard error: among warnings, the refusal to remove more than a run may."""
    uncompared: str = ""
    """Why there is no comparison."""


def compare(
    settings: PreviewSettings, variables: Mapping[str, str], start: str, console: Console
) -> Compared:
    """Compare, and write everything that differs into the report.

    Args:
        settings: What the preview is of.
        variables: Environment of the programs.
        start: Commit that the change began with.
        console: The job's log.
    """
    before = ("--base-from" if settings.of_base else "--from", start)
    how = ("--check", "--output", "markdown", "--longest", str(_LONGEST))
    report = ("--report", str(settings.report))
    done = run_kalypso(
        "diff", *settings.inputs, *before, *how, *report,
        folder=settings.model, variables=variables,
    )  # fmt: skip
    path = settings.report / "check.txt"
    path.write_text(done.err, encoding="utf-8", newline="")
    if done.out:
        # 1 says that something differs, 2 that more is removed than a run may.
        whole = (settings.report / "diff.md").read_text(encoding="utf-8", errors="replace")
        return Compared(code=0, difference=done.out, whole=whole, checked=done.err)
    console.show_error(done.err)
    # 2 says that the branch as it is has errors. The change fixes them: validate has found none.
    code = 0 if done.code == _BROKEN else done.code
    return Compared(code=code, checked=done.err, uncompared=done.err)
