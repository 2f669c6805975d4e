"""What an object says, apart from when: worked out once for all objects that say the same.

Clusters of a type run the same objects, which differ in times and counts only. Those are left out
of an object's form, and only the form is looked at here: what it lacks cannot count by mistake.
Times and counts are read from each object itself.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Generic, TypeVar

from kalypso.promotion.readers.fields import Fields, Raw

T = TypeVar("T")
_MOST_FORMS = 50_000
"""More are forgotten: a fleet whose objects all differ would fill the memory."""
_METADATA = ("namespace", "generation", "deletionTimestamp")
_OF_ITS_OWN = frozenset(
    {
        "firstReconciled",
        "lastReconciled",
        "lastReconciledDuration",
        "lastTransitionTime",
        "lastUpdateTime",
        "totalReconciliations",
    }
)
"""Times and counts in conditions and in the history of a Kustomization."""
_ARTIFACT = ("revision",)


class Once(Generic[T]):
    """A look at objects of one kind, which is made once for each form."""

    def __init__(self, look: Callable[[Fields], T]) -> None:
        """Take the look: a pure function that reads no time."""
        self._look = look
        self._known: dict[bytes, T] = {}

    def __call__(self, form: dict[str, object]) -> T:
        """Return what the look finds.

        Raises:
            Unclear: The object does not say what it has to.
        """
        try:
            key = marshal.dumps(form, 2)  # the oldest that has all types: equal only for equal ones
        except ValueError:  # a mapping that is not from JSON
            return self._look(Fields(form))
        found = self._known.get(key)
        if found is None:
            found = self._look(Fields(form))
            if len(self._known) >= _MOST_FORMS:
                self._known.clear()
            self._known[key] = found
        return found


def form_of(raw: Raw, spec: tuple[str, ...] | None = None) -> dict[str, object]:
    """Return what an object says, apart from when.

    Args:
        raw: The object.
        spec: Which fields of its spec matter; None for all.
    """
    wanted = raw.get("spec")
    return {
        "metadata": _part(raw.get("metadata"), _METADATA),
        "spec": wanted if spec is None else _part(wanted, spec),
        "status": _status(raw.get("status")),
    }


def _part(value: object, keys: tuple[str, ...]) -> object:
    if type(value) is not dict:
        return value
    return {key: value[key] for key in keys if key in value}


def _status(status: object) -> object:
    if type(status) is not dict:
        return status
    found = dict(status)
    for key in ("conditions", "history"):
        entries = found.get(key)
        if type(entries) is list:
            found[key] = [_entry(each) for each in entries]
    if "artifact" in found:
        found["artifact"] = _part(found["artifact"], _ARTIFACT)
    return found


def _entry(entry: object) -> object:
    if type(entry) is not dict:
        return entry
    found = {key: value for key, value in entry.items() if key not in _OF_ITS_OWN}
    if found.get("type") == "Healthy" and found.get("status") == "True":
        message = found.get("message")
        found["message"] = "" if type(message) is str else message  # how long a good check took
    return found
