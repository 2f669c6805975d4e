"""What `make` sets up: found again, told clearly, kept inside the clone."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from tools import engine, project, pulumi_environment, python_environment, stacks
from tools.console import Stop, ask, run
from tools.engine import provide_engine, version_of


def script(path: Path, text: str) -> Path:
    """Write a small program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone with nothing made yet, and a PATH with nothing on it but the system's tools."""
    made = tmp_path / ".kalypso"
    for module in (engine, project, pulumi_environment, python_environment, stacks):
        for name, path in {
            "ROOT": tmp_path,
            "VENV": tmp_path / ".venv",
            "MADE": made,
            "ENGINE": made / "engine",
            "STATE": made / "state",
            "FORGE": made / "forge",
            "PULUMI_HOME": made / "pulumi",
            "PASSPHRASE": made / "passphrase",
            "ENV_FILE": made / "env",
            "LOGS": made / "logs",
        }.items():
            monkeypatch.setattr(module, name, path, raising=False)
    monkeypatch.setattr(engine, "_BIN", made / "engine" / "bin")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    return tmp_path


def install(folder: Path, version: str, *, whole: bool = True) -> None:
    """Put something into a folder that looks like an engine."""
    script(folder / "pulumi", f"echo {version}")
    for name in ("pulumi-language-python", "pulumi-language-python-exec"):
        script(folder / name, "true")
    if whole:
        script(folder / "pulumi-resource-pulumi-python", "true")


def offline(_: object) -> None:
    raise Stop("the official build cannot be reached")


