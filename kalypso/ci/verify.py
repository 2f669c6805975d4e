"""The step that proves a commit of the GitOps repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.ci.console import Console
from kalypso.ci.programs import run_kalypso
from kalypso.ci.settings import VERIFY
from kalypso.ci.variables import values_of


def verify(variables: Mapping[str, str], console: Console) -> int:
    """Prove that a commit holds exactly what the model says."""
    values = values_of(VERIFY, variables)
    what = ("--gitops", values["GITOPS"], "--commit", values["COMMIT"], "--patch")
    done = run_kalypso("verify", *what, folder=Path.cwd(), variables=variables)
    console.show(done.out)
    console.show_error(done.err)
    return done.code
