"""`kalypso watch`: every save is checked and compared, and nothing old is shown as new."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kalypso.cli.inputs import Inputs, request_of
from kalypso.evaluation import Session
from tests.cli.command import FLEET, MODEL, run


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(FLEET, tmp_path / "fleet"))
    monkeypatch.chdir(folder)
    return folder


def session(gitops: str = "") -> Session:
    inputs = Inputs(
        environment="dev",
        base="base",
        control_plane="dev",
        repositories="repositories",
        repo=(),
        conventions="walkthrough",
        missing_key="error",
        strict=False,
    )
    return Session(lambda: request_of(inputs), gitops)


def edit(file: str, old: str, new: str) -> None:
    path = Path(file)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def changed(watching: Session) -> list[str]:
    compared = watching.look(()).comparison
    assert compared is not None
    return [each.folder for each in compared.difference.assignments]


@pytest.mark.usefixtures("fleet")
def test_the_first_look_has_nothing_to_compare_with() -> None:
    first = session().look(())
    assert (first.assignments, first.errors, first.comparison) == (6, (), None)


@pytest.mark.usefixtures("fleet")
def test_a_save_is_compared_with_the_start_and_not_with_the_save_before() -> None:
    watching = session()
    watching.look(())
    edit("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    assert changed(watching) == ["store/metrics-agent", "store/shop-web"]
    edit("dev/configs/east.yaml", 'REPLICAS: "3"', 'REPLICAS: "4"')
    assert changed(watching) == ["drone/metrics-agent", "store/metrics-agent", "store/shop-web"]
    edit("dev/configs/all.yaml", "OWNER: fleet", "OWNER: platform")
    assert changed(watching) == ["drone/metrics-agent"]


@pytest.mark.usefixtures("fleet")
def test_an_error_compares_nothing_and_is_forgotten_once_it_is_fixed() -> None:
    watching = session()
    watching.look(())
    edit("dev/policies/shop.yaml", "matchLabels", "matchLables")
    broken = watching.look(("dev/policies/shop.yaml",))
    assert [str(problem.at) for problem in broken.errors] == [
        "dev/policies/shop.yaml:9:7",
        "dev/policies/shop.yaml:13:7",
    ]
    assert (broken.comparison, broken.saved) == (None, ("dev/policies/shop.yaml",))
    edit("dev/policies/shop.yaml", "matchLables", "matchLabels")
    assert changed(watching) == []


@pytest.mark.usefixtures("fleet")
def test_a_model_that_is_broken_at_the_start_is_compared_once_it_is_whole() -> None:
    edit("dev/policies/shop.yaml", "matchLabels", "matchLables")
    watching = session()
    assert watching.look(()).errors
    edit("dev/policies/shop.yaml", "matchLables", "matchLabels")
    assert watching.look(()).comparison is None
    edit("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
    assert changed(watching) == ["store/metrics-agent", "store/shop-web"]


@pytest.mark.usefixtures("fleet")
def test_a_warning_is_told_once() -> None:
    watching = session()
    watching.look(())
    assert {problem.code for problem in watching.advice()} >= {"template-unused"}
    watching.look(())
    assert watching.advice() == ()
    edit("dev/configs/east.yaml", "cluster-type: drone\ndata", "cluster-type: drove\ndata")
    watching.look(())
    assert [problem.code for problem in watching.advice()] == ["config-reaches-nothing"]


@pytest.mark.usefixtures("fleet")
def test_a_folder_that_vanishes_is_an_error_and_no_removal() -> None:
    watching = session()
    watching.look(())
    Path("repositories").rename("elsewhere")
    gone = watching.look(())
    assert gone.comparison is None
    assert "there is no such folder" in gone.errors[0].message
    Path("elsewhere").rename("repositories")
    assert changed(watching) == []


def test_with_gitops_a_save_is_compared_with_the_branch(fleet: Path, tmp_path: Path) -> None:
    gitops = str(tmp_path / "gitops")
    assert run(["render", *MODEL, "--out", gitops], fleet).code == 0
    watching = session(gitops)
    assert changed(watching) == []
    edit("repositories/shop-src/workload.yaml", "path: ./orders", "path: ./all-orders")
    assert changed(watching) == ["hangar/shop-orders"]


def test_branches_alone_are_nothing_to_watch(fleet: Path) -> None:
    subprocess.run(["git", "init", "--quiet", "--initial-branch=dev"], cwd=fleet, check=True)
    place = f"{fleet}@dev:dev"
    result = run(["watch", "-e", "dev", "--control-plane", place], fleet)
    assert (result.code, result.out) == (2, "")
    assert "error: nothing to watch: the options name branches" in result.err


@contextmanager
def watching_process(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from kalypso.cli import main; main()", "watch", *MODEL]
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str], beginning: str) -> str:
    """Read on to the line that begins in some way."""
    assert process.stdout is not None
    for text in process.stdout:
        if text.startswith(beginning):
            return text
    pytest.fail(f"it ended without a line {beginning!r}")


def test_a_save_is_shown_and_interrupting_ends_it(fleet: Path) -> None:
    with watching_process(fleet) as process:
        line(process, "watching base, dev, repositories; Ctrl-C ends")
        edit("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
        line(process, "saved dev/configs/all.yaml (")
        assert line(process, "dev:").startswith("dev: 0 removed, 2 changed, 0 added")
        (fleet / "dev/notes.txt").write_text("no file of the model")
        edit("dev/configs/all.yaml", "OWNER: fleet", "OWNER: [")
        line(process, "dev/configs/all.yaml:1")
        assert line(process, "dev:").startswith(
            "dev: 1 error; nothing is compared until it is fixed"
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


def test_json_is_one_line_for_each_save(fleet: Path) -> None:
    with watching_process(fleet, "-o", "json") as process:
        first = json.loads(line(process, "{"))
        assert (first["saved"], first["valid"], first["difference"]) == ([], True, None)
        edit("dev/configs/all.yaml", "OWNER: platform", "OWNER: fleet")
        second = json.loads(line(process, "{"))
        assert second["saved"] == ["dev/configs/all.yaml"]
        assert second["difference"]["totals"]["changed"] == 2
