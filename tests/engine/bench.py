"""A project folder of its own with a state of its own, and the real Pulumi engine on it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from tests.cli.command import run as run_here
from tests.standins.vault import SECRETS_PROVIDER, vault_variables
from tests.support import played_pip
from tests.support.bare_repository import read_files
from tests.support.prepared import prepared

ROOT = Path(__file__).resolve().parents[2]
LINKED = ("__main__.py", "components", "kalypso", "sample")
STACKS = ("dev", "stage")
STACK_INIT = (
    *("pulumi", "stack", "init", "--non-interactive"),
    *("--secrets-provider", SECRETS_PROVIDER),
)
SECONDS = 300
"""After which a command hangs; a machine with much else to do takes one."""


def engine_folder() -> Path:
    """Return the folder with the engine: the one that `make` provides, else that on PATH.

    Raises:
        RuntimeError: There is none, which fails every test that needs it.
    """
    own = ROOT / ".kalypso" / "engine" / "bin"
    if (own / "pulumi").exists():
        return own
    found = shutil.which("pulumi")
    if found is None:
        raise RuntimeError("there is no Pulumi engine: `make test` provides one")
    return Path(found).parent


class Bench:
    """Runs the engine as a user does, in a folder and with a `PULUMI_HOME` of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.project, self.state = folder, folder / "project", folder / "state"
        self.forge = self.project / ".kalypso" / "forge"
        self.project.mkdir(parents=True)
        self.state.mkdir()
        for name in LINKED:
            (self.project / name).symlink_to(ROOT / name)
        about = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
        about["runtime"]["options"]["virtualenv"] = sys.prefix
        (self.project / "Pulumi.yaml").write_text(yaml.safe_dump(about))
        for stack in STACKS:
            (self.project / f"Pulumi.{stack}.yaml").write_text(fresh_stack(stack))
        self.environment = {
            **os.environ,
            "PATH": os.pathsep.join(
                [str(Path(sys.prefix) / "bin"), str(engine_folder()), os.environ["PATH"]]
            ),
            "VIRTUAL_ENV": sys.prefix,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": self.state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "only a test",  # for a stack's file that names no vault
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "GOMAXPROCS": "1",  # other tests run beside this one
            "GOGC": "off",  # an engine of a second need not look for garbage
            "GOMEMLIMIT": "1GiB",  # unless it takes much memory
            **vault_variables(),
        }
        self.environment.pop("PYTHONPATH", None)
        shutil.copytree(played_pip_folder(), self.project, dirs_exist_ok=True)

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start a command and let it run, in a process group of its own."""
        return subprocess.Popen(
            command,
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the project; standard error goes with standard output."""
        done = subprocess.run(
            command,
            cwd=self.project,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert "exited prematurely" not in done.stdout, done.stdout
        return done

    def good(self, *command: str) -> str:
        """Run a command that has to succeed, and return what it printed."""
        done = self.run(*command)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def kalypso(self, *arguments: str) -> str:
        """Run a command of ours that has to succeed in this process, which has loaded it."""
        with patch.dict(os.environ, self.environment, clear=True):
            done = run_here(arguments, self.project)
        assert done.code == 0, done.out + done.err
        return done.out

    def init(self, *stacks: str, token: str = "") -> None:
        """Make stacks, with a token as a secret setting: a copy of what the engine made once."""
        name = "-".join(["stacks", *stacks, token])
        self.go_on_from(
            prepared(name, lambda folder: Bench(folder).make_stacks(*stacks, token=token))
        )

    def go_on_from(self, folder: Path) -> None:
        """Begin where a bench in another folder has come to; the state names its places."""
        for name in ("state", "project/.kalypso"):
            if (folder / name).exists():
                shutil.copytree(folder / name, self.folder / name, dirs_exist_ok=True)
        for stack in STACKS:
            file = f"project/Pulumi.{stack}.yaml"
            shutil.copyfile(folder / file, self.folder / file)
        for path in self.state.rglob("*.json"):
            path.write_text(path.read_text().replace(str(folder), str(self.folder)))

    def make_stacks(self, *stacks: str, token: str = "") -> None:
        """Make stacks by the engine itself."""
        for stack in stacks:
            self.good(*STACK_INIT, stack)
            if token:
                self.set_secret(stack, "github.token", token)

    def set(self, stack: str, settings: Mapping[str, str]) -> None:
        """Write settings into a stack's file, as `pulumi config set` does."""
        file = self.project / f"Pulumi.{stack}.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"] |= {f"kalypso:{key}": text for key, text in settings.items()}
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def set_secret(self, stack: str, key: str, text: str) -> None:
        """Set a secret setting, whose text is on no command line."""
        subprocess.run(
            ["pulumi", "config", "set", "-s", stack, "--secret", key],
            input=text, text=True, cwd=self.project, env=self.environment, check=True,
            capture_output=True,
        )  # fmt: skip

    def up(self, stack: str) -> str:
        """Run `pulumi up` without its preview, which costs as much again."""
        return self.good(*up_command(stack))

    def refused(self, *command: str) -> str:
        """Run a command that has to fail, without a traceback, and return what it printed."""
        done = self.run(*command)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stdout, done.stdout
        return done.stdout

    def changes(self, stack: str) -> Mapping[str, int]:
        """Return what a preview would do, by kind of step."""
        text = self.good(
            "pulumi", "preview", "-s", stack, "--non-interactive", "--json", "--suppress-progress"
        )
        document: Any = json.loads(text[text.index("{") :])
        summary: dict[str, int] = document["changeSummary"]
        return summary

    def pulls(self, *options: str) -> list[dict[str, Any]]:
        """Return the pull requests of the GitOps repository, newest first."""
        found: list[dict[str, Any]] = json.loads(
            self.kalypso("pr", "list", "-o", "json", *options)
        )["items"]
        return found

    def waiting(self) -> dict[str, Any]:
        """Return the only pull request that is open."""
        (only,) = self.pulls()
        return only

    def changed(self, number: int) -> list[str]:
        """Return the paths that a pull request changes, sorted."""
        lines = self.kalypso("pr", "diff", str(number)).splitlines()
        return [line.split(" b/")[1] for line in lines if line.startswith("diff --git ")]

    def merge(self, number: int) -> None:
        self.kalypso("pr", "merge", str(number))

    def git(self, *arguments: str, repository: str = "gitops") -> str:
        """Run git on a bare repository of the forge."""
        folder = self.forge / f"kalypso-{repository}.git"
        return self.good("git", "--git-dir", str(folder), *arguments)

    def tree(self, ref: str, repository: str = "gitops") -> dict[str, str]:
        """Return the text of every file of a branch, by path."""
        return read_files(self.forge / f"kalypso-{repository}.git", ref)

    def commit(self, repository: str, branch: str, files: Mapping[str, str]) -> str:
        """Clone, write files, commit and push, as a person does; return the commit."""
        clone = self.project.parent / "clone"
        shutil.rmtree(clone, ignore_errors=True)
        origin = str(self.forge / f"kalypso-{repository}.git")
        self.good("git", "clone", "--quiet", "--branch", branch, origin, str(clone))
        for path, text in files.items():
            (clone / path).parent.mkdir(parents=True, exist_ok=True)
            (clone / path).write_text(text)
        here = ("git", "-C", str(clone), "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        self.good(*here, "add", "--all")
        self.good(*here, "commit", "--quiet", "-m", "change")
        self.good(*here, "push", "--quiet")
        return self.good(*here, "rev-parse", "HEAD").strip()


def fresh_stack(stack: str) -> str:
    """Return a stack's file as a clone has it: the one that is here may be up, with its salt."""
    return f"config:\n  kalypso:environment: {stack}\n"


def up_command(stack: str) -> tuple[str, ...]:
    """Return the command line of `pulumi up` for programs."""
    return ("pulumi", "up", "-s", stack, "--yes", "--skip-preview", "--non-interactive")


def played_pip_folder() -> Path:
    """Return a folder with a module that answers for pip as long as it is asked for its list."""
    return prepared("pip", _play_pip)


def _play_pip(folder: Path) -> None:
    """Put what answers for pip into a folder."""
    command = [sys.executable, "-m", "pip", *played_pip.ASKED]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    (folder / played_pip.RECORDED).write_text(listed.stdout)
    shutil.copyfile(Path(played_pip.__file__), folder / "pip.py")
