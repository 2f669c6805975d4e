"""Where a repository of this machine has its objects and refs, if all of it is in its folder.

A folder that somebody else filled may name other places: a `.git` file, a link, a `commondir`, or
`alternates` would make git read any repository of this machine that this user may read. None of
them is followed. The one exception is a work tree that `git worktree add` made: the repository
that its `.git` file names has to list it, which a stranger's folder cannot arrange.

Who owns it counts as it does for git: a repository of another user is refused, unless git's own
setting `safe.directory` names it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git.address import mask

_LONGEST_POINTER = 4096
"""Bytes of a file that names a folder: a path has no more."""
_INSIDE = ("HEAD", "config", "objects", "refs", "packed-refs", "reftable", "shallow", "logs")
_ELSEWHERE_HINT = "name that repository itself, or clone it into a folder of its own"


class Layout(msgspec.Struct, frozen=True):
    """The parts of a repository."""

    head: Path
    """Its file `HEAD`."""
    folder: Path
    """Holds `objects`, `refs`, and what belongs to them."""


def layout_of(repository: Path) -> Layout | None:
    """Find the parts of a repository, bare or with a work tree; None if it is not a repository.

    Raises:
        SourceError: Something in the repository leads to another folder, or the repository belongs
            to another user.
    """
    inner = repository / ".git"
    if inner.is_symlink():
        raise _elsewhere(repository, ".git is a symbolic link")
    if inner.is_file():
        return _work_tree(repository, inner)
    folder = inner if inner.is_dir() else repository
    if not (folder / "HEAD").exists():
        return None
    if (folder / "commondir").exists():
        raise _elsewhere(repository, f"{folder / 'commondir'} names another folder")
    _check(repository, folder)
    _check_owner(repository, (repository, folder))
    return Layout(folder / "HEAD", folder)


def is_shallow(repository: Path) -> bool:
    """Return whether a repository was cloned without its history.

    Raises:
        SourceError: The folder is not a repository, or is not to be trusted.
    """
    found = layout_of(repository)
    return found is not None and (found.folder / "shallow").exists()


def _work_tree(repository: Path, inner: Path) -> Layout:
    """Return the parts of a linked work tree, if its repository knows of it."""
    place = (repository / _pointer(inner).removeprefix("gitdir:").strip()).resolve()
    folder = place.parent.parent
    known = (
        place.parent.name == "worktrees"
        and Path(_pointer(place / "gitdir")) == inner.resolve()
        and (place / _pointer(place / "commondir")).resolve() == folder
    )
    if not known:
        raise _elsewhere(repository, "its .git file names a repository that does not know it")
    _check(repository, folder)
    _check_owner(repository, (repository, inner, place, folder))
    return Layout(place / "HEAD", folder)


def _pointer(file: Path) -> str:
    """Return the path that a file holds; empty for one that cannot be read."""
    try:
        with file.open("rb") as opened:
            found = opened.read(_LONGEST_POINTER)
    except OSError:
        return ""
    return "" if b"\0" in found else os.fsdecode(found).strip()


def _check(repository: Path, folder: Path) -> None:
    """Refuse what would make git read objects or refs of other folders."""
    for name in ("alternates", "http-alternates"):
        named = folder / "objects" / "info" / name
        if named.exists() and named.stat().st_size:
            raise _elsewhere(
                repository,
                f"{named} names objects of another repository",
                "clone it without --shared and --reference; `git repack -a -d` copies what it"
                " borrows, then remove that file",
            )
    for link in _links(folder):
        raise _elsewhere(repository, f"{link} is a symbolic link")


def _links(folder: Path) -> Iterable[Path]:
    yield from (folder / name for name in _INSIDE if os.path.islink(f"{folder}/{name}"))  # noqa: PTH114 - a text: git is started often
    for below in ("objects", "objects/pack", "objects/info"):
        yield from _links_in(folder / below)


def _links_in(folder: Path) -> Iterable[Path]:
    """Yield the symbolic links of a folder; of none if there is no such folder."""
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        yield from (Path(entry.path) for entry in entries if entry.is_symlink())


def _check_owner(repository: Path, parts: Iterable[Path]) -> None:
    """Refuse a repository of another user, who may have put anything into it."""
    if {part.stat().st_uid for part in parts} <= {os.geteuid()}:
        return
    owners = _our_owners()
    strange = [part for part in parts if part.stat().st_uid not in owners]
    if strange and not _is_safe(repository.resolve()):
        raise SourceError(
            f"the repository belongs to another user, as {strange[0]} shows",
            Position(mask(str(repository))),
            "git does not read it either; if you trust its owner:"
            f" `git config --global --add safe.directory {repository.resolve()}`",
            code="other-owner",
        )


def _our_owners() -> frozenset[int]:
    """Return the users whose repositories are ours: as for git, also who called sudo."""
    caller = os.environ.get("SUDO_UID", "")
    sudo = {int(caller)} if os.geteuid() == 0 and caller.isascii() and caller.isdigit() else set()
    return frozenset({os.geteuid(), *sudo})


def _is_safe(repository: Path) -> bool:
    """Return whether this user told git to trust a folder; the folder itself is not asked."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    if "GIT_CONFIG_GLOBAL" in os.environ:
        outside["GIT_CONFIG_GLOBAL"] = os.environ["GIT_CONFIG_GLOBAL"]
    try:
        done = subprocess.run(
            ["git", "config", "-z", "--get-all", "safe.directory"],
            env={**outside, "GIT_DIR": os.devnull}, stdin=subprocess.DEVNULL,
            capture_output=True, check=False,
        )  # fmt: skip
    except OSError:
        return False
    safe: set[str] = set()
    for value in map(os.fsdecode, done.stdout.split(b"\0")[:-1]):
        safe = {*safe, value} if value else set()  # an empty one forgets those before it
    above = {f"{parent}/*" for parent in repository.parents}
    return bool(safe & {"*", str(repository), str(repository / ".git"), *above})


def _elsewhere(repository: Path, what: str, hint: str = _ELSEWHERE_HINT) -> SourceError:
    return SourceError(
        f"the repository leads to another folder, which is not followed: {what}",
        Position(mask(str(repository))),
        hint,
        code="leads-elsewhere",
    )
