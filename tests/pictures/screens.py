"""Pictures of a terminal: what a command prints at a width, drawn as SVG."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[2]
_LINES = 1000
"""Of the terminal: no answer is so long that it would go through a pager."""
_FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px;
  line-height: {line_height}px;
}}
.{unique_id}-title {{ font: bold 16px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def shown(words: Sequence[str], folder: Path, columns: int) -> str:
    """Run `kalypso` on a terminal of so many columns, and return what it printed.

    Raises:
        RuntimeError: The command ended with an error that is not an answer: exit code 2 or more.
    """
    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, columns, 0, 0))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-c", "from kalypso.cli import main; main()", *words],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=writer,
        stderr=writer,
    )
    os.close(writer)
    printed = b""
    try:
        while chunk := os.read(reader, 65536):
            printed += chunk
    except OSError:  # how Linux says that the other side is closed
        pass
    os.close(reader)
    text = printed.decode().replace("\r\n", "\n")
    if process.wait() > 1:
        raise RuntimeError(f"kalypso {' '.join(words)} ended with {process.returncode}:\n{text}")
    return text


def picture(words: Sequence[str], text: str, columns: int, name: str) -> str:
    """Draw a command and what it printed; the same text gives the same picture.

    Args:
        words: What was typed after `kalypso`.
        text: What was printed, with the escape sequences of colours.
        columns: Of the terminal.
        name: Of the picture, which keeps apart the styles of several on one page.
    """
    console = Console(
        record=True, width=columns, file=io.StringIO(), force_terminal=True, color_system="standard"
    )
    console.print(Text(f"$ kalypso {' '.join(words)}", style="bold"), soft_wrap=False)
    console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=False, highlight=False)
    console.print()
    return console.export_svg(
        title="kalypso", code_format=_FORMAT, font_aspect_ratio=0.6, unique_id=name
    )
