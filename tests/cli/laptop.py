"""A folder of the program with a local forge: what the commands about promotion work on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.git import NO_COMMIT, RefUpdate, Signature, git, update_refs, write_commit
from kalypso.model import TRACKING
from tests.cli.command import Result, run
from tests.support.bare_repository import make_bare

NAMESPACE = b"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: dev-test\n"
DELIVERED = {f"{kind}/test/namespace.yaml": NAMESPACE for kind in ("drone", "large")}
STACK = """\
config:
  kalypso:environment: dev
  kalypso:environments: [dev, stage]
  kalypso:clusters:
    - name: drone
    - name: large
      environments: [dev]
"""


BASE = f"""\
# A comment stays.
apiVersion: scheduler.kalypso.io/v1alpha1
kind: BaseRepo
metadata:
  name: main
spec:
  repo: http://127.0.0.1:3180/kalypso-control-plane
  commit: "{"0" * 40}"
"""


class Laptop:
    """A folder of the program with a local forge: a commit of main is merged to dev."""

    def __init__(self, folder: Path, delivered: Mapping[str, bytes] = DELIVERED) -> None:
        self.folder, self._delivered = folder, delivered
        forge = folder / ".kalypso" / "forge"
        self._main, self.gitops = forge / "kalypso-control-plane.git", forge / "kalypso-gitops.git"
        for each in (self._main, self.gitops):
            make_bare(each, "main")
        self.stack(STACK)
        self.main = self._commit(self._main, "main", {"a": b"1"})
        self.dev = self.merge("dev", self.main)
        self._commit(self._main, "stage", {"base-repo.yaml": BASE.encode()})

    def stack(self, text: str) -> None:
        (self.folder / "Pulumi.dev.yaml").write_text(text)

    def merge(self, environment: str, main: str) -> str:
        """Let a pull request that promotes a commit of main be merged."""
        changes = {**self._delivered, TRACKING: main.encode()}
        return self._commit(self.gitops, environment, changes)

    def commit_on_main(self) -> str:
        return self._commit(self._main, "main", {"a": b"2"})

    def types(self, *words: str) -> Result:
        return run(words, self.folder)

    def check(self, environment: str = "dev") -> Result:
        return self.types("check-promote", "-e", environment, "--commit", self.main)

    def report(self, cluster: str, state: str = "healthy", commit: str = "") -> Result:
        at = commit or self.dev
        return self.types("clusters", "report", cluster, "--commit", at, "--state", state)

    def record(self) -> list[str]:
        log = git("log", "--format=%s", "refs/kalypso/promotion/dev", repository=self.gitops)
        return log.decode().splitlines()

    def _commit(self, folder: Path, branch: str, changes: dict[str, bytes]) -> str:
        refs = git(
            "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}", repository=folder
        )
        old = refs.decode().strip()
        commit = write_commit(
            folder,
            parents=[old] if old else [],
            changes=dict(changes),
            message="change\n",
            signature=Signature("Ada", "ada@example.com", 1_700_000_000),
        )
        update_refs(folder, [RefUpdate(f"refs/heads/{branch}", old or NO_COMMIT, commit)])
        return commit

    @property
    def at(self) -> str:
        return f"main {self.main[:7]} (dev {self.dev[:7]})"
