"""What a commit of the GitOps branch delivers: the objects of each assignment, from its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kalypso.gitops import assignments_in
from kalypso.loading import read_documents
from kalypso.promotion.expected import Wanted
from kalypso.promotion.readers import identity_of

_ABOUT = frozenset({"apiVersion", "kind", "metadata"})


def delivered_by(files: Mapping[str, bytes], name: str) -> dict[str, dict[str, tuple[Wanted, ...]]]:
    """Return the objects of each assignment, by cluster type and deployment target.

    Args:
        files: Content of the branch by path.
        name: How messages name the branch.

    Raises:
        LoadError: A manifest is not YAML.
    """
    found: dict[str, dict[str, tuple[Wanted, ...]]] = {}
    for folder in sorted(assignments_in(files)):
        cluster_type, _, target = folder.partition("/")
        paths = sorted(path for path in files if path.startswith(f"{folder}/"))
        wanted = tuple(
            each
            for path in paths
            if path.endswith((".yaml", ".yml"))
            for each in _objects(f"{name}:{path}", files[path])
        )
        found.setdefault(cluster_type, {})[target] = wanted
    return found


def _objects(name: str, content: bytes) -> Iterator[Wanted]:
    for document in read_documents(name, content):
        if isinstance(document.value, dict):
            identity = identity_of(document.value)
            if identity:
                body = {key: each for key, each in document.value.items() if key not in _ABOUT}
                yield Wanted(identity, body)
