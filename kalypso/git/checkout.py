"""The checkout that a folder is: its branch, the branches beside it, and where it came from.

Nothing is fetched, and nothing that the repository names is run.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from kalypso.errors import SourceError
from kalypso.git.address import mask
from kalypso.git.layout import layout_of
from kalypso.git.refs import all_refs
from kalypso.git.run import GitFailed, git

_HEADS: Final = "refs/heads/"
_REMOTES: Final = "refs/remotes/"


class Checkout(msgspec.Struct, frozen=True):
    """A work tree of a repository on this machine."""

    folder: Path
    """The work tree's folder."""
    branch: str
    """What is checked out; empty for a commit of no branch."""

    def branches(self) -> frozenset[str]:
        """Return the names of all branches, those of its remotes included."""
        names: set[str] = set()
        with suppress(SourceError):
            for ref in all_refs(self.folder):
                if ref.startswith(_HEADS):
                    names.add(ref.removeprefix(_HEADS))
                elif ref.startswith(_REMOTES):
                    names.add(ref.removeprefix(_REMOTES).partition("/")[2])
        return frozenset(names - {"HEAD"})

    def origin(self) -> str:
        """Return the address that it was cloned from, without secrets; empty if it was not."""
        layout = layout_of(self.folder)
        if layout is None:
            return ""
        try:
            config = str(layout.folder / "config")
            found = git("config", "--file", config, "--get", "remote.origin.url")
        except GitFailed:
            return ""
        return mask(found.decode().strip())


def checkout_of(folder: Path) -> Checkout | None:
    """Return the checkout whose top a folder is; None if it is none, or one of somebody else.

    A folder further down may belong to anything, such as a monorepo or the tests of a tool.
    """
    with suppress(SourceError, OSError, ValueError):
        layout = layout_of(folder) if (folder / ".git").exists() else None
        if layout is not None:
            head = layout.head.read_text(encoding="utf-8").strip()
            name, _, branch = head.partition(f": {_HEADS}")
            return Checkout(folder, branch if name == "ref" else "")
    return None
