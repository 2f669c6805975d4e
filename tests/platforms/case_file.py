"""One whole model in one text file: what it is made of, read and written.

Its folder is named like the heading of docs/explanation/model.md that the case is about.

Comment lines and settings stand on top, then sections like those of Go's txtar::

    # A pair that two policies select is one assignment.
    base: small
    -- env/policies.yaml --
    ...
    -- expected/large/app-test/config.yaml --
    ...

Sections ``base/``, ``env/``, ``gitops/`` and ``repositories/<name>/`` are input; ``expected/`` is
the whole branch afterwards, in ``errors`` and ``warnings`` stand the exact messages. A path that
ends in `` (no final newline)`` says so; `` (base64)`` holds bytes that are not text.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").rglob("*.txt"), key=lambda path: path.name)
_SECTION = re.compile(r"^-- (.+) --\n", re.MULTILINE)
_BARE, _BASE64 = " (no final newline)", " (base64)"
_SETTINGS = frozenset(
    {"environment", "conventions", "base", "strict", "missing-key", "allow", "pointer", "advise"}
)
_RESULTS = ("expected/", "errors", "warnings")


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it is written."""

    head: str
    """Comments and settings, as they stand."""
    settings: Mapping[str, str]
    given: Mapping[str, bytes]
    """Input by path, without what a common base brings."""
    expected: Mapping[str, bytes]
    """The branch afterwards by path, and the messages as ``errors`` and ``warnings``."""

    @property
    def rule(self) -> str:
        """The rule that the case shows: its comment lines."""
        lines = [line[1:].strip() for line in self.head.splitlines() if line.startswith("#")]
        return " ".join(lines)

    def input(self) -> dict[str, bytes]:
        """Return the whole input: the common base, overridden by the case.

        An empty section removes the base's file.
        """
        name = self.settings.get("base", "")
        common = read(HERE / "bases" / f"{name}.txt").given if name else {}
        both = {**common, **self.given}
        return {path: content for path, content in both.items() if content or path not in common}


def read(path: Path) -> CaseFile:
    """Read a case.

    Raises:
        ValueError: A setting is not known, or a section is defined twice.
    """
    head, *rest = _SECTION.split(path.read_bytes().decode())
    settings = dict(_setting(line) for line in head.splitlines() if line and line[0] != "#")
    if unknown := settings.keys() - _SETTINGS:
        raise ValueError(f"{path.name}: unknown settings {sorted(unknown)}")
    sections: dict[str, bytes] = {}
    for title, text in zip(rest[::2], rest[1::2], strict=True):
        name, content = _section(title, text)
        if name in sections:
            raise ValueError(f"{path.name}: section {name} is defined twice")
        sections[name] = content
    given = {name: content for name, content in sections.items() if not name.startswith(_RESULTS)}
    expected = {name: content for name, content in sections.items() if name not in given}
    return CaseFile(head, settings, given, expected)


def write(path: Path, results: Mapping[str, bytes]) -> None:
    """Write a case anew with other results; the input stays as it stands."""
    text = path.read_bytes().decode()
    ends = [at.start() for at in _SECTION.finditer(text) if at.group(1).startswith(_RESULTS)]
    given = text[: ends[0]] if ends else text
    shown = "".join(_shown(name, content) for name, content in results.items())
    path.write_bytes(f"{given}{shown}".encode())


def _setting(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip(), value.strip()


def _section(title: str, text: str) -> tuple[str, bytes]:
    if title.endswith(_BASE64):
        return title.removesuffix(_BASE64), base64.b64decode(text)
    if title.endswith(_BARE):
        return title.removesuffix(_BARE), text.removesuffix("\n").encode()
    return title, text.encode()


def _shown(name: str, content: bytes) -> str:
    text = content.decode()
    return f"-- {name} --\n{text}" if text.endswith("\n") else f"-- {name}{_BARE} --\n{text}\n"