def test_a_suitable_engine_on_path_is_taken(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(clone / "bin", "v3.251.0-alpha.1")
    monkeypatch.setenv("PATH", f"{clone / 'bin'}:/usr/bin:/bin")
    assert provide_engine(clone) is None


@pytest.mark.parametrize("version", ["v3.100.0", "v4.0.0", "nonsense"])
def test_an_engine_that_does_not_suit_is_passed_over(
    clone: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    install(clone / "bin", version)
    monkeypatch.setenv("PATH", f"{clone / 'bin'}:/usr/bin:/bin")
    monkeypatch.setattr(engine, "_install", lambda _: None)
    assert provide_engine(clone) == clone / ".kalypso/engine/bin"


def test_an_engine_of_our_own_is_used_again(clone: Path) -> None:
    install(clone / ".kalypso/engine/bin", f"v{project.ENGINE_VERSION}")
    assert provide_engine(clone) == clone / ".kalypso/engine/bin"


@pytest.mark.parametrize(("version", "whole"), [("v3.1.0", True), (project.ENGINE_VERSION, False)])
def test_an_engine_that_is_old_or_half_there_is_provided_anew(
    clone: Path, monkeypatch: pytest.MonkeyPatch, version: str, *, whole: bool
) -> None:
    called: list[str] = []
    install(clone / ".kalypso/engine/bin", version, whole=whole)
    monkeypatch.setattr(engine, "_install", lambda _: called.append("install"))
    provide_engine(clone)
    assert called == ["install"]


def test_where_no_engine_can_be_had_every_way_is_told(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_install", offline)
    with pytest.raises(Stop) as caught:
        provide_engine(clone)
    told = str(caught.value)
    assert "no pulumi 3.180.0 or later on PATH" in told
    assert "the official build cannot be reached" in told
    assert "there is no Go on PATH" in told
    assert "install Pulumi" in told


def test_what_does_not_run_has_no_version(clone: Path) -> None:
    assert version_of(clone / "nothing") is None
    assert version_of(script(clone / "p", "exit 1")) is None
    assert version_of(script(clone / "p", "echo v3.250.0-dirty")) == (3, 250, 0)


def test_the_environment_is_written_to_be_sourced(clone: Path) -> None:
    env = pulumi_environment.prepare(clone / ".kalypso/engine/bin")
    command = f". {clone}/.kalypso/env && echo $PULUMI_BACKEND_URL $KALYPSO_FORGE && echo $PATH"
    seen = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert seen[0] == f"file://{clone}/.kalypso/state {clone}/.kalypso/forge"
    assert seen[1].startswith(f"{clone}/.kalypso/engine/bin:")
    assert env["PATH"].split(os.pathsep)[:2] == [
        f"{clone}/.venv/bin",
        f"{clone}/.kalypso/engine/bin",
    ]


def test_the_passphrase_is_made_once_and_readable_by_its_owner_only(clone: Path) -> None:
    pulumi_environment.prepare(None)
    path = clone / ".kalypso/passphrase"
    first = path.read_text()
    pulumi_environment.prepare(None)
    assert path.read_text() == first
    assert len(first.strip()) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.strip() not in (clone / ".kalypso/env").read_text()


def test_a_passphrase_of_another_project_does_not_leak_in(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "theirs")
    assert "PULUMI_CONFIG_PASSPHRASE" not in pulumi_environment.prepare(None)
    assert clone.is_dir()


def test_the_salt_goes_with_its_stack_and_settings_stay(clone: Path) -> None:
    file = clone / "Pulumi.dev.yaml"
    file.write_text("config:\n  kalypso:prefix: acme\nencryptionsalt: v1:abc\n")
    stacks._forget_salt("dev")  # noqa: SLF001 - the rest of `destroy` needs an engine
    assert file.read_text() == "config:\n  kalypso:prefix: acme\n"


def test_after_a_destroy_the_engine_finds_an_empty_state_again(clone: Path) -> None:
    script(clone / "bin" / "kalypso", "echo nothing to recover")
    (clone / ".kalypso/state/.pulumi").mkdir(parents=True)
    (clone / "Pulumi.yaml").write_text("name: acme\n")
    stacks.destroy({"PATH": f"{clone / 'bin'}:/usr/bin:/bin"})
    assert list((clone / ".kalypso/state").iterdir()) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("name: acme\n", "acme"),
        ('# x\nname: "a-b"  # y\n', "a-b"),
        ("runtime: python\n", "kalypso"),
    ],
)
def test_the_project_is_called_as_its_file_says(clone: Path, text: str, name: str) -> None:
    (clone / "Pulumi.yaml").write_text(text)
    assert project.project_name() == name


def test_a_command_that_fails_is_told_with_the_end_of_its_output(tmp_path: Path) -> None:
    text = "import sys; print('almost'); sys.exit('no: it broke')"
    with pytest.raises(Stop) as caught:
        run([sys.executable, "-c", text], what="trying", folder=tmp_path)
    assert "trying failed (exit code 1)" in str(caught.value)
    assert "no: it broke" in str(caught.value)


def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(Stop, match="cannot start /nothing"):
        run(["/nothing"], what="trying")
    assert ask(["/nothing"]) is None


def test_long_work_shows_that_it_lives_and_is_given_up_in_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 15.0, 31.0])  # begun, seen once, seen again
    monkeypatch.setattr("tools.console.time", SimpleNamespace(monotonic=lambda: next(clock)))
    monkeypatch.setattr("tools.console._HEARTBEAT_SECONDS", 0.01)
    with pytest.raises(Stop, match="sleeping did not finish within 30 s"):
        run(["sleep", "30"], what="sleeping", seconds=30)
    assert capsys.readouterr().out == "    sleeping: still working, 15 s so far\n"


def test_a_python_that_is_too_old_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    with pytest.raises(Stop, match=r"make PYTHON=python3\.11 up"):
        python_environment.check_python()


