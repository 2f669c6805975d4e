"""Running the Pulumi engine: its text goes to the log as it comes, its events are read at the end.

`--event-log` has the events beside the text; `--json` has them in its place. See ADR 13.
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

import msgspec

from kalypso.ci.events import Events, read_events
from kalypso.ci.programs import SIGNALLED, decoded, exit_code

_NOT_FOUND = 127
"""What a shell ends with if there is no such program."""
_DEBUG_COMMANDS = "PULUMI_DEBUG_COMMANDS"
"""Without it the engine does not know `--event-log`; Pulumi's Automation API sets it too."""
_FORWARDED = (signal.SIGINT, signal.SIGTERM)


class EngineRun(msgspec.Struct, frozen=True):
    """What came of the engine."""

    code: int
    text: str
    """All that it printed, standard error among standard output."""
    interrupted: bool = False
    """Whether this process was asked to end, and passed that on to the engine."""


def run_engine(
    arguments: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    show: Callable[[str], None],
) -> EngineRun:
    """Run the engine until it ends; nothing is read from what it says.

    Args:
        arguments: Of `pulumi`.
        folder: Checkout of the program.
        variables: The engine's environment.
        show: Called with each line as it is printed.
    """
    return _run(["pulumi", *arguments], folder, variables, show)


def run_engine_with_events(
    command: str,
    arguments: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    show: Callable[[str], None],
) -> tuple[EngineRun, Events]:
    """Run the engine until it ends, and read its events; none if it did not get that far.

    Args:
        command: Of `pulumi`.
        arguments: Of the command.
        folder: Checkout of the program.
        variables: The engine's environment.
        show: Called with each line as it is printed.
    """
    # The events hold all content of the resources, so they are kept from what the job uploads.
    with tempfile.TemporaryDirectory(prefix="kalypso-") as private:
        log = Path(private) / "events.json"
        given = ["pulumi", command, "--event-log", str(log), *arguments]
        run = _run(given, folder, {**variables, _DEBUG_COMMANDS: "true"}, show)
        if not log.exists():  # the engine makes it when it has read the stack's state
            return run, Events()
        with log.open("rb") as lines:
            return run, read_events(lines)


def _run(
    command: Sequence[str],
    folder: Path,
    variables: Mapping[str, str],
    show: Callable[[str], None],
) -> EngineRun:
    printed: list[str] = []
    received: list[int] = []

    def take(line: str) -> None:
        printed.append(line)
        show(line)

    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # A second signal makes the engine drop what it does. In a group of its own it gets only
            # the one that is passed on, also where all of this group get one.
            process_group=0,
        )
    except OSError as error:
        take(f"error: {command[0]} cannot be started: {error.strerror} ({error.filename})\n")
        return EngineRun(_NOT_FOUND, "".join(printed))
    with process, _passed_on(process, received):
        for line in process.stdout or ():
            take(decoded(line))
        code = exit_code(process.wait())
    if received:
        return EngineRun(SIGNALLED + received[0], "".join(printed), interrupted=True)
    return EngineRun(code, "".join(printed))


@contextmanager
def _passed_on(process: subprocess.Popen[bytes], received: list[int]) -> Iterator[None]:
    """Pass signals that ask this process to end on to another one, which then has time to end."""

    def pass_on(number: int, _: FrameType | None) -> None:
        received.append(number)
        with suppress(ProcessLookupError):
            process.send_signal(number)

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is given signals
        return
    before = {number: signal.signal(number, pass_on) for number in _FORWARDED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
