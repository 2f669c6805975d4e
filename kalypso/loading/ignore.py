"""``.sourceignore``: which files of a tree count, exactly as Flux's source-controller reads it.

Every path is judged by itself, and the last pattern that matches it wins. Differences from git's
own rules are deliberate: existing control planes were written against Flux.

Source: docs/explanation/model.md, "Files that count".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

IGNORE_FILE = ".sourceignore"
SUFFIXES = (".yaml", ".yml")

_VCS = (".git/", ".gitignore", ".gitmodules", ".gitattributes")
_DEFAULTS = (
    *("*.jpg", "*.jpeg", "*.gif", "*.png", "*.wmv", "*.flv", "*.tar.gz", "*.zip"),
    *(".github/", ".circleci/", ".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml"),
    *("cloudbuild.yaml", "codeship-services.yml", "codeship-steps.yml"),
    *("**/.goreleaser.yml", "**/.sops.yaml", "**/.flux.yaml"),
)

_MOST_TOGETHER = 64
"""Patterns that are looked for at once."""
_GO_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space to Go, which knows less of it than Python: a line of nothing else is blank."""
_LONGEST_LINE = 1 << 16
"""Bytes of a line at which Go's scanner gives up on the rest of the file."""


class _Pattern(msgspec.Struct, frozen=True):
    """One line of an ignore file."""

    domain: tuple[str, ...]
    """Folder of the ignore file; the pattern counts below it only."""
    parts: tuple[str, ...]
    keeps: bool
    """Began with ``!``: brings back what an earlier pattern left out."""
    folders_only: bool

    def matches(self, path: Sequence[str]) -> bool:
        """Return whether the pattern is about a file, given as the parts of its path."""
        depth = len(self.domain)
        if len(path) <= depth or tuple(path[:depth]) != self.domain:
            return False
        below = path[depth:]
        return self._glob(below) if len(self.parts) > 1 else self._name(below)

    def _name(self, path: Sequence[str]) -> bool:
        glob = _glob(self.parts[0])
        if glob is None:
            return False
        for index, name in enumerate(path):
            if glob.fullmatch(name):
                return not (self.folders_only and index == len(path) - 1)
        return False

    def _glob(self, path: Sequence[str]) -> bool:
        """Match part by part. ``**`` takes folders up to the first fit and never goes back."""
        matched = skipping = False
        rest = list(path)
        for index, part in enumerate(self.parts):
            if not part:
                skipping = False
                continue
            if part == "**":
                if index == len(self.parts) - 1:
                    break
                skipping = True
                continue
            glob = None if "**" in part else _glob(part)
            if glob is None or not rest:
                return False
            if skipping:
                skipping = False
                matched = _take_until(glob, rest)
            elif glob.fullmatch(rest.pop(0)):
                matched = True
            else:
                return False
        return matched and not (self.folders_only and not rest)


def _take_until(glob: re.Pattern[str], rest: list[str]) -> bool:
    while rest:
        if glob.fullmatch(rest.pop(0)):
            return True
    return False


def kept(files: dict[str, str]) -> list[str]:
    """List the YAML files of a tree that count.

    Args:
        files: Text by path from the root of the tree, ``.sourceignore`` files included.

    Returns:
        Paths, sorted.
    """
    ignored = {path: text for path, text in files.items() if _basename(path) == IGNORE_FILE}
    return kept_paths(files, ignored)


def kept_paths(
    paths: Iterable[str],
    ignore_files: Mapping[str, str],
    *,
    suffixes: tuple[str, ...] = SUFFIXES,
) -> list[str]:
    """List the files of these suffixes that count, given the texts of the tree's ignore files."""
    patterns = _patterns(ignore_files)
    names = _names(patterns)
    counting: list[str] = []
    for path in paths:
        if not path.endswith(suffixes):
            continue
        parts = path.split("/")
        may_match = names is None or any(map(names.fullmatch, parts))
        if not may_match or not _left_out(parts, patterns):
            counting.append(path)
    return sorted(counting)


