"""Scripts of `kalypso ci` say what is missing before they do anything."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

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
    ],
)
def test_a_variable_that_is_missing_is_named(name: str, variable: str, tmp_path: Path) -> None:
    done = run(name, tmp_path)
    assert done.returncode != 0
    assert variable in done.stderr


@pytest.mark.parametrize("name", ["preview", "github-comment", "up", "verify"])
def test_a_script_says_on_top_which_variables_it_reads(name: str) -> None:
    command = [str(BIN / "kalypso"), "ci", name]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    head, _, body = text.partition("\nset -eu")
    named = re.findall(r"^#   ([A-Z_]+) ", head, re.MULTILINE)
    assert sorted(named) == sorted(set(re.findall(r"\$\{?([A-Z][A-Z_]+)", body)))


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
