"""Pictures show what commands print now, as they print it, and nothing in them is obeyed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.pictures.__main__ import IN_DOCS
from tests.pictures.drawing import COMMANDS, DOCS, photographed, screen
from tests.pictures.fleet import ROOT, make_fleet
from tests.pictures.pages import differences, page, pull_request
from tests.pictures.screens import picture, shown


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_fleet(tmp_path_factory.mktemp("pictured"))


@pytest.mark.parametrize("name", DOCS)
def test_a_picture_in_the_documents_shows_what_is_printed_now(
    fleet: Path, name: str, *, update_golden: bool
) -> None:
    file = IN_DOCS / f"{name}.svg"
    drawn = screen(fleet, name, DOCS[name])
    if update_golden:
        file.write_text(drawn, "utf-8")
    assert drawn == file.read_text("utf-8"), "`make pictures` draws it again"


@pytest.mark.parametrize("name", DOCS)
def test_a_picture_in_the_documents_is_shown_by_a_page(name: str) -> None:
    pages = (page.read_text("utf-8") for page in (ROOT / "docs").rglob("*.md"))
    assert any(f"images/{name}.svg)" in text for text in pages)


def rows(drawn: str) -> Iterator[str]:
    """Give the lines of a picture as they are read."""
    texts = ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    found: dict[str, str] = {}
    for text in texts:
        found[text.get("y", "")] = found.get(text.get("y", ""), "") + (text.text or "")
    yield from (row.replace("\N{NO-BREAK SPACE}", " ").rstrip() for row in found.values())


def test_every_line_of_an_answer_is_in_the_picture(fleet: Path) -> None:
    text = shown(("tree", "-e", "dev", "--base", "main", "--control-plane", "dev",
                  "--repositories", "workloads"), fleet, 80)  # fmt: skip
    drawn = list(rows(picture(["tree"], text, 80, "tree")))
    assert [line for line in text.splitlines() if line not in drawn] == []
    assert "$ kalypso tree" in drawn


def test_colours_are_drawn_unless_they_are_off(fleet: Path) -> None:
    colours = [
        set(re.findall("fill: (#[0-9a-f]{6})", screen(fleet, "diff", 80, colour=colour)))
        for colour in (True, False)
    ]
    assert len(colours[0]) > len(colours[1])


def test_a_command_that_fails_is_not_pictured(fleet: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 2"):
        shown(("why", "nothing"), fleet, 80)


def test_a_text_cannot_leave_its_picture() -> None:
    drawn = picture(["x"], "</text><script>alert(1)</script>\n", 80, "x")
    assert "<script" not in drawn
    assert "</text><script>alert(1)</script>" in list(map(unescape, rows(drawn)))


@pytest.mark.parametrize("name", differences())
def test_a_pull_request_of_every_size_is_a_whole_page(name: str) -> None:
    title, body = pull_request(differences()[name])
    made = page(title, body)
    assert made.count("<details>") == made.count("</details>") == body.count("<details>")
    assert "<table>" in made
    assert "[!" not in made
    assert len(body) <= 65_536


def test_a_photo_is_taken_of_each_file_and_of_none_without_a_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.svg"
    file.write_text("<svg/>", "utf-8")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert list(photographed([file], tmp_path)) == []
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\nfor word; do :; done; echo "$word" >"$0.asked"\n', "utf-8")
    browser.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(browser))
    assert list(photographed([file], tmp_path)) == [tmp_path / "a.png"]
    assert (tmp_path / "browser.asked").read_text("utf-8") == f"{file.as_uri()}\n"


def test_every_command_that_the_documents_show_is_pictured() -> None:
    assert DOCS.keys() <= COMMANDS.keys()
