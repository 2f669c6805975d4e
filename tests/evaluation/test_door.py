"""Rooms that others use have a door, and each name on it is there."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest


@pytest.mark.parametrize("room", ["kalypso.evaluation", "kalypso.explanation"])
def test_every_exported_name_can_be_imported(room: str) -> None:
    door = importlib.import_module(room)
    assert door.__all__ == sorted(door.__all__)
    for name in door.__all__:
        assert getattr(door, name).__module__.startswith(f"{room}.")


@pytest.mark.parametrize("room", ["kalypso.loading", "kalypso.model"])
def test_names_that_are_loaded_when_asked_for_are_there(room: str) -> None:
    door = importlib.import_module(room)
    assert [name for name in door.__all__ if not hasattr(door, name)] == []
    assert not hasattr(door, "nothing")


def test_a_name_that_is_not_exported_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'evaluation'"):
        _ = importlib.import_module("kalypso.evaluation").evaluation


def test_validating_loads_neither_processes_nor_what_compares_and_delivers() -> None:
    code = "import sys, kalypso.cli.validate; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    absent = {"multiprocessing", "kalypso.explanation", "kalypso.delivery", "kalypso.forge"}
    absent |= {"kalypso.model.difference", "kalypso.loading.editor_schemas"}
    assert absent.isdisjoint(done.stdout.split())
