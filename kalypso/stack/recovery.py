"""Cleans up what a killed `pulumi up` leaves behind in a state that is kept in a folder.

The engine leaves a lock, and a note of the creations whose end it does not know; and if it was
killed while it wrote its state, half a file. A lock is removed only if it was made on this machine
and its process is dead. The notes are removed, and the state before the half one is restored,
because creating any of Kalypso's resources again gives the same.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from kalypso.errors import Position, SettingsError
from kalypso.git import expanded

_OWN_TYPES = "kalypso:"
"""What the types of Kalypso's resources begin with."""


def state_folder(backend: str) -> Path:
    """Return the folder that a backend keeps its state in.

    Args:
        backend: A ``file://`` address, as ``PULUMI_BACKEND_URL`` holds it.

    Raises:
        SettingsError: The backend is not a folder.
    """
    parts = urlsplit(backend)
    if parts.scheme != "file":
        raise SettingsError(
            "recover works on state in a folder, and PULUMI_BACKEND_URL names none",
            hint="activate the environment with `source .kalypso/env`; for another backend "
            "use `pulumi cancel` and `pulumi refresh --clear-pending-creates`",
            code="no-backend",
        )
    return expanded(Path(unquote(parts.netloc + parts.path))) / ".pulumi"


class KeptState(msgspec.Struct, frozen=True):
    """The state of a project in a folder."""

    folder: Path
    """As :func:`state_folder` gives it."""
    project: str

    @property
    def states(self) -> Path:
        """Where the state of each stack is."""
        return self.folder / "stacks" / self.project

    @property
    def locks(self) -> Path:
        """Where the locks of each stack are."""
        return self.folder / "locks" / "organization" / self.project


def recover(kept: KeptState, stack: str = "") -> list[str]:
    """Clean up what interrupted runs left behind.

    Args:
        kept: The state of the project.
        stack: Only this stack; empty means all of the project.

    Returns:
        A sentence for each thing that was done, or left alone and why.

    Raises:
        SettingsError: The state of a stack is damaged, and so is its backup.
    """
    messages: list[str] = []
    for name in _stacks(kept, stack):
        messages += _free_locks(kept, name)
        if not list(_locks(kept, name)):  # else somebody works on it
            messages += [*_take_backup(kept, name), *_clear_notes(kept, name)]
    return messages


def _stacks(kept: KeptState, stack: str) -> list[str]:
    if stack:
        return [stack]
    states = {path.stem for path in kept.states.glob("*.json")}
    locked = {path.name for path in kept.locks.glob("*")}
    return sorted(states | locked)


def _locks(kept: KeptState, stack: str) -> Iterator[Path]:
    return (kept.locks / stack).glob("*.json")


def _state_file(kept: KeptState, stack: str) -> Path:
    return kept.states / f"{stack}.json"


def _free_locks(kept: KeptState, stack: str) -> list[str]:
    messages: list[str] = []
    for path in sorted(_locks(kept, stack)):
        holder = _holder(path)
        if holder is None:
            messages.append(
                f"{stack}: left the lock {path}, which cannot be read; remove it by hand"
            )
            continue
        host, process = holder
        if host != socket.gethostname():
            messages.append(
                f"{stack}: left the lock of process {process} on {host}, which is another machine"
            )
        elif _is_alive(process):
            messages.append(f"{stack}: left the lock of process {process}, which is running")
        else:
            state, backup = _state_file(kept, stack), _backup(kept, stack)
            if not state.exists() and backup.exists():  # killed between the two
                backup.replace(state)
            path.unlink(missing_ok=True)
            _attributes(path).unlink(missing_ok=True)
            messages.append(f"{stack}: removed the lock of process {process}, which is dead")
    return messages


def _backup(kept: KeptState, stack: str) -> Path:
    return _state_file(kept, stack).with_suffix(".json.bak")


def _attributes(path: Path) -> Path:
    """Return the file in which the backend keeps the type and digest of another file."""
    return path.with_name(f"{path.name}.attrs")


def _take_backup(kept: KeptState, stack: str) -> Iterator[str]:
    state, backup = _state_file(kept, stack), _backup(kept, stack)
    for path in (state, backup):
        beside = _attributes(path)
        if beside.exists() and not _is_whole(beside):
            beside.unlink()  # the backend does without; half of one it cannot read
            yield f"{stack}: removed {beside.name}, whose writing was cut short"
    if not state.exists() or _is_whole(state) or not _is_whole(backup):
        return
    damaged = state.with_suffix(".damaged")
    state.replace(damaged)
    _attributes(state).unlink(missing_ok=True)  # it tells of the file that was there
    state.write_bytes(backup.read_bytes())
    yield f"{stack}: took the state before the last write, which was cut short: {damaged.name}"


def _is_whole(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_text()), dict)
    except (OSError, ValueError):
        return False


def _holder(path: Path) -> tuple[str, int] | None:
    try:
        lock = json.loads(path.read_text())
        return str(lock["hostname"]), int(lock["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A number is used again after a while, so the process must be an engine's.
    command = ["ps", "-p", str(process), "-o", "comm="]
    seen = subprocess.run(command, capture_output=True, text=True, check=False)
    return seen.returncode != 0 or "pulumi" in seen.stdout


def _clear_notes(kept: KeptState, stack: str) -> Iterator[str]:
    path = _state_file(kept, stack)
    if not path.exists():
        return
    state = _state(path)
    latest = state.get("checkpoint", {}).get("latest") or {}
    notes = latest.get("pending_operations") or []
    remaining = [note for note in notes if not _may_be_forgotten(note)]
    if len(remaining) == len(notes):
        return
    latest["pending_operations"] = remaining
    scratch = path.with_suffix(".new")
    scratch.write_text(json.dumps(state, indent=4))
    scratch.replace(path)
    _attributes(path).unlink(missing_ok=True)
    forgotten = len(notes) - len(remaining)
    yield f"{stack}: cleared {forgotten} unfinished creations; the next run repeats them"


def _state(path: Path) -> dict[str, Any]:
    try:
        state = json.loads(path.read_text())
    except ValueError as error:
        raise SettingsError(
            f"the state of the stack {path.stem} is damaged, and so is its backup: {error}",
            Position(str(path)),
            "import an older one with `pulumi stack import`, or move the file away and run "
            "`pulumi up`, which takes over what is there",
            code="damaged-state",
        ) from error
    return state if isinstance(state, dict) else {}


def _may_be_forgotten(note: Mapping[str, object]) -> bool:
    resource = note.get("resource")
    kind = resource.get("type") if isinstance(resource, dict) else ""
    return note.get("type") == "creating" and str(kind).startswith(_OWN_TYPES)
