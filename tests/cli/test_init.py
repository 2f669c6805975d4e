"""`kalypso init` and `kalypso environment add`, as a user types them in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import run
from tests.support.terminal import terminal

QUESTIONS = [
    "Environments, in the order in which changes go",
    "Where the repositories are",
    "First part of the repositories' names",
    "Names as in the",
    "First cluster types",
]


def test_every_question_has_an_answer_that_return_takes(tmp_path: Path) -> None:
    with terminal(["init", "acme"], tmp_path) as person:
        for question in QUESTIONS:
            person.until(question)
            person.types("\r")
        assert person.ends() == 0
    assert "began platform in acme: environments dev, stage" in person.shown
    assert run(["get", "cluster-types", "-e", "dev", "-o", "name"], tmp_path / "acme").out == (
        "large\nsmall\n"
    )


@pytest.mark.parametrize("answered", range(len(QUESTIONS)))
def test_an_interrupt_at_any_question_leaves_nothing_behind(tmp_path: Path, answered: int) -> None:
    with terminal(["init", "acme"], tmp_path) as person:
        for question in QUESTIONS[:answered]:
            person.until(question)
            person.types("\r")
        person.until(QUESTIONS[answered])
        assert person.interrupted() == 130
    assert "interrupted" in person.shown
    assert list(tmp_path.iterdir()) == []


def test_options_ask_nothing_and_a_third_environment_is_added(tmp_path: Path) -> None:
    begun = run(["init", "acme", "--yes", "--environments", "dev,live"], tmp_path)
    assert (begun.code, begun.err) == (0, "")
    assert "kalypso validate -e dev" in begun.out
    added = run(["environment", "add", "prod"], tmp_path / "acme")
    assert (added.code, added.err) == (0, "")
    assert "added prod, as a copy of live" in added.out
    assert run(["validate", "-e", "prod"], tmp_path / "acme").code == 0


def test_what_goes_to_github_is_said_with_the_commands_that_bring_it_there(tmp_path: Path) -> None:
    options = ("--forge", "github", "--owner", "acme", "--prefix", "fleet")
    lines = run(["init", "fleet", "--yes", *options], tmp_path).out.splitlines()
    first = lines.index("  gh repo create acme/fleet-control-plane --private")
    there = "push --all https://github.com/acme/fleet"
    assert lines[first + 1 : first + 4] == [
        f"  git -C .kalypso/begin/fleet-control-plane.git {there}-control-plane",
        "  gh repo create acme/fleet-gitops --private",
        f"  git -C .kalypso/begin/fleet-gitops.git {there}-gitops",
    ]


def test_what_stays_on_this_machine_needs_no_such_command(tmp_path: Path) -> None:
    said = run(["init", "fleet", "--yes"], tmp_path).out
    assert "gh repo" not in said
    assert "push" not in said


def test_a_wrong_answer_is_an_error_and_not_a_traceback(tmp_path: Path) -> None:
    result = run(["init", "acme", "--yes", "--cluster-types", "a:helm"], tmp_path)
    assert result.code == 2
    assert "there is no reconciler 'helm' [option]" in result.err
    assert "use flux or argocd" in result.err


def test_what_cannot_be_asked_is_an_error_that_names_the_option(tmp_path: Path) -> None:
    result = run(["init", "acme", "--yes", "--forge", "github"], tmp_path)
    assert (result.code, result.out) == (2, "")
    assert "on GitHub the repositories need an owner" in result.err
    assert "--owner acme" in result.err
    assert list(tmp_path.iterdir()) == []


def test_an_environment_needs_a_platform(tmp_path: Path) -> None:
    result = run(["environment", "add", "prod"], tmp_path)
    assert result.code == 2
    assert "there is no platform in this folder [no-stack]" in result.err
    assert "`kalypso init DIR` begins one" in result.err
