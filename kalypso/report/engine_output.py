"""What `pulumi preview --diff` and `kalypso diff --check` said, read for a comment.

A preview that `kalypso ci run` has run is known by its events. Of one that was kept as a text, and
of `kalypso diff`, the lines that count begin in the first column, where the engine puts its own
messages. Content of a model is shown indented, so nothing in it is taken for a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

_ERROR = re.compile(r"error: ")
_STEP = re.compile(r"\s*([-+~]+ )?[\w@/.-]+:[\w/.-]*:[\w.-]+: \([\w, -]+\)")
"""A line that begins the next resource: after a message it is as indented as the message's rest."""
_REFUSED = re.compile(
    r"^(?:error: )?[^\s:]+:1:1: (?:error: )?this would remove"
    r" ((?:all )?\d+(?: of \d+)? assignments|the only assignment)"
    r" of .+ \[too-many-removals\]$"
)
_DIGEST = re.compile(r"^\s+hint: .*limits\.acknowledge to ([0-9a-f]{12})$")
_COUNT = re.compile(r"    (?:[-+~]+ ?)?(\d+ [\w -]+)")
_INDENT = "  "
ONLY_SHOWN = "kalypso:preview:Files"
"""Type of the resource that shows changed files in a preview: no real run has it."""
_ONLY_UPDATED = re.compile(rf"^ *~ +{ONLY_SHOWN}: \(update\)$|^ ~  {ONLY_SHOWN} ", re.MULTILINE)
_IMPORTED = "    = 1 to import\n"
_SHOWN = 20
"""Last lines of an output without messages."""
_STEPS = (
    "create",
    "update",
    "delete",
    "replace",
    "create-replacement",
    "delete-replaced",
    "refresh",
    "discard-replaced",
    "remove-pending-replace",
    "import",
    "import-replacement",
)
"""Kinds of steps in the order of the engine's own summary, without those that change nothing.

Source: Pulumi's Go module `pkg/v3/resource/deploy`, `step.go`, and `backend/display/diff.go`.
"""


class EngineReport(msgspec.Struct, frozen=True):
    """What the engine said of a preview."""

    errors: str
    """Messages of its errors, whole; if there are none, its last lines."""
    steps: str
    """What it would do, as `1 to update, 21 unchanged`; empty if it did not get that far."""


class Refusal(msgspec.Struct, frozen=True):
    """What the guard against removals said."""

    amount: str
    """As `3 of 9 assignments`, `all 9 assignments`, or `the only assignment`."""
    groups: tuple[str, ...]
    """One line for each cluster type: its name, how many, which."""
    digest: str
    """What `limits.acknowledge` has to be; empty if it was not told."""


def refusal_in(text: str) -> Refusal | None:
    """Find the refusal of the guard against removals in an output, if there is one."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        found = _REFUSED.match(line)
        if found:
            groups: list[str] = []
            for following in _rest(lines[number + 1 :]):
                digest = _DIGEST.match(following)
                if digest:
                    return Refusal(found[1], tuple(groups), digest[1])
                groups.append(following.removeprefix(_INDENT))
            return Refusal(found[1], tuple(groups), "")
    return None


def report_in(text: str) -> EngineReport:
    """Read what an engine printed."""
    return EngineReport(errors_in(text), steps_in(text))


def errors_in(text: str) -> str:
    """Return the messages of an engine that failed; if there are none, its last lines."""
    return "\n".join(messages_in(text)) or last_lines(text)


def messages_in(text: str) -> list[str]:
    """Return each message of an error that an engine printed, with its further lines."""
    lines = text.split("\n")
    return [
        "\n".join([_ERROR.sub("", line, count=1), *_rest(lines[number + 1 :])])
        for number, line in enumerate(lines)
        if _ERROR.match(line)
    ]


def last_lines(text: str) -> str:
    """Return what stands for an error that has no message."""
    return "\n".join(text.splitlines()[-_SHOWN:])


def is_refusal(message: str) -> bool:
    """Return whether a message of the engine is a refusal of the guard against removals."""
    return _REFUSED.match(message.partition("\n")[0]) is not None


def steps_of(changes: Mapping[str, int]) -> str:
    """Return what the engine would do: `1 to update, 21 unchanged`; empty for nothing.

    Args:
        changes: How many resources each kind of step concerns, as the engine's summary says.
    """
    steps = [f"{changes[kind]} to {kind}" for kind in _STEPS if changes.get(kind)]
    if changes.get("same"):
        steps.append(f"{changes['same']} unchanged")
    return ", ".join(steps)


def steps_in(text: str) -> str:
    """Return what the engine would do, in its words: `1 to update, 21 unchanged`; else nothing."""
    _, found, after = text.rpartition("\nResources:\n")
    if not found:
        return ""
    counts = (_COUNT.fullmatch(line) for line in after.splitlines()[:10])
    steps = [count[1] for count in counts if count and not count[1].endswith(" changes")]
    if _IMPORTED in after and _ONLY_UPDATED.search(text):
        steps = [step for step in map(_one_less, steps) if step]
    return ", ".join(steps)


def _one_less(step: str) -> str:
    """Leave the resource that only a preview shows out of a count; empty if that is all of it."""
    number, _, kind = step.partition(" ")
    if kind != "to update":
        return step
    return f"{int(number) - 1} {kind}" if number != "1" else ""


def _rest(lines: list[str]) -> Iterator[str]:
    """Yield the further lines of a message."""
    for line in lines:
        if not line.startswith(_INDENT) or _STEP.match(line):
            return
        yield line
