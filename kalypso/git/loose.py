"""Branches that are in files of their own, which can be read without starting git."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_ID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?\n?")
_LONGEST = 66
"""Bytes of a file that holds an id and nothing else, and one more."""


def loose_branch(folder: Path, ref: str) -> str | None:
    """Return the commit that a branch's own file names; None if git has to be asked.

    Git writes such a file whole and by renaming it, and it wins over what is packed. Branches name
    commits and nothing else. Git is asked too where a file is found by its name in another case.

    Args:
        folder: Where the repository keeps its refs.
        ref: The branch's whole name.
    """
    if sys.platform != "linux" or not ref.startswith("refs/heads/"):
        return None
    try:
        opened = os.open(folder / ref, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (OSError, ValueError):
        return None
    try:
        text = os.read(opened, _LONGEST)
    except OSError:
        return None
    finally:
        os.close(opened)
    return text.decode().strip() if _ID.fullmatch(text) else None
