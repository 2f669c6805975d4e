"""The files of a tree that are needed, and all objects in them.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from kalypso.errors import Collector, LoadError, Position, SourceError
from kalypso.loading.accumulation import Accumulation
from kalypso.loading.budget import Budget
from kalypso.loading.ignore import IGNORE_FILE, SUFFIXES, kept_paths
from kalypso.loading.ignore_files import ignore_texts
from kalypso.loading.kustomization import FILE_NAMES
from kalypso.loading.raw import RawObject
from kalypso.model import Source

SILENCE_FILE = ".kalypso-silence"
"""Names warnings that a platform team does not want to see; read by :mod:`kalypso.advice`."""


def counts(path: str) -> bool:
    """Return whether a reader of the model may need the file."""
    name = posixpath.basename(path)
    return name.endswith(SUFFIXES) or name in (IGNORE_FILE, SILENCE_FILE, *FILE_NAMES)


def read_tree_objects(
    source: Source, path: str, problems: Collector, budget: Budget | None = None
) -> list[RawObject]:
    """Read all objects below a folder of a source, sorted by file and place in it.

    Args:
        source: The whole tree: ignore files above the folder count too.
        path: Folder in the source; ``.`` means its root.
        problems: Receives what is wrong with files and objects.
        budget: How much there may be.

    Raises:
        SourceError: The folder is not in the source.
    """
    root = "" if path in (".", "") else path
    if root and not any(file.startswith(f"{root}/") for file in source.files):
        raise SourceError(
            f"there is no folder {path!r} with YAML files",
            Position(source.place(path)),
            code="no-such-folder",
        )
    _report_skipped(source, root, problems)
    return Accumulation(source, root, problems, budget or Budget()).objects()


def _report_skipped(source: Source, root: str, problems: Collector) -> None:
    """Warn about files that are never read; a file that is only too large is an error."""
    entries = [path for path in source.skipped if path.startswith(f"{root}/" if root else "")]
    for path in kept_paths(entries, ignore_texts(source)):
        reason, at = source.skipped[path], Position(source.place(path))
        if reason.startswith("larger"):
            problems.error(
                LoadError(
                    f"the file is {reason}",
                    at,
                    "split it, or leave it out with .sourceignore",
                    code="file-too-large",
                )
            )
        else:
            problems.warn("not-read", f"this is {reason} and is not read", at)


def ignored_files(source: Source) -> Iterator[str]:
    """List the YAML files that an ignore file leaves out, sorted."""
    taken = set(kept_paths(source.files, ignore_texts(source)))
    every = (path for path in sorted(source.files) if path.endswith(SUFFIXES))
    yield from (path for path in every if path not in taken)
