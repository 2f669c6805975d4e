"""What files mean, apart from how they are written: indentation, quotes, order, comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from kalypso.golang.reflect import fingerprint
from kalypso.golang.yaml.v3 import marshal
from kalypso.model import too_deep_at


def written_alike(present: Mapping[str, bytes], files: Mapping[str, str]) -> dict[str, bytes]:
    """Return the files of a branch, written as in others wherever they mean the same.

    Args:
        present: Content of the branch by path.
        files: Text of other files by path.
    """
    return {
        path: _like(path, content, files[path].encode()) if path in files else content
        for path, content in present.items()
    }


def _like(path: str, content: bytes, other: bytes) -> bytes:
    """Return a file as the other one is written, as far as that can be had."""
    if content == other or _same(path, content, other):
        return other
    documents = _documents(content)
    if documents is None or _rewritten(_documents(other) or []) != other:
        return content
    rewritten = _rewritten(documents)
    return content if rewritten == other else rewritten  # 1.0 is written as 1, and is not it


def _rewritten(documents: list[Any]) -> bytes:
    """Write documents as the program writes those that no template wrote as text."""
    return "---\n".join(map(marshal, documents)).encode()


def _same(path: str, one: bytes, other: bytes) -> bool:
    if not path.endswith((".yaml", ".yml")):
        return one.rstrip() == other.rstrip()
    meanings = _documents(one), _documents(other)
    return meanings[0] is not None and fingerprint(meanings[0]) == fingerprint(meanings[1])


def _documents(content: bytes) -> list[Any] | None:
    """Return the documents of a file; None if it is not YAML."""
    try:
        text = content.decode()
        if too_deep_at(text) is not None:
            return None
        return [each for each in yaml.load_all(text, yaml.CSafeLoader) if each is not None]
    except (UnicodeDecodeError, ValueError, yaml.YAMLError):
        return None
