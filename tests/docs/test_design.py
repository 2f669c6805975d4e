"""The map in design.md, and what documents and messages say about versions, are true."""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
DESIGN = (ROOT / "docs/explanation/design.md").read_text()
ROOM = re.compile(r"^\| `([\w]+)(?:/|\.py)` \|", re.MULTILINE)
GIT = re.compile(r"\b[Gg]it (\d\.\d+) or later")


def layers(package: str) -> list[set[str]]:
    """Return the rooms of a package by layer, from the top down, as import-linter knows them."""
    contracts: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
        "importlinter"
    ]["contracts"]
    (found,) = (c for c in contracts if c["type"] == "layers" and c["containers"] == [package])
    return [{room.strip() for room in re.split(r"[|:]", layer)} for layer in found["layers"]]


def on_disk(package: str) -> set[str]:
    """Return the modules and folders of a package."""
    found = (ROOT / package).iterdir()
    return {
        path.stem
        for path in found
        if path.name not in {"__init__.py", "__pycache__"}
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }


def test_the_map_shows_every_room_from_the_bottom_up() -> None:
    mapped = ROOM.findall(DESIGN)
    wanted = list(reversed(layers("kalypso")))
    assert sorted(mapped) == sorted(room for layer in wanted for room in layer)
    heights = [next(i for i, layer in enumerate(wanted) if room in layer) for room in mapped]
    assert heights == sorted(heights)


def test_the_contracts_know_every_module_of_the_packages() -> None:
    for package in ("kalypso", "components"):
        assert {room for layer in layers(package) for room in layer} == on_disk(package)


def test_contributing_says_where_every_room_is_tested() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    table = page.split("### Where a room is tested")[1].split("###")[0]
    named = {room for row in table.splitlines() for room in re.findall(r"kalypso/(\w+)", row)}
    assert named >= on_disk("kalypso")
    places = re.findall(r"`(tests/[\w./]+)`", table)
    assert [place for place in places if not (ROOT / place).exists()] == []


def test_one_version_of_git_is_asked_for() -> None:
    places = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    places += [path for room in ("kalypso", "tools") for path in (ROOT / room).rglob("*.py")]
    asked = {
        path.relative_to(ROOT).as_posix(): version
        for path in places
        for version in GIT.findall(path.read_text())
    }
    assert len(asked) >= 3
    assert set(asked.values()) == {"2.34"}, asked
