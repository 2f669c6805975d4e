"""Rooms that others use have a door; each name on it is there, and is loaded when asked for."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOORS = sorted(
    ".".join(path.relative_to(ROOT).parent.parts)
    for package in ("kalypso", "components")
    for path in (ROOT / package).rglob("__init__.py")
    if "kalypso.doors import door" in path.read_text("utf-8")
)

UNUSED = {"kalypso.cli", "components.provider"}
"""The command and the plugin, which nothing else uses."""
OF_PACKAGES = {"kalypso.golang"}
"""Each of its packages has a door, as Go has."""
ROOMS = sorted(
    {
        ".".join(path.relative_to(ROOT).parent.parts)
        for package in ("kalypso", "components")
        for path in (ROOT / package).glob("*/__init__.py")
    }
    - UNUSED
    - OF_PACKAGES
)


def loaded_by(code: str) -> set[str]:
    """Return the names of all modules that are loaded after the code in a new process."""
    script = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def shown_to_readers(door: ModuleType) -> dict[str, set[str]]:
    """Return what type checkers and readers see behind a door: names by the module with them."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(Path(str(door.__file__)).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            module = f"{door.__name__}.{node.module}" if node.level else node.module
            if module.startswith(f"{door.__name__}."):
                found.setdefault(module, set()).update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_that_others_use_has_a_door(room: str) -> None:
    assert importlib.import_module(room).__all__


@pytest.mark.parametrize("room", DOORS)
def test_no_file_of_a_room_has_the_name_of_what_it_exports(room: str) -> None:
    door = importlib.import_module(room)
    files = {path.stem for path in Path(str(door.__file__)).parent.iterdir()}
    assert files.isdisjoint(door.__all__)


@pytest.mark.parametrize("room", DOORS)
def test_every_exported_name_can_be_imported(room: str) -> None:
    door = importlib.import_module(room)
    assert [name for name in door.__all__ if not hasattr(door, name)] == []


@pytest.mark.parametrize("room", DOORS)
def test_a_name_is_what_the_module_has_that_a_reader_sees(room: str) -> None:
    door = importlib.import_module(room)
    shown = shown_to_readers(door)
    assert set().union(*shown.values()) <= set(door.__all__)
    for module, names in shown.items():
        for name in names:
            assert getattr(door, name) is getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("room", DOORS)
def test_a_name_that_is_not_exported_is_an_attribute_error(room: str) -> None:
    with pytest.raises(AttributeError, match=f"module '{room}' has no attribute 'nothing'"):
        _ = importlib.import_module(room).nothing


def test_a_file_of_a_room_is_not_taken_for_a_name_of_it() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'evaluation'"):
        _ = importlib.import_module("kalypso.evaluation").evaluation


def test_a_door_loads_what_is_asked_for_and_no_more() -> None:
    loaded = loaded_by("from kalypso.promotion import read_duration")
    assert {name for name in loaded if name.startswith("kalypso.promotion.")} == {
        "kalypso.promotion.times"
    }


def test_settings_are_read_without_a_renderer_or_the_readers_of_clusters() -> None:
    loaded = loaded_by("import kalypso.stack.settings")
    assert not {
        name
        for name in loaded
        if name.startswith(("kalypso.template.compiler", "kalypso.promotion.readers"))
    }


def test_validating_loads_neither_processes_nor_what_compares_and_delivers() -> None:
    absent = {"multiprocessing", "kalypso.explanation", "kalypso.delivery", "kalypso.forge"}
    absent |= {"kalypso.model.difference", "kalypso.loading.editor_schemas", "kalypso.conformance"}
    assert absent.isdisjoint(loaded_by("import kalypso.cli.validate"))


def test_a_question_that_renders_nothing_loads_no_renderer() -> None:
    asked = "from tests.cli.command import ask; assert ask('get', 'assignments').code == 0"
    loaded = loaded_by(f"import sys; sys.path.insert(0, {str(ROOT)!r}); {asked}")
    assert "kalypso.evaluation.surveys" in loaded
    assert not {
        name
        for name in loaded
        if name.startswith(("kalypso.template.compiler", "kalypso.rendering.renderer"))
    }
