"""The engine is run as a CI job needs it: heard while it runs, and given time to end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kalypso.ci.engine import run_engine, run_engine_with_events
from kalypso.ci.events import Events

ROOT = Path(__file__).resolve().parents[2]
EVENT = '{"diagnosticEvent": {"severity": "error", "message": "boom"}}'
RUNNER = """
import os, sys
from pathlib import Path
from kalypso.ci.engine import run_engine
run = run_engine(["up"], Path.cwd(), os.environ, lambda line: print(line, end="", flush=True))
print(run.code, run.interrupted)
"""


def played(folder: Path, does: str) -> dict[str, str]:
    """Return an environment with a `pulumi` that runs this shell; its events go to `$3`."""
    pulumi = folder / "bin" / "pulumi"
    pulumi.parent.mkdir()
    pulumi.write_text(f"#!/bin/sh\n{does}\n")
    pulumi.chmod(0o755)
    return {**os.environ, "PATH": f"{pulumi.parent}{os.pathsep}{os.environ['PATH']}"}


def preview(folder: Path, does: str) -> tuple[int, str, Events]:
    given = played(folder, does)
    run, events = run_engine_with_events("preview", ["--diff"], folder, given, lambda _: None)
    return run.code, run.text, events


def test_events_are_read_beside_the_text(tmp_path: Path) -> None:
    does = f'echo \'{EVENT}\' >"$3"; echo out; echo err >&2; echo "$1 $2 $4"; exit 255'
    assert preview(tmp_path, does) == (
        255, "out\nerr\npreview --event-log --diff\n", Events(("boom",))
    )  # fmt: skip


def test_the_engine_is_asked_to_know_the_event_log(tmp_path: Path) -> None:
    assert preview(tmp_path, 'echo "$PULUMI_DEBUG_COMMANDS"')[1] == "true\n"


def test_an_engine_that_never_began_has_no_events(tmp_path: Path) -> None:
    does = "echo 'error: no stack named dev' >&2; exit 1"
    assert preview(tmp_path, does) == (1, "error: no stack named dev\n", Events())


def test_what_an_engine_said_before_it_was_killed_is_kept(tmp_path: Path) -> None:
    does = f"printf '%s\\n{{\"diagnosticEv' '{EVENT}' >\"$3\"; echo began; kill -KILL $$"
    assert preview(tmp_path, does) == (137, "began\n", Events(("boom",)))


def test_no_engine_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    run = run_engine(["up"], tmp_path, {"PATH": str(tmp_path)}, lambda _: None)
    assert run.code == 127
    assert run.text.startswith("error: pulumi cannot be started: ")


def test_no_program_folder_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    given = played(tmp_path, "echo no")
    run = run_engine(["up"], tmp_path / "none", given, lambda _: None)
    assert run.code == 127
    assert str(tmp_path / "none") in run.text


def test_events_are_kept_nowhere(tmp_path: Path) -> None:
    does = 'echo "{}" >"$3"; echo "$3"; ls -ld "$(dirname "$3")"'
    _, text, _ = preview(tmp_path, does)
    log, listed = text.splitlines()
    assert listed.startswith("drwx------")
    assert not Path(log).parent.exists()


def test_bytes_and_carriage_returns_stay_in_their_line(tmp_path: Path) -> None:
    lines: list[str] = []
    given = played(tmp_path, "printf 'a\\rerror: b\\n\\377\\nend'")
    run_engine(["up"], tmp_path, given, lines.append)
    assert lines == ["a\rerror: b\n", "\N{REPLACEMENT CHARACTER}\n", "end"]


def test_a_line_is_shown_while_the_engine_runs(tmp_path: Path) -> None:
    shown: list[bool] = []
    done = tmp_path / "done"
    given = played(tmp_path, f"echo a; while ! [ -e {done} ]; do sleep 0.01; done")

    def show(_: str) -> None:
        shown.append(done.exists())
        done.touch()

    assert run_engine(["up"], tmp_path, given, show).code == 0
    assert shown == [False]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["term", "int"]
)
def test_a_run_that_is_cancelled_lets_the_engine_end_once(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    name = number.name.removeprefix("SIG")
    does = (
        f"trap 'echo cancelling; sleep 0.2; echo saved; exit 0' {name}\n"
        "echo began; while :; do sleep 0.05; done"
    )
    given = {**played(tmp_path, does), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER], cwd=tmp_path, env=given,
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.readline() == "began\n"
        time.sleep(0.1)
        os.killpg(process.pid, number)  # all of the job's group get it, as from a runner
        rest = process.stdout.read()
    assert rest == f"cancelling\nsaved\n{code} True\n"
