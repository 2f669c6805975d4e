"""`kalypso doctor`: what is missing before `pulumi up`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

import click
from msgspec.structs import asdict

from kalypso.cli import colours
from kalypso.cli.form import output_option, say, say_fitted
from kalypso.cli.gate import platform_settings, program_option
from kalypso.report import document_list, terminal

_MARKS = {"ok": "ok  ", "unknown": "?   ", "fix": "fix "}
_MUST_FIX = 2


@click.command()
@click.option("--pre", is_flag=True, help="Nothing is made yet: names have to be free.")
@output_option("text", "json")
@program_option
def command(*, pre: bool, form: Literal["text", "json"], program: Path) -> None:
    """Check what `pulumi up` needs: programs, accounts, quota, names, clusters that answer.

    One line for each check, with what to do. Exits with 2 if something must be fixed first. Nothing
    is changed anywhere.
    """
    from kalypso.doctor import Machine, examine

    settings = platform_settings(program)
    found = []
    for finding in examine(settings, Machine(os.environ), pre=pre):
        found.append(finding)
        if form == "text":
            then = f"; {finding.fix}" if finding.fix else ""
            mark = _MARKS[finding.verdict]
            line = f"{mark} {finding.check}: {finding.message}{then}"
            say_fitted(terminal(line), more=len(mark) + 1, paint=colours.check)
    if form == "json":
        say(document_list("Finding", [asdict(each) for each in found]))
    if any(each.verdict == "fix" for each in found):
        sys.exit(_MUST_FIX)
