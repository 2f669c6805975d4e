"""Paths with slashes, without a look at any file.

The functions of v3 for paths of the operating system are those of Linux: the same.

Source: Go's package path; Sprig v2.22.0 and v3.3.0, functions.go.
"""

from __future__ import annotations

from kalypso.golang.signatures import Function, Kind


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
    """Tell whether the path starts with a slash."""
    return path.startswith("/")


_TEXT = (Kind.STRING,)

FUNCTIONS: dict[str, Function] = {
    "base": Function(_TEXT, base),
    "clean": Function(_TEXT, clean),
    "dir": Function(_TEXT, directory),
    "ext": Function(_TEXT, extension),
    "isAbs": Function(_TEXT, is_absolute),
}
FUNCTIONS_V3: dict[str, Function] = {
    "osBase": Function(_TEXT, base),
    "osClean": Function(_TEXT, clean),
    "osDir": Function(_TEXT, directory),
    "osExt": Function(_TEXT, extension),
    "osIsAbs": Function(_TEXT, is_absolute),
}
