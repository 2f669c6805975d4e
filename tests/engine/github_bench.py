"""A project whose stacks are on the stand-in GitHub, with the real engine on it."""

import os
import shutil
import signal
import time
from copy import copy
from pathlib import Path
from typing import Literal, Self

import yaml

from tests.engine.bench import ROOT, SECONDS, Bench, up_command
from tests.standins.github.copies import begin_again, keep
from tests.standins.github.faults import Fault, on
from tests.standins.github.repository import GitHubRepository
from tests.standins.github.server import TOKEN, GitHubServer
from tests.support.bare_repository import read_files
from tests.support.built import github_plugin_folder

SDKS = ROOT / ".kalypso" / "sdks"
_REST_SECONDS = 1.0


class MadeOnGitHub:
    """Stacks that make their repositories with `pulumi-github`, or write files with it."""

    def __init__(self, bench: Bench, server: GitHubServer, *stacks: str) -> None:
        self.bench, self.server, self.said = bench, server, ""
        _surround(bench)
        bench.init(*stacks, token=TOKEN)
        for stack in stacks:
            bench.set(stack, {"forge": "github", "forge.url": server.url, "github.owner": "acme"})

    def keep(self) -> None:
        """Let others begin with what there is by now; this one is not used any more."""
        self._kept = keep(self.server)

    def in_folder_of(self, bench: Bench) -> Self:
        """Return what was kept as the platform of another bench; the server has one at a time."""
        made = copy(self)
        made.bench = bench
        _surround(bench)
        bench.go_on_from(self.bench.folder)
        shutil.copytree(self.bench.folder / "cache", bench.folder / "cache")
        begin_again(self.server, self._kept, bench.folder / "github")
        return made

    def set(self, key: str, text: str, stack: str = "dev") -> None:
        """Set a setting of a stack."""
        self.bench.set(stack, {key: text})

    def up(self, stack: str = "dev") -> str:
        said = self.bench.up(stack)
        self.said += said
        return said

    def destroy(self, stack: str = "dev") -> str:
        command = ("pulumi", "destroy", "-s", stack, "--yes", "--skip-preview", "--non-interactive")
        return self.bench.good(*command)

    def killed_at(
        self,
        method: str,
        ending: str,
        moment: Literal["before", "after"] = "after",
        *,
        well: int = 0,
    ) -> None:
        """Start a run of dev, and kill the engine at a call when all else has come to rest.

        So the state is whole: one that was half written is another test's.
        """
        run = self.bench.start(*up_command("dev"))

        def kill() -> None:
            self._rest()
            run.send_signal(signal.SIGKILL)

        self.server.plan = on(method, ending, Fault(moment=moment, cut=True, call=kill), well=well)
        run.communicate(timeout=SECONDS)
        assert run.returncode == -signal.SIGKILL
        self.server.clear()
        self.bench.run("pulumi", "cancel", "--yes", "-s", "dev")

    def _rest(self) -> None:
        """Wait until the engine has written nothing for a while."""
        (state,) = self.bench.state.rglob("stacks/kalypso/dev.json")
        seen, since = b"", time.monotonic()
        while time.monotonic() - since < _REST_SECONDS:
            now = state.read_bytes()
            if now != seen:
                seen, since = now, time.monotonic()
            time.sleep(0.05)

    def repository(self, content: str) -> GitHubRepository:
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        return found

    def tree(self, branch: str = "dev") -> dict[str, str]:
        """Return the text of every file of a branch of the GitOps repository, by path."""
        return read_files(self.repository("gitops").folder, branch)

    def files_with(self, secret: str) -> list[Path]:
        """Return the files that anybody could read and that hold a secret in clear."""
        folder = self.bench.project.parent
        kept = [
            path
            for path in folder.rglob("*")
            if path.is_file() and not path.is_symlink() and os.access(path, os.R_OK)
        ]
        assert len(kept) > 10
        return [path for path in kept if secret.encode() in path.read_bytes()]


def _surround(bench: Bench) -> None:
    """Give a bench the variables and the plugin with which the engine comes to the stand-in."""
    for variable in ("GITHUB_TOKEN", "GH_TOKEN"):
        bench.environment.pop(variable, None)
    bench.environment["XDG_CACHE_HOME"] = str(bench.folder / "cache")
    bench.environment["PYTHONPATH"] = str(SDKS)
    bench.environment["GITHUB_WRITE_DELAY_MS"] = "0"  # the stand-in needs no rest
    file = bench.project / "Pulumi.yaml"
    about = yaml.safe_load(file.read_text())
    about["plugins"]["providers"].append({"name": "github", "path": str(github_plugin_folder())})
    file.write_text(yaml.safe_dump(about))
