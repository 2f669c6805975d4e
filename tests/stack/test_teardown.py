"""A platform is taken down in order, stops where it must, and says what is left."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from kalypso.errors import SettingsError
from kalypso.stack.settings import Settings
from kalypso.stack.stack_file import parse_settings
from kalypso.stack.teardown import PulumiEngine, left_behind, stacks_in_order, tear_down

AKS = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/edge"


def settings(stack: str, **given: object) -> Settings:
    config = {f"kalypso:{k}": v if isinstance(v, str) else json.dumps(v) for k, v in given.items()}
    return parse_settings(config, stack)


def stacks(*names: str) -> dict[str, Settings]:
    """Return stacks of which `dev` is the platform's."""
    chain = {"dev": {"environments": ["dev", "stage", "prod"]}}
    return {name: settings(name, **chain.get(name, {})) for name in names}


class Played:
    """An engine that destroys what it can."""

    def __init__(self, there: Mapping[str, int], stuck: str = "") -> None:
        self.there, self.stuck = dict(there), stuck
        self.destroyed: list[str] = []

    def resources(self) -> Mapping[str, int]:
        return self.there

    def destroy(self, stack: str) -> bool:
        if stack != self.stuck:
            self.destroyed.append(stack)
        return stack != self.stuck


def test_environments_go_from_the_last_to_the_first_and_what_all_share_goes_last() -> None:
    assert stacks_in_order(stacks("dev", "prod", "stage"), "dev") == ["prod", "stage", "dev"]


def test_the_platforms_stack_goes_last_wherever_it_is_in_the_chain() -> None:
    given = {
        "prod": settings("prod", environments=["dev", "prod"], platformStack="prod"),
        "dev": settings("dev", platformStack="prod"),
    }
    assert stacks_in_order(given, "prod") == ["dev", "prod"]


def test_a_stack_that_is_in_no_chain_goes_before_those_that_are() -> None:
    assert stacks_in_order(stacks("dev", "stage", "trial"), "dev") == ["trial", "stage", "dev"]


def test_every_stack_is_destroyed_and_its_progress_is_shown() -> None:
    engine = Played({"dev": 40, "stage": 12})
    lines = list(tear_down(stacks("dev", "stage"), "dev", engine))
    assert lines == [
        "stage (1 of 2): destroying 12 resources",
        "dev (2 of 2): destroying 40 resources",
        "nothing is left",
    ]
    assert engine.destroyed == ["stage", "dev"]


def test_a_stack_without_resources_is_passed_over() -> None:
    engine = Played({"dev": 40})
    lines = list(tear_down(stacks("dev", "stage"), "dev", engine))
    assert lines[0] == "stage (1 of 2): has nothing to destroy"
    assert engine.destroyed == ["dev"]


def test_what_all_share_is_not_touched_while_another_stack_is_there() -> None:
    engine = Played({"dev": 40, "stage": 12}, stuck="stage")
    with pytest.raises(SettingsError) as caught:
        list(tear_down(stacks("dev", "stage"), "dev", engine))
    assert caught.value.problem.message == (
        "the stack 'stage' could not be destroyed, and dev was not touched"
    )
    assert engine.destroyed == []


def test_what_is_left_is_named() -> None:
    given = settings(
        "dev",
        environments=["dev"],
        forge="github",
        azure={"location": "westus2", "createResourceGroup": False},
        clusters=[
            {"name": "drone", "provider": "azure"},
            {"name": "edge", "provider": "azure", "resourceId": AKS},
            {"name": "far", "provider": "existing", "context": "far", "onDestroy": "prune"},
            {"name": "hand"},
        ],
        **{"github.owner": "acme"},
    )
    assert list(left_behind(given)) == [
        "the cluster edge, and the workloads on it",
        "the cluster far",
        "the resource group kalypso-rg",
        "the repositories https://github.com/acme/kalypso-*, archived",
        "container images that CI has pushed",
    ]


def test_repositories_that_are_deleted_are_not_left_and_those_of_others_are() -> None:
    on_github = {"forge": "github", "github.owner": "acme"}
    gone = settings("dev", **on_github, **{"repositories.onDestroy": "delete"})
    assert list(left_behind(gone)) == ["container images that CI has pushed"]
    theirs = "https://github.com/acme/fleet"
    kept = settings("dev", **on_github, **{"repositories.control-plane": theirs})
    assert f"the repositories of {theirs}" in list(left_behind(kept))


def engine(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> PulumiEngine:
    """Return an engine whose program is a script."""
    file = folder / "pulumi"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    return PulumiEngine(folder)


def test_the_engine_says_which_stacks_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = '[{"name": "dev", "resourceCount": 40}, {"name": "stage"}]'
    found = engine(tmp_path, f"echo '{told}'", monkeypatch).resources()
    assert found == {"dev": 40, "stage": 0}


def test_the_engine_destroys_one_stack_without_asking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f'echo "$@" > {tmp_path}/asked; [ "$3" = dev ]'
    played = engine(tmp_path, script, monkeypatch)
    assert played.destroy("dev")
    assert (tmp_path / "asked").read_text() == (
        "destroy -s dev --yes --skip-preview --non-interactive\n"
    )
    assert not played.destroy("stage")


def test_an_engine_that_cannot_read_its_state_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = engine(tmp_path, "echo 'error: not logged in' >&2; exit 1", monkeypatch)
    with pytest.raises(SettingsError, match="pulumi cannot list the stacks: error: not logged in"):
        played.resources()


def test_without_the_engine_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="pulumi cannot be started"):
        PulumiEngine(tmp_path).resources()