def _names(patterns: Sequence[_Pattern]) -> re.Pattern[str] | None:
    """Return what matches some part of each path that any of the patterns matches.

    Most files have names that no pattern is about, which one look says.

    Returns:
        None if there is no such expression, or it would take long to compile.
    """
    found: list[str] = []
    for pattern in patterns:
        any_folder = len(pattern.parts) > 1 and pattern.parts[0] == "**"
        if len(pattern.parts) > 1 + any_folder or len(patterns) > _MOST_TOGETHER:
            return None
        glob = _glob(pattern.parts[-1])
        if glob is not None:
            found.append(f"(?:{glob.pattern})")
    return re.compile("|".join(found), re.DOTALL)


def _basename(path: str) -> str:
    return path.rpartition("/")[2]


def _patterns(ignore_files: Mapping[str, str]) -> list[_Pattern]:
    own: list[_Pattern] = []
    for path in sorted(ignore_files, key=lambda path: path.split("/")[:-1]):
        domain = tuple(path.split("/")[:-1])
        if ".git" in domain:
            continue
        own += [
            _parse(line, domain)
            for line in _lines(ignore_files[path])
            if not line.startswith("#") and line.strip(_GO_SPACE)
        ]
    first = [_parse(line, ()) for line in (_VCS if own else (*_VCS, *_DEFAULTS))]
    return first + own


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if (
            len(line) >= _LONGEST_LINE
            or len(line.encode(errors="surrogateescape")) >= _LONGEST_LINE
        ):
            return
        yield line.removesuffix("\r")


def _parse(line: str, domain: tuple[str, ...]) -> _Pattern:
    keeps = line.startswith("!")
    line = line[keeps:]
    if not line.endswith("\\ "):
        line = line.rstrip(" ")
    folders_only = line.endswith("/")
    if folders_only:
        line = line[:-1]
    return _Pattern(domain, tuple(line.split("/")), keeps, folders_only)


def _left_out(path: Sequence[str], patterns: Sequence[_Pattern]) -> bool:
    for pattern in reversed(patterns):
        if pattern.matches(path):
            return not pattern.keeps
    return False


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str] | None:
    """Translate one part of a pattern as Go's ``filepath.Match`` reads it; None if it is broken.

    What follows a star is looked for once, as early as possible, and never again: what comes before
    the last star matches there or nowhere, so that matching takes linear time.
    """
    pieces: list[list[str]] = [[]]
    out = pieces[0]
    rest = pattern
    while rest:
        char, rest = rest[0], rest[1:]
        match char:
            case "*":
                out = []
                pieces.append(out)
            case "?":
                out.append("[^/]")
            case "[":
                translated = _class(rest)
                if translated is None:
                    return None
                text, rest = translated
                out.append(text)
            case "\\":
                if not rest:
                    return None
                out.append(re.escape(rest[0]))
                rest = rest[1:]
            case _:
                out.append(re.escape(char))
    first, *others = map("".join, pieces)
    middle = "".join(f"(?>[^/]*?{piece})" for piece in others[:-1] if piece)
    last = f"[^/]*{others[-1]}" if others else ""
    return re.compile(f"{first}{middle}{last}", re.DOTALL)


def _class(rest: str) -> tuple[str, str] | None:
    """Translate what follows ``[``; return the class and what follows it, None if it is broken."""
    negated = rest.startswith("^")
    rest = rest[negated:]
    ranges: list[str] = []
    while True:
        if rest.startswith("]") and ranges:
            return _join_class(ranges, negated=negated), rest[1:]
        low = _class_char(rest)
        if low is None:
            return None
        char, rest = low
        high = char
        if rest.startswith("-"):
            upper = _class_char(rest[1:])
            if upper is None:
                return None
            high, rest = upper
        if char <= high:
            ranges.append(f"{re.escape(char)}-{re.escape(high)}")
        else:
            ranges.append("")


def _join_class(ranges: list[str], *, negated: bool) -> str:
    members = "".join(ranges)
    if not members:
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{members}]"


def _class_char(rest: str) -> tuple[str, str] | None:
    """Read one character of a class; a class cannot end the pattern, nor begin with - or ]."""
    if not rest or rest[0] in "-]":
        return None
    if rest[0] == "\\":
        rest = rest[1:]
    if len(rest) < 2:  # noqa: PLR2004 - the character itself, and at least the closing bracket
        return None
    return rest[0], rest[1:]
