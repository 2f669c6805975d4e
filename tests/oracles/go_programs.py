"""Builds the small Go programs around the libraries that our results are compared with."""

from __future__ import annotations

from pathlib import Path

from tools.cluster_parts import go


def built(module: Path, folder: Path) -> Path:
    """Build a program, at the lowest priority.

    Args:
        module: Folder of its Go module.
        folder: Where it is put.

    Raises:
        Stop: It does not build.
    """
    program = folder / module.name
    go(["build", "-p", "1", "-o", str(program), "."], module, f"building {module.name}")
    return program
