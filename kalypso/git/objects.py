"""Ids of git objects, computed without a repository: what a commit will be called."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from kalypso.git.write import Signature


def blob_id(content: bytes) -> str:
    """Return the id of a file's content."""
    return _object_id("blob", content)


def tree_id(files: Mapping[str, bytes]) -> str:
    """Return the id of a tree of plain files (mode 100644), given by path."""
    folders: dict[str, dict[str, bytes]] = {}
    entries: dict[str, tuple[str, str]] = {}
    for path, content in files.items():
        first, _, rest = path.partition("/")
        if rest:
            folders.setdefault(first, {})[rest] = content
        else:
            entries[first] = ("100644", blob_id(content))
    for name, inside in folders.items():
        entries[name] = ("40000", tree_id(inside))
    body = b""
    # Git sorts a folder as if its name ended with a slash.
    for name in sorted(entries, key=lambda n: (n + "/" if n in folders else n).encode()):
        mode, entry = entries[name]
        body += f"{mode} {name}\0".encode() + bytes.fromhex(entry)
    return _object_id("tree", body)


def commit_id(tree: str, parents: Sequence[str], message: str, signature: Signature) -> str:
    """Return the id of the commit that `write_commit` would make of this tree."""
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {signature.line()}", f"committer {signature.line()}", "", message]
    return _object_id("commit", "\n".join(lines).encode())


def _object_id(kind: str, body: bytes) -> str:
    head = f"{kind} {len(body)}\0".encode()
    return hashlib.sha1(head + body, usedforsecurity=False).hexdigest()
