"""Semantic versions: parse, compare, check against constraints.

Source: Masterminds/semver v1.5.0, version.go and constraints.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Final

import msgspec

from kalypso.golang.signatures import FunctionError, Kind, Method
from kalypso.golang.strconv import (
    NumError,
    parse_int,
    parse_uint,
    wrap_int64,
)
from kalypso.golang.values import GoObject, Int64, Value, type_name
from kalypso.template.functions import Function, per_text

_PARTS: Final = (
    r"(-([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?"
)
_VERSION: Final = re.compile(rf"v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?{_PARTS}")
_SUFFIX: Final = re.compile(r"[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*")
_PATTERN: Final = rf"v?([0-9|xX*]+)(\.[0-9|xX*]+)?(\.[0-9|xX*]+)?{_PARTS}"
_SPACE: Final = r"[\t\n\f\r ]"
_CONSTRAINT: Final = re.compile(
    rf"{_SPACE}*(|=|!=|>|<|>=|=>|<=|=<|~|~>|\^){_SPACE}*({_PATTERN}){_SPACE}*"
)
_RANGE: Final = re.compile(rf"{_SPACE}*({_PATTERN}){_SPACE}+-{_SPACE}+({_PATTERN}){_SPACE}*")
_SECOND_OF_RANGE: Final = 9
_LONGEST_CONSTRAINT: Final = 1024
"""The patterns look at each run of spaces again and again."""


@dataclass(frozen=True, slots=True)
class Version(GoObject):
    """A ``*semver.Version``."""

    type_name: ClassVar[str] = "*semver.Version"
    kind: ClassVar[str] = "ptr"
    major: int
    minor: int
    patch: int
    prerelease: str
    metadata: str
    original: str

    def text(self) -> str:
        """Return the version without a leading ``v``."""
        text = f"{self.major}.{self.minor}.{self.patch}"
        text += f"-{self.prerelease}" if self.prerelease else ""
        return text + (f"+{self.metadata}" if self.metadata else "")

    def json_value(self) -> Value:
        """Return the text."""
        return self.text()

    def copied(self) -> Version:
        """Return the zero version, as all fields are unexported."""
        return type(self)(0, 0, 0, "", "", "")


class VersionValue(Version):
    """A ``semver.Version`` that is not a pointer: what ``IncPatch`` and its like return."""

    __slots__ = ()
    type_name: ClassVar[str] = "semver.Version"
    kind: ClassVar[str] = "struct"

    def text(self) -> str:
        """Return the fields, as Go prints a struct whose ``String`` needs a pointer."""
        numbers = f"{self.major} {self.minor} {self.patch}"
        return f"{{{numbers} {self.prerelease} {self.metadata} {self.original}}}"

    def json_value(self) -> Value:
        """Return the exported fields, of which there are none."""
        return {}


@lru_cache(maxsize=1024)
def parse_version(text: str) -> Version:
    """Read a version; minor and patch may be missing, a ``v`` may stand before it.

    Raises:
        FunctionError: The text is not a semantic version.
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        raise FunctionError("Invalid Semantic Version")
    try:
        major, minor, patch = (parse_int((part or "0").lstrip(".")) for part in match.groups()[:3])
    except NumError as error:
        raise FunctionError(f"Error parsing version segment: {error}") from None
    return Version(major, minor, patch, match[5] or "", match[7] or "", text)


def compare(left: Version, right: Version) -> int:
    """Return -1, 0 or 1; metadata does not count, a pre-release comes before its release."""
    mine = (left.major, left.minor, left.patch)
    other = (right.major, right.minor, right.patch)
    if mine != other:
        return 1 if mine > other else -1
    if not left.prerelease or not right.prerelease:
        return bool(right.prerelease) - bool(left.prerelease)
    parts, other_parts = left.prerelease.split("."), right.prerelease.split(".")
    for index in range(max(len(parts), len(other_parts))):
        part = parts[index] if index < len(parts) else ""
        other_part = other_parts[index] if index < len(other_parts) else ""
        if part != other_part:
            return 1 if _part_key(part) > _part_key(other_part) else -1
    return 0


