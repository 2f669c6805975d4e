"""Files that a kustomization names though their suffix does not say that they belong to a model.

A resource that a kustomization lists may have any name. Which files of a tree are needed is known
only after its kustomizations were read.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from kalypso.errors import KalypsoError
from kalypso.loading.budget import MOST_OF_TEAM, Budget
from kalypso.loading.documents import read_documents
from kalypso.loading.kustomization import FILE_NAMES

_LISTS = ("resources", "bases", "crds")
_MOST = 10_000
"""Files that are looked for."""


def named_files(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return the paths that kustomizations name and that were not read.

    Args:
        files: What was read of a tree, with all its kustomizations.

    Returns:
        Paths from the root of the tree, which need not be there. Folders with files in them are not
        among them.
    """
    found: set[str] = set()
    budget = Budget(values=MOST_OF_TEAM)
    for path, content in files.items():
        if posixpath.basename(path) in FILE_NAMES:
            folder = posixpath.dirname(path)
            joined = (posixpath.join(folder, name) for name in _names(path, content, budget))
            found.update(map(posixpath.normpath, joined))
        if len(found) > _MOST or budget.spent:
            break  # reading the objects tells
    found = {path for path in found if path not in files and not path.startswith((".", "/"))}
    return frozenset(found - _folders(files)) if found else frozenset()


def _names(path: str, content: bytes, budget: Budget) -> Iterator[str]:
    """List what a kustomization names; of one that is wrong, reading the objects tells."""
    try:
        document = next(read_documents(path, content, budget), None)
    except KalypsoError:
        return
    body = document.value if document else None
    if not isinstance(body, dict):
        return
    for field in _LISTS:
        listed = body.get(field)
        yield from (each for each in listed if _is_name(each)) if isinstance(listed, list) else ()
    open_api = body.get("openapi")
    if isinstance(open_api, dict) and _is_name(open_api.get("path")):
        yield open_api["path"]


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value != "" and "://" not in value and "\0" not in value


def _folders(files: Mapping[str, bytes]) -> set[str]:
    folders: set[str] = set()
    for path in files:
        folder = posixpath.dirname(path)
        while folder and folder not in folders:
            folders.add(folder)
            folder = posixpath.dirname(folder)
    return folders
