"""A virtual environment with pinned requirements and this project in it, made once."""

import hashlib
import shutil
import sys
from pathlib import Path

from tools.console import Stop, run, step
from tools.project import (
    DOCS_VENV,
    OLDEST_PYTHON,
    ROOT,
    TEST_SDKS,
    TEST_VENV,
    VENV,
    is_on_github,
)

_STAMP = ".kalypso-stamp"
SDKS = "requirements-sdks.txt"
KUBERNETES = "requirements-kubernetes.txt"
DOCS = "requirements-docs.txt"
_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet")


def program_environment() -> Path:
    """Make or update `.venv`, which `pulumi up` runs in, with what the stacks need; return it."""
    wanted = "requirements-github.txt" if is_on_github() else "requirements-local.txt"
    return _environment(VENV, wanted)


def install_kubernetes() -> None:
    """Add to `.venv` what a stack that sets clusters up needs, unless it is there."""
    kept = VENV / f"{_STAMP}-kubernetes"
    wanted = (ROOT / KUBERNETES).read_text()
    if kept.exists() and kept.read_text() == wanted:
        return
    step(f"Python environment {VENV.relative_to(ROOT)}: installing {KUBERNETES}")
    python = VENV / "bin" / "python"
    run([python, *_PIP, "-r", ROOT / KUBERNETES], what=f"installing {KUBERNETES}")
    kept.write_text(wanted)


def test_environment() -> Path:
    """Make or update the environment of the tests, and the SDKs beside it; return the first."""
    made = _environment(TEST_VENV, "requirements-test.txt")
    if not _is_current(TEST_SDKS, SDKS):
        shown = TEST_SDKS.relative_to(ROOT)
        step(f"SDKs of other providers, {shown}: installing {SDKS}")
        shutil.rmtree(TEST_SDKS, ignore_errors=True)
        aside = ("--no-deps", "--target", TEST_SDKS, "-r", ROOT / SDKS)
        run([made / "bin" / "python", *_PIP, *aside], what=f"installing {SDKS}")
        _keep_stamp(TEST_SDKS, SDKS)
    return made


def docs_environment() -> Path:
    """Make or update the environment that the site is built in."""
    return _environment(DOCS_VENV, DOCS, project=False)


def _environment(folder: Path, requirements: str, *, project: bool = True) -> Path:
    shown, python = folder.relative_to(ROOT), folder / "bin" / "python"
    if python.exists() and _is_current(folder, requirements):
        return folder
    step(f"Python environment {shown}: installing {requirements} (a minute or two)")
    if not python.exists():
        try:
            run([sys.executable, "-m", "venv", folder], what=f"making {shown}")
        except Stop as error:
            raise Stop(
                f"{error}\n    Debian and Ubuntu have it in the package python3-venv"
            ) from None
    run([python, *_PIP, "-r", ROOT / requirements], what=f"installing {requirements}")
    if project:
        run([python, *_PIP, "--no-deps", "--editable", ROOT], what="installing this project")
    _keep_stamp(folder, requirements)
    return folder


def _is_current(folder: Path, requirements: str) -> bool:
    stamp = folder / _STAMP
    return stamp.exists() and stamp.read_text() == _stamp(folder, requirements)


def _keep_stamp(folder: Path, requirements: str) -> None:
    (folder / _STAMP).write_text(_stamp(folder, requirements))


def _stamp(folder: Path, requirements: str) -> str:
    """Return what an environment depends on; it cannot be moved, so its place is part of it."""
    digest = hashlib.sha256(f"{folder} {sys.version}".encode())
    for name in ("requirements-local.txt", requirements, "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def check_python() -> None:
    """Refuse a Python that is too old.

    Raises:
        Stop: This Python is too old.
    """
    if sys.version_info < OLDEST_PYTHON:
        have, need = ".".join(map(str, sys.version_info[:2])), ".".join(map(str, OLDEST_PYTHON))
        raise Stop(
            f"this is Python {have}, and {need} or later is needed\n"
            f"    name one: make PYTHON=python{need} up"
        )
