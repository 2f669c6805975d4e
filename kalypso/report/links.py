"""Pages of a forge that a text may link to: those of objects, and those of manifests."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from kalypso.model import Cause, ChangeKind


def _no_page(*about: object) -> str:
    del about
    return ""


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """What finds pages; each returns nothing where there is no page."""

    cause: Callable[[Cause], str] = _no_page
    """The page that shows an object's file."""
    manifest: Callable[[str, ChangeKind], str] = _no_page
    """The page that shows a file or folder of the GitOps repository, if this becomes of it."""


NO_LINKS = Links()


def linked(shown: str, page: str) -> str:
    """Return Markdown that leads to a page, if there is one."""
    return f"[{shown}]({page})" if page else shown
