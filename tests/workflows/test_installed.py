"""What one runner installed, the runners of other processes have in their own places."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import prepared
from tests.workflows import installed

LINE = ".venv/bin/python -m pip install --quiet tool\n"
STEP = f"echo begin\n{LINE}echo end\n"


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A process of a run that has prepared nothing."""
    monkeypatch.setenv("KALYPSO_TESTS_PREPARED", str(tmp_path))
    monkeypatch.setattr(prepared, "_made", set())
    monkeypatch.setattr(installed, "_installed", set())
    return monkeypatch


def checked_out(folder: Path) -> Path:
    """Return the program on a runner."""
    program = folder / "work" / "program"
    (program / "kalypso").mkdir(parents=True)
    return program


def test_another_process_has_what_is_installed_in_its_own_place(
    tmp_path: Path, process: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    program = checked_out(first)
    command = [sys.executable, "-m", "venv", "--without-pip", ".venv"]
    subprocess.run(command, cwd=program, check=True)
    tool = program / ".venv" / "bin" / "tool"
    tool.write_text(f"#!{program}/.venv/bin/python\nimport sys\nprint(sys.prefix)\n")
    tool.chmod(0o755)
    installed.note_what_is_installed(STEP)
    installed.keep_installed(first)

    process.setattr(installed, "_installed", set())
    program = checked_out(second)
    assert installed.without_what_is_installed(STEP, program) == STEP
    installed.give_back_installed(second)
    assert installed.without_what_is_installed(STEP, program) == "echo begin\necho end\n"
    (first / "kept").rename(tmp_path / "gone")
    told = subprocess.run([program / ".venv/bin/tool"], check=True, capture_output=True, text=True)
    assert told.stdout == f"{program}/.venv\n"


@pytest.mark.usefixtures("process")
def test_where_nothing_is_lent_a_job_installs_itself(tmp_path: Path) -> None:
    program = checked_out(tmp_path / "only")
    installed.give_back_installed(tmp_path / "only")
    assert not (program / ".venv").exists()
    assert installed.without_what_is_installed(STEP, program) == STEP
