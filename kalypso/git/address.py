"""Addresses of repositories and names of refs: what is refused, and what is masked.

Both come from files that other teams write, and end up as arguments of git. So
what could be taken for an option, for a remote helper that runs a command
(``ext::``), or for a folder of this machine (``file:``) never gets there.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from kalypso.errors import Position, SourceError

_CREDENTIALS = re.compile(r"(?<=://)[^/\s]+@(?=[^/\s@]+)")
_SCHEMES = ("https://", "http://", "ssh://", "git://")
_SCP = re.compile(
    r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:[^:]+|[A-Za-z0-9_-][A-Za-z0-9_.-]+:(?!//)[^:\\]+"
)
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(?:/|$)|\.$|/$")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def mask(text: str) -> str:
    """Hide user names, passwords and tokens in every URL of a text."""
    return _CREDENTIALS.sub("***@", text)


def is_commit(ref: str) -> bool:
    """Tell whether a ref is a full commit id rather than a name."""
    return _COMMIT.fullmatch(ref) is not None


def is_remote(repository: str) -> bool:
    """Tell whether a repository is named by an address rather than by a folder."""
    return "://" in repository or "::" in repository or _SCP.fullmatch(repository) is not None


def check_repository(repository: str) -> None:
    """Refuse an address that git could take for something else than a repository.

    Raises:
        SourceError: It begins with a dash, names a helper or a local file, or has
            control characters.
    """
    shown = mask(repository).encode("unicode_escape").decode()
    at = Position(shown or "repository")
    if not repository or repository.startswith("-") or not repository.isprintable():
        raise SourceError(
            f"{shown!r} is no address of a repository",
            at,
            "name a folder, or a URL that begins with https://, http://, ssh:// or git://",
            code="bad-repository",
        )
    if not is_remote(repository):
        return
    known = repository.lower().startswith(_SCHEMES) or _SCP.fullmatch(repository)
    if "::" in repository or not known:
        raise SourceError(
            f"the address {shown} is not allowed",
            at,
            "use https://, http://, ssh:// or git://; for a folder of this machine, its path",
            code="bad-repository",
        )


def check_ref(ref: str, at: Position) -> None:
    """Refuse a branch or commit that git could take for an option or for several refs.

    Raises:
        SourceError: The name breaks git's rules for refs.
    """
    if not ref or ref[0] in "-./" or _BAD_REF.search(ref) or ref == "@":
        raise SourceError(
            f"{ref!r} is no name of a branch", at, "see `git help check-ref-format`", code="bad-ref"
        )


def folder_in_tree(path: str, at: Position) -> str:
    """Return the path of a folder from the root of its repository, `""` for the root itself.

    Raises:
        SourceError: The path leaves the repository.
    """
    parts = PurePosixPath(path.strip()).parts
    if ".." in parts or "\\" in path or not (path.isprintable() or not path):
        raise SourceError(
            f"the path {path!r} leaves the repository",
            at,
            "give the folder from the root of the repository, for example ./workload",
            code="bad-path",
        )
    return "/".join(part for part in parts if part not in {"/", "."})


def git_folder(repository: str) -> Path | None:
    """Return the folder of a local repository, or None if there is no folder of that name."""
    folder = Path(repository).expanduser()
    return folder if folder.is_dir() else None
