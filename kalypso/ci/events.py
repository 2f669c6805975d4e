"""The engine's events, as far as a comment needs them: its errors, and what it would do.

Source: Pulumi's Go module `sdk/v3/go/common/apitype`, `events.go`: one JSON object in each line,
with `sequence`, `timestamp` and one more key, which names the kind. Secret values are blinded by
the engine before an event is written.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from kalypso.report import ONLY_SHOWN

_HEAD = 200
"""Bytes of a line within which its kind is named; a line may be as long as a resource."""
_WANTED = (b'"diagnosticEvent"', b'"summaryEvent"')
_STEP = b'"resourcePreEvent"'


class Events(msgspec.Struct, frozen=True):
    """What the events said."""

    errors: tuple[str, ...] = ()
    """Whole messages, in their order, each once; without the line break at the end."""
    changes: Mapping[str, int] = msgspec.field(default_factory=dict)
    """How many resources each kind of step concerns, without what only a preview shows; empty if
    the engine did not get that far."""
    result: str = ""
    """`succeeded`, `failed` or `canceled`; empty if the engine did not say."""


def read_events(lines: Iterable[bytes]) -> Events:
    """Read events; of what is unknown, cut short or not JSON, nothing is taken.

    An engine that was killed leaves half a line, and a newer one may have other kinds.
    """
    errors: dict[str, None] = {}
    changes: Mapping[str, int] = {}
    only_shown: Counter[str] = Counter()
    result = ""
    for line in lines:
        if _STEP in line[:_HEAD] and ONLY_SHOWN.encode() in line:
            only_shown[_only_shown(_parsed(line))] += 1
        if not any(kind in line[:_HEAD] for kind in _WANTED):
            continue
        event = _parsed(line)
        message = _error_in(event.get("diagnosticEvent"))
        if message:
            errors[message] = None
        summary = event.get("summaryEvent")
        if isinstance(summary, dict):
            changes = _counts(summary.get("resourceChanges"))
            result = str(summary.get("result") or "")
    done = {kind: count - only_shown[kind] for kind, count in changes.items()}
    return Events(tuple(errors), {kind: count for kind, count in done.items() if count > 0}, result)


def _parsed(line: bytes) -> dict[str, object]:
    try:
        event = json.loads(line.decode("utf-8", "replace"))
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _error_in(diagnostic: object) -> str:
    """Return the message of a diagnostic if it is an error; else nothing."""
    if not isinstance(diagnostic, dict) or diagnostic.get("severity") != "error":
        return ""
    message = diagnostic.get("message")
    return message.rstrip() if isinstance(message, str) else ""


def _only_shown(event: Mapping[str, object]) -> str:
    """Return the kind of a step that no real run has: of what only a preview shows."""
    step = event.get("resourcePreEvent")
    metadata = step.get("metadata") if isinstance(step, dict) else None
    if not isinstance(metadata, dict) or metadata.get("type") != ONLY_SHOWN:
        return ""
    return str(metadata.get("op") or "")


def _counts(found: object) -> Mapping[str, int]:
    if not isinstance(found, dict):
        return {}
    return {kind: count for kind, count in found.items() if type(count) is int and count > 0}
