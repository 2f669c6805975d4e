"""Running a renderer on files of others: no network, no settings of the user, bounds on everything.

Charts and kustomizations come from an application's repository. What renders them gets a folder
with plain files of it and an environment that leads nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

SECONDS = 60.0
"""How long rendering one target may take."""
MOST_PRINTED = 16 << 20
"""Bytes of manifests of one target."""
_MEMORY = 4 << 30
"""Bytes of address space."""
_CHUNK = 1 << 16
_NOWHERE = "http://127.0.0.1:9"
"""The port that discards: a proxy that nobody listens at."""


class Overrun(Exception):
    """A program took too long, or printed too much; says which."""


class Ended(msgspec.Struct, frozen=True):
    """What a program printed, and how it ended."""

    code: int
    out: str
    err: str


def run_program(
    arguments: Sequence[str],
    folder: Path,
    home: Path,
    *,
    seconds: float = SECONDS,
    most: int = MOST_PRINTED,
) -> Ended:
    """Run a renderer.

    Args:
        arguments: The program by its path, and its arguments.
        folder: Where it runs.
        home: An empty folder that it takes for the user's.
        seconds: How long it may take.
        most: Bytes that it may print.

    Raises:
        Overrun: The program took longer, or printed more.
    """
    process = subprocess.Popen(
        list(arguments),
        cwd=folder,
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with contextlib.suppress(OSError, AttributeError, ProcessLookupError):  # Linux has it
        resource.prlimit(process.pid, resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        out, err = _printed(process, most, seconds)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()
    return Ended(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


def program_named(*names: str) -> str | None:
    """Return the path of the first of these programs that is installed; None without any."""
    return next((path for name in names if (path := shutil.which(name))), None)


def _environment(home: Path) -> Mapping[str, str]:
    folders = {f"HELM_{kind}_HOME": str(home / kind) for kind in ("CACHE", "CONFIG", "DATA")}
    proxies = {
        name: _NOWHERE for each in ("http_proxy", "https_proxy") for name in (each, each.upper())
    }
    return {
        **folders,
        **proxies,
        "HELM_PLUGINS": str(home / "plugins"),
        "HOME": str(home),
        "KUBECONFIG": os.devnull,
        "LC_ALL": "C.UTF-8",
        "PATH": str(home),  # so that it starts no other program, such as git
        "TMPDIR": str(home),
        "XDG_CONFIG_HOME": str(home),
    }


def _printed(process: subprocess.Popen[bytes], most: int, seconds: float) -> tuple[bytes, bytes]:
    deadline = time.monotonic() + seconds
    found: dict[int, bytearray] = {}
    with selectors.DefaultSelector() as streams:
        for stream in (process.stdout, process.stderr):
            assert stream is not None  # noqa: S101 - it was asked for
            found[stream.fileno()] = bytearray()
            streams.register(stream, selectors.EVENT_READ)
        out, err = found.values()
        while streams.get_map():
            ready = streams.select(max(0.0, deadline - time.monotonic()))
            if not ready:
                raise Overrun(f"it takes more than {seconds:g} s")
            for key, _ in ready:
                chunk = os.read(key.fd, _CHUNK)
                found[key.fd] += chunk
                if not chunk:
                    streams.unregister(key.fileobj)
            if len(out) + len(err) > most:
                raise Overrun(f"it prints more than {most // 2**20} MiB")
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            raise Overrun(f"it takes more than {seconds:g} s") from None
    return bytes(out), bytes(err)
