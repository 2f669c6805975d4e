"""Scripts of `kalypso ci` say what is missing before they do anything."""

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kalypso.ci import STEPS, Console, script
from kalypso.errors import KalypsoError

ALL = ["preview", "github-comment", "up", "verify", "cd", "check-promote"]
BIN = Path(sys.prefix) / "bin"


def run(name: str, folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as every CI system does."""
    path = os.pathsep.join([str(BIN), os.environ["PATH"]])
    return subprocess.run(
        ["sh", "-c", f'script=$(kalypso ci {name}); sh -c "$script"'],
        cwd=folder, env={"PATH": path, "HOME": str(folder), **variables},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("preview", "TARGET"),
        ("github-comment", "GITHUB_API_URL"),
        ("up", "PROGRAM"),
        ("verify", "GITOPS"),
        ("cd", "COMMIT"),
        ("check-promote", "PROGRAM"),
    ],
)
def test_a_variable_that_is_missing_is_named(name: str, variable: str, tmp_path: Path) -> None:
    done = run(name, tmp_path)
    assert done.returncode != 0
    assert variable in done.stderr


class Noting(Mapping[str, str]):
    """An environment that notes which variables are read by name; each of them has a value."""

    def __init__(self, **values: str) -> None:
        self.given, self.read = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.read.add(name)
        return self.given.get(name, "1")

    def __iter__(self) -> Iterator[str]:
        """Yield none: a program that is started gets an empty environment."""
        return iter(())

    def __len__(self) -> int:
        return 0


@pytest.mark.parametrize("name", ALL)
def test_a_script_says_on_top_which_variables_it_reads(name: str, tmp_path: Path) -> None:
    command = [str(BIN / "kalypso"), "ci", name]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    head, _, body = text.partition(f"\nkalypso ci run {name}\n")
    named = re.findall(r"^#   ([A-Z_]+) ", head, re.MULTILINE)
    here = {"OUT": str(tmp_path), "MODEL": str(tmp_path), "PROGRAM": str(tmp_path / "none")}
    environment = Noting(
        **here, TARGET="main", FORM="text", COMMIT="", REPORT="", BASE="main",
        GITHUB_API_URL="http://127.0.0.1:9", GITHUB_REPOSITORY="acme/control-plane", PAUSE="0",
    )  # fmt: skip
    with contextlib.suppress(KalypsoError):
        STEPS[name].run(environment, Console(io.StringIO(), io.StringIO()))
    assert body == ""
    assert sorted(named) == sorted(environment.read)


@pytest.mark.parametrize("name", ALL)
def test_a_script_is_one_line_below_its_comment(name: str) -> None:
    lines = script(name).splitlines()
    assert lines[0] == "#!/bin/sh"
    assert [line for line in lines if not line.startswith("#")] == [f"kalypso ci run {name}"]
    assert max(map(len, lines)) <= 100


def test_a_checkout_without_history_is_told(tmp_path: Path) -> None:
    model = tmp_path / "model"
    here = ("git", "-C", str(model), "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for command in (
        ("git", "init", "--quiet", "-b", "change", str(model)),
        (*here, "commit", "--quiet", "--allow-empty", "-m", "change"),
        (*here, "checkout", "--quiet", "--orphan", "other"),
        (*here, "commit", "--quiet", "--allow-empty", "-m", "other"),
        (*here, "update-ref", "refs/remotes/origin/dev", "HEAD"),
        (*here, "checkout", "--quiet", "change"),
    ):
        subprocess.run(command, check=True, capture_output=True)
    done = run(
        "preview", tmp_path, ENVIRONMENT="dev", TARGET="dev", MODEL=str(model), OUT="out",
        CONTROL_PLANE="x",
    )  # fmt: skip
    assert done.returncode == 2
    assert "have no common commit here: fetch the history of both" in done.stderr
