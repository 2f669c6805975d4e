"""What is pictured: commands at two widths with and without colour, and pull requests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.pictures.fleet import MODEL
from tests.pictures.pages import differences, page, pull_request
from tests.pictures.screens import picture, shown

_PAIR = "drone/hello-world-app-functional-test"
_DIFF = ("diff", "--from", "HEAD", "--patch")
COMMANDS: Mapping[str, Sequence[str]] = {
    "get": ("get", "assignments"),
    "tree": ("tree", "--by", "workspace"),
    "why": ("why", _PAIR),
    "why-not": ("why", "--not", "small/hello-world-app-functional-test"),
    "config": ("config", _PAIR),
    "diff": _DIFF,
    "explain": ("explain", "missing-key"),
    "explain-kind": ("explain", "ClusterType.spec"),
    "help": ("--help",),
}
"""By the name of the picture; the model is named behind them, where one is asked."""
_WITHOUT_MODEL = ("explain", "--help")
DOCS = {"why-not": 80, "diff": 80}
"""Pictures that documents show, with their width; in colour."""
_WIDTHS = (80, 120)
_WINDOW = "--window-size=960,1400"


def screen(fleet: Path, name: str, columns: int, *, colour: bool = True) -> str:
    """Return the picture of a command."""
    words = COMMANDS[name]
    model = () if words[0] in _WITHOUT_MODEL else MODEL
    when = "always" if colour else "never"
    text = shown(("--color", when, *words, *model), fleet, columns)
    return picture(words, text, columns, f"{name}-{columns}")


def draw_screens(fleet: Path, folder: Path) -> Iterator[Path]:
    """Draw every command at every width, with and without colour."""
    for name in COMMANDS:
        for columns in _WIDTHS:
            for colour in (True, False):
                file = folder / f"{name}-{columns}{'' if colour else '-plain'}.svg"
                file.write_text(screen(fleet, name, columns, colour=colour), "utf-8")
                yield file


def draw_pages(folder: Path) -> Iterator[Path]:
    """Write the pages of pull requests."""
    for name, found in differences().items():
        file = folder / f"pull-request-{name}.html"
        file.write_text(page(*pull_request(found)), "utf-8")
        yield file


def photographed(files: Sequence[Path], home: Path) -> Iterator[Path]:
    """Take a photo of each file with a browser, if there is one.

    Args:
        files: Pages and pictures.
        home: Folder for what the browser keeps.
    """
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    for file in files if browser else ():
        photo = file.with_suffix(".png")
        options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}")
        command = [str(browser), *options, _WINDOW, f"--screenshot={photo}", file.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        yield photo
