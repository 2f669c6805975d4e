"""Which line of a broken YAML file probably has the wrong indentation, found by trying.

The parser stops where it can no longer go on, which is often a line or two after the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_LINES_BEFORE = 4
"""Lines before the one where the parser stops that may be to blame."""
_LARGEST = 64_000
"""Characters of a file that is parsed again so often."""


def wrong_indentation(text: str, stopped: int, parses: Callable[[str], bool]) -> str:
    """Return a sentence about the line that is indented wrong; empty if none seems to be.

    Args:
        text: Of the file.
        stopped: The line at which the parser stopped, counted from 1.
        parses: Returns whether a text is YAML.
    """
    if len(text) > _LARGEST:
        return ""
    lines = text.split("\n")
    for number in _suspects(lines, stopped):
        line = lines[number - 1]
        bare = line.lstrip(" \t")
        indent = len(line) - len(bare)
        if "\t" in line[:indent]:
            return f"line {number} is indented with a tab, and YAML takes only spaces"
        for other in _fitting(lines, number):
            changed = [*lines[: number - 1], " " * other + bare, *lines[number:]]
            if other != indent and parses("\n".join(changed)):
                return (
                    f"line {number} probably has the wrong indentation: {_spaces(indent)}, where"
                    f" {other} would fit"
                )
    return ""


def _suspects(lines: list[str], stopped: int) -> Iterator[int]:
    """Yield the lines that may be to blame: the one itself, then those before it."""
    found = 0
    for number in range(min(stopped, len(lines)), 0, -1):
        bare = lines[number - 1].strip()
        if bare and not bare.startswith("#"):
            yield number
            found += 1
        if found > _LINES_BEFORE:
            return


def _fitting(lines: list[str], number: int) -> list[int]:
    """Return the indentations of the lines around and one step deeper, the nearest first."""
    around = [*lines[max(0, number - 1 - _LINES_BEFORE) : number - 1][::-1], *lines[number:][:2]]
    around = [line for line in around if line.strip()]
    found = {_indent(line) for line in around}
    now = _indent(lines[number - 1])
    deeper = {indent + 2 for indent in found}
    before = _indent(around[0]) if around else 0
    return sorted(found | deeper, key=lambda each: (abs(each - now), abs(each - before), each))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"
