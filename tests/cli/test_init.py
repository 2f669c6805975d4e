"""`kalypso init` and `kalypso environment add`, as a user types them in a terminal."""

from __future__ import annotations

import os
import pty
import select
import sys
from pathlib import Path

import pytest

from tests.cli.command import run

QUESTIONS = [
    "Environments, in the order in which changes go",
    "Where the repositories are",
    "First part of the repositories' names",
    "Names as in the",
    "First cluster types",
]
PROGRAM = "from kalypso.cli import main; main()"


class Terminal:
    """A `kalypso` that runs in a pseudo-terminal."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        self.shown = ""
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child
            os.chdir(folder)
            os.execv(sys.executable, [sys.executable, "-c", PROGRAM, *arguments])  # noqa: S606 - no shell is wanted

    def wait_for(self, words: str) -> None:
        while words not in self.shown:
            piece = self._read()
            assert piece, f"it ended before {words!r}: {self.shown}"

    def type(self, text: str) -> None:
        os.write(self.terminal, text.encode())

    def end(self) -> int:
        while self._read():
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.terminal)  # earlier, it would hang up on a program that is still ending
        return code

    def _read(self) -> str:
        ready, _, _ = select.select([self.terminal], [], [], 120)
        try:
            piece = os.read(self.terminal, 4096).decode() if ready else ""
        except OSError:  # the other side is closed
            piece = ""
        self.shown += piece
        return piece


def test_every_question_has_an_answer_that_return_takes(tmp_path: Path) -> None:
    terminal = Terminal("init", "acme", folder=tmp_path)
    for question in QUESTIONS:
        terminal.wait_for(question)
        terminal.type("\r")
    assert terminal.end() == 0
    assert "began platform in acme: environments dev, stage" in terminal.shown
    assert run(["get", "cluster-types", "-e", "dev", "-o", "name"], tmp_path / "acme").out == (
        "large\nsmall\n"
    )


@pytest.mark.parametrize("answered", range(len(QUESTIONS)))
def test_an_interrupt_at_any_question_leaves_nothing_behind(tmp_path: Path, answered: int) -> None:
    terminal = Terminal("init", "acme", folder=tmp_path)
    for question in QUESTIONS[:answered]:
        terminal.wait_for(question)
        terminal.type("\r")
    terminal.wait_for(QUESTIONS[answered])
    terminal.type("\x03")
    assert terminal.end() == 130
    assert "interrupted" in terminal.shown
    assert list(tmp_path.iterdir()) == []


def test_options_ask_nothing_and_a_third_environment_is_added(tmp_path: Path) -> None:
    begun = run(["init", "acme", "--yes", "--environments", "dev,live"], tmp_path)
    assert (begun.code, begun.err) == (0, "")
    assert "kalypso validate -e dev" in begun.out
    added = run(["environment", "add", "prod"], tmp_path / "acme")
    assert (added.code, added.err) == (0, "")
    assert "added prod, as a copy of live" in added.out
    assert run(["validate", "-e", "prod"], tmp_path / "acme").code == 0


def test_a_wrong_answer_is_an_error_and_not_a_traceback(tmp_path: Path) -> None:
    result = run(["init", "acme", "--yes", "--cluster-types", "a:helm"], tmp_path)
    assert result.code == 2
    assert "there is no reconciler 'helm' [option]" in result.err
    assert "use flux or argocd" in result.err


def test_an_environment_needs_a_platform(tmp_path: Path) -> None:
    result = run(["environment", "add", "prod"], tmp_path)
    assert result.code == 2
    assert "there is no platform in this folder [no-stack]" in result.err
    assert "`kalypso init DIR` begins one" in result.err
