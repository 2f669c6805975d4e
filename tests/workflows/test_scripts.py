"""The shell that workflows run, on real repositories; only the engine is played by a script."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.provider.local_repository import LocalRepository
from components.provider.repository_content import RepositoryContent
from components.starting_content import CONTENTS
from kalypso.delivery.local_folder import LocalFolder
from kalypso.delivery.local_http import ForgeServer
from kalypso.git.run import git
from tests.components.forge import quiet
from tests.workflows.workflows import CONTROL_PLANE, script

PREVIEW = CONTROL_PLANE / "main/.github/workflows/preview.yaml"
UP = CONTROL_PLANE / "main/.github/workflows/up.yaml"
CONFIG = "cluster-types/west-us/west-us-config.yaml"
POLICY = "scheduling/platform-services/observability-policy.yaml"


@dataclass
class Runner:
    """A machine of a CI system, with a checkout of a change."""

    folder: Path
    url: str
    variables: dict[str, str]

    @property
    def model(self) -> Path:
        return self.folder / "model"

    def checkout(self, branch: str) -> None:
        origin = f"{self.url}/kalypso-control-plane"
        git("clone", "--quiet", "--branch", branch, origin, str(self.model))
        self.variables["TARGET"] = branch

    def engine(self, code: int, output: str) -> None:
        """Let `pulumi` note how it was called, print something, and end."""
        (self.folder / "output").write_text(output)
        stub = self.folder / "bin" / "pulumi"
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(
            f'#!/bin/sh\necho "$PWD: $*" >"{self.folder}/called"\n'
            f'cat "{self.folder}/output"\nexit {code}\n'
        )
        stub.chmod(0o755)

    def run(self, text: str, **more: str) -> "subprocess.CompletedProcess[str]":
        path = os.pathsep.join([str(self.folder / "bin"), str(Path(sys.prefix) / "bin")])
        return subprocess.run(
            ["bash", "-e", "-c", text],  # as GitHub runs a step
            cwd=self.folder,
            env={**self.variables, **more, "PATH": f"{path}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def preview(self, **more: str) -> "subprocess.CompletedProcess[str]":
        return self.run(script(PREVIEW, "Preview"), **more)

    @property
    def comment(self) -> str:
        return (self.folder / "out" / "comment.md").read_text()

    @property
    def called(self) -> str:
        return (self.folder / "called").read_text()


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    forge = LocalFolder(tmp_path / "forge")
    with ForgeServer(forge, ("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        make(tmp_path / "forge", url)
        (tmp_path / "program").mkdir()
        found = Runner(tmp_path, url, variables(tmp_path, url))
        found.engine(0, "Previewing update (dev)\n")
        yield found
        server.shutdown()
        thread.join()


def make(folder: Path, url: str) -> None:
    for content in CONTENTS:
        name = f"kalypso-{content}"
        where = {"folder": str(folder), "name": name, "branch": "main"}
        LocalRepository().create({**where}, quiet)
        start = {"folder": str(folder), "repository": name, "content": content}
        RepositoryContent().create({**start, "prefix": "kalypso", "url": url}, quiet)


def variables(folder: Path, url: str) -> dict[str, str]:
    return {
        "ENVIRONMENT": "dev",
        "CONTROL_PLANE": f"{url}/kalypso-control-plane",
        "MODEL": str(folder / "model"),
        "PROGRAM": str(folder / "program"),
        "OUT": str(folder / "out"),
        "FORM": "github",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "HOME": str(folder),
    }


def edit(folder: Path, files: Mapping[str, tuple[str, str]]) -> None:
    for path, (old, new) in files.items():
        text = (folder / path).read_text()
        assert old in text
        (folder / path).write_text(text.replace(old, new))


def test_a_change_of_an_environment_is_told_with_its_causes(runner: Runner) -> None:
    runner.checkout("dev")
    edit(runner.model, {CONFIG: ("West US", "West Europe")})
    done = runner.preview()
    assert done.returncode == 0, done.stderr
    assert runner.comment.startswith("<!-- kalypso-diff:dev -->\n")
    assert "0 removed, 1 changed, 0 added" in runner.comment
    assert "ConfigMap west-us-config" in runner.comment
    assert "Previewing update (dev)" in runner.comment
    assert "CAUTION" not in runner.comment


def test_the_engine_previews_the_checkout(runner: Runner) -> None:
    runner.checkout("dev")
    runner.preview()
    wanted = f"--config model.folder={runner.model}"
    assert runner.called.startswith(f"{runner.folder}/program: preview --stack dev --diff")
    assert runner.called.strip().endswith(wanted)


def test_a_change_of_main_is_shown_as_if_it_were_promoted(runner: Runner) -> None:
    runner.checkout("main")
    (runner.model / "workloads" / "app.yaml").write_text(
        "apiVersion: scheduler.kalypso.io/v1alpha1\nkind: WorkloadRegistration\n"
        "metadata: {name: app}\nspec:\n  workspace: team\n"
        f"  workload: {{repo: {runner.url}/kalypso-app-src, branch: main, path: workload/}}\n"
    )
    done = runner.preview()
    assert done.returncode == 0, done.stderr
    assert runner.called.strip().endswith(f"--config model.base={runner.model}")


def test_an_error_annotates_its_line_and_fails(runner: Runner) -> None:
    runner.checkout("dev")
    (runner.model / "broken.yaml").write_text("kind: [\n")
    done = runner.preview()
    assert done.returncode == 2
    assert "::error file=broken.yaml,line=2," in done.stdout
    assert "the model has errors" in runner.comment
    assert "broken.yaml:2" in runner.comment
    assert not (runner.folder / "called").exists()


def test_removing_too_much_is_marked_and_fails_nothing(runner: Runner) -> None:
    runner.checkout("dev")
    (runner.model / POLICY).unlink()
    runner.engine(255, "error: this would remove all 1 assignments [too-many-removals]\n")
    done = runner.preview()
    assert done.returncode == 0, done.stderr
    assert "> [!CAUTION]" in runner.comment
    assert "limits.acknowledge" in runner.comment


def test_any_other_failure_of_the_engine_fails(runner: Runner) -> None:
    runner.checkout("dev")
    runner.engine(255, "error: the stack is currently locked by 1 lock(s)\n")
    done = runner.preview()
    assert done.returncode == 255
    assert "currently locked" in runner.comment


def test_who_may_see_no_secrets_gets_the_difference_without_the_engine(runner: Runner) -> None:
    runner.checkout("dev")
    done = runner.preview(PROGRAM="")
    assert done.returncode == 0, done.stderr
    assert "no difference" in runner.comment
    assert not (runner.folder / "called").exists()


def test_up_delivers_one_stack(runner: Runner) -> None:
    assert runner.run(script(UP, "Up")).returncode == 0
    assert "up --stack dev --yes" in runner.called


def test_up_that_fails_fails_the_job(runner: Runner) -> None:
    runner.engine(1, "error: boom\n")
    assert runner.run(script(UP, "Up")).returncode == 1
