"""Builds the small Go programs around the libraries that our results are compared with."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def built(module: Path, folder: Path) -> Path:
    """Build a program, at the lowest priority.

    Args:
        module: Folder of its Go module.
        folder: Where it is put.

    Raises:
        subprocess.CalledProcessError: It does not build.
    """
    program = folder / module.name
    proxies = os.environ.get("GOPROXY", "https://proxy.golang.org").replace(",direct", "")
    subprocess.run(
        ["nice", "-n", "19", "go", "build", "-p", "1", "-o", str(program), "."],
        cwd=module,
        env={**os.environ, "GOPROXY": proxies, "GOFLAGS": "-mod=readonly"},
        check=True,
    )
    return program
