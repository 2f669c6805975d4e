"""The steps of a promotion: letting a change of main in, and the gate that lets it go on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.ci.console import Console
from kalypso.ci.programs import stream_kalypso
from kalypso.ci.settings import CD, CHECK_PROMOTE
from kalypso.ci.variables import values_of

_TIMEOUT = "25m"


def cd(variables: Mapping[str, str], console: Console) -> int:
    """Let a change into an environment, if the environment's model is good with it."""
    values = values_of(CD, variables)
    what = ("promote", "--environment", values["ENVIRONMENT"], "--commit", values["COMMIT"])
    folder = Path(values["PROGRAM"])
    for more in (("--dry-run",), ()):
        code = stream_kalypso(*what, *more, folder=folder, variables=variables, console=console)
        if code:
            return code
    return 0


def check_promote(variables: Mapping[str, str], console: Console) -> int:
    """Wait for an environment's gate; if it opens, promote to the next environment."""
    values = values_of(CHECK_PROMOTE, variables)
    what = ["check-promote", "--environment", values["ENVIRONMENT"], "--watch"]
    what += ["--timeout", values["TIMEOUT"] or _TIMEOUT]
    if values["COMMIT"]:
        what += ["--commit", values["COMMIT"]]
    if values["APPROVED_RUN"]:
        what += ["--approved-run", values["APPROVED_RUN"]]
    if values["THEN_PROMOTE"] != "false":
        what.append("--then-promote")
    folder = Path(values["PROGRAM"])
    return stream_kalypso(*what, folder=folder, variables=variables, console=console)
