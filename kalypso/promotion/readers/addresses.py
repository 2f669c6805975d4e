"""Whether two addresses, or two folders, are the same one."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from urllib.parse import urlsplit

_SCP = re.compile(r"(?:[^/@]+@)?(?P<host>[^/:@]+):(?P<path>(?!//).+)")
_PORTS = {"http": 80, "https": 443, "ssh": 22}


def same_repository(one: str, other: str) -> bool:
    """Return whether two addresses name one repository, whatever way leads to it."""
    left, right = _repository(one), _repository(other)
    return left is not None and left == right


def same_folder(one: str, other: str) -> bool:
    """Return whether two paths from the root of a repository are the same."""
    return _folder(one) == _folder(other)


@lru_cache(maxsize=4096)
def _repository(address: str) -> tuple[str, int, str] | None:
    """Return host, port and path; the port is 0 where it is the usual one of its scheme."""
    if "://" not in address:
        found = _SCP.fullmatch(address)
        return (found["host"].lower(), 0, _path(found["path"])) if found else None
    try:
        parts = urlsplit(address)
        port = parts.port or 0
    except ValueError:
        return None
    if not parts.hostname or not _path(parts.path):
        return None
    usual = _PORTS.get(parts.scheme.lower())
    return parts.hostname.lower(), 0 if port == usual else port, _path(parts.path)


def _path(path: str) -> str:
    return path.strip("/").removesuffix(".git").strip("/")


@lru_cache(maxsize=4096)
def _folder(path: str) -> str:
    return posixpath.normpath(f"/{path}").strip("/")