def _part_key(part: str) -> tuple[int, int, str]:
    """Order nothing before numbers before texts."""
    if not part:
        return (0, 0, "")
    try:
        return (1, parse_uint(part), "")
    except NumError:
        return (2, 0, part)


class _Constraint(msgspec.Struct, frozen=True):
    """One comparison; "dirty" is semver's word for a version with ``x`` or without a minor."""

    operator: str
    version: Version
    dirty: bool = False
    minor_dirty: bool = False
    patch_dirty: bool = False

    def allows(self, version: Version) -> bool:
        strict = self.operator != "!=" or self.dirty
        if strict and version.prerelease and not self.version.prerelease:
            return False
        return _CHECKS[self.operator](self, version)

    def equals(self, version: Version) -> bool:
        return self.tilde(version) if self.dirty else compare(version, self.version) == 0

    def differs(self, version: Version) -> bool:
        if not self.dirty:
            return compare(version, self.version) != 0
        if version.major != self.version.major:
            return True
        return version.minor != self.version.minor and not self.minor_dirty

    def less(self, version: Version) -> bool:
        return self.below(version) if self.dirty else compare(version, self.version) < 0

    def less_or_equal(self, version: Version) -> bool:
        return self.below(version) if self.dirty else compare(version, self.version) <= 0

    def below(self, version: Version) -> bool:
        if version.major > self.version.major:
            return False
        return version.minor <= self.version.minor or self.minor_dirty

    def tilde(self, version: Version) -> bool:
        wanted = self.version
        if compare(version, wanted) < 0:
            return False
        none = (wanted.major, wanted.minor, wanted.patch) == (0, 0, 0)
        if none and not self.minor_dirty and not self.patch_dirty:
            return True
        same_minor = version.minor == wanted.minor or self.minor_dirty
        return version.major == wanted.major and same_minor

    def caret(self, version: Version) -> bool:
        return compare(version, self.version) >= 0 and version.major == self.version.major


_CHECKS: Final[Mapping[str, Callable[[_Constraint, Version], bool]]] = {
    "": _Constraint.equals,
    "=": _Constraint.equals,
    "!=": _Constraint.differs,
    ">": lambda wanted, version: compare(version, wanted.version) > 0,
    "<": _Constraint.less,
    ">=": lambda wanted, version: compare(version, wanted.version) >= 0,
    "=>": lambda wanted, version: compare(version, wanted.version) >= 0,
    "<=": _Constraint.less_or_equal,
    "=<": _Constraint.less_or_equal,
    "~": _Constraint.tilde,
    "~>": _Constraint.tilde,
    "^": _Constraint.caret,
}


@lru_cache(maxsize=1024)
def parse_constraints(text: str) -> tuple[tuple[_Constraint, ...], ...]:
    """Read alternatives, split by ``||``, of constraints, split by ``,``.

    Raises:
        FunctionError: One of the constraints is malformed, or the text is very long.
    """
    if len(text) > _LONGEST_CONSTRAINT:
        raise FunctionError(f"improper constraint: over {_LONGEST_CONSTRAINT} characters")
    for match in _RANGE.finditer(text):
        bounds = f">= {match[1]}, <= {match[_SECOND_OF_RANGE]}"
        text = text.replace(match[0], bounds, 1)
    return tuple(
        tuple(_parse_constraint(part) for part in alternative.split(","))
        for alternative in text.split("||")
    )


