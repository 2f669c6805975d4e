"""Runs the commands of a document in one shell and compares what they print with what it shows.

A fence of language ``console`` holds commands after ``$ ``, further lines of one after ``> ``, each
followed by its output. One of language ``bash`` holds a script whose output is not shown. A word
``exit=2`` behind the language says how the last command of the fence ends; else all end with 0.
A line ``...`` of an output stands for any number of lines.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import secrets
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FENCE = re.compile(r"^```(console|bash)(?: +exit=(\d+))? *$")
ELLIPSIS = "..."


class DocumentError(ValueError):
    """A fence that cannot be run: the message begins with its line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command of a document, and what it should do."""

    line: int
    """Where the command stands, counted from 1."""
    command: str
    output: tuple[str, ...] | None
    """Lines as the document shows them; ``None`` if it shows none."""
    code: int = 0
    output_at: int = 0
    """Line at which the output begins, also if it is empty."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a command did."""

    output: tuple[str, ...]
    code: int


def steps(document: str) -> Iterator[Step]:
    """Find the commands of a document, in order.

    Raises:
        DocumentError: A fence does not end, or begins with output.
    """
    lines = document.splitlines()
    number = 0
    while number < len(lines):
        fence = FENCE.match(lines[number])
        number += 1
        if fence is None:
            continue
        end = next((i for i in range(number, len(lines)) if lines[i].startswith("```")), None)
        if end is None:
            raise DocumentError(f"{number}: the fence does not end")
        code = int(fence[2] or 0)
        if fence[1] == "bash":
            script = "\n".join(lines[number:end])
            yield Step(line=number + 1, command=script, output=None, code=code)
        else:
            yield from _console(lines, number, end, code)
        number = end + 1


def _console(lines: list[str], start: int, end: int, code: int) -> Iterator[Step]:
    starts = [i for i in range(start, end) if lines[i].startswith("$ ")]
    if not starts or starts[0] != start:
        raise DocumentError(f"{start + 1}: the fence does not begin with a command")
    for first, following in zip(starts, [*starts[1:], end], strict=True):
        after = first + 1
        while after < following and (lines[after].startswith("> ") or lines[after] == ">"):
            after += 1
        yield Step(
            line=first + 1,
            command="\n".join(line[2:] for line in lines[first:after]),
            output=tuple(lines[after:following]),
            code=code if following == end else 0,
            output_at=after + 1,
        )


class Shell:
    """One bash that keeps its folder and variables from command to command."""

    def __init__(self, folder: Path, variables: Mapping[str, str], script: Path) -> None:
        """Start it.

        Args:
            folder: Where it starts.
            variables: Its whole environment.
            script: A file of its own, for the command that runs.
        """
        self._script = script
        self._process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, command: str) -> Result:
        """Run a command, with nothing on its standard input."""
        self._script.write_text(f"{command}\n", encoding="utf-8")
        mark = f"end-{secrets.token_hex(8)}"
        stdin, stdout = _pipes(self._process)
        stdin.write(f"source '{self._script}' </dev/null\nprintf '\\n%s %s\\n' {mark} $?\n")
        stdin.flush()
        output: list[str] = []
        for line in stdout:
            if line.startswith(mark):
                # The mark's own newline ends a last line that had none; else it made an empty one.
                text = "".join(output).removesuffix("\n")
                return Result(tuple(text.splitlines()), int(line.split()[1]))
            output.append(line)
        return Result(tuple("".join(output).splitlines()), self._process.wait())

    def close(self) -> None:
        """End it, and what it left running in the background."""
        stdin, stdout = _pipes(self._process)
        stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        with contextlib.suppress(ProcessLookupError):  # nothing was left
            os.killpg(self._process.pid, signal.SIGTERM)
        stdout.close()


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout


CHANGING = (
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z| ?[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}( [+-]\d{4})?"), "<time>"),
    (re.compile(r"\b(\d+h)?(\d+m)?\d+(\.\d+)? ?(s|ms|seconds?)\b"), "<duration>"),
    (re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b"), "<id>"),
)
"""What differs from run to run: times, durations, commit ids."""
_SLOW = re.compile(r": still working, <duration> so far$|^@ [a-z]+ [a-z]+\.{2,}$")


def settled(line: str, folder: Path) -> str:
    """Replace what differs from run to run; the folder of the run becomes ``~``."""
    line = line.rstrip().replace(str(folder), "~")
    for pattern, word in CHANGING:
        line = pattern.sub(word, line)
    return line


def difference(step: Step, result: Result, folder: Path) -> str:
    """Return how a result differs from what the document shows; empty if it does not."""
    if result.code != step.code:
        shown = "\n".join(result.output[-40:])
        return f"ended with {result.code}, not {step.code}:\n{shown}"
    if step.output is None:
        return ""
    wanted = _told(step.output, folder)
    got = _told(result.output, folder)
    if _same(wanted, got):
        return ""
    return "\n".join(difflib.unified_diff(wanted, got, "document", "run", lineterm="", n=2))


def _told(lines: Iterable[str], folder: Path) -> list[str]:
    """Return settled lines without those that only a slow machine prints."""
    return [line for each in lines if not _SLOW.search(line := settled(each, folder))]


def _same(wanted: list[str], got: list[str]) -> bool:
    """Compare lines, where an ellipsis stands for any number of them."""
    parts = [part.strip("\n") for part in "\n".join(["", *wanted, ""]).split(f"\n{ELLIPSIS}\n")]
    pattern = r"(?:.*\n)*?".join(re.escape(f"{part}\n") if part else "" for part in parts)
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in got)) is not None


def updated(document: str, results: Mapping[int, Result]) -> str:
    """Return the document with the outputs of a run, by the line of the command.

    An output with an ellipsis stays as it is: a person chose what it shows.
    """
    lines = document.splitlines()
    for step in reversed(list(steps(document))):
        if step.output is None or ELLIPSIS in step.output or step.line not in results:
            continue
        begin = step.output_at - 1
        lines[begin : begin + len(step.output)] = results[step.line].output
    return "\n".join(lines) + "\n"
