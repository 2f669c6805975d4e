"""An organization on the stand-in GitHub: the sample, a clone of the program, and a runner."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.standins.github.repository import GitHubRepository
from tests.standins.github.sample import Sample
from tests.standins.github.server import GitHubServer
from tests.standins.github.tokens import ALL, Grant
from tests.support.built import github_plugin_folder
from tests.support.prepared import prepared
from tests.workflows.installed import runner
from tests.workflows.machine import Machine

ROOT = Path(__file__).resolve().parents[2]
READS = "ghp_reads0123456789c4nary"
WRITES = "ghp_writes0123456789c4nary"
PROGRAM = "acme/kalypso-program"
STACKS = ("dev", "stage")
_PUBLIC = ("control-plane", "app-src", "svc-src", "program")
"""What forks' pull requests are checked with; the GitOps repository is not needed for that."""


@dataclass
class Organization:
    """Who owns all of it is `acme`."""

    sample: Sample
    machine: Machine

    @property
    def control_plane(self) -> GitHubRepository:
        return self.repository("kalypso-control-plane")

    @property
    def gitops(self) -> GitHubRepository:
        return self.sample.gitops

    def repository(self, name: str) -> GitHubRepository:
        found = self.sample.server.find(f"acme/{name}")
        assert found is not None
        return found

    def text(self, branch: str, path: str) -> str:
        """Return a file of the control plane."""
        return self.control_plane.git("show", f"{branch}:{path}") + "\n"


@contextmanager
def organization(
    folder: Path, tools: Sequence[Path], secrets: Mapping[str, str], salts: Mapping[str, str]
) -> Iterator[Organization]:
    """Serve the organization until the end.

    Args:
        folder: For everything.
        tools: Programs of the runner; `pulumi` is among them.
        secrets: Besides the tokens.
        salts: Of the secrets of each stack, as its file keeps them.
    """
    with runner() as machine_folder, GitHubServer(folder / "github") as server:
        sample = Sample(server)
        server.grants[READS] = Grant()
        server.grants[WRITES] = Grant(writes=ALL, user="kalypso-bot")
        _push_program(server.add(PROGRAM), sample, folder, salts)
        machine = Machine(
            machine_folder,
            server,
            {"KALYPSO_PROGRAM": PROGRAM, "KALYPSO_PROGRAM_REF": "v1"},
            {"KALYPSO_READ_TOKEN": READS, "KALYPSO_TOKEN": WRITES, **secrets},
            tools,
        )
        made = Organization(sample, machine)
        for name in _PUBLIC:
            made.repository(f"kalypso-{name}").public = True
        yield made


def settings(sample: Sample, environment: str, salt: str = "", **more: str) -> str:
    """Return the file of a stack; its token comes from the environment."""
    config = {key: text for key, text in sample.config.items() if key != "github.token"} | more
    values = {f"kalypso:{key}": text for key, text in config.items()}
    found: dict[str, object] = {"config": {"kalypso:environment": environment, **values}}
    return yaml.safe_dump({"encryptionsalt": salt, **found} if salt else found)


def _project() -> str:
    """Return the project's file, with the plugin that would be downloaded."""
    about = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    plugin = github_plugin_folder()
    about["plugins"]["providers"].append({"name": "github", "path": str(plugin)})
    return yaml.safe_dump(about)


def _add_project(folder: Path) -> None:
    """Make a repository with the files of this project as they are now, and an index of them."""
    index = folder / "index"

    def git(*arguments: str, text: str | None = None) -> str:
        return _git(folder, index, *arguments, text=text)

    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", ":!tests"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    there = [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    git("update-index", "--add", "-z", "--stdin", text="\0".join(there))
    commit = git(
        "-c", "user.name=Ada", "-c", "user.email=ada@example.com",
        "commit-tree", git("write-tree"), "-m", "Project",
    )  # fmt: skip
    git("update-ref", "refs/heads/main", commit)
    git("repack", "--quiet", "-a", "-d")


def _git(repository: Path, index: Path, *arguments: str, text: str | None = None) -> str:
    done = subprocess.run(
        ["git", f"--git-dir={repository}", f"--work-tree={ROOT}", *arguments],
        cwd=ROOT, env={**os.environ, "GIT_INDEX_FILE": str(index)}, check=True,
        capture_output=True, text=True, input=text,
    )  # fmt: skip
    return done.stdout.strip()


def _push_program(
    repository: GitHubRepository, sample: Sample, folder: Path, salts: Mapping[str, str]
) -> None:
    """Commit this project as it is now, with the organization's stacks, and tag it."""
    project, index = prepared("program", _add_project), folder / "index"
    shutil.copyfile(project / "index", index)
    packs = Path("objects", "pack")
    shutil.copytree(project / packs, repository.folder / packs, dirs_exist_ok=True)

    def git(*arguments: str, text: str | None = None) -> str:
        return _git(repository.folder, index, *arguments, text=text)

    files = {f"Pulumi.{each}.yaml": settings(sample, each, salts.get(each, "")) for each in STACKS}
    for name, text in {"Pulumi.yaml": _project(), **files}.items():
        blob = git("hash-object", "-w", "--stdin", text=text)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{name}")
    commit = repository.git("commit-tree", git("write-tree"), "-m", "Program")
    repository.git("update-ref", "refs/heads/main", commit)
    repository.git("update-ref", "refs/tags/v1", commit)
