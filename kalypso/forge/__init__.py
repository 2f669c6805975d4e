"""Forges: repositories with their pull requests and issues, on a server or in a folder.

One folder for each kind; what they have in common is in `forge.py` and `interface.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AUTHOR",
    "FORGES",
    "PROMOTED",
    "WRITER",
    "CommitStatus",
    "Forge",
    "Issue",
    "Issues",
    "Person",
    "Place",
    "PullFacts",
    "PullRequest",
    "Repository",
    "Review",
    "Statuses",
    "Values",
    "forge_of",
    "parse_author",
    "place_identified",
    "place_named",
]

if TYPE_CHECKING:
    from kalypso.forge.address import FORGES, forge_of, place_identified, place_named
    from kalypso.forge.author import AUTHOR, WRITER, parse_author
    from kalypso.forge.forge import Forge, Person, Place, Values
    from kalypso.forge.interface import (
        CommitStatus,
        Issue,
        Issues,
        PullFacts,
        PullRequest,
        Repository,
        Review,
        Statuses,
    )
    from kalypso.forge.labels import PROMOTED
else:
    __getattr__ = door(
        __name__,
        {
            "address": ("FORGES", "forge_of", "place_identified", "place_named"),
            "author": ("AUTHOR", "WRITER", "parse_author"),
            "forge": ("Forge", "Person", "Place", "Values"),
            "interface": (
                "CommitStatus",
                "Issue",
                "Issues",
                "PullFacts",
                "PullRequest",
                "Repository",
                "Review",
                "Statuses",
            ),
            "labels": ("PROMOTED",),
        },
    )
