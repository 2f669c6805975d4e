"""What the sample's repositories hold at the start: a function of prefix and address.

The content is the folder ``sample/``, with one folder per repository and branch in it.
Author and date are fixed, so the ids of the commits are known before any repository is
there, and the first preview can show what will be scheduled.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from kalypso.errors import Position, SourceError
from kalypso.git import Signature, commit_id, tree_id

SAMPLE = Path(__file__).resolve().parents[2] / "sample"
REPOSITORY_CONTENTS = ("control-plane", "gitops", "app-src", "app-gitops", "svc-src", "svc-gitops")
"""The repositories of the sample, named `<prefix>-<content>`."""

_WRITTEN_AS = "http://127.0.0.1:3180/kalypso-"
"""How the files of the sample name every repository."""
_UNKNOWN_COMMIT = b"0" * 40
_SIGNATURE = Signature("Kalypso", "kalypso@localhost", 1_767_225_600)  # 2026-01-01
_NOT_CONTENT = {"__pycache__", ".DS_Store", ".pytest_cache", ".ruff_cache", ".mypy_cache"}
_DEFAULT_BRANCHES = ("main", "dev")


class StartingBranch(msgspec.Struct, frozen=True):
    """One branch of a repository at its start: a single commit."""

    files: Mapping[str, bytes]
    message: str
    commit: str

    @property
    def signature(self) -> Signature:
        """Who made the commit, and when."""
        return _SIGNATURE


def starting_branches(content: str, prefix: str, url: str) -> Mapping[str, StartingBranch]:
    """Return the branches of one repository of the sample.

    Args:
        content: Which repository, one of `REPOSITORY_CONTENTS`.
        prefix: First part of the repositories' names.
        url: Address of the forge, which the files name.

    Raises:
        SourceError: The folder of the sample does not exist.
    """
    folder = SAMPLE / content
    if not folder.is_dir():
        raise SourceError(
            f"the sample has no folder {content}",
            Position(str(SAMPLE)),
            "run this in a whole clone of the project",
            code="no-sample",
        )
    main = _branch(folder / "main", prefix, url, b"") if (folder / "main").is_dir() else None
    known = main.commit.encode() if main else b""
    branches = {} if main is None else {"main": main}
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in _NOT_CONTENT and path.name != "main":
            branches[path.name] = _branch(path, prefix, url, known)
    return MappingProxyType(branches)


def default_branch(branches: Mapping[str, StartingBranch]) -> str:
    """Return the branch that a clone checks out."""
    return next((name for name in _DEFAULT_BRANCHES if name in branches), next(iter(branches)))


def _branch(folder: Path, prefix: str, url: str, main: bytes) -> StartingBranch:
    files = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not _NOT_CONTENT.intersection(inside.parts):
            files[inside.as_posix()] = _addressed(path.read_bytes(), prefix, url, main)
    message = f"Start with the sample's {folder.parent.name}, branch {folder.name}\n"
    commit = commit_id(tree_id(files), [], message, _SIGNATURE)
    return StartingBranch(MappingProxyType(files), message, commit)


def _addressed(text: bytes, prefix: str, url: str, main: bytes) -> bytes:
    text = text.replace(_WRITTEN_AS.encode(), f"{url.rstrip('/')}/{prefix}-".encode())
    return text.replace(_UNKNOWN_COMMIT, main) if main else text
