"""Conformance: rendered objects, compared with the schemas of the clusters that will take them.

Nothing is fetched: schemas come from an installed package, from Kalypso's own, and from a folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "Catalogue",
    "Conformance",
    "compare_with_schemas",
    "may_hold_schemas",
    "open_catalogue",
]

if TYPE_CHECKING:
    from kalypso.conformance.catalogue import Catalogue, open_catalogue
    from kalypso.conformance.examination import Conformance, compare_with_schemas
    from kalypso.conformance.own_schemas import may_hold_schemas
else:
    __getattr__ = door(
        __name__,
        {
            "catalogue": ("Catalogue", "open_catalogue"),
            "examination": ("Conformance", "compare_with_schemas"),
            "own_schemas": ("may_hold_schemas",),
        },
    )