@pytest.mark.parametrize(
    "line",
    ["kalypso:forge: github", '"kalypso:forge": "github"', "kalypso:forge: github # ours"],
)
def test_a_stack_on_github_gets_the_libraries_for_it(
    clone: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(python_environment, "_environment", lambda _, name: asked.append(name))
    python_environment.program_environment()
    (clone / "Pulumi.production.yaml").write_text(f"config:\n  {line}\n")
    python_environment.program_environment()
    (clone / "Pulumi.production.yaml").write_text("config:\n  kalypso:forge: local\n")
    python_environment.program_environment()
    local, github = "requirements-local.txt", "requirements-github.txt"
    assert asked == [local, github, local]


def summary_of(monkeypatch: pytest.MonkeyPatch, listed: str | None) -> list[str]:
    """Return the summary of a platform on GitHub, whose pull requests are listed so."""
    outputs = {
        "assignments": {"drone": {"app": "everywhere"}},
        "gitops": "https://github.com/acme/kalypso-gitops",
        "repositories": {"kalypso-gitops": "https://github.com/acme/kalypso-gitops"},
    }
    monkeypatch.setattr(
        stacks, "ask", lambda command, _: json.dumps(outputs) if "output" in command else listed
    )
    return list(stacks.summary({}))


def test_the_summary_of_a_platform_on_github_names_its_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = summary_of(monkeypatch, "#1    dev      Deliver dev")
    assert "  https://github.com/acme/kalypso-gitops" in told
    assert "  #1    dev      Deliver dev" in told
    assert "  export KALYPSO_REPOSITORY=https://github.com/acme/kalypso-gitops" in told


def test_without_a_token_the_summary_says_where_to_look_and_not_that_nothing_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = summary_of(monkeypatch, None)
    assert "  https://github.com/acme/kalypso-gitops/pulls" in told
    assert not any("no open pull requests" in line for line in told)


def local_summary(
    clone: Path, monkeypatch: pytest.MonkeyPatch, listed: Mapping[str, str]
) -> list[str]:
    """Return the summary of a platform on the local forge.

    Args:
        clone: Where it is.
        monkeypatch: Changes what its commands answer.
        listed: What `kalypso pr list` prints, by repository; by "" where none is named.
    """
    forge = clone / ".kalypso/forge"
    for name in [*filter(None, listed), "acme-gitops", "acme-app-gitops", "acme-control-plane"]:
        (forge / f"{name}.git").mkdir(parents=True, exist_ok=True)

    def ask(command: Sequence[object], _: Mapping[str, str]) -> str | None:
        if "output" in command:
            return "{}"
        return listed.get(str(command[-1]) if "--repository" in command else "")

    monkeypatch.setattr(stacks, "FORGE", forge)
    monkeypatch.setattr(stacks, "ask", ask)
    return list(stacks.summary({}))


def test_the_summary_names_the_oldest_pull_request_that_is_open(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = local_summary(clone, monkeypatch, {"": "ID   TITLE\n#12  Two\n#7   One"})
    assert "  kalypso pr show 7          what a pull request brings" in shown
    assert "  kalypso pr merge 7         let it reach the clusters" in shown


def test_the_summary_of_many_assignments_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {"assignments": {"drone": 51, "large": {"app": "everywhere"}, "small": {}}}
    monkeypatch.setattr(
        stacks, "ask", lambda command, _: json.dumps(outputs) if "output" in command else None
    )
    shown = list(stacks.summary({}))
    assert "  drone            51" in shown
    assert "  large            app" in shown
    assert "  small            (none)" in shown


def test_where_no_pull_request_is_open_none_is_offered(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = local_summary(clone, monkeypatch, {"": "no open pull requests in acme-gitops"})
    assert "  no open pull requests in acme-gitops" in shown
    assert not any("kalypso pr" in line for line in shown)
    assert "  pulumi preview -s dev      what a change of the model would do" in shown


def test_with_several_gitops_repositories_each_command_names_its_own(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {"acme-gitops": "ID   TITLE\n#3   One", "north-gitops": "ID   TITLE\n#1   Two"}
    shown = local_summary(clone, monkeypatch, listed)
    start = shown.index("Open pull requests:")
    assert shown[start + 1 :] == [
        "  acme-gitops:",
        "  ID   TITLE",
        "  #3   One",
        "  north-gitops:",
        "  ID   TITLE",
        "  #1   Two",
        "",
        "Next:",
        "  source .venv/bin/activate && source .kalypso/env",
        "  kalypso pr show 3 -r acme-gitops    what a pull request brings",
        "  kalypso pr merge 3 -r acme-gitops   let it reach the clusters",
        "  kalypso pr show 1 -r north-gitops   what a pull request brings",
        "  kalypso pr merge 1 -r north-gitops  let it reach the clusters",
        "  pulumi preview -s dev               what a change of the model would do",
        "  docs/tutorial.md                    the whole walkthrough",
    ]
