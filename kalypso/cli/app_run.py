"""`kalypso app run`: a target as a process of this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from kalypso.application import (
    Run,
    Wanted,
    commands_named,
    delivered_manifests,
    named_target,
    platform_manifests,
    run_of,
)
from kalypso.cli.app_options import wanted_options
from kalypso.cli.form import output_option, say
from kalypso.cli.place import find_gitops, forge_option, place_at
from kalypso.errors import Position, SettingsError
from kalypso.report import document

_VARIABLE = "KALYPSO_APP_RUN"
_KEPT = ("HOME", "LANG", "LC_ALL", "PATH", "TMPDIR", "USER", "VIRTUAL_ENV")
"""Variables of the shell that a process needs to be found and to run."""


@click.command()
@click.argument("target", metavar="TARGET")
@wanted_options(images=False)
@click.option(
    "--cluster-type", default="", help="Whose values it gets; needed if it runs on several."
)
@click.option(
    "--run",
    "runs",
    multiple=True,
    metavar="IMAGE=COMMAND",
    help="Command that an image stands for on this machine. KALYPSO_APP_RUN may hold some,"
    " one a line.",
)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Where it listens. Default: the Service's port."
)
@click.option(
    "--gitops",
    default="",
    metavar="NAME|OWNER/NAME|URL",
    help="The platform's GitOps repository, if it is not the only one of the local forge.",
)
@forge_option
@click.option("--dry-run", is_flag=True, help="Say what would be started, and start nothing.")
@output_option("text", "json", shown="How --dry-run prints it.")
def run(
    *,
    target: str,
    wanted: Wanted,
    cluster_type: str,
    runs: tuple[str, ...],
    port: int | None,
    gitops: str,
    forge: Path | None,
    form: str,
    dry_run: bool,
) -> None:
    """Start TARGET on this machine, with exactly the configuration that was delivered for it.

    The application's manifests and the platform's values are read from both GitOps repositories.
    The process gets the variables of its container and PORT, and ends with Ctrl-C.
    """
    found = named_target(wanted, target)
    commands = commands_named([*os.environ.get(_VARIABLE, "").splitlines(), *runs])
    place = place_at(forge, found.folder.repository)
    manifests = delivered_manifests(found, place)
    platform = platform_manifests(
        found, wanted.environment, cluster_type, find_gitops(forge, gitops)
    )
    shown = f"{place.full_name}@{found.folder.branch}:{found.folder.path or '.'}"
    planned = run_of(manifests, platform, commands, shown)
    at = port or planned.port
    if dry_run:
        say(_as_json(planned, at) if form == "json" else _as_text(planned, at))
        return
    folder = Path(wanted.source) if Path(wanted.source).is_dir() else Path.cwd()
    sys.exit(_start(planned, at, folder))


def _as_text(planned: Run, port: int) -> str:
    lines = [f"http://127.0.0.1:{port}", f"command: {' '.join(planned.command)}"]
    lines += [f"{name}={value}" for name, value in sorted(planned.variables.items())]
    return "\n".join(lines)


def _as_json(planned: Run, port: int) -> str:
    return document(
        "Run",
        {
            "url": f"http://127.0.0.1:{port}",
            "command": list(planned.command),
            "variables": dict(sorted(planned.variables.items())),
            "mounts": {path: sorted(files) for path, files in planned.mounts.items()},
        },
    )


def _start(planned: Run, port: int, folder: Path) -> int:
    """Run the process until it ends; return its exit code."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with _mounted(planned.mounts) as mounted:
        variables = {name: _moved(value, mounted) for name, value in planned.variables.items()}
        given = {**kept, "HOST": "127.0.0.1", **variables, "PORT": str(port)}
        try:
            process = subprocess.Popen(planned.command, cwd=folder, env=given)
        except OSError as error:
            raise SettingsError(
                f"the command cannot be started: {error.strerror}",
                Position(planned.command[0]),
                "check what --run says",
                code="not-started",
            ) from None
        return _until_it_ends(process)


def _until_it_ends(process: subprocess.Popen[bytes]) -> int:
    """Wait for a process; what ends this one ends it too, and it may clean up."""

    def end(_signal: int, _frame: object) -> None:
        process.terminate()

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        return max(process.wait(), 0)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _mounted(mounts: Mapping[str, Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """Write the files of config maps; give their folder by the one in the container."""
    with tempfile.TemporaryDirectory(prefix="kalypso-run-") as scratch:
        folders: dict[str, str] = {}
        for number, (path, files) in enumerate(mounts.items()):
            folder = Path(scratch) / str(number)
            folder.mkdir()
            for name, text in files.items():
                with contextlib.suppress(ValueError):  # not the name of a file: cannot be mounted
                    (folder / Path(name).name).write_text(text, encoding="utf-8")
            folders[path] = str(folder)
        yield folders


def _moved(value: str, mounted: Mapping[str, str]) -> str:
    """Return a value in which a folder of the container is that of this machine."""
    for path, folder in mounted.items():
        if value == path or value.startswith(f"{path}/"):
            return folder + value.removeprefix(path)
    return value
