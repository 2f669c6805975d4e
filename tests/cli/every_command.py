"""Every command that prints for people, called where it has something to say.

A scene is a place with all that a few commands need, and their calls in an order that works.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
import watchfiles

from kalypso.cli import cli
from kalypso.delivery import settle_issues
from kalypso.delivery.issues import FailedAssignment
from kalypso.errors import Position, Problem
from kalypso.forge.local import ForgeServer, LocalFolder, LocalPlace
from kalypso.git import Access
from tests.application.bench import DIGEST, Team
from tests.application.walkthrough import Walkthrough
from tests.chain.forges import Local
from tests.chain.platform import Platform
from tests.cli.command import FLEET
from tests.cli.command import MODEL as MODEL_OPTIONS

CODE = {
    "ci": "scripts, and what the steps of a workflow print",
    "completion": "a script",
    "connect": "YAML for kubectl",
    "schema": "a JSON Schema",
}
"""Commands, and groups of them, whose output is for programs or for a log."""

Run = Callable[[Path, str], None]
"""Runs commands in a folder, one on each line."""
_MODEL = " ".join(MODEL_OPTIONS)
_URL = "http://127.0.0.1:3180"


def names() -> Iterator[str]:
    """Yield the names of all commands, those in groups with the name of the group."""
    context = click.Context(cli)
    for name in cli.list_commands(context):
        yield from _below(name, cli.get_command(context, name))


def _below(name: str, command: click.Command | None) -> Iterator[str]:
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _below(f"{name} {inner.name}", inner)
    else:
        yield name


def model_scene(folder: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
    """Ask about a model, also in a wrong way, and about one with a mistake; watch it."""
    fleet = Path(shutil.copytree(FLEET, folder / "fleet"))
    run(
        fleet,
        f"""
        validate {_MODEL}
        render {_MODEL} --out a-folder-with-a-long-name-for-the-rendered-manifests
        get {_MODEL} assignments
        get {_MODEL} policies -l nothing=here
        tree {_MODEL}
        why {_MODEL} drone/metrics-agent
        why {_MODEL} drone/metrics-agnt
        config {_MODEL} drone/metrics-agent
        diff {_MODEL} --gitops dev
        diff {_MODEL} --from main --gitops dev
        explain missing-key
        explain Workload.spec.deploymentTargets
        explain missing-kei
        version
        settings
        promote
        help diff
        """,
    )
    policy = fleet / "dev/policies/platform.yaml"
    edits = (("east", "west"), ("kind: SchedulingPolicy", "kind: Schedule"), ("spec:", "spek:"))

    def saves(*_: object, **__: object) -> Iterator[set[tuple[int, str]]]:
        yield set()
        for old, new in edits:
            policy.write_text(policy.read_text().replace(old, new))
            yield {(1, str(policy))}

    patch.setattr(watchfiles, "watch", saves)
    run(fleet, f"watch {_MODEL}\nvalidate {_MODEL}")


def platform_scene(folder: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
    """Walk a chain of environments: pull requests, gates, clusters, and the end."""
    platform = Platform(folder, Local(folder))
    platform.configure("dev", clusters=[{"name": "large"}])
    (folder / "Pulumi.yaml").write_text("name: kalypso\nruntime: python\n")
    first = platform.base("dev")
    platform.up("dev")
    run(
        folder,
        """
        settings -e dev
        validate -e dev
        pr list
        pr show 1
        pr diff 1
        pr close 1
        pr reopen 1
        pr merge 1
        pr list
        verify --commit dev
        status
        promotion list
        """,
    )
    change = platform.change_main("a change")
    run(folder, f"promote -e dev --commit {change} --dry-run\npromote -e dev --commit {change}")
    platform.up("dev")
    platform.merge_all("dev")
    at = platform.head("gitops", "dev")
    run(
        folder,
        f"""
        check-promote -e dev --commit {change}
        clusters report large -e dev --commit {at} --state healthy
        status
        check-promote -e dev --commit {change}
        promotion list
        promotion show --commit {change}
        promotion approve -e dev --commit {change}
        promotion hold -e stage --why "a freeze that lasts for long, until the end of the year"
        promotion list
        promote -e stage --commit {change}
        promotion release -e stage
        promote -e stage --commit {change} --pull-request
        rollback -e dev --to {first}
        """,
    )
    _fail(folder)
    run(
        folder,
        f"""
        issues list
        issues show 1
        recover --backend {folder.as_uri()}
        forge create a-repository-with-a-long-name@a-branch-with-a-long-name
        environment add an-environment-with-a-long-name
        doctor --pre
        """,
    )
    patch.setattr(ForgeServer, "serve_forever", _interrupted)
    run(folder, "forge serve --port 0")
    engine = folder / "bin" / "pulumi"
    engine.parent.mkdir()
    engine.write_text('#!/bin/sh\necho \'[{"name": "dev", "resourceCount": 2}]\'\n')
    engine.chmod(0o755)
    patch.setenv("PATH", str(engine.parent), prepend=":")
    run(folder, "teardown --yes")


def _fail(folder: Path) -> None:
    """Let an assignment fail, for which an issue is opened."""
    sentence = "the value is not what the schema of the workload says that it may be, by far"
    problem = Problem("config-schema", sentence, Position("configs/dev-config.yaml", 3))
    failing = FailedAssignment(
        environment="dev",
        cluster_type="a-cluster-type-with-a-long-name",
        target="a-deployment-target-with-a-long-name",
        problems=(problem,),
    )
    place = LocalPlace(LocalFolder(folder / ".kalypso/forge"), "kalypso-control-plane")
    settle_issues(place.issues(Access()), "dev", [failing])


def _interrupted(_server: ForgeServer) -> None:
    raise KeyboardInterrupt


def team_scene(folder: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
    """Be an application team."""
    del patch
    source = f"--source {Team(folder).source}@main --no-registry"
    image = f"--image shop=ghcr.io/acme/shop@{DIGEST}"
    run(
        folder,
        f"""
        app render -e dev --dry-run {source.removesuffix(" --no-registry")}
        app propose -e dev {image} {source} --dry-run
        app propose -e dev {image} {source} --merge
        app propose -e dev {image} {source}
        app promote -e stage --from dev {source} --dry-run
        app promote -e stage --from dev {source}
        """,
    )


def joining_scene(folder: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
    """Let an application join and leave a platform, and begin one."""
    del patch
    Walkthrough(folder).with_control_plane()
    where = f"--source {_URL}/kalypso-app-src --gitops {_URL}/kalypso-app-gitops"
    target = "functional-test@dev:purpose=functional-test,edge=true"
    join = f"onboard hello-world-app --workspace kaizen-app-team {where} --target {target}"
    start = "--run 'hello-world=python -m hello_world' --dry-run"
    run(
        folder,
        f"""
        {join} --dry-run
        {join} --yes
        offboard hello-world-app --yes
        app run functional-test -e dev --source app-src {start}
        init a-folder-with-a-long-name/and-one-inside-that-has-a-long-name-too --yes
        init on-github --yes --forge github --owner acme
        """,
    )


SCENES = (model_scene, platform_scene, team_scene, joining_scene)
