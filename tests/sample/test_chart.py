"""The application's chart, and the manifests rendered from it.

Both were written by Helm: see `tests/sample/helm/record.py`.
"""

from __future__ import annotations

import pytest
import yaml

from tests.sample.helm.record import HERE, TARGETS, inputs_digest, values_file
from tests.sample.tree import CHART, SAMPLE, at, documents, kind_and_name, objects

PORTS = {"functional-test": 9090, "performance-test": 8080, "uat-test": 8000}
"""As the walkthrough forwards them."""


@pytest.mark.parametrize("target", TARGETS)
def test_no_change_of_chart_or_values_goes_without_a_new_recording(target: str) -> None:
    first, *_ = (HERE / f"{target}.yaml").read_text(encoding="utf-8").splitlines()
    assert first == f"# inputs: {inputs_digest(target)}", "run tests/sample/helm/record.py"


@pytest.mark.parametrize("target", TARGETS)
def test_manifests_of_target_are_what_helm_renders(target: str) -> None:
    delivered = objects(SAMPLE / "app-gitops" / TARGETS[target] / target)
    recorded = documents(HERE / f"{target}.yaml")
    assert {kind_and_name(d): d for _, d in delivered} == {
        kind_and_name(d): d for d in recorded if isinstance(d, dict)
    }
    assert len(delivered) == len(recorded)


@pytest.mark.parametrize(("target", "port"), PORTS.items())
def test_service_listens_on_the_port_that_the_walkthrough_forwards(target: str, port: int) -> None:
    service = _delivered(target, "Service/hello-world-service")
    assert at(service, "spec.ports") == [{"name": "http", "port": port, "targetPort": "http"}]


@pytest.mark.parametrize("target", TARGETS)
def test_container_gets_the_platforms_configuration_and_its_targets_name(target: str) -> None:
    container = _container(target)
    assert at(container, "envFrom") == [{"configMapRef": {"name": "platform-config"}}]
    assert {"name": "DEPLOYMENT_TARGET", "value": target} in _items(container, "env")


@pytest.mark.parametrize("target", TARGETS)
def test_service_finds_the_pods_of_its_deployment(target: str) -> None:
    service = _delivered(target, "Service/hello-world-service")
    deployment = _delivered(target, "Deployment/hello-world-deployment")
    labels = at(deployment, "spec.template.metadata.labels")
    assert at(service, "spec.selector") == labels == at(deployment, "spec.selector.matchLabels")


@pytest.mark.parametrize("target", TARGETS)
def test_container_never_runs_as_root_nor_from_a_floating_tag(target: str) -> None:
    pod = at(_delivered(target, "Deployment/hello-world-deployment"), "spec.template.spec")
    assert at(pod, "securityContext.runAsNonRoot") is True
    assert at(_container(target), "image") == "hello-world:1.0.0"


@pytest.mark.parametrize("target", TARGETS)
def test_no_value_of_a_target_is_unknown_to_the_chart(target: str) -> None:
    known = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
    given = yaml.safe_load(values_file(target).read_text(encoding="utf-8"))
    assert _unknown(given, known) == []


def _unknown(given: object, known: object, where: str = "") -> list[str]:
    """Return the paths of keys that are given and not known."""
    if not isinstance(given, dict) or not isinstance(known, dict):
        return []
    found = [f"{where}{key}" for key in given.keys() - known.keys()]
    for key in given.keys() & known.keys():
        found += _unknown(given[key], known[key], f"{where}{key}.")
    return found


def test_dockerfile_pins_its_base_and_drops_root_before_it_runs() -> None:
    lines = (SAMPLE / "app-src/main/Dockerfile").read_text(encoding="utf-8").splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases == ["FROM python:3.13.7-slim-bookworm"]
    assert lines.index("USER 10001:10001") < lines.index('CMD ["python", "-m", "hello_world"]')


def _delivered(target: str, wanted: str) -> object:
    found = objects(SAMPLE / "app-gitops" / TARGETS[target] / target)
    (document,) = [document for _, document in found if kind_and_name(document) == wanted]
    return document


def _container(target: str) -> object:
    deployment = _delivered(target, "Deployment/hello-world-deployment")
    (container,) = _items(deployment, "spec.template.spec.containers")
    return container


def _items(document: object, keys: str) -> list[object]:
    found = at(document, keys)
    assert isinstance(found, list)
    return found
