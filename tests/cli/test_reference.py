"""The reference of the commands says what the commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from kalypso.cli import cli
from tests.cli.reference import reference

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/cli.md"
CONTEXT = click.Context(cli, info_name="kalypso")
QUESTIONS = ["get", "tree", "why", "config", "diff", "schema", "watch"]


def test_page_is_what_the_commands_say(*, update_golden: bool) -> None:
    if update_golden:
        PAGE.write_text(reference(), encoding="utf-8")
    hint = "write it with: pytest tests/cli/test_reference.py --update-golden"
    assert PAGE.read_text(encoding="utf-8") == reference(), hint


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_option_has_a_help(name: str) -> None:
    command = cli.get_command(CONTEXT, name)
    assert command is not None
    options = [each for each in command.params if isinstance(each, click.Option)]
    assert [option.name for option in options if not option.help] == []


def test_a_command_that_there_is_not_is_refused() -> None:
    assert cli.get_command(CONTEXT, "gett") is None


def test_help_loads_no_command_and_nothing_heavy() -> None:
    script = """
import sys
from kalypso.cli import cli
try:
    cli(["--help"], prog_name="kalypso", standalone_mode=False)
except SystemExit:
    pass
heavy = {"pydantic", "yaml", "watchfiles", "jsonschema_rs", "pulumi"} & sys.modules.keys()
loaded = [m for m in sys.modules if m.startswith("kalypso.cli.") and m != "kalypso.cli.problems"]
print("LOADED", sorted(heavy), loaded)
"""
    command = [sys.executable, "-c", script]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert out.splitlines()[-1] == "LOADED [] []"


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_does_not_load_what_watches_files(name: str) -> None:
    script = f"import sys, kalypso.cli.{name}; print({{'watchfiles'}} & sys.modules.keys())"
    command = [sys.executable, "-c", script]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert out == "set()\n"
