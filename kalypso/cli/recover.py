"""`kalypso recover`: what a killed `pulumi up` leaves behind is put away.

The engine leaves two things: a lock, and a note of the creations that it does not know
the end of. A lock is removed only if it was made on this machine and its process is
dead. The notes are removed because creating any of our resources again gives the same.
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

import click

from kalypso.errors import Position, SettingsError

_PROJECT = "kalypso"
_OURS = "kalypso:"


@click.command()
@click.option("--stack", "-s", default="", help="Only this stack; all of the project without it.")
@click.option(
    "--backend",
    envvar="PULUMI_BACKEND_URL",
    default="",
    help="Where the state is: a file:// address.  [default: PULUMI_BACKEND_URL]",
)
def command(stack: str, backend: str) -> None:
    """Put away what an interrupted `pulumi up` has left: its lock and its open notes."""
    folder = _state_folder(backend)
    told = [*_free_locks(folder, stack), *_clear_notes(folder, stack)]
    for line in told:
        click.echo(line)
    if not told:
        click.echo("nothing to recover")


def _state_folder(backend: str) -> Path:
    parts = urlsplit(backend)
    if parts.scheme != "file":
        raise SettingsError(
            "recover works on state in a folder, and PULUMI_BACKEND_URL names none",
            hint="activate the environment with `source .kalypso/env`; for another backend "
            "use `pulumi cancel` and `pulumi refresh --clear-pending-creates`",
            code="no-backend",
        )
    return Path(unquote(parts.netloc + parts.path)).expanduser() / ".pulumi"


def _free_locks(folder: Path, stack: str) -> Iterator[str]:
    pattern = f"organization/{_PROJECT}/{stack or '*'}/*.json"
    for path in sorted((folder / "locks").glob(pattern)):
        name = path.parent.name
        holder = _holder(path)
        if holder is None:
            yield f"{name}: left the lock {path}, which cannot be read; remove it by hand"
            continue
        host, process = holder
        if host != socket.gethostname():
            yield f"{name}: left the lock of process {process} on {host}, which is another machine"
        elif _is_alive(process):
            yield f"{name}: left the lock of process {process}, which is running"
        else:
            path.unlink(missing_ok=True)
            yield f"{name}: removed the lock of process {process}, which is dead"


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


def _clear_notes(folder: Path, stack: str) -> Iterator[str]:
    for path in sorted((folder / "stacks" / _PROJECT).glob(f"{stack or '*'}.json")):
        if any((folder / "locks").glob(f"organization/{_PROJECT}/{path.stem}/*.json")):
            continue  # somebody works on it
        state = _state(path)
        latest = state.get("checkpoint", {}).get("latest") or {}
        notes = latest.get("pending_operations") or []
        open_notes = [note for note in notes if not _may_be_forgotten(note)]
        if len(open_notes) == len(notes):
            continue
        latest["pending_operations"] = open_notes
        scratch = path.with_suffix(".new")
        scratch.write_text(json.dumps(state, indent=4))
        scratch.replace(path)
        forgotten = len(notes) - len(open_notes)
        yield f"{path.stem}: cleared {forgotten} unfinished creations; the next run repeats them"


def _state(path: Path) -> dict[str, Any]:
    try:
        state = json.loads(path.read_text())
    except ValueError as error:
        backup = path.with_suffix(".json.bak")
        hint = f"the state before it is in {backup}: copy it over the damaged file"
        raise SettingsError(
            f"the state of the stack {path.stem} is damaged: {error}",
            Position(str(path)),
            hint if backup.exists() else "import an older one with `pulumi stack import`",
            code="damaged-state",
        ) from error
    return state if isinstance(state, dict) else {}


def _may_be_forgotten(note: Mapping[str, object]) -> bool:
    resource = note.get("resource")
    kind = resource.get("type") if isinstance(resource, dict) else ""
    return note.get("type") == "creating" and str(kind).startswith(_OURS)
