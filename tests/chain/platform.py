"""A platform with three environments, on either forge: changes go from dev to stage to prod.

It is the sample, with one more environment and one service that runs on `large` clusters in each.
Scheduling runs as `pulumi up` runs it, without the engine; people and clusters are played.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import yaml
from msgspec.structs import replace

from kalypso.delivery import Proposal, deliver
from kalypso.forge import WRITER, PullRequest, Review
from kalypso.git import NO_COMMIT, RefUpdate, Signature, git, update_refs, write_commit
from kalypso.promotion import Record
from kalypso.stack.gates import EnvironmentGate, place_of
from kalypso.stack.gitops_tree import Manifests, staging_of
from kalypso.stack.schedule import make_schedule
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import read_settings
from tests.cli.command import Result, run
from tests.support.bare_repository import read_refs

CHAIN = ("dev", "stage", "prod")
_SIGNATURE = Signature("Ada", "ada@example.com", 1_767_300_000)
_POLICY = "scheduling/platform-services/observability-policy.yaml"


class Forge(Protocol):
    """Where the repositories are."""

    @property
    def url(self) -> str:
        """Beginning of the addresses that the model names."""
        ...

    @property
    def config(self) -> Mapping[str, object]:
        """Settings that lead there."""
        ...

    def folder(self, content: str) -> Path:
        """Return the bare repository of a content."""
        ...


class Platform:
    """The repositories, and a folder of the program with the files of the stacks."""

    def __init__(self, program: Path, forge: Forge) -> None:
        self.program, self.forge = program, forge
        self._add_prod()
        self._run_everywhere()
        for name in CHAIN:
            self.configure(name)

    def configure(self, stack: str, **settings: object) -> None:
        """Write the file of a stack."""
        given: dict[str, object] = {"environment": stack, **self.forge.config}
        if stack == "dev":
            given["environments"] = list(CHAIN)
            given["clusters"] = [{"name": "large", "reporters": ["ann"]}]
        document = {"config": {f"kalypso:{key}": v for key, v in {**given, **settings}.items()}}
        (self.program / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))

    def types(self, *words: str) -> Result:
        """Run a command as a person would, in the folder of the program."""
        return run(words, self.program)

    def settings(self, stack: str = "dev") -> Settings:
        found = read_settings(self.program, stack)
        if found.server.folder is None and found.forge.here:
            server = found.server.model_copy(update={"folder": self.program / ".kalypso/forge"})
            return found.model_copy(update={"server": server})
        return found

    def up(self, environment: str) -> PullRequest | None:
        """Schedule an environment, and return the pull request that waits then."""
        settings = self.settings(environment)
        schedule = make_schedule(settings)
        proposal = Proposal(
            environment=environment,
            branch=schedule.branch,
            tree=schedule.manifests,
            content=schedule.content,
            planner=Manifests(staging_of(schedule.destination, settings.access)).lacking,
            parent=schedule.parent,
        )
        repository = schedule.destination.repository(settings.access, WRITER)
        pull = deliver(repository, proposal).pull_request
        return pull if pull and pull.state == "open" else None

    def review(self, content: str = "gitops") -> Review:
        settings = self.settings()
        place = place_of(settings, content)
        return place.review(settings.access, lambda: ("ann", "ann@example.com"))

    def merge_all(self, environment: str, content: str = "gitops") -> None:
        """Merge every pull request that waits for an environment."""
        review = self.review(content)
        for pull in review.waiting():
            if pull.base == environment:
                review.merge(pull.number, lambda _: True)

    def change_main(self, text: str) -> str:
        """Commit something on main, and return the commit."""
        return self.commit("control-plane", "main", {"README.md": text.encode()})

    def promote(self, environment: str, commit: str) -> Result:
        """Promote a commit, schedule and merge, as far as that goes."""
        result = self.types("promote", "-e", environment, "--commit", commit)
        if result.code == 0:
            self.up(environment)
            self.merge_all(environment)
        return result

    def check(self, environment: str, commit: str, *options: str) -> Result:
        return self.types("check-promote", "-e", environment, "--commit", commit, *options)

    def report(self, environment: str, state: str = "healthy") -> Result:
        """Let the cluster say how it is at what is merged now."""
        at = self.head("gitops", environment)
        return self.types(
            "clusters", "report", "large", "-e", environment, "--commit", at, "--state", state
        )

    def passes(self, environment: str, commit: str) -> None:
        """Let a commit go through an environment."""
        assert self.promote(environment, commit).code == 0
        assert self.report(environment).code == 0
        assert self.check(environment, commit).code == 0

    def base(self, environment: str) -> str:
        """Return the commit of main that an environment's branch names."""
        text = self.read("control-plane", environment, "base-repo.yaml")
        commit: str = yaml.safe_load(text)["spec"]["commit"]
        return commit

    def head(self, content: str, branch: str) -> str:
        return read_refs(self._folder(content)).get(f"refs/heads/{branch}", "")

    def read(self, content: str, branch: str, path: str) -> str:
        return git("show", f"{branch}:{path}", repository=self._folder(content)).decode()

    def commit(self, content: str, branch: str, changes: Mapping[str, bytes | None]) -> str:
        """Commit on a branch, as a person does with git."""
        old = self.head(content, branch)
        new = write_commit(
            self._folder(content),
            parents=[old] if old else [],
            changes=dict(changes),
            message="change\n",
            signature=_SIGNATURE,
        )
        self.move(content, branch, new)
        return new

    def move(self, content: str, branch: str, commit: str) -> None:
        """Put a branch elsewhere, by force."""
        old = self.head(content, branch) or NO_COMMIT
        update_refs(self._folder(content), [RefUpdate(f"refs/heads/{branch}", old, commit)])

    def git(self, content: str, *arguments: str) -> str:
        """Run git in a repository."""
        return git(*arguments, repository=self._folder(content)).decode()

    def forget_worker(self, environment: str, commit: str) -> None:
        """Let so much time pass that a run which was killed no longer counts as alive."""
        gate = EnvironmentGate(self.settings(), environment)

        def later(record: Record) -> Record:
            gates = tuple(replace(each, alive=each.alive - 1_000) for each in record.gates)
            return replace(record, gates=gates)

        gate.ledger.change(environment, later, f"time passes: {commit[:7]}")

    def _folder(self, content: str) -> Path:
        return self.forge.folder(content)

    def _add_prod(self) -> None:
        for content in ("control-plane", "gitops"):
            self.move(content, "prod", self.head(content, "stage"))
        address = f"{self.forge.url}/kalypso-gitops"
        gitops = (
            "apiVersion: scheduler.kalypso.io/v1alpha1\nkind: GitOpsRepo\nmetadata:\n  name: prod\n"
            f"spec:\n  repo: {address}\n  branch: prod\n  path: .\n"
        )
        config = self.read("control-plane", "stage", "configs/stage-config.yaml")
        self.commit(
            "control-plane",
            "prod",
            {
                "gitops-repo.yaml": gitops.encode(),
                "configs/stage-config.yaml": None,
                "configs/prod-config.yaml": config.replace("stage", "prod").encode(),
            },
        )
        stage = self.read("control-plane", "main", ".environments/stage.yaml")
        prod = stage.replace("name: stage", "name: prod").replace("branch: stage", "branch: prod")
        self.commit("control-plane", "main", {".environments/prod.yaml": prod.encode()})

    def _run_everywhere(self) -> None:
        policy = self.read("control-plane", "dev", _POLICY)
        workload = yaml.safe_load(self.read("svc-src", "main", "workloads/observability.yaml"))
        (target,) = workload["spec"]["deploymentTargets"]
        workload["spec"]["deploymentTargets"] = [{**target, "environment": e} for e in CHAIN]
        self.commit(
            "svc-src", "main", {"workloads/observability.yaml": yaml.safe_dump(workload).encode()}
        )
        for environment in ("stage", "prod"):
            self.commit("control-plane", environment, {_POLICY: policy.encode()})
