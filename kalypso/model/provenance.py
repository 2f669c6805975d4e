"""What a delivered commit was made of, as the trailers of its message say it.

    Kalypso-Control-Plane: https://git.example.com/acme/control-plane@<40 digits> dev
    Kalypso-Base: https://git.example.com/acme/control-plane@<40 digits> main
    Kalypso-Workload: https://git.example.com/acme/app@<40 digits> main
    Kalypso-Held: https://git.example.com/acme/app@<40 digits> main (yaml-syntax)
    Kalypso-Settings: conventions=operator
    Kalypso-Version: 0.1.0

`Kalypso-Environment` and `Kalypso-Content`, the SHA-256 of the managed files, stand beside them.
Whoever has these commits can render the same files again. A source that is held back is named
twice: as a workload at the commit that was read, and as held with the reason. One that is left out
is only held, at a commit of zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from kalypso.model.held import SourceKey

_LINE = re.compile(r"^(Kalypso-[A-Za-z-]+): (.*\S) *$", re.MULTILINE)
_READING = re.compile(r"(?P<repository>\S+)@(?P<commit>[0-9a-f]{40})(?: (?P<branch>\S+))?")
_HELD_READING = re.compile(r"(?P<reading>.+) \((?P<code>[a-z0-9-]+)\)")
_NOTHING = "0" * 40
TRACKING = ".github/tracking/Promoted_Commit_Id"
"""File of a GitOps branch: the promoted commit of the base, for the promotion after the merge."""
ENVIRONMENT = "Kalypso-Environment"
CONTENT = "Kalypso-Content"
_CONTROL_PLANE = "Kalypso-Control-Plane"
_BASE = "Kalypso-Base"
_WORKLOAD = "Kalypso-Workload"
_HELD = "Kalypso-Held"
_SETTINGS = "Kalypso-Settings"
_VERSION = "Kalypso-Version"


class Reading(msgspec.Struct, frozen=True, order=True):
    """A repository that was read at a commit."""

    repository: str
    """Its address, without user name and password."""
    branch: str
    """As the model names it; may be empty where the model names a commit."""
    commit: str

    def __str__(self) -> str:
        return f"{self.repository}@{self.commit} {self.branch}".rstrip()


class HeldReading(msgspec.Struct, frozen=True, order=True):
    """A source that was held back at the commit of an earlier delivery, or left out."""

    repository: str
    branch: str
    commit: str
    """The commit that was read; empty if the source is left out."""
    code: str
    """Of the problem with its newest commit."""

    def __str__(self) -> str:
        reading = Reading(self.repository, self.branch, self.commit or _NOTHING)
        return f"{reading} ({self.code})"


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a model was made of."""

    control_plane: Reading
    bases: tuple[Reading, ...]
    """Sorted."""
    workloads: tuple[Reading, ...]
    """Each repository and branch once, sorted."""
    settings: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What a stack chose about rendering, where it is not the default."""
    version: str = ""
    """Of the program."""
    held: tuple[HeldReading, ...] = ()
    """Sources that were not taken as they were, sorted."""

    @property
    def left_out(self) -> frozenset[SourceKey]:
        """The sources of which nothing was read."""
        return frozenset((each.repository, each.branch) for each in self.held if not each.commit)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """All that was read: the control plane first, then bases, then workloads."""
        return (self.control_plane, *self.bases, *self.workloads)

    def trailers(self) -> str:
        """Return the lines for the end of a commit's message."""
        lines = [f"{_CONTROL_PLANE}: {self.control_plane}"]
        lines += [f"{_BASE}: {each}" for each in self.bases]
        lines += [f"{_WORKLOAD}: {each}" for each in self.workloads]
        lines += [f"{_HELD}: {each}" for each in self.held]
        if self.settings:
            chosen = " ".join(f"{key}={value}" for key, value in sorted(self.settings.items()))
            lines.append(f"{_SETTINGS}: {chosen}")
        return "\n".join([*lines, f"{_VERSION}: {self.version}"])


class Unreadable(ValueError):
    """A message has no trailers of ours, or some that nobody of ours writes; says which."""


def trailer(message: str, name: str) -> str:
    """Return a trailer that stands once in a message.

    Raises:
        Unreadable: The trailer is missing, or is there twice with different values.
    """
    found = {value for key, value in _lines(message) if key == name}
    if len(found) != 1:
        raise Unreadable(f"it has {'two' if found else 'no'} {name}")
    return found.pop()


def parse_provenance(message: str) -> Provenance:
    """Read the trailers of a commit's message.

    They may stand anywhere in it: a forge that squashes adds lines of its own behind them.

    Raises:
        Unreadable: The trailers are missing, or are not as Kalypso writes them.
    """
    lines = _lines(message)
    settings = [value for key, value in lines if key == _SETTINGS]
    return Provenance(
        control_plane=_reading(_CONTROL_PLANE, trailer(message, _CONTROL_PLANE)),
        bases=_readings(_BASE, lines),
        workloads=_readings(_WORKLOAD, lines),
        settings=dict(_pairs(settings)),
        version=trailer(message, _VERSION),
        held=tuple(sorted({_held(value) for key, value in lines if key == _HELD})),
    )


def _lines(message: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for found in _LINE.finditer(message)]


def _readings(name: str, lines: Iterable[tuple[str, str]]) -> tuple[Reading, ...]:
    return tuple(sorted({_reading(name, value) for key, value in lines if key == name}))


def _reading(name: str, text: str) -> Reading:
    found = _READING.fullmatch(text)
    if found is None:
        raise Unreadable(f"its {name} is not of the form REPOSITORY@COMMIT BRANCH")
    return Reading(found["repository"], found["branch"] or "", found["commit"])


def _held(text: str) -> HeldReading:
    found = _HELD_READING.fullmatch(text)
    if found is None:
        raise Unreadable(f"its {_HELD} is not of the form REPOSITORY@COMMIT BRANCH (CODE)")
    reading = _reading(_HELD, found["reading"])
    commit = "" if reading.commit == _NOTHING else reading.commit
    return HeldReading(reading.repository, reading.branch, commit, found["code"])


def _pairs(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for word in " ".join(texts).split():
        key, equals, value = word.partition("=")
        if not equals:
            raise Unreadable(f"its {_SETTINGS} are not of the form KEY=VALUE")
        yield key, value
