"""What the engine needs to know: where its state is, its passphrase, its home."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from tools.project import ENV_FILE, FORGE, MADE, PASSPHRASE, PULUMI_HOME, STATE, VENV


def variables() -> dict[str, str]:
    """Return the variables that point the engine at this clone."""
    return {
        "PULUMI_BACKEND_URL": STATE.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(PASSPHRASE),
        "PULUMI_HOME": str(PULUMI_HOME),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "KALYPSO_FORGE": str(FORGE),
    }


def prepare(engine: Path | None) -> Mapping[str, str]:
    """Make state folder, passphrase and the file to be sourced; return the environment.

    Args:
        engine: Folder of the engine, if it is not on PATH.
    """
    STATE.mkdir(parents=True, exist_ok=True)
    if not PASSPHRASE.exists():
        handle = os.open(PASSPHRASE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(24) + "\n")
    _write_env_file(engine)
    return environment(VENV, engine)


def environment(venv: Path, engine: Path | None) -> dict[str, str]:
    """Return our environment with a virtual environment active and the engine found."""
    folders = [venv / "bin", *([engine] if engine else [])]
    path = os.pathsep.join([*map(str, folders), os.environ.get("PATH", os.defpath)])
    found = {**os.environ, **variables(), "PATH": path, "VIRTUAL_ENV": str(venv)}
    for name in ("PYTHONHOME", "PYTHONPATH", "PULUMI_CONFIG_PASSPHRASE"):
        found.pop(name, None)
    return found


def _write_env_file(engine: Path | None) -> None:
    lines = ["# Made by `make up`. Use: source .venv/bin/activate && source .kalypso/env"]
    if engine:
        lines.append(f'export PATH={shlex.quote(str(engine))}:"$PATH"')
    lines += [f"export {name}={shlex.quote(value)}" for name, value in variables().items()]
    text = "\n".join(lines) + "\n"
    MADE.mkdir(exist_ok=True)
    if not ENV_FILE.exists() or ENV_FILE.read_text() != text:
        ENV_FILE.write_text(text)
