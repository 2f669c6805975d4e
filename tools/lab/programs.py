"""Programs that run in the background: each with a log, ended by whoever started them.

A folder remembers them, so that another command can look after them later. A process number that
the system gave to somebody else in the meantime is never signalled: the time of birth tells.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.console import Stop

HOST = "127.0.0.1"
_GRACE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1
_LAST_LINES = 15
_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Processes of this command; the system keeps a number until its end was asked for."""


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was started."""

    pid: int
    born: str
    """When the system started it, in its own clock."""

    @property
    def alive(self) -> bool:
        """Whether it runs still."""
        return self.born != "" and _birth(self.pid) == self.born


class Programs:
    """The programs of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.logs = folder, folder / "log"
        self._file, self._ports = folder / "programs.json", folder / "ports.json"
        self.logs.mkdir(parents=True, exist_ok=True)

    def start(
        self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None
    ) -> None:
        """Start a program in a session of its own, unless it runs already."""
        known = self._known()
        if name in known and known[name].alive:
            return
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, env=env, cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        _children[process.pid] = process
        self._remember({**known, name: Running(process.pid, _birth(process.pid))})

    def running(self, name: str) -> bool:
        """Return whether a program runs."""
        found = self._known().get(name)
        return found is not None and found.alive

    def states(self) -> dict[str, bool]:
        """Return for every program that was started whether it runs."""
        return {name: process.alive for name, process in self._known().items()}

    def end(self, *names: str, hard: bool = False) -> None:
        """End programs, the last one first; those that do not end in time are killed.

        Args:
            names: Which ones; all of them if none is given.
            hard: Kill them at once, as a crash does.
        """
        known = self._known()
        ended = [known[name] for name in reversed(names or tuple(known)) if name in known]
        for process in ended:
            _signal(process, signal.SIGKILL if hard else signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for process in ended:
            while process.alive and time.monotonic() < deadline:
                time.sleep(_PAUSE_SECONDS)
            _signal(process, signal.SIGKILL)
        self._remember({name: each for name, each in known.items() if each not in ended})

    def wait(self, ready: Callable[[], bool], what: str, *names: str, seconds: float) -> None:
        """Wait until something is so, as long as the programs that it takes run.

        Raises:
            Stop: A program ended, or starting took too long; with the last lines of their logs.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            dead = [name for name in names if not self.running(name)]
            if dead or time.monotonic() > deadline:
                why = f"{', '.join(dead)} ended" if dead else f"not within {seconds:.0f} seconds"
                raise Stop("\n".join([f"{what}: {why}", *map(self.last_lines, dead or names)]))
            time.sleep(_PAUSE_SECONDS)

    def log(self, name: str) -> Path:
        """Return the log of a program."""
        return self.logs / f"{name}.log"

    def last_lines(self, name: str) -> str:
        """Return the end of a program's log, with the program's name."""
        log = self.log(name)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join([f"  {name} ({log}):", *(f"    {line}" for line in lines[-_LAST_LINES:])])

    def port(self, name: str) -> int:
        """Return the port of something: always the same one in this folder."""
        known: dict[str, int] = _json(self._ports)
        if name not in known:
            known[name] = _free_port(set(known.values()))
            self._ports.write_text(json.dumps(known, indent=2))
        return known[name]

    def _known(self) -> dict[str, Running]:
        return {name: Running(**each) for name, each in _json(self._file).items()}

    def _remember(self, known: Mapping[str, Running]) -> None:
        written = {name: {"pid": each.pid, "born": each.born} for name, each in known.items()}
        scratch = self._file.with_suffix(".new")
        scratch.write_text(json.dumps(written, indent=2))
        scratch.replace(self._file)


def _json(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return found


def _birth(pid: int) -> str:
    """Return when a process was started; nothing if it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    if fields[0] != "Z":
        return fields[19]
    if child := _children.pop(pid, None):
        child.wait()  # whose end nobody asked for yet
    return ""


def _signal(process: Running, number: signal.Signals) -> None:
    if process.alive:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)


def _free_port(taken: set[int]) -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port: int = probe.getsockname()[1]
            if port not in taken:
                return port
