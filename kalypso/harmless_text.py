"""Text of others as it may be printed: nothing in it is obeyed, and no secret is in it.

Much of what is printed was written by application teams, or sent by servers: names, keys, paths,
excerpts. A terminal obeys control characters, a reader believes characters that reorder a line,
and the log of a CI system obeys lines of text: `::error::` on GitHub, `##vso[...]` on Azure,
`##teamcity[...]`. This is the one place that knows all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
"""Control characters but tab and line feed, and what reorders or hides the text around it."""
# GitHub's runner ends a line at a carriage return too, and looks past any blanks before `::`.
_COMMAND = re.compile(r"(?:^|(?<=\r))([^\S\r\n]*)::", re.MULTILINE)
_BRACKET = re.compile(r"##(?=[A-Za-z]*\[)")
_LEAST_SECRET = 6
"""Characters below which a value is not looked for: it would be found everywhere."""
_secrets: set[str] = set()
"""Secrets that this process was given. They have to be known wherever something is printed."""


def harmless(text: str) -> str:
    """Return a text of any number of lines that nothing obeys and that shows no secret."""
    return _UNSEEN.sub(_escaped, without_commands(without_secrets(text)))


def harmless_line(text: str, longest: int = 0) -> str:
    """Return a text as one line that nothing obeys.

    Args:
        text: Any text; its line breaks and tabs are escaped.
        longest: Characters after which it is cut; 0 for none.
    """
    line = harmless(text.replace("\n", r"\n").replace("\t", r"\t"))
    return cut(line, longest) if longest else line


def harmless_json(text: str) -> str:
    """Return JSON that says the same and that no CI system obeys; it has ASCII characters only."""
    return _BRACKET.sub(r"\\u0023#", without_secrets(text))


def without_commands(text: str) -> str:
    """Return a text without lines that a CI system would obey."""
    return _BRACKET.sub("# #", _COMMAND.sub(r"\1: :", text))


def obeyed(text: str) -> bool:
    """Return whether a text has something that a terminal, a reader or a CI system would obey."""
    return any(pattern.search(text) for pattern in (_UNSEEN, _COMMAND, _BRACKET))


def cut(text: str, longest: int) -> str:
    """Return a text, or its beginning with the number of characters that are left out."""
    if len(text) <= longest:
        return text
    return f"{text[:longest]}… ({len(text) - longest:,} more characters)"


def keep_secret(values: Iterable[str]) -> None:
    """Remember values that must never be printed, by whoever is given one."""
    for value in values:
        for line in value.splitlines():
            if len(line.strip()) >= _LEAST_SECRET and not line.startswith("-----"):
                _secrets.add(line.strip())


def without_secrets(text: str) -> str:
    """Return a text in which no secret of this process can be read."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _escaped(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - as Python and Go write them
