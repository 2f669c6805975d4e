"""What an object says, apart from when: the same for objects that differ in times and counts only.

Times and counts are left out of an object's form, and whoever looks at a form sees nothing else:
what it lacks cannot count by mistake.
"""

from __future__ import annotations

import marshal
from typing import Any

from kalypso.promotion.readers.fields import Raw

_METADATA = ("namespace", "generation", "deletionTimestamp")
_RECONCILED = (
    "firstReconciled",
    "lastReconciled",
    "lastReconciledDuration",
    "totalReconciliations",
)
_ARTIFACT = ("revision",)


def form_of(raw: Raw, spec: tuple[str, ...] | None = None) -> dict[str, object]:
    """Return what an object says of its own state, apart from when.

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


def whole_form_of(raw: Raw) -> object:
    """Return all that an object says, apart from when."""
    if type(raw) is not dict or "status" not in raw:
        return raw
    found = raw.copy()
    found["status"] = _status(raw["status"])
    return found


def key_of(*forms: Any) -> tuple[bytes, ...] | None:  # noqa: ANN401 - any JSON
    """Return what is equal for equal forms only, `1` and `true` apart; None if one is not JSON."""
    dumps = marshal.dumps
    try:
        return tuple([dumps(form, 2) for form in forms])  # the oldest version with all types
    except ValueError:
        return None


def _part(value: object, keys: tuple[str, ...]) -> object:
    if type(value) is not dict:
        return value
    return {key: value[key] for key in keys if key in value}


def _status(status: object) -> object:
    if type(status) is not dict:
        return status
    found = status.copy()
    conditions, history = found.get("conditions"), found.get("history")
    if type(conditions) is list:
        found["conditions"] = [_condition(e) if type(e) is dict else e for e in conditions]
    if type(history) is list:
        found["history"] = [_reconciled(e) if type(e) is dict else e for e in history]
    if "artifact" in found:
        found["artifact"] = _part(found["artifact"], _ARTIFACT)
    return found


def _condition(entry: dict[str, object]) -> dict[str, object]:
    found = entry.copy()
    found.pop("lastTransitionTime", None)
    found.pop("lastUpdateTime", None)
    if found.get("type") == "Healthy" and found.get("status") == "True":
        message = found.get("message")
        found["message"] = "" if type(message) is str else message  # how long a good check took
    return found


def _reconciled(entry: dict[str, object]) -> dict[str, object]:
    """Return an entry of the history of a Kustomization without its times and counts."""
    found = entry.copy()
    for key in _RECONCILED:
        found.pop(key, None)
    return found
