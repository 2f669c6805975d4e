"""When an object says what it says: read from each object itself, however many say the same."""

from __future__ import annotations

from kalypso.promotion.readers.fields import Fields
from kalypso.promotion.readers.flux_history import looks_of, steady_since
from kalypso.promotion.readers.readiness import changes_of
from kalypso.promotion.readers.state import Times

_CONDITIONS = ("status", "conditions")


def source_times(fields: Fields) -> Times:
    """Return the times of a source that has fetched something.

    Raises:
        Unclear: A time is missing.
    """
    stored = fields.time("status", "artifact", "lastUpdateTime")
    return Times((stored, *changes_of(fields, *_CONDITIONS).values()))


def kustomization_times(fields: Fields) -> Times:
    """Return the times of a Kustomization.

    Raises:
        Unclear: A time is missing, or two times contradict each other.
    """
    history, changes = looks_of(fields), changes_of(fields, *_CONDITIONS)
    return Times(
        moments=(*changes.values(), *(each.last for each in history)),
        as_of=history[0].last if history else changes.get("Ready"),  # older versions keep none
        steady_since=steady_since(history),
    )


def condition_times(fields: Fields) -> Times:
    """Return the times of an object of which only the conditions have any.

    Raises:
        Unclear: A time is missing.
    """
    return Times(tuple(changes_of(fields, *_CONDITIONS).values()))
