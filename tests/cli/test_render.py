"""`kalypso render`: writes all or nothing, gives what the library gives, and says what is wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.command import MODEL, Result, ask, run
from tests.platforms.case_file import HERE, CaseFile, read

CASES = sorted((HERE / "cases").rglob("*.txt"))
PLACES = ("--base", "base", "--control-plane", "env", "--repositories", "repositories")
MODEL_OF_CASES = ("-e", "dev", *PLACES)
UNLIKE_FOLDERS = {"allow", "pointer"}
"""Settings that `render` has no option for."""


def materialise(files: dict[str, bytes], folder: Path) -> None:
    for name in ("base", "env", "repositories", "gitops"):
        (folder / name).mkdir()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def render(case: CaseFile, folder: Path) -> Result:
    settings = case.settings
    options = ["-e", settings.get("environment", "dev"), "--base", "base"]
    options += ["--control-plane", "env", "--repositories", "repositories"]
    options += ["--gitops", "gitops", "--out", "out"]
    options += ["--conventions", settings.get("conventions", "walkthrough")]
    options += ["--missing-key", settings.get("missing-key", "error")]
    options += ["--strict"] if settings.get("strict") == "true" else []
    return run(["render", *options], folder)


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_folders_give_what_the_library_gives(path: Path, tmp_path: Path) -> None:
    case = read(path)
    if UNLIKE_FOLDERS & case.settings.keys():
        return
    materialise(case.input(), tmp_path)
    result = render(case, tmp_path)
    expected = {
        name.removeprefix("expected/"): content
        for name, content in case.expected.items()
        if name.startswith("expected/")
    }
    assert result.code == (2 if "errors" in case.expected else 0), result.err
    assert written(tmp_path / "out") == expected
    errors = [line for line in result.err.splitlines() if ": error: " in line]
    told = case.expected.get("errors", b"").decode().splitlines()
    assert len(errors) == len([line for line in told if ": error: " in line])


def test_says_what_it_wrote(tmp_path: Path) -> None:
    result = ask("render", "--out", str(tmp_path / "out"))
    assert result.code == 0
    assert result.out.startswith("dev: ")
    assert result.out.endswith(f" files in {tmp_path}/out\n")


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    ask("render", "--out", str(tmp_path / "one"))
    ask("render", "--out", str(tmp_path / "two"))
    assert written(tmp_path / "one") == written(tmp_path / "two") != {}


def test_what_was_rendered_changes_nothing_when_it_is_rendered_again(tmp_path: Path) -> None:
    ask("render", "--out", str(tmp_path / "one"))
    ask("render", "--gitops", str(tmp_path / "one"), "--out", str(tmp_path / "two"))
    assert written(tmp_path / "one") == written(tmp_path / "two") != {}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--out", "full"], "full:1:1: error: the folder is not empty [option]"),
        (["--out", "file"], "file:1:1: error: this is a file, not a folder [option]"),
        (["--out", "file/below"], "file/below:1:1: error: cannot be written: "),
        (
            ["--out", "out", "--control-plane", "nowhere"],
            "nowhere:1:1: error: there is no such folder [no-such-folder]",
        ),
        (
            ["--out", "out", "--base", "nowhere"],
            "nowhere:1:1: error: there is no such folder [no-such-folder]",
        ),
        (
            ["--out", "out", "--gitops", "nowhere"],
            "nowhere:1:1: error: there is no such folder [no-such-folder]",
        ),
        (
            ["--out", "out", "--repositories", "nowhere"],
            "nowhere:1:1: error: there is no such folder [option]",
        ),
        (
            ["--out", "out", "--repo", "https://git.example/x"],
            "--repo:1:1: error: --repo 'https://git.example/x' is not of the form URL=DIR [option]",
        ),
        (["--out", "out", "--conventions", "none"], "Invalid value for '--conventions'"),
        ([], "Missing option '--out'"),
    ],
)
def test_a_wrong_option_is_told_and_nothing_written(
    options: list[str], sentence: str, tmp_path: Path
) -> None:
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    (tmp_path / "file").touch()
    model = ["-e", "dev", "--base", "base", "--control-plane", "env"]
    result = run(["render", *model, "--repositories", "repositories", *options], tmp_path)
    assert result.code == 2
    assert sentence in result.err
    assert not (tmp_path / "out").exists()
    assert written(tmp_path / "full") == {"a": b""}


def test_a_mapped_repository_comes_before_the_folder(tmp_path: Path) -> None:
    files = dict(read(HERE / "bases" / "small.txt").given)
    workload = files.pop("repositories/app-src/workload.yaml")
    materialise({**files, "here/workload.yaml": workload}, tmp_path)
    model = ["-e", "dev", "--base", "base", "--control-plane", "env", "--out", "out"]
    mapped = ["--repo", "https://git.example/app-src=here"]
    assert run(["render", *model, *mapped], tmp_path).code == 0
    assert (tmp_path / "out" / "large" / "app-test" / "reconciler.yaml").is_file()


def test_the_model_options_are_those_of_every_command() -> None:
    for command in ("render", "validate"):
        text = run([command, "--help"]).out
        assert all(option in text for option in MODEL if option.startswith("--"))


def test_the_base_may_be_a_folder_of_a_branch(tmp_path: Path) -> None:
    """``REPOSITORY@BRANCH:PATH``: what lies below the path is the base, and nothing else of it."""
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    repository = tmp_path / "clones" / "control-plane"
    repository.mkdir(parents=True)
    (tmp_path / "base").rename(repository / "platform")
    (repository / "other.yaml").write_text("this: is not an object\n")
    for command in (
        ["init", "-q", "-b", "main"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "base"],
    ):
        subprocess.run(["git", *command], cwd=repository, check=True)
    model = ["-e", "dev", "--base", "clones/control-plane@main:platform", "--control-plane", "env"]
    result = run(["render", *model, "--repositories", "repositories", "--out", "out"], tmp_path)
    assert (result.code, result.err) == (0, "")
    assert (tmp_path / "out").is_dir()


def test_a_kind_that_is_not_allowed_stops_the_run(tmp_path: Path) -> None:
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    templates = tmp_path / "base" / "templates.yaml"
    whole = "apiVersion: v1\n      kind: Namespace\n      metadata: {name: '{{ .Namespace }}'}"
    text = templates.read_text().replace("namespace: {{ .Namespace }}", whole)
    templates.write_text(text)
    options = ["render", *MODEL_OF_CASES, "--out", "out"]
    allowed = run([*options, "--allow-kind", "namespace=Namespace"], tmp_path)
    assert (allowed.code, allowed.err) == (0, "")
    options[-1] = "other"
    refused = run([*options, "--allow-kind", "namespace=LimitRange"], tmp_path)
    assert refused.code == 2
    assert "writes the kind 'Namespace', which a namespace may not be" in refused.err
    assert not (tmp_path / "other").exists()


def test_an_allowed_kind_names_its_type(tmp_path: Path) -> None:
    materialise(dict(read(HERE / "bases" / "small.txt").given), tmp_path)
    options = ["render", *MODEL_OF_CASES, "--out", "out", "--allow-kind", "Namespace"]
    result = run(options, tmp_path)
    assert (result.code, "--allow-kind 'Namespace' is not of the form" in result.err) == (2, True)
