"""Commands take from settings what no option says: `-e dev` is enough, and says the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from kalypso.git.write import Content, RefUpdate, Signature, update_refs, write_commit
from tests.cli.command import Result, run
from tests.cli.test_render import materialise
from tests.platforms.case_file import HERE, read
from tests.stack.forge import SampleForge
from tests.support.bare_repository import read_refs

STACK = "config:\n  kalypso:environment: {name}\n  kalypso:environments: [dev, stage]\n"
PLAIN = "environment: dev\nmodel.folder: env\nmodel:\n  base: base\nstrict: true\n"
LISTED = "large/observability-prometheus\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Have a clone in which `make up` ran: stacks, and the local forge beside them."""
    SampleForge(tmp_path / ".kalypso" / "forge").make()
    for name in ("dev", "stage"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text(STACK.format(name=name))
    return tmp_path


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Have a folder of somebody who does without Pulumi."""
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    (tmp_path / "kalypso.yaml").write_text(PLAIN)
    return tmp_path


def names(folder: Path, *options: str) -> Result:
    return run(["get", "assignments", "-o", "name", *options], folder)


def test_where_make_up_ran_the_environment_is_enough(clone: Path) -> None:
    assert names(clone, "-e", "dev") == Result(LISTED, "", 0)


def test_a_folder_below_the_clone_has_its_settings(clone: Path) -> None:
    (clone / "docs").mkdir()
    assert names(clone / "docs", "-e", "dev").out == LISTED


def test_another_folder_is_entered_first(
    clone: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    result = run(["-C", str(clone), "get", "assignments", "-e", "dev", "-o", "name"], elsewhere)
    assert result == Result(LISTED, "", 0)


def test_a_folder_that_cannot_be_entered_is_an_error(clone: Path) -> None:
    result = run(["-C", "nowhere", "version"], clone)
    assert result.code == 2
    assert (
        "nowhere:1:1: error: the folder cannot be entered: No such file or directory" in result.err
    )


def test_all_environments_are_asked_about_in_their_order(clone: Path) -> None:
    result = names(clone, "-A")
    assert result.out == LISTED
    assert result.err == "==> dev\n==> stage\nno assignments in stage\n"


def break_the_model(clone: Path, environment: str) -> None:
    """Commit a file to a branch of the control plane that is not YAML."""
    folder = clone / ".kalypso" / "forge" / "kalypso-control-plane.git"
    ref = f"refs/heads/{environment}"
    old = read_refs(folder)[ref]
    changes: dict[str, Content] = {"broken.yaml": b"kind: [\n"}
    new = write_commit(
        folder, parents=[old], changes=changes, message="m\n", signature=Signature("A", "a@b", 1)
    )
    update_refs(folder, [RefUpdate(ref, old, new)])


@pytest.mark.parametrize("broken", ["dev", "stage"])
def test_all_environments_are_checked_also_after_one_with_errors(clone: Path, broken: str) -> None:
    break_the_model(clone, broken)
    result = run(["validate", "-A"], clone)
    assert result.code == 2
    heads = [line for line in result.err.splitlines() if line.startswith("==> ")]
    assert heads == ["==> dev", "==> stage"]
    summaries = [line for line in result.out.splitlines() if line.startswith(("dev: ", "stage: "))]
    assert [line.partition(",")[0] for line in summaries] == [
        f"{name}: {int(name == broken)} error{'s' * (name != broken)}" for name in ("dev", "stage")
    ]


def test_all_environments_in_order_end_with_0(clone: Path) -> None:
    assert run(["validate", "-A"], clone).code == 0


@pytest.mark.parametrize("lacks", ["dev", "stage"])
def test_an_environment_that_cannot_be_read_hides_no_other(clone: Path, lacks: str) -> None:
    (clone / f"Pulumi.{lacks}.yaml").unlink()
    result = run(["validate", "-A"], clone)
    assert result.code == 2
    assert f"there is no Pulumi.{lacks}.yaml [unknown-environment]" in result.err
    (other,) = {"dev", "stage"} - {lacks}
    assert result.out.splitlines()[-1].startswith(f"{other}: 0 errors")


def test_the_settings_of_each_environment_are_asked_also_about_another_control_plane(
    clone: Path,
) -> None:
    (clone / "Pulumi.stage.yaml").unlink()
    place = clone / ".kalypso" / "forge" / "kalypso-control-plane.git"
    result = run(["validate", "-A", "--control-plane", f"{place}@dev"], clone)
    assert "there is no Pulumi.stage.yaml [unknown-environment]" in result.err


@pytest.mark.parametrize(
    ("each", "told"), [((0, 1), 1), ((3, 1), 3), ((2, 3), 2), ((3, 2), 2), ((0, 0), 0)]
)
def test_the_exit_code_that_says_most_is_that_of_all_environments(
    clone: Path, monkeypatch: pytest.MonkeyPatch, each: tuple[int, int], told: int
) -> None:
    codes = iter(each)
    monkeypatch.setattr("kalypso.cli.validate.evaluate_into", lambda *_: sys.exit(next(codes)))
    assert run(["validate", "-A"], clone).code == told


def test_what_differs_in_one_environment_is_the_exit_code_for_all(clone: Path) -> None:
    run(["validate", "-A"], clone)
    result = run(["diff", "-A", "--check", "-o", "name-only"], clone)
    assert (result.code, result.err.splitlines()) == (1, ["==> dev", "==> stage"])


def test_files_of_all_environments_are_kept_apart(clone: Path) -> None:
    assert run(["render", "-A", "--out", "rendered"], clone).code == 0
    assert (clone / "rendered/dev/large/observability-prometheus").is_dir()
    assert (clone / "rendered/stage").is_dir()
    run(["diff", "-A", "--report", "report"], clone)
    run(["validate", "-A", "--report", "report"], clone)
    for name in ("dev", "stage"):
        files = sorted(path.name for path in (clone / "report" / name).iterdir())
        assert files == ["diff.json", "diff.md", "diff.txt", "problems.txt"]


def test_one_environment_is_watched_at_a_time(clone: Path) -> None:
    result = run(["watch", "-A"], clone)
    assert result.code == 2
    assert "No such option '-A'." in result.err


def test_which_of_several_environments_must_be_said(clone: Path) -> None:
    result = names(clone)
    assert result.code == 2
    assert "it is not clear which environment is meant [no-stack]" in result.err
    assert "name one with --environment: dev, stage" in result.err


def test_an_environment_that_the_settings_do_not_have_is_an_error_with_the_nearest(
    clone: Path,
) -> None:
    result = names(clone, "-e", "dve")
    assert (result.out, result.code) == ("", 2)
    assert "error: there is no environment 'dve': the settings have dev, stage" in result.err
    assert "hint: did you mean 'dev'?" in result.err


def test_an_environment_without_a_stack_says_what_to_write(clone: Path) -> None:
    (clone / "Pulumi.stage.yaml").unlink()
    result = names(clone, "-e", "stage")
    assert "there is no Pulumi.stage.yaml [unknown-environment]" in result.err
    assert "hint: write it like Pulumi.dev.yaml, with kalypso:environment: stage" in result.err


def test_an_environment_like_no_other_says_how_it_begins(clone: Path) -> None:
    assert "hint: `kalypso environment add prod` begins it" in names(clone, "-e", "prod").err


def test_an_environment_may_come_from_a_variable(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALYPSO_ENVIRONMENT", "dev")
    assert names(clone).out == LISTED
    assert names(clone, "-e", "stage").err == "no assignments in stage\n"


def test_a_change_is_compared_without_naming_any_place(clone: Path) -> None:
    result = run(["diff", "-e", "dev", "--from", "dev"], clone)
    assert (result.code, result.err) == (0, "")
    assert result.out == "dev: no difference\n"


def test_without_pulumi_the_settings_are_in_a_file_of_kalypsos(plain: Path) -> None:
    result = names(plain, "--repositories", "repositories")
    assert result == Result("large/app-test\n", "", 0)


def test_an_option_comes_before_a_variable_and_that_before_the_file(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALYPSO_CONTROL_PLANE", "nowhere")
    assert "nowhere:1:1: error: there is no such folder" in names(plain).err
    options = ("--control-plane", "env", "--base", "base", "--repositories", "repositories")
    given = names(plain, "-e", "dev", *options)
    assert given.out == "large/app-test\n"


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    result = names(tmp_path)
    assert result.code == 2
    assert "Missing options '--environment' and '--control-plane'" in result.err


def test_settings_are_printed_with_where_they_come_from(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KALYPSO_CONVENTIONS", "operator")
    result = run(["settings"], plain)
    assert result.code == 0
    assert [line.split() for line in result.out.splitlines()] == [
        ["SETTING", "FROM", "VALUE"],
        ["environment", "kalypso.yaml:1", "dev"],
        ["conventions", "KALYPSO_CONVENTIONS", "operator"],
        ["strict", "kalypso.yaml:5", "true"],
        ["model.folder", "kalypso.yaml:2", "env"],
        ["model.base", "kalypso.yaml:4", "base"],
    ]


def test_defaults_are_printed_when_asked_for(plain: Path) -> None:
    found = json.loads(run(["settings", "--all", "-o", "json"], plain).out)["settings"]
    assert found["limits.removals"] == {"value": "5", "source": "default"}


def test_a_secret_is_never_printed(plain: Path) -> None:
    (plain / "kalypso.yaml").write_text(PLAIN + "github.token: ghp_abcdef\n")
    result = run(["settings", "--all"], plain)
    assert "ghp_abcdef" not in result.out
    assert "(secret)" in result.out


def test_a_setting_in_two_files_is_an_error_that_names_both(clone: Path) -> None:
    (clone / "kalypso.yaml").write_text("environments: [dev]\n")
    result = names(clone, "-e", "dev")
    assert result.code == 2
    assert (
        "kalypso.yaml:1:1: error: the setting 'environments' is in this file and in" in result.err
    )
    assert "Pulumi.dev.yaml:3 [setting-twice]" in result.err


@pytest.mark.parametrize("text", ["[a", "- a\n"])
def test_a_file_that_is_no_settings_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "kalypso.yaml").write_text(text)
    result = names(tmp_path, "-e", "dev")
    assert result.code == 2
    assert "kalypso.yaml" in result.err
    assert "Traceback" not in result.err


def test_a_setting_that_there_is_not_has_the_nearest_one_as_hint(plain: Path) -> None:
    (plain / "kalypso.yaml").write_text(PLAIN + "enviroments: [dev]\n")
    result = names(plain)
    assert result.code == 2
    assert "there is no setting 'enviroments'" in result.err
    assert "did you mean environments?" in result.err
