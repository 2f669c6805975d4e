"""What the engine would do for a change, and which of its errors fail the job."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from kalypso.ci.console import Console
from kalypso.ci.engine import run_engine_with_events
from kalypso.ci.events import Events
from kalypso.ci.settings import PreviewSettings
from kalypso.errors import Position, Problem
from kalypso.report import (
    EngineReport,
    annotation,
    is_refusal,
    last_lines,
    messages_in,
    steps_in,
    steps_of,
)

_ERROR = "error: "
_PROBLEM = re.compile(r"([^:,]*):(\d+):(\d+): (?:error: )?(.*) \[([a-z-]*)\]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")


class Previewed(msgspec.Struct, frozen=True):
    """What came of the preview; all empty where the engine was not run."""

    code: int = 0
    failed: bool = False
    """Whether the engine ended with an error, also if that fails nothing."""
    interrupted: bool = False
    text: str = ""
    """What it printed."""
    report: EngineReport | None = None


def run_preview(
    settings: PreviewSettings, variables: Mapping[str, str], console: Console
) -> Previewed:
    """Let the engine preview the change, if there is a program for it.

    A refusal to remove more than a run may fails nothing: the comment marks it.
    """
    path = settings.report / "preview.txt"
    path.write_bytes(b"")
    if settings.program is None:
        return Previewed()
    model = f"{settings.model}/"
    setting = "model.base" if settings.of_base else "model.folder"
    shown: list[str] = []

    def show(line: str) -> None:
        """Print a line; places are relative to the model, as everywhere else."""
        if line.startswith(_ERROR):
            line = _ERROR + line.removeprefix(_ERROR).removeprefix(model)
        shown.append(line)
        console.show(line)

    how = ("--diff", "--non-interactive", "--color", "never")
    arguments = ("--stack", settings.environment, *how, "--config", f"{setting}={settings.model}")
    run, events = run_engine_with_events("preview", arguments, settings.program, variables, show)
    text = "".join(shown)
    path.write_text(text, encoding="utf-8", newline="")
    messages = _messages(events, text, model)
    failed = run.code != 0
    code = run.code
    if failed and not run.interrupted:
        code = _judged(run.code, messages, settings.form, console)
    report = EngineReport(
        "\n".join(messages) or last_lines(text), steps_of(events.changes) or steps_in(text)
    )
    return Previewed(code, failed, run.interrupted, text, report)


def _messages(events: Events, text: str, model: str) -> list[str]:
    """Return the messages of errors: those of the events, and what is only in the text.

    Before a preview begins there are no events, only what the command line prints: that the stack
    is locked, or does not exist.
    """
    messages = [message.removeprefix(model) for message in events.errors]
    known = {line.removeprefix(_ERROR) for message in messages for line in message.split("\n")}
    printed = (_COLOUR.sub("", message) for message in messages_in(text))
    return messages + [each for each in printed if each.split("\n")[0].rstrip() not in known]


def _judged(code: int, messages: list[str], form: str, console: Console) -> int:
    """Return the exit code that an engine's error has for the job, and annotate its lines."""
    if messages and all(is_refusal(message) for message in messages):
        start = "::warning title=too-many-removals::" if form == "github" else ""
        console.command(
            f"{start}pulumi up will refuse to remove so much until it is acknowledged:"
            " see the comment"
        )
        return 0
    if form == "github":
        found = (_PROBLEM.fullmatch(message.split("\n")[0]) for message in messages)
        for problem in filter(None, found):
            file, line, column, message, name = problem.groups()
            at = Position(file, int(line), int(column))
            console.command(annotation(Problem(name, message, at)))
    return code
