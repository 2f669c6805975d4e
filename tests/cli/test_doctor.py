"""`kalypso doctor`: a line for each check, JSON for programs, 2 if something must be fixed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from kalypso.cli.doctor import command


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a stack whose forge is local, and an environment that says all it has to."""
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  kalypso:environment: dev\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_BACKEND_URL", (tmp_path / "state").as_uri())
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "only a test")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, told in (("pulumi", "v3.250.0"), ("git", "git version 2.47.1")):
        (programs / name).write_text(f"#!/bin/sh\necho '{told}'\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    return tmp_path


def test_each_check_is_one_line_and_all_is_well(platform: Path) -> None:
    done = CliRunner().invoke(command, ["--pre"])
    assert (done.exit_code, done.output) == (
        0,
        (
            "ok   tool: pulumi 3.250\n"
            "ok   tool: git 2.47\n"
            f"ok   state backend: the folder {platform}/state\n"
            "ok   passphrase: set in the environment\n"
            "ok   forge: the local forge: no account is needed\n"
        ),
    )


def test_what_must_be_fixed_is_said_with_the_way_and_by_the_exit_code(platform: Path) -> None:
    (platform / "bin" / "git").unlink()
    done = CliRunner().invoke(command, [])
    assert done.exit_code == 2
    assert (
        "fix  tool: git is not installed, or not on PATH; install it:"
        " https://git-scm.com/downloads\n"
    ) in done.output


def test_programs_read_the_same_as_json(platform: Path) -> None:
    (platform / "bin" / "pulumi").write_text("#!/bin/sh\necho v3.1.0\n")
    done = CliRunner().invoke(command, ["-o", "json"])
    assert done.exit_code == 2
    assert json.loads(done.output)["items"][0] == {
        "check": "tool",
        "verdict": "fix",
        "message": "pulumi is 3.1, and 3.180 or later is needed",
        "fix": "https://www.pulumi.com/docs/install",
    }


def test_a_folder_without_a_stack_is_an_error_and_not_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(command, [])
    assert done.exit_code != 0
    assert "there is no file" in str(done.exception)
