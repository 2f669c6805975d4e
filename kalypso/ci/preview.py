"""The step that shows what a change of the model does to one environment, before it is merged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from kalypso.ci.checked import check_model
from kalypso.ci.compared import Compared, compare
from kalypso.ci.console import Console
from kalypso.ci.previewed import Previewed, run_preview
from kalypso.ci.settings import PreviewSettings, concerns
from kalypso.errors import KalypsoError, Position, SettingsError
from kalypso.git import merge_base
from kalypso.model import LONGEST_COMMENT, LONGEST_SUMMARY
from kalypso.report import Findings, ci_comment

_UNUSABLE = 2


class _Run(msgspec.Struct, frozen=True):
    settings: PreviewSettings
    variables: Mapping[str, str]
    console: Console


def preview(variables: Mapping[str, str], console: Console) -> int:
    """Check the model, compare it, let the engine preview it, and write what a comment says.

    Returns:
        0 if the model is good, also if more is removed than a run may: that is marked in the
        comment, and `pulumi up` refuses it until somebody acknowledges it.
    """
    if not concerns(variables, console):
        return 0
    settings = PreviewSettings.read(variables)
    _make(settings.report)
    run = _Run(settings, variables, console)
    start = _start(run)
    if not start:
        return _UNUSABLE
    checked = check_model(settings, variables, start, console)
    if checked.code:
        _write(settings, Findings(problems=checked.problems))
        return checked.code
    compared = compare(settings, variables, start, console)
    previewed = run_preview(settings, variables, console)
    if previewed.interrupted:
        return previewed.code
    _write(settings, _findings(compared, previewed), _findings(compared, previewed, whole=True))
    return compared.code or previewed.code


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"results cannot be written here: {error.strerror}"
        raise SettingsError(message, Position(str(folder))) from None


def _start(run: _Run) -> str:
    """Return what the change began with: its branch may have gone on since; empty if unknown."""
    settings, branch = run.settings, f"origin/{run.settings.target}"
    try:
        start = merge_base(settings.model, branch, "HEAD")
    except KalypsoError as error:
        run.console.show_error(f"{error}\n")
        start = None
    if not start:
        run.console.show_error(
            f"{settings.model} and {branch} have no common commit here: fetch the history of both\n"
        )
    return start or ""


def _findings(compared: Compared, previewed: Previewed, *, whole: bool = False) -> Findings:
    """Return what was found; whole for the summary, which is longer than a comment."""
    return Findings(
        difference=compared.whole if whole else compared.difference,
        checked=compared.checked,
        uncompared=compared.uncompared,
        preview=previewed.text,
        engine=previewed.report,
        failed=previewed.failed,
    )


def _write(settings: PreviewSettings, short: Findings, long: Findings | None = None) -> None:
    """Write the comment and the summary."""
    for name, found, longest in (
        ("comment.md", short, LONGEST_COMMENT),
        ("summary.md", long or short, LONGEST_SUMMARY if long else LONGEST_COMMENT),
    ):
        text = ci_comment(settings.environment, settings.located(found), longest)
        (settings.out / name).write_text(f"{text}\n", encoding="utf-8", newline="\n")
