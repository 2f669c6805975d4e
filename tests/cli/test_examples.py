"""Every command's help ends with examples, and each of them is a call that the command takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from kalypso.cli import cli
from kalypso.cli.examples import EXAMPLES
from tests.cli.command import ask, run
from tests.cli.every_command import names

CALLS = sorted(
    {line for lines in EXAMPLES.values() for line in lines if line.startswith("kalypso ")}
)
_REST = re.compile(r" (?:\||>).*")
"""What a shell does with the output."""


def test_every_command_and_group_has_an_example_of_itself() -> None:
    groups = {name.rpartition(" ")[0] for name in names()} - {""}
    assert set(EXAMPLES) == {*cli.list_commands(click.Context(cli)), *groups, *names()}
    for name, lines in EXAMPLES.items():
        assert any(f"kalypso {name} " in f"{line} " for line in lines), name


def test_the_help_of_a_command_of_a_group_ends_with_its_own_examples() -> None:
    assert run(["pr", "merge", "--help"]).out.endswith(
        "Examples:\n    kalypso pr merge 3\n    kalypso pr merge 1 -r kalypso-control-plane\n"
    )


@pytest.mark.parametrize("call", CALLS)
def test_an_example_is_a_call_that_the_command_takes(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "diff.md").write_text("")  # which an example reads
    words = shlex.split(_REST.sub("", call))[1:]
    context, command = click.Context(cli, info_name="kalypso"), None
    group: click.Command = cli
    while isinstance(group, click.Group):
        name = words.pop(0)
        command = group.get_command(context, name)
        assert command is not None
        group = command
    assert command is not None
    asked = (
        [*words, "--yes"] if call.startswith("kalypso init") else words
    )  # no questions in a test
    command.make_context(command.name, asked, parent=context)


def test_the_help_ends_with_the_examples() -> None:
    out = run(["get", "--help"]).out
    assert out.endswith(
        "Examples:\n"
        "    kalypso get assignments -e dev\n"
        "    kalypso get cluster-types -e dev -l region=west\n"
    )


def test_a_commands_own_options_come_before_those_that_many_have() -> None:
    out = run(["get", "--help"]).out
    assert out.index("--sort-by") < out.index("What to read:") < out.index("--control-plane")


def test_a_difference_is_coloured_where_that_is_asked_for() -> None:
    plain = ask("diff", "--gitops", "dev")
    coloured = run(
        [
            "--color",
            "always",
            "diff",
            "-e",
            "dev",
            "--base",
            "base",
            "--control-plane",
            "dev",
            "--repositories",
            "repositories",
            "--gitops",
            "dev",
        ]
    )
    assert "\x1b[" not in plain.out
    assert "\x1b[32m  + " in coloured.out
    assert click.unstyle(coloured.out) == plain.out
