"""What a target's container would be started with, read from manifests."""

from __future__ import annotations

import pytest
import yaml

from kalypso.application.running import Run, commands_named, run_of
from kalypso.errors import KalypsoError

COMMANDS = {"shop": ("serve", "--fast")}
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  template:
    spec:
      volumes: [{name: p, configMap: {name: platform-config}}]
      containers:
        - name: side
          image: proxy:1
        - name: shop
          image: ghcr.io/acme/shop@sha256:00
          args: [--port, "80"]
          envFrom: [{configMapRef: {name: platform-config}}]
          env: [{name: TARGET, value: "$(REGION)-east"}]
          volumeMounts: [{name: p, mountPath: /etc/p}]
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: shop}
spec: {ports: [{port: 9090, targetPort: http}]}
"""
PLATFORM = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: platform-config}
data: {REGION: East US, LIMIT: "3"}
"""


def started(deployment: str = DEPLOYMENT, platform: str = PLATFORM) -> Run:
    manifests = [yaml.safe_load(text) for text in (deployment, SERVICE)]
    given = [yaml.safe_load(platform)] if platform else []
    return run_of(manifests, given, COMMANDS, "gitops@dev:east")


def refused(deployment: str = DEPLOYMENT, platform: str = PLATFORM) -> str:
    with pytest.raises(KalypsoError) as caught:
        started(deployment, platform)
    return str(caught.value)


def test_container_with_a_command_gets_its_arguments_and_the_platforms_values() -> None:
    run = started()
    assert run.command == ("serve", "--fast", "--port", "80")
    assert run.variables == {"REGION": "East US", "LIMIT": "3", "TARGET": "East US-east"}
    assert run.mounts == {"/etc/p": {"REGION": "East US", "LIMIT": "3"}}
    assert run.port == 9090


def test_variable_of_the_container_wins_over_one_of_the_platform() -> None:
    changed = DEPLOYMENT.replace("{name: TARGET,", "{name: REGION,").replace("$(REGION)-", "")
    assert started(changed).variables["REGION"] == "east"


def test_single_value_of_a_config_map_is_taken() -> None:
    source = "{name: TARGET, valueFrom: {configMapKeyRef: {name: platform-config, key: LIMIT}}}"
    changed = DEPLOYMENT.replace('{name: TARGET, value: "$(REGION)-east"}', source)
    assert started(changed).variables["TARGET"] == "3"


def test_doubled_dollar_stands_for_itself_and_an_unknown_name_stays() -> None:
    changed = DEPLOYMENT.replace("$(REGION)-east", "$$(REGION) $(NOPE)")
    assert started(changed).variables["TARGET"] == "$(REGION) $(NOPE)"


def test_configuration_that_never_arrived_keeps_the_container_from_starting() -> None:
    message = refused(platform="")
    assert "there is no configuration platform-config [no-configuration]" in message


def test_optional_configuration_may_be_absent() -> None:
    optional = DEPLOYMENT.replace(
        "name: platform-config}", "name: platform-config, optional: true}"
    )
    assert started(optional, "").variables == {"TARGET": "$(REGION)-east"}


def test_secret_is_never_made_up() -> None:
    source = "{name: TARGET, valueFrom: {secretKeyRef: {name: s, key: k}}}"
    changed = DEPLOYMENT.replace('{name: TARGET, value: "$(REGION)-east"}', source)
    assert "there is no configuration for TARGET [no-configuration]" in refused(changed)


def test_image_without_a_command_is_named() -> None:
    message = refused(DEPLOYMENT.replace("acme/shop@", "acme/store@"))
    assert message.startswith(
        "gitops@dev:east:1:1: error: nothing says which command the image 'proxy' stands for"
        " [no-command]"
    )


def test_folder_without_a_deployment_has_nothing_to_start() -> None:
    assert "[nothing-to-run]" in refused(DEPLOYMENT.replace("kind: Deployment", "kind: Job"))


@pytest.mark.parametrize("option", ["shop", "shop=", "=serve", "shop='open"])
def test_option_that_names_no_command_is_refused(option: str) -> None:
    with pytest.raises(KalypsoError) as caught:
        commands_named([option])
    assert "is not of the form IMAGE=COMMAND [option]" in str(caught.value)
