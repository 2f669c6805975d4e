"""Whoever does not know a command is helped: help, nearest names, explanations, completion."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kalypso import __version__
from kalypso.advice import problem_sections
from tests.cli.command import Result, ask, run

ROOT = Path(__file__).parents[2]


def test_the_version_is_an_option_too() -> None:
    assert run(["--version"]) == Result(f"kalypso {__version__}\n", "", 0)


def test_help_is_a_command_too() -> None:
    assert run(["help", "get"]).out == run(["get", "--help"]).out.replace("\r", "")
    assert run(["help", "environment", "add"]).out.startswith("Usage: kalypso environment add")
    assert run(["help"]).out == run(["--help"]).out


def test_help_of_a_command_that_does_not_exist_is_an_error() -> None:
    result = run(["help", "nothing"])
    assert result.code == 2
    assert "There is no command 'nothing'." in result.err


@pytest.mark.parametrize(
    ("typed", "near"), [("gett", "get"), ("validat", "validate"), ("status-", "status")]
)
def test_a_command_that_does_not_exist_has_the_nearest_one_named(typed: str, near: str) -> None:
    result = run([typed])
    assert result.code == 2
    assert f"There is no command {typed!r}. Did you mean {near!r}?" in result.err


def test_all_that_is_missing_is_named_at_once() -> None:
    result = run(["promote"])
    assert result.code == 2
    assert result.err.endswith("Error: Missing '--environment' / '-e' and '--commit'.\n")
    result = run(["clusters", "report", "--state", "healthy"])
    assert result.err.endswith("Error: Missing 'NAME' and '--commit'.\n")


def test_what_is_given_is_not_missing_and_one_option_is_named_as_before() -> None:
    assert "Missing option '--commit'." in run(["promote", "-e", "dev"]).err
    assert "Missing" not in run(["promote", "-e", "dev", "--commit", "0"]).err


def test_a_code_is_explained_as_in_the_documentation() -> None:
    out = run(["explain", "missing-key"]).out
    assert out.startswith("missing-key\n\nA template prints a missing key, or gives it to")
    assert "hint: the nearest key is REGION" in out
    assert run(["explain", "[missing-key]"]).out == out


def test_a_code_that_has_a_section_in_two_parts_is_explained_by_both() -> None:
    out = run(["explain", "unknown-environment"]).out
    assert "pord" in out
    assert "qa" in out
    assert out.count(":1:1: error:") == 3  # one of the parts has two examples


def test_every_code_of_the_documentation_can_be_explained() -> None:
    page = (ROOT / "docs/reference/problems.md").read_text()
    codes = {line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")}
    assert problem_sections().keys() == codes


def test_a_kind_and_its_fields_are_explained() -> None:
    assert "FIELDS" in run(["explain", "clustertype"]).out
    out = run(["explain", "ClusterType.spec.reconciler"]).out
    assert out == "ClusterType.spec.reconciler  <string>\n\n  Name of a Template.\n"
    assert "configSchemas  <array>" in run(["explain", "Workload.spec.deploymentTargets"]).out


@pytest.mark.parametrize(
    ("what", "hint"),
    [
        ("missing-keys", "did you mean missing-key?"),
        ("ClusterTyp", "did you mean ClusterType?"),
        ("ClusterType.spec.reconcile", "did you mean reconciler?"),
        ("zzzzzz", "kinds are BaseRepo, ClusterType"),
    ],
)
def test_what_cannot_be_explained_has_the_nearest_named(what: str, hint: str) -> None:
    result = run(["explain", what])
    assert result.code == 2
    assert hint in result.err


@pytest.mark.parametrize(
    ("shell", "words"),
    [("bash", "complete -o nosort"), ("zsh", "#compdef kalypso"), ("fish", "complete --no-files")],
)
def test_each_shell_gets_its_script(shell: str, words: str) -> None:
    assert words in run(["completion", shell]).out


def complete(folder: Path, *words: str) -> list[str]:
    """Return what a shell is offered in a folder."""
    asked = {
        "_KALYPSO_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["kalypso", *words]),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [sys.executable, "-c", "from kalypso.cli import main; main()"],
        cwd=folder,
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.split()]


def test_commands_are_completed(tmp_path: Path) -> None:
    assert complete(tmp_path, "promo") == ["promotion", "promote"]


def test_environments_of_the_folder_are_completed(tmp_path: Path) -> None:
    (tmp_path / "kalypso.yaml").write_text("environments: [dev, demo, prod]\n")
    assert complete(tmp_path, "get", "-e", "d") == ["dev", "demo"]


@pytest.mark.parametrize(
    "command",
    ["status", "settings", "promote", "rollback", "check-promote", "validate", "verify"],
)
def test_environments_are_completed_for_every_command_that_takes_one(
    tmp_path: Path, command: str
) -> None:
    (tmp_path / "kalypso.yaml").write_text("environments: [dev, prod]\n")
    assert complete(tmp_path, command, "-e", "p") == ["prod"]


def test_codes_and_kinds_are_completed(tmp_path: Path) -> None:
    assert complete(tmp_path, "explain", "missing-k") == ["missing-key"]
    assert complete(tmp_path, "explain", "ClusterT") == ["ClusterType"]


def test_cluster_types_of_the_environment_are_completed(tmp_path: Path) -> None:
    assert run(["init", "acme", "--yes"], tmp_path).code == 0
    assert complete(tmp_path / "acme", "connect", "-e", "dev", "l") == ["large"]
    assert complete(tmp_path / "acme", "connect", "-e", "nothing", "l") == []


def test_completion_without_settings_says_nothing(tmp_path: Path) -> None:
    assert complete(tmp_path, "get", "-e", "d") == []
    assert complete(tmp_path, "why", "x") == []


def test_colour_is_for_terminals_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ["get", "targets", "-e", "dev", "--control-plane", "nowhere"]
    assert "\x1b[" not in run(wrong).err
    assert "\x1b[" in run(["--color", "always", *wrong]).err
    assert "\x1b[" not in run(["--color", "never", *wrong]).err
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" in run(["--color", "always", *wrong]).err


def test_a_question_that_works_is_not_changed_by_any_of_this() -> None:
    assert ask("get", "assignments").code == 0
