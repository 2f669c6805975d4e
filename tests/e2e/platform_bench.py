"""A platform on real clusters: the sample, its stacks, Flux on `drone`, Argo CD on `large`."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from tests.clusters.cluster_bench import TOKEN, use_provider
from tests.engine.bench import Bench
from tests.sample.walkthrough import Edits
from tools.lab.api import Api
from tools.lab.laboratory import Laboratory

RECONCILERS = {"drone": "flux", "large": "argocd"}
SECONDS = 240
"""After which a cluster hangs. It takes a few; Argo CD pauses for minutes between repairs."""
NAMESPACES = "/api/v1/namespaces"
KUSTOMIZATIONS = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations"
SOURCES = "/apis/source.toolkit.fluxcd.io/v1/namespaces/flux-system/gitrepositories"
APPLICATIONS = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
PORT = 3180
"""Where the sample's addresses expect the forge; it must be free."""
BROKEN = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: broken
spec:
  replicas: many
"""
"""A manifest that no API server takes."""
_Found = TypeVar("_Found")


class Platform:
    """The platform's team, with every tool at hand."""

    def __init__(self, folder: Path, lab: Laboratory) -> None:
        self.bench, self.lab = Bench(folder), lab
        environment = self.bench.environment
        for variable in [name for name in environment if name.startswith(("KUBE", "PULUMI_K8S"))]:
            del environment[variable]
        environment["KUBECONFIG"] = str(self.lab.kubeconfig)
        use_provider(self.bench)

    def start(self) -> None:
        """Serve the forge, and bring both stacks up."""
        self.serve()
        self.bench.init("dev", "stage")
        self.bench.set_secret("dev", "reader.token", TOKEN)
        self.set("environments", ["dev", "stage"])
        self.clusters(*RECONCILERS)
        self.bench.up("dev")
        self.bench.up("stage")

    def serve(self) -> None:
        """Serve the forge to the clusters."""
        self.bench.forge.mkdir(parents=True, exist_ok=True)
        kalypso = Path(sys.prefix) / "bin" / "kalypso"
        self.lab.serve(kalypso, self.bench.forge, PORT, self.bench.environment)

    def end(self) -> None:
        """Take both stacks down, whatever has become of them, and end the forge."""
        try:
            for stack in ("prod", "stage", "dev"):  # one that is not there is passed over
                destroy = ("pulumi", "destroy", "-s", stack, "--yes", "--skip-preview")
                self.bench.run(*destroy, "--non-interactive")
        finally:
            self.lab.end_forge(PORT)

    def set(self, key: str, value: object) -> None:
        """Write a setting of the platform's stack."""
        file = self.bench.project / "Pulumi.dev.yaml"
        document = yaml.safe_load(file.read_text())
        document["config"][f"kalypso:{key}"] = value
        file.write_text(yaml.safe_dump(document, sort_keys=False))

    def clusters(self, *names: str, **others: Mapping[str, object]) -> None:
        """Say which clusters there are; the laboratory brings their reconcilers.

        Args:
            names: Clusters of the type of their name.
            others: Fields of further ones, by name.
        """
        common = {"provider": "existing", "install": "none", "onDestroy": "prune"}
        listed = {**{key: {} for key in names}, **others}
        self.set(
            "clusters",
            [{"name": name, "context": name, **common, **more} for name, more in listed.items()],
        )

    def edit(self, edits: Edits) -> str:
        """Push edits of the control plane, as its people do; return the last commit."""
        commits = [
            self.bench.commit("control-plane", branch, files) for branch, files in edits.items()
        ]
        return commits[-1]

    def remove(self, repository: str, branch: str, path: str) -> str:
        """Remove a file of a repository, as a person does; return the commit."""
        clone = self.bench.folder / "removing"
        shutil.rmtree(clone, ignore_errors=True)
        origin = str(self.bench.forge / f"kalypso-{repository}.git")
        self.bench.good("git", "clone", "--quiet", "--branch", branch, origin, str(clone))
        here = ("git", "-C", str(clone), "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        self.bench.good(*here, "rm", "--quiet", path)
        self.bench.good(*here, "commit", "--quiet", "-m", "remove")
        self.bench.good(*here, "push", "--quiet")
        return self.bench.good(*here, "rev-parse", "HEAD").strip()

    def promote(self, environment: str, commit: str) -> None:
        """Let an environment run a commit of main."""
        base = yaml.safe_load(self.bench.tree(environment, "control-plane")["base-repo.yaml"])
        base["spec"]["commit"] = commit
        self.bench.commit("control-plane", environment, {"base-repo.yaml": yaml.safe_dump(base)})

    def deliver(self, environment: str, *, poke: bool = True) -> str:
        """Run `pulumi up`, merge its pull request, and return the branch's commit.

        Args:
            environment: Also the name of the stack and of the branch.
            poke: Whether the clusters are asked to look at once.
        """
        self.bench.up(environment)
        return self.merge(environment, poke=poke)

    def merge(self, environment: str, *, poke: bool = True) -> str:
        """Merge the open pull request of an environment, and return its branch's commit."""
        (number,) = (each["number"] for each in self.bench.pulls() if each["base"] == environment)
        self.bench.merge(number)
        if poke:
            self.poke()
        return self.bench.git("rev-parse", f"refs/heads/{environment}").strip()

    def poke(self) -> None:
        """Ask every reconciler to look now, as a webhook would; it looks by itself too."""
        now = f"{time.time_ns()}"
        for api, path, key, value in (
            ("drone", SOURCES, "reconcile.fluxcd.io/requestedAt", now),
            ("large", APPLICATIONS, "argocd.argoproj.io/refresh", "hard"),
        ):
            for name in self.api(api).names(path):
                change = {"metadata": {"annotations": {key: value}}}
                self.api(api).ask("PATCH", f"{path}/{name}", change)

    def api(self, cluster: str) -> Api:
        return self.lab.apis[cluster]

    def until(
        self, ask: Callable[[], _Found], so: Callable[[_Found], bool], what: str,
        seconds: float = SECONDS,
    ) -> _Found:  # fmt: skip
        """Ask until an answer is as it should be, and return it.

        Raises:
            AssertionError: It never is; with the last answer and the logs of what runs.
        """
        try:
            return until(ask, so, what, seconds)
        except AssertionError as error:
            programs = self.lab.programs
            logs = "\n".join(map(programs.last_lines, programs.states()))
            raise AssertionError(f"{error}\n{logs}") from None

    def flux_ready(self, name: str, commit: str = "", seconds: float = SECONDS) -> Any:
        """Wait until a Kustomization is ready at a commit, and return it."""
        return self.until(
            lambda: self.api("drone").get(f"{KUSTOMIZATIONS}/{name}"),
            lambda found: (
                _flux_state(found) == "True"
                and commit in found["status"].get("lastAppliedRevision", "")
            ),
            f"Kustomization {name} at {commit or 'any commit'}",
            seconds,
        )

    def argo_synced(self, name: str, commit: str = "") -> Any:
        """Wait until an Application is Synced and Healthy at a commit, and return it."""
        return self.until(
            lambda: self.api("large").get(f"{APPLICATIONS}/{name}"),
            lambda found: (
                found is not None
                and _argo_state(found) == ("Synced", "Healthy")
                and commit in found["status"]["sync"].get("revision", "")
            ),
            f"Application {name} at {commit or 'any commit'}",
        )

    def gone(self, cluster: str, path: str) -> None:
        """Wait until an object is gone."""
        self.until(
            lambda: self.api(cluster).get(path), lambda found: found is None, f"{path} on {cluster}"
        )


def _flux_state(found: Any) -> str:
    """Return what the condition Ready says, if it is about what is wanted now."""
    status = (found or {}).get("status", {})
    if status.get("observedGeneration") != (found or {}).get("metadata", {}).get("generation"):
        return "Unknown"
    states: dict[str, str] = {each["type"]: each["status"] for each in status.get("conditions", ())}
    return states.get("Ready", "Unknown")


def _argo_state(found: Any) -> tuple[str, str]:
    status = found.get("status", {})
    return status.get("sync", {}).get("status", ""), status.get("health", {}).get("status", "")


def until(
    ask: Callable[[], _Found], so: Callable[[_Found], bool], what: str, seconds: float = SECONDS
) -> _Found:
    """Ask until an answer is as it should be, and return it.

    A server that is away for a moment is asked again.

    Raises:
        AssertionError: It never is; with the last answer.
    """
    deadline = time.monotonic() + seconds
    while True:
        last: object
        try:
            last = found = ask()
            if so(found):
                return found
        except OSError as error:
            last = str(error)
        if time.monotonic() > deadline:
            shown = json.dumps(last, indent=1, default=str)
            raise AssertionError(f"{what}: not within {seconds:.0f} s; last: {shown}")
        time.sleep(0.2)
