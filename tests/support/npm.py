"""Packages of npm for tests, pinned in a ``package.json``, installed when a test needs them."""

import shutil
import subprocess
from pathlib import Path

from kalypso.git.file_lock import locked

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 600.0


def installed(name: str, packages: Path) -> Path:
    """Install packages, unless they are there, and return their folder.

    Args:
        name: Of the folder in `.kalypso` that has them.
        packages: The ``package.json``.

    Raises:
        RuntimeError: There is no npm, or it cannot install.
    """
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise RuntimeError("these tests need Node.js 18.20 or later with npm: install it")
    folder = ROOT / ".kalypso" / name
    folder.mkdir(parents=True, exist_ok=True)
    modules = folder / "node_modules"
    with locked(folder.with_suffix(".lock"), _SECONDS):
        done = folder / "installed.json"
        if done.is_file() and done.read_bytes() == packages.read_bytes():
            return modules
        shutil.copy(packages, folder / "package.json")
        options = ("--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--silent")
        tried = subprocess.run(
            [npm, "install", *options],
            cwd=folder, capture_output=True, text=True, check=False, timeout=_SECONDS,
        )  # fmt: skip
        if tried.returncode:
            raise RuntimeError(f"npm cannot install {packages}: {tried.stderr.strip()}")
        shutil.copy(packages, done)
    return modules
