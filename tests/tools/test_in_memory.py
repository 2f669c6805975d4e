"""Tests have their temporary folders in memory only where there is enough that runs programs."""

import os
import tempfile
from pathlib import Path

import pytest

from tests.support import in_memory


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is taken for memory, on a machine where nobody said anything."""
    monkeypatch.setattr(in_memory, "_MEMORY", tmp_path)
    monkeypatch.setattr(in_memory, "_ROOM", 1)
    for name in ("TMPDIR", "PYTEST_DEBUG_TEMPROOT"):
        monkeypatch.setenv(name, "")  # so that it is put back
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.tempdir)
    return tmp_path


def test_temporary_folders_are_in_memory_and_closed_to_others(memory: Path) -> None:
    in_memory.keep_in_memory()
    (made,) = memory.iterdir()
    assert made.stat().st_mode & 0o777 == 0o700
    assert os.environ["TMPDIR"] == os.environ["PYTEST_DEBUG_TEMPROOT"] == tempfile.gettempdir()
    assert tempfile.gettempdir() == str(made)


@pytest.mark.parametrize("name", ["TMPDIR", "PYTEST_DEBUG_TEMPROOT"])
def test_what_somebody_said_is_kept(
    memory: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "/somewhere")
    in_memory.keep_in_memory()
    assert list(memory.iterdir()) == []
    assert os.environ[name] == "/somewhere"


def test_little_memory_is_left_to_others(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_memory, "_ROOM", 1 << 60)
    in_memory.keep_in_memory()
    assert list(memory.iterdir()) == []


def test_where_no_program_may_be_run_nothing_is_kept(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = list(os.statvfs(memory))
    fields[8] |= os.ST_NOEXEC
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(fields))
    in_memory.keep_in_memory()
    assert list(memory.iterdir()) == []


def test_a_machine_without_such_a_folder_has_them_on_its_disk(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_memory, "_MEMORY", memory / "nowhere")
    in_memory.keep_in_memory()
    assert "TMPDIR" not in os.environ
