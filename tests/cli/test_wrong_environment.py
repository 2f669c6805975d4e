"""Commands notice that what a user names is not what the model means."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.command import Result, run
from tests.cli.test_render import materialise
from tests.platforms.case_file import HERE, read

ENVIRONMENT = """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: Environment
metadata: {{name: {name}}}
spec: {{controlPlane: {{repo: https://git.example/control-plane, branch: {branch}, path: .}}}}
"""


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Have the small platform, whose base lists the environments dev and prod."""
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    for name, branch in (("dev", "dev"), ("prod", "production")):
        path = tmp_path / "base" / ".environments" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(ENVIRONMENT.format(name=name, branch=branch))
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *who, "-C", str(folder), *arguments], check=True, capture_output=True)


def checked_out(folder: Path, *branches: str, origin: str = "") -> None:
    """Make a folder a checkout of the last of some branches."""
    git(folder, "init", "--quiet")
    for branch in branches:
        git(folder, "checkout", "--quiet", "-b", branch)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--allow-empty", "-m", "all")
    if origin:
        git(folder, "remote", "add", "origin", origin)


def validate(folder: Path, environment: str = "dev", base: str = "base") -> Result:
    named = ["--base", base, "--control-plane", "env", "--repositories", "repositories"]
    return run(["validate", "-e", environment, *named], folder)


def test_an_environment_that_nothing_knows_is_an_error_with_the_nearest_name(model: Path) -> None:
    result = validate(model, "pord")
    assert result.code == 2
    assert (
        "base/.environments/dev.yaml:1:1: error: there is no environment 'pord': the base has"
        " 'dev' and 'prod', and the control plane no branch of this name [unknown-environment]\n"
        "  hint: did you mean 'prod'?"
    ) in result.out


def test_an_environment_that_only_a_branch_knows_is_taken(model: Path) -> None:
    checked_out(model / "env", "qa")
    assert "unknown-environment" not in validate(model, "qa").out


def test_a_base_without_environments_says_nothing_about_names(model: Path) -> None:
    shutil.rmtree(model / "base" / ".environments")
    assert "unknown-environment" not in validate(model, "qa").out


def test_a_checkout_of_another_environments_branch_is_a_warning_that_names_both(
    model: Path,
) -> None:
    checked_out(model / "env", "dev", "production")
    assert (
        "env:1:1: warning: the checkout is of the branch 'production', which is that of the"
        " environment 'prod', and 'dev' is asked for [other-checkout]\n"
        "  hint: check out the branch of 'dev', or ask for 'prod'"
    ) in validate(model).out


@pytest.mark.parametrize("branch", ["dev", "a-change-of-dev"])
def test_a_checkout_of_its_own_branch_or_of_a_change_is_not_warned_about(
    model: Path, branch: str
) -> None:
    checked_out(model / "env", branch)
    assert "other-checkout" not in validate(model).out


@pytest.mark.parametrize(
    ("branch", "origin", "shown"),
    [
        (
            "prod",
            "https://git.example/control-plane.git",
            "https://git.example/control-plane.git@prod",
        ),
        ("main", "https://git.example/elsewhere", "https://git.example/elsewhere@main"),
    ],
)
def test_a_base_that_is_not_what_the_base_repo_names_is_a_warning_that_names_both(
    model: Path, branch: str, origin: str, shown: str
) -> None:
    checked_out(model / "base", branch, origin=origin)
    out = validate(model).out
    assert (
        "warning: the BaseRepo 'main' names https://git.example/control-plane@main, and the base"
        f" that is read is {shown} [other-base]"
    ) in out
    assert "--base base stands for the base here" in out


def test_the_base_that_the_base_repo_names_is_not_warned_about(model: Path) -> None:
    checked_out(model / "base", "main", origin="https://git.example/control-plane.git")
    assert "other-base" not in validate(model).out
