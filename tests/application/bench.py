"""An application team's laptop: its source and its GitOps repository on a local forge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from kalypso.git import (
    NO_COMMIT,
    Content,
    RefUpdate,
    Signature,
    read_tree,
    update_refs,
    write_commit,
)
from tests.cli.command import Result, run
from tests.support.bare_repository import make_bare, read_refs

GITOPS = "http://127.0.0.1:3180/shop-gitops"
DIGEST = f"sha256:{'a1' * 32}"
OTHER_DIGEST = f"sha256:{'b2' * 32}"


def deployment(image: str = "shop:1", replicas: int = 1) -> str:
    """Return a manifest with a comment, which rendering keeps."""
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: {replicas}
  template:
    spec:
      containers:
        - name: shop
          image: {image}  # what runs
"""


def target(name: str, environment: str, *, path: str = "", branch: str = "") -> str:
    """Return a target of a Workload file."""
    return f"""\
    - name: {name}
      environment: {environment}
      manifests:
        repo: {GITOPS}
        branch: {branch or environment}
        path: {path or f"./{name}"}
"""


def workload(*targets: str, name: str = "shop") -> str:
    """Return a Workload file."""
    return f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: Workload
metadata:
  name: {name}
spec:
  deploymentTargets:
{"".join(targets)}"""


SHOP = {
    "workload/workload.yaml": workload(
        target("east", "dev"), target("west", "dev"), target("uat", "stage")
    ),
    "manifests/east/deployment.yaml": deployment(),
    "manifests/west/deployment.yaml": deployment(replicas=3),
    "manifests/uat/deployment.yaml": deployment(replicas=2),
}
"""An application of plain YAML, which needs no program to render."""


class Team:
    """What an application team has, and types."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.forge = folder / ".kalypso" / "forge"
        self.source, self.gitops = self.forge / "shop-src.git", self.forge / "shop-gitops.git"
        for each in (self.source, self.gitops):
            make_bare(each, "main")
        self.first = self.push(SHOP)
        for branch in ("dev", "stage"):
            self.commit(self.gitops, branch, {"README.md": "the team's own\n"})

    def push(self, changes: Mapping[str, str | None], branch: str = "main") -> str:
        """Commit to the application's source."""
        return self.commit(self.source, branch, changes)

    def commit(self, folder: Path, branch: str, changes: Mapping[str, str | None]) -> str:
        """Commit to a branch of a repository."""
        old = read_refs(folder).get(f"refs/heads/{branch}", "")
        content: dict[str, Content] = {
            path: None if text is None else text.encode() for path, text in changes.items()
        }
        commit = write_commit(
            folder,
            parents=[old] if old else [],
            changes=content,
            message=f"change {len(content)} files\n",
            signature=Signature("Ada", "ada@example.com", 1_700_000_000),
        )
        update_refs(folder, [RefUpdate(f"refs/heads/{branch}", old or NO_COMMIT, commit)])
        return commit

    def types(self, *words: str) -> Result:
        """Run a command of `kalypso app` on the source's main branch; registries are left alone."""
        words = (*words, "--no-registry")
        return run(["app", *words, "--source", f"{self.source}@main"], self.folder)

    def proposes(self, *words: str, environment: str = "dev") -> Result:
        return self.types("propose", "-e", environment, *words)

    def reviews(self, *words: str) -> Result:
        return run(["pr", *words, "-r", "shop-gitops"], self.folder)

    def files(self, branch: str) -> dict[str, str]:
        """Return a branch of the GitOps repository."""
        found = read_tree(str(self.gitops), branch).files
        return {path: content.decode() for path, content in found.items()}

    def branches(self) -> Sequence[str]:
        """Return the branches of the GitOps repository."""
        refs = read_refs(self.gitops)
        return [ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/")]
