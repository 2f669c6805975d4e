"""The Pulumi Kubernetes Operator's objects, as the API server would get them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.control_plane import ControlPlane, ControlPlaneArgs
from components.fleet import Fleet
from components.fleet_arguments import fleet_args
from kalypso.stack.fleet import Fleet as FleetOfSettings
from kalypso.stack.fleet_in_azure import control_planes
from kalypso.stack.stack_file import parse_settings
from tests.components.kubernetes_types import plain
from tests.components.test_clusters import Declared, Monitor

REVIEWED = Path(__file__).parent / "control-plane.yaml"
LEAST: ControlPlaneArgs = {
    "namespace": "kalypso",
    "project": "platform",
    "environments": ["dev", "stage"],
    "repository": "https://git.example.com/acme/platform",
    "branch": "main",
    "backend": "azblob://state?storage_account=acme",
    "secret": "kalypso-variables",
    "variables": ["PULUMI_CONFIG_PASSPHRASE", "GITHUB_TOKEN"],
    "image": "pulumi/pulumi:3.250.0-nonroot",
    "seconds": 60,
}
MOST: ControlPlaneArgs = {
    **LEAST,
    "folder": "fleet",
    "git_key": "READ_TOKEN",
    "secrets_provider": "azurekeyvault://acme.vault.azure.net/keys/pulumi",
    "kubeconfig": "fleet-kubeconfig",
}
"""Everything that can be said, so that the reviewed objects have every field."""
CONFIG = """\
kalypso:environment: dev
kalypso:environments: [dev, stage]
kalypso:clusters: [{name: hub, role: control-plane, provider: existing, context: hub-7}]
kalypso:controlPlane:
  cluster: hub
  repository: https://git.example.com/acme/platform
  folder: fleet
  gitKey: READ_TOKEN
  backend: s3://state
  secretsProvider: awskms:///alias/pulumi
  kubeconfig: fleet-kubeconfig
  install: none
"""


@pytest.fixture
def declared() -> Iterator[Declared]:
    mocks = Declared()
    pulumi.runtime.set_mocks(mocks, project="platform", stack="dev", monitor=Monitor(mocks))
    yield mocks
    pulumi.runtime.settings.reset_options()


def run(declare: Callable[[], pulumi.ComponentResource]) -> None:
    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        return declare().urn

    program()


def objects(declared: Declared) -> list[dict[str, Any]]:
    """Return every object that was declared, in order of their names."""
    found = []
    for name in sorted(declared.inputs):
        if not declared.kinds[name].startswith("kubernetes:"):
            continue
        kind = declared.kinds[name].rpartition(":")[2]
        found.append({"kind": kind, **whole(plain(declared.inputs[name]))})
    return found


def whole(value: Any) -> Any:
    """Return a value with whole numbers, which the wire does not have."""
    if isinstance(value, float):
        return int(value)
    if isinstance(value, list):
        return list(map(whole, value))
    if isinstance(value, dict):
        return {key: whole(each) for key, each in value.items()}
    return value


def test_the_objects_are_the_reviewed_ones(declared: Declared, *, update_golden: bool) -> None:
    run(lambda: ControlPlane("hub", MOST))
    text = yaml.safe_dump_all(objects(declared), sort_keys=True)
    if update_golden:
        REVIEWED.write_text(text)
    assert text == REVIEWED.read_text()


def test_what_is_not_said_is_left_to_the_operator(declared: Declared) -> None:
    run(lambda: ControlPlane("hub", LEAST))
    (stack,) = [each for each in declared.inputs if each.endswith("hub-dev")]
    spec = plain(declared.inputs[stack])["spec"]
    assert not {"repoDir", "gitAuth", "secretsProvider"} & spec.keys()
    assert "KUBECONFIG" not in spec["envRefs"]
    pod = spec["workspaceTemplate"]["spec"]["podTemplate"]["spec"]
    assert pod.keys() == {"terminationGracePeriodSeconds"}


def test_a_stack_waits_until_its_account_may_be_asked_about(declared: Declared) -> None:
    run(lambda: ControlPlane("hub", LEAST))
    (stack,) = [each for each in declared.inputs if each.endswith("hub-stage")]
    assert declared.depends(stack) == {"hub-kalypso", "hub-auth-delegator"}


def test_the_secret_is_referred_to_and_never_declared(declared: Declared) -> None:
    run(lambda: ControlPlane("hub", LEAST))
    assert not [kind for kind in declared.kinds.values() if kind.endswith(":Secret")]


def test_the_operator_is_installed_before_the_stacks_that_need_its_kinds(
    declared: Declared, tmp_path: Path
) -> None:
    file = tmp_path / "operator.yaml"
    file.write_text(
        "apiVersion: apiextensions.k8s.io/v1\n"
        "kind: CustomResourceDefinition\nmetadata: {name: stacks.pulumi.com}\n"
    )
    run(lambda: ControlPlane("hub", {**LEAST, "install": str(file)}))
    (stack,) = [each for each in declared.inputs if each.endswith("hub-dev")]
    installed = "hub-operator-customresourcedefinition-stacks.pulumi.com"
    assert installed in declared.depends(stack)


def test_settings_turn_it_on_with_everything_that_they_say(declared: Declared) -> None:
    given = parse_settings(_config(), "dev")
    planes = control_planes(given)
    fleet = FleetOfSettings(
        clusters=(), repository="", sources=(), warnings=(), control_planes=planes
    )
    run(lambda: Fleet("acme", fleet_args(fleet, given)))
    (stack,) = [each for each in declared.inputs if each.endswith("hub-stage")]
    spec = plain(declared.inputs[stack])["spec"]
    assert spec["stack"] == "organization/platform/stage"
    assert spec["repoDir"] == "fleet"
    assert spec["backend"] == "s3://state"
    assert spec["secretsProvider"] == "awskms:///alias/pulumi"
    assert spec["gitAuth"]["accessToken"]["secret"] == {
        "name": "kalypso-variables",
        "key": "READ_TOKEN",
    }
    assert spec["envRefs"]["KUBECONFIG"]["literal"] == {"value": "/etc/kalypso/kubeconfig/config"}
    pod = spec["workspaceTemplate"]["spec"]["podTemplate"]["spec"]
    assert pod["volumes"] == [{"name": "kubeconfig", "secret": {"secretName": "fleet-kubeconfig"}}]
    assert pod["containers"][0]["name"] == "pulumi"
    (provider,) = [each for each in declared.inputs if declared.kinds[each].endswith("kubernetes")]
    assert declared.inputs[provider]["context"] == "hub-7"


def test_without_the_setting_a_control_plane_cluster_runs_nothing() -> None:
    config = {key: text for key, text in _config().items() if "controlPlane" not in key}
    assert control_planes(parse_settings(config, "dev")) == ()


def _config() -> dict[str, str]:
    return {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in yaml.safe_load(CONFIG).items()
    }
