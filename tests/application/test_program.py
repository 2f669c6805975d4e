"""Renderers get files and nothing of the machine, and are ended when they go too far."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kalypso.application.ways.program import Overrun, run_program


def program(name: str) -> str:
    found = shutil.which(name)
    assert found
    return found


def test_program_sees_no_variable_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "c4nary")
    monkeypatch.setenv("HELM_PLUGINS", "/of/the/user")
    ended = run_program([program("env")], tmp_path, tmp_path)
    variables = dict(line.split("=", 1) for line in ended.out.splitlines())
    assert "SECRET" not in variables
    assert variables["HELM_PLUGINS"] == str(tmp_path / "plugins")
    assert variables["HOME"] == variables["PATH"] == str(tmp_path)
    assert variables["https_proxy"] == "http://127.0.0.1:9"


def test_program_can_start_no_other_by_its_name(tmp_path: Path) -> None:
    ended = run_program([program("sh"), "-c", "git version"], tmp_path, tmp_path)
    assert (ended.code, ended.out) == (127, "")


def test_program_that_prints_too_much_is_ended(tmp_path: Path) -> None:
    with pytest.raises(Overrun, match="prints more than 1 MiB"):
        run_program([program("yes")], tmp_path, tmp_path, most=1 << 20)


def test_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(Overrun, match=r"takes more than 0\.2 s"):
        run_program([program("sleep"), "600"], tmp_path, tmp_path, seconds=0.2)


def test_program_that_fails_says_how(tmp_path: Path) -> None:
    ended = run_program([program("sh"), "-c", "echo no >&2; exit 3"], tmp_path, tmp_path)
    assert (ended.code, ended.err) == (3, "no\n")
