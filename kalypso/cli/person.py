"""Who works here: what is written down about decisions of people."""

from __future__ import annotations

from kalypso.forge import AUTHOR
from kalypso.git import GitFailed, git


def person() -> tuple[str, str]:
    """Return name and address of who works here, as git knows them."""
    found = []
    for key in ("user.name", "user.email"):
        try:
            found.append(git("config", "--get", key).decode().strip())
        except GitFailed:
            return AUTHOR
    return found[0], found[1]
