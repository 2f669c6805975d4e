"""The tutorial, followed from its first command to its last in a fresh copy of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.console import ELLIPSIS, Result, Shell, difference, settled, steps, updated
from tests.engine.bench import STACKS, engine_folder, played_pip_folder
from tests.support.built import helm_folder

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs/tutorial.md"


@pytest.fixture
def fresh_copy(tmp_path: Path) -> Path:
    """Copy what git would give to a newcomer, with what is not committed yet."""
    copy = tmp_path / "project"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        source, target = ROOT / name, copy / name
        if source.is_file():  # a deleted file is listed until its deletion is committed
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for stack in STACKS:
        _without_salt(copy / f"Pulumi.{stack}.yaml")
    return copy


def _without_salt(file: Path) -> None:
    """Let the file of a stack be as a clone has it: the one that is here may be up."""
    lines = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join(x for x in lines if not x.startswith("encryptionsalt:")), "utf-8")


@pytest.fixture
def shell(fresh_copy: Path, tmp_path: Path) -> Iterator[Shell]:
    """Start the shell of a newcomer, who has an engine on PATH and a name in git."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Newcomer\n\temail = newcomer@example.org\n", "utf-8")
    ours = ("PULUMI_", "KALYPSO_", "GIT_", "VIRTUAL_ENV", "PYTHON", "PYTEST_", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    variables = {
        **kept,
        "PATH": os.pathsep.join([str(engine_folder()), str(helm_folder()), kept["PATH"]]),
        "GIT_CONFIG_GLOBAL": str(config),
        "PYTHON": sys.executable,
        "LC_ALL": "C.UTF-8",
    }
    started = Shell(fresh_copy, variables, tmp_path / "command")
    yield started
    started.close()


@pytest.mark.engine
def test_every_command_of_the_tutorial_does_what_the_page_shows(
    shell: Shell, fresh_copy: Path, tmp_path: Path, *, update_golden: bool
) -> None:
    """Follow it. What is installed, the engine asks pip in `make up`, and hears the same later."""
    document = TUTORIAL.read_text(encoding="utf-8")
    results: dict[int, Result] = {}
    differences: list[str] = []
    for step in steps(document):
        result = results[step.line] = shell.run(step.command)
        found = difference(step, result, tmp_path)
        if found:
            differences.append(f"docs/tutorial.md:{step.line}: $ {step.command}\n{found}")
        if result.code != step.code:
            break  # what follows would only fail in its wake
        if step.command == "make up":
            shutil.copytree(played_pip_folder(), fresh_copy, dirs_exist_ok=True)
    else:
        if update_golden:
            TUTORIAL.write_text(updated(document, results), encoding="utf-8")
    assert not differences, "\n\n".join(differences)


def test_readme_shows_what_the_tutorial_shows_of_make_up() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = {step.command: step.output for step in steps(readme)}
    first = next(steps(TUTORIAL.read_text(encoding="utf-8")))
    assert first.command == "make up"
    assert shown["make up"] == first.output


@pytest.mark.parametrize("command", ["pulumi preview -s stage --diff", "kalypso pr show 3"])
def test_readme_shows_what_the_tutorial_shows_of_a_change(command: str) -> None:
    """Compare them but for times and commits, which differ from run to run."""
    readme, tutorial = (
        next(x.output for x in steps(page.read_text("utf-8")) if x.command == command)
        for page in (ROOT / "README.md", TUTORIAL)
    )
    assert readme is not None
    assert tutorial is not None
    assert len(readme) >= 10
    shown = list(readme)
    if shown[-1] == ELLIPSIS:
        shown, tutorial = shown[:-1], tutorial[: len(shown) - 1]
    assert [settled(x, ROOT) for x in shown] == [settled(x, ROOT) for x in tutorial]


def test_readme_shows_no_command_that_make_does_not_have() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = {step.command for step in steps(readme) if step.command.startswith("make ")}
    rules = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {"make up", "make test"} <= commands
    assert [c for c in commands if f"\n{c.removeprefix('make ')}:" not in rules] == []