def _parse_constraint(text: str) -> _Constraint:
    match = _CONSTRAINT.fullmatch(text)
    if match is None:
        raise FunctionError(f"improper constraint: {text}")
    operator, version, major, minor, patch, suffix = match.groups()[:6]
    minor, patch, suffix = minor or "", patch or "", suffix or ""
    dirty = minor_dirty = patch_dirty = False
    if _is_any(major):
        version, dirty = "0.0.0", True
    elif not minor or _is_any(minor[1:]):
        version, dirty, minor_dirty = f"{major}.0.0{suffix}", True, True
    elif _is_any(patch[1:]):
        version, dirty, patch_dirty = f"{major}{minor}.0{suffix}", True, True
    try:
        wanted = parse_version(version)
    except FunctionError:
        raise FunctionError("constraint Parser Error") from None
    return _Constraint(operator, wanted, dirty, minor_dirty, patch_dirty)


def _is_any(part: str) -> bool:
    return part in ("x", "X", "*")


def semver_compare(constraint: str, version: str) -> bool:
    """Return whether a version meets a constraint."""
    alternatives = parse_constraints(constraint)
    wanted = parse_version(version)
    return any(all(part.allows(wanted) for part in parts) for parts in alternatives)


def _next(version: Version, major: int, minor: int, patch: int) -> VersionValue:
    major, minor, patch = wrap_int64(major), wrap_int64(minor), wrap_int64(patch)
    return _with_original(VersionValue(major, minor, patch, "", "", version.original))


def _with_original(version: Version) -> VersionValue:
    """Return the version with the original text it would have had, its ``v`` included."""
    values = (version.major, version.minor, version.patch, version.prerelease, version.metadata)
    text = Version(*values, "").text()
    return VersionValue(*values, f"v{text}" if version.original.startswith("v") else text)


def _increment_major(version: Version) -> VersionValue:
    return _next(version, version.major + 1, 0, 0)


def _increment_minor(version: Version) -> VersionValue:
    return _next(version, version.major, version.minor + 1, 0)


def _increment_patch(version: Version) -> VersionValue:
    step = 0 if version.prerelease else 1
    return _next(version, version.major, version.minor, version.patch + step)


def _set_prerelease(version: Version, text: str) -> VersionValue:
    if text and not _SUFFIX.fullmatch(text):
        raise FunctionError("Invalid Prerelease string")
    return _with_original(replace(version, prerelease=text))


def _set_metadata(version: Version, text: str) -> VersionValue:
    if text and not _SUFFIX.fullmatch(text):
        raise FunctionError("Invalid Metadata string")
    return _with_original(replace(version, metadata=text))


def _comparison(test: Callable[[int], int]) -> Method:
    def call(version: Version, other: Value) -> int:
        if type(other) is not Version:
            raise FunctionError(
                f"wrong type for value; expected *semver.Version; got {type_name(other)}"
            )
        return test(compare(version, other))

    return Method((Kind.ANY,), call)


_VALUE_METHODS: Final[dict[str, Method]] = {
    "IncMajor": Method((), _increment_major),
    "IncMinor": Method((), _increment_minor),
    "IncPatch": Method((), _increment_patch),
    "SetMetadata": Method((Kind.STRING,), _set_metadata),
    "SetPrerelease": Method((Kind.STRING,), _set_prerelease),
}
VersionValue.methods = _VALUE_METHODS
Version.methods = {
    **_VALUE_METHODS,
    "Compare": _comparison(lambda order: order),
    "Equal": _comparison(lambda order: order == 0),
    "GreaterThan": _comparison(lambda order: order > 0),
    "LessThan": _comparison(lambda order: order < 0),
    "Major": Method((), lambda version: Int64(version.major)),
    "Metadata": Method((), lambda version: version.metadata),
    "Minor": Method((), lambda version: Int64(version.minor)),
    "Original": Method((), lambda version: version.original),
    "Patch": Method((), lambda version: Int64(version.patch)),
    "Prerelease": Method((), lambda version: version.prerelease),
    "String": Method((), Version.text),
}

FUNCTIONS: dict[str, Function] = {
    "semver": Function((Kind.STRING,), parse_version, cost=per_text(50)),
    "semverCompare": Function((Kind.STRING, Kind.STRING), semver_compare, cost=per_text(400)),
}
