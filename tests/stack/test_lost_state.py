"""A state that has nothing of what exists, told apart from one that has a part of it."""

import json
from pathlib import Path

import pytest

from kalypso.errors import SettingsError
from kalypso.stack.lost_state import check_state, made_in, made_soon
from kalypso.stack.schedule import Schedule, make_schedule
from kalypso.stack.settings import Settings
from tests.stack.forge import settings_for

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/kalypso-rg"
DRONE = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/drone"
AZURE = {"location": "westus2", "subscription": SUBSCRIPTION}


def exported(*types: str) -> str:
    return json.dumps({"version": 3, "deployment": {"resources": [{"type": t} for t in types]}})


def test_a_stack_that_was_only_made_has_nothing() -> None:
    assert made_in('{"version": 3, "deployment": {"manifest": {}}}') == []
    assert made_in('{"version": 3, "deployment": {"resources": null}}') == []


def test_the_stack_itself_and_its_providers_are_not_things_that_it_makes() -> None:
    assert made_in(exported("pulumi:pulumi:Stack", "pulumi:providers:github")) == []


def test_a_run_that_failed_after_its_first_resource_has_something() -> None:
    first = "github:index/repository:Repository"
    assert made_in(exported("pulumi:pulumi:Stack", first)) == [first]


def test_a_state_that_cannot_be_read_is_not_an_empty_one() -> None:
    assert made_in("error: no stack") == ["unreadable"]


@pytest.fixture(scope="module")
def schedule(tmp_path_factory: pytest.TempPathFactory) -> Schedule:
    """The sample's environment dev."""
    return make_schedule(settings_for(tmp_path_factory.mktemp("forge") / "forge"))


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the engine exports: by default a state with nothing in it."""
    file = tmp_path / "state.json"
    file.write_text(exported("pulumi:pulumi:Stack"))
    engine = tmp_path / "pulumi"
    engine.write_text(f"#!/bin/sh\nexec cat {file}\n")
    engine.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return file


def in_azure(folder: Path, *clusters: object, **azure: object) -> Settings:
    config = {"azure": {**AZURE, **azure}, "clusters": clusters, "environments": ["dev"]}
    given = {key: json.dumps(value) for key, value in config.items()}
    return settings_for(folder / "forge", **given)


MADE = {"name": "drone", "provider": "azure"}


def test_clusters_of_azure_that_exist_beside_an_empty_state_stop_the_run(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    del state
    given = in_azure(tmp_path, {"name": "large", "provider": "azure"}, MADE)
    with pytest.raises(SettingsError) as caught:
        check_state(given, schedule, "dev", lambda name: name == DRONE)
    assert str(caught.value.problem).startswith(
        "Pulumi.dev.yaml:1:1: error: the state of the stack 'dev' is empty, and what it makes"
        " exists already, such as the cluster 'drone' in kalypso-rg [lost-state]"
    )


@pytest.mark.parametrize("answer", [False, None])
def test_where_azure_has_none_or_nobody_can_say_the_run_goes_on(
    tmp_path: Path, schedule: Schedule, state: Path, *, answer: bool | None
) -> None:
    del state
    check_state(in_azure(tmp_path, MADE), schedule, "dev", lambda _: answer)


def never(resource_id: str) -> bool:
    raise AssertionError(resource_id)


def test_azure_is_not_asked_about_a_state_that_has_something(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    state.write_text(exported("azure-native:resources:ResourceGroup"))
    check_state(in_azure(tmp_path, MADE), schedule, "dev", never)


def test_azure_is_not_asked_about_clusters_that_are_adopted(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    del state
    adopted = {"name": "drone", "provider": "azure", "resourceId": DRONE}
    check_state(in_azure(tmp_path, adopted), schedule, "dev", never)


def test_azure_is_not_asked_where_the_subscription_is_not_known(
    tmp_path: Path, schedule: Schedule, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del state
    monkeypatch.delenv("ARM_SUBSCRIPTION_ID", raising=False)
    check_state(in_azure(tmp_path, MADE, subscription=""), schedule, "dev", never)


def test_a_state_that_cannot_be_exported_is_not_an_empty_one(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    state.unlink()
    check_state(in_azure(tmp_path, MADE), schedule, "dev", never)


def with_clusters(state: Path, *names: str) -> None:
    kind = "azure-native:containerservice:ManagedCluster"
    urn = f"urn:pulumi:dev::kalypso::kalypso:index:Platform$kalypso:index:AksCluster${kind}"
    resources = [{"type": kind, "urn": f"{urn}::{name}"} for name in names]
    state.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))


def test_clusters_that_are_still_to_be_made_are_known_beforehand(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    settings = in_azure(tmp_path, MADE, {"name": "large", "provider": "azure"})
    assert check_state(settings, schedule, "dev", lambda _: False) == ("drone", "large")
    with_clusters(state, "large")
    assert check_state(settings, schedule, "dev", lambda _: False) == ("drone",)
    with_clusters(state, "large", "drone")
    assert check_state(settings, schedule, "dev", lambda _: False) == ()


def test_of_a_state_that_cannot_be_read_no_cluster_is_said_to_be_made(
    tmp_path: Path, schedule: Schedule, state: Path
) -> None:
    (state.parent / "pulumi").write_text("#!/bin/sh\nexit 1\n")
    assert check_state(in_azure(tmp_path, MADE), schedule, "dev", lambda _: False) == ()


def test_a_run_says_what_it_waits_for_and_how_long() -> None:
    assert made_soon(()) == ""
    assert made_soon(["drone"]) == (
        "Azure makes the cluster 'drone', which takes five to ten minutes; the run waits for it"
    )
    assert "the clusters 'a', 'b' and 'c', which takes" in made_soon(["a", "b", "c"])
