"""`kalypso teardown`: it asks, and destroys in order."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kalypso.cli.teardown import command


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform of two stacks, and an engine that notes what it is asked."""
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  kalypso:environments: [dev, stage]\n")
    (tmp_path / "Pulumi.stage.yaml").write_text("config: {}\n")
    notes = tmp_path / "notes"
    notes.write_text("")
    program = tmp_path / "bin" / "pulumi"
    program.parent.mkdir()
    program.write_text(
        f"#!/bin/sh\necho $1 $3 >> {notes}\n"
        'echo \'[{"name": "dev", "resourceCount": 2}, {"name": "stage", "resourceCount": 1}]\'\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/bin:/usr/bin")
    monkeypatch.chdir(tmp_path)
    return notes


def test_it_destroys_every_stack_in_order(asked: Path) -> None:
    done = CliRunner().invoke(command, ["--yes"])
    assert done.exit_code == 0
    assert "stage (1 of 2): destroying 1 resources\ndev (2 of 2): destroying 2" in done.output
    assert [line for line in asked.read_text().splitlines() if "destroy" in line] == [
        "destroy stage",
        "destroy dev",
    ]


def test_it_asks_first_and_no_is_no(asked: Path) -> None:
    done = CliRunner().invoke(command, [], input="n\n")
    assert done.exit_code == 1
    assert "Destroy stage, then dev? [y/N]: n" in done.output
    assert asked.read_text() == ""
