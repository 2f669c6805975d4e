"""Runs the `kalypso` command in this process, as a person would in a folder."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from kalypso.cli import main

FLEET = Path(__file__).parent / "fleet"
"""A control plane (base and dev) with the repositories of its workloads."""
MODEL = ("-e", "dev", "--base", "base", "--control-plane", "dev", "--repositories", "repositories")


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed, and how it ended."""

    out: str
    err: str
    code: int


def run(arguments: Sequence[str], folder: Path = FLEET) -> Result:
    """Run a command in a folder."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    before = Path.cwd()
    os.chdir(folder)
    try:
        with (
            patch.object(sys, "argv", ["kalypso", *arguments]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        os.chdir(before)
    return Result(out.getvalue(), err.getvalue(), code)


def ask(command: str, *arguments: str) -> Result:
    """Run a command on the fleet; arguments given here count more than those that name it."""
    return run([command, *MODEL, *arguments])
