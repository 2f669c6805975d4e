"""A project whose stacks are on the stand-in GitHub, with the real engine on it."""

import os
import subprocess
from pathlib import Path

import yaml

from tests.engine.bench import ROOT, Bench
from tests.support.github_repository import GitHubRepository
from tests.support.github_server import TOKEN, GitHubServer

SDKS = ROOT / ".kalypso" / "sdks"
PLUGIN = ROOT / "tests" / "support" / "plugin"


class MadeOnGitHub:
    """Stacks that make their repositories with `pulumi-github`, or write files with it."""

    def __init__(self, bench: Bench, server: GitHubServer, *stacks: str) -> None:
        self.bench, self.server, self.said = bench, server, ""
        for variable in ("GITHUB_TOKEN", "GH_TOKEN"):
            bench.environment.pop(variable, None)
        bench.environment["XDG_CACHE_HOME"] = str(bench.project.parent / "cache")
        bench.environment["PYTHONPATH"] = str(SDKS)
        self._use_plugin(bench.project / "Pulumi.yaml")
        bench.init(*stacks)
        for stack in stacks:
            for key, text in {
                "forge": "github",
                "forge.url": server.url,
                "github.owner": "acme",
                "github.token": TOKEN,
            }.items():
                self.set(key, text, stack)

    def set(self, key: str, text: str, stack: str = "dev") -> None:
        """Set a setting, the token as a secret; never on a command line."""
        secret = ["--secret"] if key == "github.token" else []
        subprocess.run(
            ["pulumi", "config", "set", "-s", stack, *secret, key],
            input=text, text=True, cwd=self.bench.project, env=self.bench.environment,
            check=True, capture_output=True,
        )  # fmt: skip

    def up(self, stack: str = "dev") -> str:
        said = self.bench.up(stack)
        self.said += said
        return said

    def destroy(self, stack: str = "dev") -> str:
        command = ("pulumi", "destroy", "-s", stack, "--yes", "--skip-preview", "--non-interactive")
        return self.bench.good(*command)

    def repository(self, content: str) -> GitHubRepository:
        found = self.server.find(f"acme/kalypso-{content}")
        assert found is not None
        return found

    def tree(self, branch: str = "dev") -> dict[str, str]:
        """Return the text of every file of a branch of the GitOps repository, by path."""
        gitops = self.repository("gitops")
        paths = gitops.git("ls-tree", "-r", "--name-only", branch).splitlines()
        return {path: gitops.git("show", f"{branch}:{path}", strip=False) for path in paths}

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

    @staticmethod
    def _use_plugin(file: Path) -> None:
        about = yaml.safe_load(file.read_text())
        about["plugins"]["providers"].append({"name": "github", "path": str(PLUGIN)})
        file.write_text(yaml.safe_dump(about))
