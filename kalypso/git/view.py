"""What git is shown of a repository of this machine: objects and refs, and no settings.

Settings of a repository can name commands that git then runs: to fetch what is missing, to check
a signature, to show a difference, to look for changes, and more with every release. Whoever filled
the folder chose them. So git gets a folder of ours, with links to where the objects and refs are
and a configuration that says nothing: what does not exist cannot be obeyed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kalypso.git.layout import Layout

_PARTS = ("objects", "refs", "packed-refs", "reftable", "shallow", "logs")
_FORMATS = {"objectformat": ("sha1", "sha256"), "refstorage": ("files", "reftable")}
"""Settings without which git cannot read a repository at all, and their values."""
_LARGEST = 1 << 20
"""Bytes of a configuration that are looked at."""


@contextmanager
def view(layout: Layout, name: str = "") -> Iterator[Path]:
    """Make the folder that git gets in place of a repository; it is removed afterwards.

    Args:
        layout: Where the parts of the repository are.
        name: How the folder is called, in a new one of its own; any name if empty.

    Raises:
        OSError: There is no room for the folder.
    """
    made = _temporary()
    folder = f"{made}/{name}" if name else made
    source = os.path.abspath(layout.folder)  # noqa: PTH100 - texts: git is started often
    try:
        if name:
            os.mkdir(folder)  # noqa: PTH102 - as above
        for part in _PARTS:
            there = f"{source}/{part}"
            if part == "packed-refs" or os.path.exists(there):  # noqa: PTH110 - as above
                os.symlink(there, f"{folder}/{part}")  # noqa: PTH211 - as above
        _describe(layout, Path(folder))
        yield Path(folder)
    finally:
        _remove(made, folder)


def _remove(made: str, folder: str) -> None:
    """Remove the folder that git got, and the one around it if it has a name."""
    try:
        for part in os.listdir(folder):  # noqa: PTH208 - as above
            os.unlink(f"{folder}/{part}")  # noqa: PTH108 - as above
        os.rmdir(folder)  # noqa: PTH106 - as above
        if folder != made:
            os.rmdir(made)  # noqa: PTH106 - as above
    except OSError:  # git has left a folder in it
        shutil.rmtree(made, ignore_errors=True)


def _temporary() -> str:
    """Make a folder. Python's own search for a place writes a file, and a full disk takes none."""
    wanted = os.environ.get("TMPDIR", "")
    place = wanted if os.path.isdir(wanted) and os.access(wanted, os.W_OK) else "/tmp"  # noqa: S108, PTH112 - where every system has room; mkdtemp makes a folder of ours in it
    return tempfile.mkdtemp(prefix="kalypso-git-", dir=os.path.abspath(place))  # noqa: PTH100 - a text is what it takes


def _describe(layout: Layout, folder: Path) -> None:
    """Write what git must know: which branch is the main one, and how objects are named."""
    with open(layout.head, "rb", 0) as opened:  # noqa: PTH123 - as above
        head = opened.read(_LARGEST)
    try:
        _write(f"{folder}/config", _configuration(layout.folder).encode())
        _write(f"{folder}/HEAD", head)
    except OSError:  # the disk is full; a link takes no room, and git reads it as well
        (folder / "HEAD").unlink(missing_ok=True)
        (folder / "config").unlink(missing_ok=True)
        (folder / "HEAD").symlink_to(os.fsdecode(head.strip().removeprefix(b"ref: ")))


def _write(path: str, content: bytes) -> None:
    with open(path, "xb") as made:  # noqa: PTH123 - as above
        made.write(content)


def _configuration(folder: Path) -> str:
    formats = _formats(folder / "config")
    lines = ["[core]", "\tbare = true", f"\trepositoryformatversion = {1 if formats else 0}"]
    if formats:
        lines += ["[extensions]", *(f"\t{key} = {value}" for key, value in formats.items())]
    return "".join(f"{line}\n" for line in lines)


def _formats(config: Path) -> dict[str, str]:
    """Read how a repository names its objects and keeps its refs; nothing else of its settings."""
    try:
        with open(config, "rb", 0) as opened:  # noqa: PTH123 - as above
            text = opened.read(_LARGEST).decode(errors="replace").lower()
    except OSError:
        return {}
    found: dict[str, str] = {}
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line
        key, _, value = line.partition("=")
        value = value.strip().strip('"')
        if section == "[extensions]" and value in _FORMATS.get(key.strip(), ()):
            found[key.strip()] = value
    return found
