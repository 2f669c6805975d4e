"""What the promotion gate rests on, as the real Flux and Argo CD do it.

A version of either that does otherwise is noticed here, before a gate passes that should not.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.platform_bench import APPLICATIONS, KUSTOMIZATIONS, SOURCES, until
from tools.lab.api import Api, Refused
from tools.lab.laboratory import Laboratory

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: default}}\n"
STUCK = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: stuck, namespace: default}
spec:
  selector: {matchLabels: {app: stuck}}
  template:
    metadata: {labels: {app: stuck}}
    spec:
      nodeSelector: {nowhere: "true"}
      containers: [{name: stuck, image: stuck}]
"""
OLD_API = """\
apiVersion: source.toolkit.fluxcd.io/v1beta2
kind: GitRepository
metadata: {name: old, namespace: flux-system}
spec: {interval: 1h, url: http://127.0.0.1/none}
"""


class Repository:
    """A repository that clusters read, and those who commit to it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/facts"
        self.forge, self._clone = folder / "forge", folder / "clone"
        bare = self.forge / "facts.git"
        bare.mkdir(parents=True)
        self._git(bare, "init", "--quiet", "--bare", "--initial-branch=main")
        self._git(folder, "clone", "--quiet", str(bare), str(self._clone))

    def commit(self, files: dict[str, str | None]) -> str:
        """Write files, or remove those whose text is None; push, and return the commit."""
        for path, text in files.items():
            file = self._clone / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                file.unlink()
            else:
                file.write_text(text)
        self._git(self._clone, "add", "--all")
        self._git(self._clone, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "c")
        self._git(self._clone, "push", "--quiet", "origin", "HEAD:main")
        return self._git(self._clone, "rev-parse", "HEAD").strip()

    @staticmethod
    def _git(folder: Path, *arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def repository(lab: Laboratory, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    port = lab.programs.port("facts")
    made = Repository(tmp_path_factory.mktemp("facts"), port)
    lab.serve(Path(sys.prefix) / "bin" / "kalypso", made.forge, port, {"PATH": "/usr/bin:/bin"})
    yield made
    for cluster, path in (
        ("drone", KUSTOMIZATIONS),
        ("drone", SOURCES),
        ("large", APPLICATIONS),
    ):
        until(
            partial(remove_all, lab.apis[cluster], path),
            lambda left: not left,
            f"{path} gone from {cluster}",
        )
    lab.end_forge(port)


def remove_all(api: Api, path: str) -> set[str]:
    """Ask for the end of all objects of a kind, and return those that were still there."""
    left = api.names(path)
    for name in left:
        with suppress(Refused):  # one that has just gone
            api.ask("DELETE", f"{path}/{name}")
    return left


class Flux:
    """A GitRepository and a Kustomization of one name on the cluster drone."""

    def __init__(self, api: Api, name: str, repository: Repository, **spec: object) -> None:
        self.api, self.name = api, name
        metadata = {"name": name, "namespace": "flux-system"}
        api.apply(
            f"{SOURCES}/{name}",
            {
                "apiVersion": "source.toolkit.fluxcd.io/v1",
                "kind": "GitRepository",
                "metadata": metadata,
                "spec": {"url": repository.url, "ref": {"branch": "main"}, "interval": "1h"},
            },
        )
        api.apply(
            f"{KUSTOMIZATIONS}/{name}",
            {
                "apiVersion": "kustomize.toolkit.fluxcd.io/v1",
                "kind": "Kustomization",
                "metadata": metadata,
                "spec": {
                    "sourceRef": {"kind": "GitRepository", "name": name},
                    "path": f"./{name}", "interval": "1h", "retryInterval": "2s", "prune": True,
                    **spec,
                },
            },
        )  # fmt: skip

    def change(self, path: str, spec: dict[str, object]) -> None:
        self.api.ask("PATCH", f"{path}/{self.name}", {"spec": spec})

    def request(self, path: str) -> str:
        """Ask for a reconciliation, and return what it is answered with."""
        now = f"{time.time_ns()}"
        change = {"metadata": {"annotations": {"reconcile.fluxcd.io/requestedAt": now}}}
        self.api.ask("PATCH", f"{path}/{self.name}", change)
        return now

    def until(self, path: str, so: Callable[[Any], bool], what: str) -> Any:
        return until(lambda: self.api.get(f"{path}/{self.name}") or {}, so, what)

    def applied(self, commit: str) -> Any:
        self.request(SOURCES)
        return self.until(
            KUSTOMIZATIONS,
            lambda found: (
                commit in found.get("status", {}).get("lastAppliedRevision", "")
                and state(found, "Ready") == "True"
            ),
            f"{commit} applied",
        )


def state(found: Any, kind: str) -> str:
    """Return the status of a condition; empty if there is none."""
    conditions = found.get("status", {}).get("conditions", ())
    return next((each["status"] for each in conditions if each["type"] == kind), "")


def said(found: Any) -> str:
    conditions = found.get("status", {}).get("conditions", ())
    return next((each["message"] for each in conditions if each["type"] == "Ready"), "")


def test_a_suspended_object_of_flux_answers_as_if_it_worked(
    lab: Laboratory, repository: Repository
) -> None:
    first = repository.commit({"suspended/config.yaml": CONFIG.format(name="suspended")})
    flux = Flux(lab.apis["drone"], "suspended", repository)
    flux.applied(first)
    repository.commit({"suspended/more.yaml": CONFIG.format(name="suspended-more")})
    for path, spec in ((SOURCES, {"timeout": "50s"}), (KUSTOMIZATIONS, {"path": "./nowhere"})):
        flux.change(path, {"suspend": True, **spec})
        request = flux.request(path)
        found = flux.until(
            path,
            lambda found, request=request: (
                found["status"].get("lastHandledReconcileAt")  # type: ignore[misc] # as above
                == request
            ),
            "an answer to the request",
        )
        assert found["status"]["observedGeneration"] == found["metadata"]["generation"]
        assert state(found, "Ready") == "True"
        assert "suspended-more" not in lab.apis["drone"].names(
            "/api/v1/namespaces/default/configmaps"
        )


def test_a_commit_to_ignored_files_moves_the_revision_and_not_the_digest(
    lab: Laboratory, repository: Repository
) -> None:
    flux = Flux(lab.apis["drone"], "ignored", repository)
    flux.applied(repository.commit({"ignored/config.yaml": CONFIG.format(name="ignored")}))
    before = lab.apis["drone"].get(f"{SOURCES}/ignored")["status"]["artifact"]
    commit = repository.commit({".github/note.txt": "note"})
    found = flux.applied(commit)
    after = lab.apis["drone"].get(f"{SOURCES}/ignored")["status"]["artifact"]
    assert after["digest"] == before["digest"]
    assert after["revision"] == f"main@sha1:{commit}"
    assert found["status"]["lastAppliedRevision"] == f"main@sha1:{commit}"


def test_without_wait_flux_says_nothing_of_health(lab: Laboratory, repository: Repository) -> None:
    commit = repository.commit({"quiet/stuck.yaml": STUCK.replace("stuck", "quiet")})
    found = Flux(lab.apis["drone"], "quiet", repository).applied(commit)
    assert state(found, "Healthy") == ""


def test_an_unhealthy_commit_is_attempted_and_not_applied(
    lab: Laboratory, repository: Repository
) -> None:
    good = repository.commit({"unhealthy/config.yaml": CONFIG.format(name="unhealthy")})
    flux = Flux(lab.apis["drone"], "unhealthy", repository, wait=True, timeout="3s")
    assert state(flux.applied(good), "Healthy") == "True"
    bad = repository.commit({"unhealthy/stuck.yaml": STUCK})
    flux.request(SOURCES)
    found = flux.until(
        KUSTOMIZATIONS, lambda found: state(found, "Healthy") == "False", "a failed health check"
    )
    assert found["status"]["lastAttemptedRevision"] == f"main@sha1:{bad}"
    assert found["status"]["lastAppliedRevision"] == f"main@sha1:{good}"


def test_a_missing_folder_leaves_the_attempted_revision_where_it_was(
    lab: Laboratory, repository: Repository
) -> None:
    first = repository.commit({"folder/config.yaml": CONFIG.format(name="folder")})
    flux = Flux(lab.apis["drone"], "folder", repository)
    flux.applied(first)
    repository.commit({"folder/config.yaml": None})
    flux.request(SOURCES)
    found = flux.until(
        KUSTOMIZATIONS, lambda found: state(found, "Ready") == "False", "a missing folder"
    )
    assert found["status"]["lastAttemptedRevision"] == f"main@sha1:{first}"


def test_flux_names_an_api_version_of_its_own_that_is_gone(
    lab: Laboratory, repository: Repository
) -> None:
    repository.commit({"old/source.yaml": OLD_API})
    flux = Flux(lab.apis["drone"], "old", repository)
    wanted = 'no matches for kind "GitRepository" in version'
    found = flux.until(
        KUSTOMIZATIONS, lambda found: wanted in said(found), "an API version that is not served"
    )
    assert state(found, "Ready") == "False"


class Argo:
    """An Application on the cluster large."""

    def __init__(self, api: Api, name: str, repository: Repository) -> None:
        self.api, self.path = api, f"{APPLICATIONS}/{name}"
        here = {"server": "https://kubernetes.default.svc", "namespace": "default"}
        source = {
            "repoURL": repository.url, "targetRevision": "main", "path": name,
            "directory": {"recurse": True},
        }  # fmt: skip
        sync = {"automated": {"prune": True, "selfHeal": True, "allowEmpty": True}}
        api.apply(
            self.path,
            {
                "apiVersion": "argoproj.io/v1alpha1",
                "kind": "Application",
                "metadata": {"name": name, "namespace": "argocd"},
                "spec": {
                    "project": "default", "source": source, "destination": here, "syncPolicy": sync,
                },
            },
        )  # fmt: skip

    def refresh(self) -> None:
        """Let Argo CD look at the repository now."""
        change = {"metadata": {"annotations": {"argocd.argoproj.io/refresh": "hard"}}}
        self.api.ask("PATCH", self.path, change)

    def synced(self, commit: str) -> Any:
        self.refresh()
        return until(
            lambda: self.api.get(self.path) or {},
            lambda found: (
                found.get("status", {}).get("sync", {}).get("status") == "Synced"
                and found["status"]["sync"].get("revision") == commit
            ),
            f"{commit} synced",
        )


def test_argo_cd_keeps_the_revision_of_its_last_sync_if_nothing_changed_for_it(
    lab: Laboratory, repository: Repository
) -> None:
    first = repository.commit({"argo/config.yaml": CONFIG.format(name="argo")})
    argo = Argo(lab.apis["large"], "argo", repository)
    until(
        lambda: argo.synced(first)["status"].get("operationState", {}),
        lambda found: found.get("phase") == "Succeeded",
        "the first sync",
    )
    second = repository.commit({"elsewhere/note.txt": "note"})
    found = argo.synced(second)
    assert found["status"]["sync"]["revision"] == second
    assert found["status"]["operationState"]["syncResult"]["revision"] == first
    assert "observedGeneration" not in found["status"]


def test_argo_cd_calls_an_application_without_resources_healthy(
    lab: Laboratory, repository: Repository
) -> None:
    commit = repository.commit({"empty/note.txt": "note"})
    found = Argo(lab.apis["large"], "empty", repository).synced(commit)
    assert found["status"]["health"]["status"] == "Healthy"
    assert not found["status"].get("resources")


def test_argo_cd_calls_a_parent_healthy_whose_child_is_not(
    lab: Laboratory, repository: Repository
) -> None:
    child = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: child, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {repository.url}, targetRevision: main, path: nowhere}}
  destination: {{server: https://kubernetes.default.svc, namespace: default}}
"""
    commit = repository.commit({"parent/child.yaml": child})
    parent = Argo(lab.apis["large"], "parent", repository)
    parent.synced(commit)
    until(
        lambda: lab.apis["large"].get(f"{APPLICATIONS}/child") or {},
        lambda found: found.get("status", {}).get("sync", {}).get("status") == "Unknown",
        "a child that cannot be compared",
    )
    assert parent.synced(commit)["status"]["health"]["status"] == "Healthy"
