"""Paths with slashes, without a look at any file.

Source: Go's package path.
"""

from __future__ import annotations


def base(path: str) -> str:
    """Return the last element; ``.`` for nothing, ``/`` for slashes only."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def clean(path: str) -> str:
    """Return the shortest path of the same meaning."""
    rooted = path.startswith("/")
    kept: list[str] = []
    for element in path.split("/"):
        if element in ("", "."):
            continue
        if element != "..":
            kept.append(element)
        elif kept and kept[-1] != "..":
            kept.pop()
        elif not rooted:
            kept.append(element)
    return ("/" if rooted else "") + "/".join(kept) or "."


def directory(path: str) -> str:
    """Return all but the last element, cleaned."""
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def extension(path: str) -> str:
    """Return the part from the last dot of the last element on."""
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return dot + suffix if dot else ""


def is_absolute(path: str) -> bool:
    """Return whether the path starts with a slash."""
    return path.startswith("/")
