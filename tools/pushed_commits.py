"""What people pushed into the repositories of the local forge: it goes with them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.console import Stop, say, step

_OWN = "Kalypso"
"""Author of the commits that a repository begins with."""
_DERIVED = "-gitops.git"
"""Ends the names of repositories that `pulumi up` and merges fill again."""


def confirm_loss(forge: Path, *, sure: bool) -> None:
    """Name what people pushed, and ask whether it may go.

    Nobody is asked if there is nothing to lose.

    Args:
        forge: Folder of the repositories.
        sure: Whether `YES=1` has answered already.

    Raises:
        Stop: The answer is no, or there is no terminal to answer from.
    """
    found = list(pushed(forge))
    if not found:
        return
    step("commits of people, which go with the repositories:")
    for line in found:
        say(f"    {line}")
    if sure:
        return
    if not sys.stdin.isatty():
        raise Stop("nothing was destroyed; `make destroy YES=1` destroys them too")
    sys.stdout.write("Destroy them? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise Stop("nothing was destroyed; `git clone` what you want to keep")


def pushed(forge: Path) -> Iterator[str]:
    """Yield a line for each repository with commits that are not Kalypso's own."""
    for repository in sorted(forge.glob("*.git")):
        if repository.name.endswith(_DERIVED):
            continue
        authors = _authors(repository)
        number = sum(author != _OWN for author in authors)
        if number:
            commits = "commit" if number == 1 else "commits"
            yield f"{repository.name.removesuffix('.git')}: {number} {commits}"


def _authors(repository: Path) -> list[str]:
    """Return who wrote each commit of any branch; none for what git cannot read."""
    command = ["git", "--git-dir", str(repository), "log", "--branches", "--format=%an"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []
