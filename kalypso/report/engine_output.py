"""What `pulumi preview --diff` and `kalypso diff --check` printed, read for a comment.

The lines that count begin in the first column, where the engine puts its own messages. Content of
a model is shown indented, so nothing in it is taken for a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ERROR = re.compile(r"error: ")
_STEP = re.compile(r"\s*([-+~]+ )?[\w@/.-]+:[\w/.-]*:[\w.-]+: \([\w, -]+\)")
"""A line that begins the next resource: after a message it is as indented as the message's rest."""
_REFUSED = re.compile(
    r"^(?:error: )?[^\s:]+:1:1: error: this would remove ((?:all )?\d+(?: of \d+)?) assignments"
    r" of .+ \[too-many-removals\]$"
)
_DIGEST = re.compile(r"^\s+hint: .*limits\.acknowledge to ([0-9a-f]{12})$")
_COUNT = re.compile(r"    (?:[-+~]+ ?)?(\d+ [\w -]+)")
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the guard against removals said."""

    amount: str
    """As `3 of 9`, or `all 9`."""
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


def errors_in(text: str) -> str:
    """Return the messages of an engine that failed; if there are none, its last lines."""
    lines = text.splitlines()
    kept: list[str] = []
    for number, line in enumerate(lines):
        if _ERROR.match(line):
            kept += [_ERROR.sub("", line, count=1), *_rest(lines[number + 1 :])]
    return "\n".join(kept or lines[-20:])


def steps_in(text: str) -> str:
    """Return what the engine would do, in its words: `1 to update, 21 unchanged`; else nothing."""
    _, found, after = text.rpartition("\nResources:\n")
    if not found:
        return ""
    counts = (_COUNT.fullmatch(line) for line in after.splitlines()[:10])
    return ", ".join(count[1] for count in counts if count)


def _rest(lines: list[str]) -> Iterator[str]:
    """Yield the further lines of a message."""
    for line in lines:
        if not line.startswith(_INDENT) or _STEP.match(line):
            return
        yield line
