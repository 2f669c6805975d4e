"""Pages of a forge that show what a pull request is about, each in the commit that has it.

Objects behind a change are in the commit that was read, manifests in the one that is proposed, or,
if they go, in the one that they are proposed on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from kalypso.delivery import PROPOSED_COMMIT
from kalypso.forge import Place
from kalypso.loading import last_part
from kalypso.model import Cause, ChangeKind
from kalypso.report import SourceChange
from kalypso.stack.settings import Settings

_PLAIN = re.compile(r"[A-Za-z0-9._/:%#-]*")
_SHORT = 10
"""Digits of a commit that stands for a branch in the name of a source."""

_Pages = Mapping[str, tuple[Place, SourceChange]]


def plain_page(page: str) -> str:
    """Return a page if all of its characters mean nothing to Markdown; else none."""
    return page if _PLAIN.fullmatch(page) else ""


def cause_links(sources: Sequence[SourceChange], settings: Settings) -> Callable[[Cause], str]:
    """Return what finds the page of a cause; it finds none where the forge has no pages.

    Args:
        sources: What the model was made of, and is compared with.
        settings: Which forge it is.
    """
    pages: dict[str, tuple[Place, SourceChange]] = {}
    twice: set[str] = set()
    for source in sources:
        place = settings.forge.place(source.reading.repository)
        name = _name(source)
        if place is None:
            continue
        twice |= {name} & pages.keys()
        pages[name] = place, source
    for name in twice:  # it is not clear which of them a place names
        del pages[name]
    return lambda cause: _page(cause, pages)


def manifest_links(destination: Place, parent: str) -> Callable[[str, ChangeKind], str]:
    """Return what finds the page of a manifest, or of a folder of manifests.

    Args:
        destination: The GitOps repository.
        parent: The commit that the pull request is based on.
    """

    def page(path: str, kind: ChangeKind) -> str:
        commit = parent if kind == "removed" else PROPOSED_COMMIT
        return plain_page(destination.commit_page(commit, path))

    return page


def _name(source: SourceChange) -> str:
    """Return how places in a source begin: see `Source.name`."""
    reading = source.reading
    return f"{last_part(reading.repository)}@{reading.branch or reading.commit[:_SHORT]}"


def _page(cause: Cause, pages: _Pages) -> str:
    name, colon, path = cause.at.file.partition(":")
    if not colon or name not in pages:
        return ""
    place, source = pages[name]
    commit = source.before if cause.change == "removed" else source.reading.commit
    return plain_page(place.commit_page(commit, path, cause.at.line)) if commit else ""
