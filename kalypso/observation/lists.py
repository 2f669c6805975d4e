"""Whole lists of Kubernetes objects: every page of one moment, or none.

A server gives the pages of a list as they were at its first one, for about five minutes. When it
has forgotten them it says so, and the list is read from its start again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from kalypso.observation.conversation import Conversation, Expired, Refused

_UNREAD = ("creationTimestamp", "managedFields", "ownerReferences", "resourceVersion", "uid")
"""Of an object's metadata: no reader looks at them, and they are other ones on every cluster."""
_PAGE = "500"
_MOST_PAGES = 2_000
_STARTS = 3
"""How often a list is read from its start before it counts as one that cannot be read."""


class Kind(msgspec.Struct, frozen=True):
    """A kind of objects, and where an API serves it."""

    group: str
    """Empty for Kubernetes' own."""
    version: str
    kind: str
    plural: str
    """Its name in paths."""

    def path(self, namespace: str = "") -> str:
        """Return the path of its list, in one namespace or in all."""
        root = f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"
        return (
            f"{root}/namespaces/{namespace}/{self.plural}" if namespace else f"{root}/{self.plural}"
        )


def read_list(
    talk: Conversation, kind: Kind, *, namespace: str = "", select: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return the objects of a kind.

    Args:
        talk: The conversation with the server.
        kind: What to list.
        namespace: Where; everywhere if it is empty.
        select: `labelSelector` or `fieldSelector`.

    Raises:
        Unreachable: The server did not answer in time.
        NotServed: The server does not have the kind.
        Refused: The server's answer is not the whole list.
    """
    for start in range(1, _STARTS + 1):
        try:
            return list(_pages(talk, kind, kind.path(namespace), select or {}))
        except Expired:
            if start == _STARTS:
                raise
    raise AssertionError("the last start has ended one way or the other")


def _pages(
    talk: Conversation, kind: Kind, path: str, select: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    token, whole = "", partial(_whole, kind)
    for _ in range(_MOST_PAGES):
        query = {**select, "limit": _PAGE, **({"continue": token} if token else {})}
        page = talk.page(path, query, whole)
        metadata = page.get("metadata")
        items = page.get("items")
        if page.get("kind") != f"{kind.kind}List" or not isinstance(metadata, dict):
            raise Refused(f"its answer to {path} is not a list of {kind.kind} objects")
        if not isinstance(items, list) or not all(type(each) is dict for each in items):
            raise Refused(f"its answer to {path} has no list of items")
        text = talk.pages[-1]
        yield from whole(page) if text is None or text.first else items
        following = metadata.get("continue") or ""
        if not isinstance(following, str) or (following and following == token):
            raise Refused(f"its pages of {path} do not go on")
        if not following:
            if metadata.get("remainingItemCount"):
                raise Refused(f"its last page of {path} says that there are more")
            return
        token = following
    raise Refused(f"its list at {path} does not end")


def _whole(kind: Kind, page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the objects of a page as readers want them, with their kind.

    Lists of Kubernetes' own kinds leave out what the list says already. What nobody looks at goes:
    who wrote which field is long, and identifiers that a cluster made up are other ones everywhere.
    """
    version = f"{kind.group}/{kind.version}" if kind.group else kind.version
    items: list[dict[str, Any]] = page["items"]
    for item in items:
        item.setdefault("apiVersion", version)
        item.setdefault("kind", kind.kind)
        metadata = item.get("metadata")
        if type(metadata) is dict:
            for key in _UNREAD:
                metadata.pop(key, None)
    return items
