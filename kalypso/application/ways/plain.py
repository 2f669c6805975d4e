"""Plain YAML: the files of a target's folder, as they are."""

from __future__ import annotations

import posixpath

from kalypso.application.targets import Target
from kalypso.errors import LoadError, Position
from kalypso.model import Source

_SUFFIXES = (".yaml", ".yml", ".json")


def has_manifests(source: Source, folder: str) -> bool:
    """Return whether a folder has a file with manifests."""
    return any(_inside(path, folder) for path in source.files)


def copy(target: Target, source: Source, folder: str) -> dict[str, str]:
    """Return the manifests of a folder by the name of their file.

    Raises:
        LoadError: A file is not text.
    """
    found: dict[str, str] = {}
    for path, content in source.files.items():
        if not _inside(path, folder):
            continue
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise LoadError(
                f"a manifest of {target.name!r} is not UTF-8 text",
                Position(source.place(path)),
                code="not-utf8",
            ) from None
        found[posixpath.relpath(path, folder)] = text
    return found


def _inside(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/") and path.endswith(_SUFFIXES)
