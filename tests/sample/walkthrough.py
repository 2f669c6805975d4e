"""The edits of the walkthrough, and the sample's repositories as they are after each chapter."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalypso.errors import SourceError
from kalypso.model.repositories import Pointer, Source
from tests.sample.tree import SAMPLE

URL = "http://127.0.0.1:3180/kalypso-"
STEPS = Path(__file__).parent / "walkthrough"

Edits = dict[str, dict[str, str]]
"""Files that differ from the start: text by path, by branch of the control plane."""


def policy(name: str, target_labels: str, cluster_labels: str) -> str:
    """Return a policy of the walkthrough; labels as YAML in flow style."""
    return f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: SchedulingPolicy
metadata:
  name: {name}
spec:
  deploymentTargetSelector:
    workspace: kaizen-app-team
    labelSelector:
      matchLabels: {target_labels}
  clusterTypeSelector:
    labelSelector: {cluster_labels}
"""


REGISTRATION: Edits = {
    "main": {
        "workloads/hello-world-app.yaml": f"""\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: WorkloadRegistration
metadata:
  name: hello-world-app
  labels:
    type: application
spec:
  workload:
    repo: {URL}app-src
    branch: main
    path: workload/
  workspace: kaizen-app-team
"""
    }
}
DEV_POLICIES: Edits = {
    "dev": {
        "scheduling/kaizen/functional-test-policy.yaml": policy(
            "functional-test-policy",
            '{purpose: functional-test, edge: "true"}',
            '{matchLabels: {restricted: "true", edge: "true"}}',
        ),
        "scheduling/kaizen/performance-test-policy.yaml": policy(
            "performance-test-policy",
            '{purpose: performance-test, edge: "false"}',
            "{matchLabels: {size: large}}",
        ),
    }
}
STAGE_POLICY: Edits = {
    "stage": {
        "scheduling/kaizen/uat-test-policy.yaml": policy(
            "uat-test-policy", "{purpose: uat-test}", "{}"
        )
    }
}
STAGE_DATABASE: Edits = {
    "stage": {
        "cluster-types/west-us/west-us-config.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: west-us-config
  labels:
     platform-config: "true"
     region: west-us
data:
  REGION: West US
  DATABASE_URL: mysql://west-stage:8806/mysql2
"""
    }
}
STAGE_SMALL: Edits = {
    "stage": {
        "cluster-types/west-us/small/small-cluster-type.yaml": """\
apiVersion: scheduler.kalypso.io/v1alpha1
kind: ClusterType
metadata:
  name: small
  labels:
    region: west-us
    size: small
spec:
  reconciler: argocd
  namespaceService: default
"""
    }
}

CHAPTERS: dict[str, tuple[str, list[Edits]]] = {
    "2-dev": ("dev", [REGISTRATION, DEV_POLICIES]),
    "2-stage": ("stage", [REGISTRATION, STAGE_POLICY]),
    "4-stage-config": ("stage", [REGISTRATION, STAGE_POLICY, STAGE_DATABASE]),
    "5-stage-small": ("stage", [REGISTRATION, STAGE_POLICY, STAGE_DATABASE, STAGE_SMALL]),
}
"""Environment and edits so far, by the folder of `STEPS` that holds the expected branch."""


class SampleRepositories:
    """The sample's repositories, with edits; heads only."""

    def __init__(self, edits: list[Edits], replaced: Mapping[str, str] | None = None) -> None:
        """Edit the control plane, and replace texts in the application team's Workload."""
        self._edits = edits
        self._replaced = replaced or {}

    def read(self, pointer: Pointer) -> Source:
        """Read a branch; a repository that is not the sample's cannot be read."""
        name = pointer.repo.removeprefix(URL)
        if not (SAMPLE / name / pointer.branch).is_dir():
            raise SourceError(f"the sample has no {pointer.repo}@{pointer.branch}", pointer.at)
        return self.branch(name, pointer.branch)

    def branch(self, name: str, branch: str) -> Source:
        """Return a branch of one of the sample's repositories."""
        folder = SAMPLE / name / branch
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and "__pycache__" not in path.parts
        }
        if name == "control-plane":
            for edit in self._edits:
                files |= {path: text.encode() for path, text in edit.get(branch, {}).items()}
        if name == "app-src":
            for old, new in self._replaced.items():
                path = "workload/workload.yaml"
                files[path] = files[path].replace(old.encode(), new.encode())
        return Source(f"{name}@{branch}:", files)
