"""What any command prints for people fits the terminal, and uses the width that there is."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.command import run
from tests.cli.every_command import CODE, SCENES, names
from tests.cli.test_width import Screen

_CODE = re.compile(r"`[^`]*`")
_TYPED = re.compile(r"\s*(?:next: )?(?:kalypso|pulumi|git|gh|cd|http://\S+|command:) ")
"""Begins a line that somebody copies, so it is one line whatever its length."""
_FILES = re.compile(r"\s*(?:\d* \| |[-+@~]\S|[+~] |diff --git |[A-Z_]+=)")
"""Begins a line of a file, or one that names a file."""
_MARGIN = re.compile(r"[ │├└─]*(?:#\d+ +)?")


def overlong(text: str, columns: int) -> list[str]:
    """Return the lines that are too long and could be shorter."""
    return [line for line in text.splitlines() if len(line) > columns and _has_room(line)]


def _has_room(line: str) -> bool:
    if _TYPED.match(line) or _FILES.match(line):
        return False
    margin = _MARGIN.match(line)
    words = _CODE.sub("code", line[margin.end() if margin else 0 :]).split()
    return len(words) > 1


@pytest.fixture(scope="module", params=[80, 120])
def printed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[str]]:
    """What every command printed on a terminal, by its name; the first line says how wide it is."""
    found: dict[str, list[str]] = {}
    known = sorted(names(), key=len, reverse=True)

    def noted(folder: Path, calls: str) -> None:
        for call in filter(None, map(str.strip, calls.splitlines())):
            result = run(shlex.split(call), folder)
            name = next((each for each in known if f"{call} ".startswith(f"{each} ")), "")
            found.setdefault(name, []).append(result.out + result.err)
            assert result.code in {0, 1, 2}, call

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(request.param))
        patch.setenv("LINES", "10000")
        patch.setenv("NO_COLOR", "1")
        patch.setattr(io, "StringIO", Screen)
        for scene in SCENES:
            folder = tmp_path_factory.mktemp(scene.__name__)
            patch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
            (folder / "gitconfig").write_text("[user]\n  name = Ada\n  email = a@example.com\n")
            scene(folder, noted, patch)
    found["columns"] = [str(request.param)]
    return found


def test_every_command_prints_something(printed: dict[str, list[str]]) -> None:
    silent = [name for name in names() if not any(printed.get(name, []))]
    assert {name if name in CODE else name.partition(" ")[0] for name in silent} == set(CODE)


def test_no_line_is_longer_than_the_terminal_is_wide(printed: dict[str, list[str]]) -> None:
    columns = int(printed["columns"][0])
    lines = {name: overlong("\n".join(texts), columns) for name, texts in printed.items()}
    assert {name: each for name, each in lines.items() if each} == {}
