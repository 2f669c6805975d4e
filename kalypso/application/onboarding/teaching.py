"""The files that onboarding writes; their comments teach whoever opens them next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kalypso.application.onboarding.wish import Wish, WishedTarget
from kalypso.model import API_VERSION
from kalypso.report import to_json

WORKLOAD = "workload/workload.yaml"
_API = f"apiVersion: {API_VERSION}"


def registration_path(name: str) -> str:
    """Return where the control plane's main branch keeps a registration."""
    return f"workloads/{name}.yaml"


def policy_path(wish: Wish, target: WishedTarget) -> str:
    """Return where an environment's branch keeps a policy."""
    return f"scheduling/{wish.workspace}/{wish.name}-{target.name}-policy.yaml"


def workload_file(wish: Wish) -> str:
    """Return the Workload file of an application."""
    lines = [
        "# What this application asks of the platform: where it wants to run, not which clusters.",
        "# The platform's policies decide about clusters by the labels below.",
        _API,
        "kind: Workload",
        "metadata:",
        f"  name: {wish.name}",
        "  labels:",
        "    type: application",
        "spec:",
        "  # One entry for each place. Another one is another pull request to this file.",
        "  deploymentTargets:",
    ]
    for target in wish.targets:
        lines += [f"    - name: {target.name}", "      labels:", *_labels(target.labels, 8)]
        lines += [
            f"      environment: {to_json(target.environment)}",
            "      # The folder that `kalypso app propose` writes and that clusters read.",
            "      manifests:",
            f"        repo: {wish.gitops}",
            f"        branch: {to_json(target.environment)}",
            f"        path: ./{target.name}",
        ]
    return "\n".join(lines) + "\n"


def registration_file(wish: Wish) -> str:
    """Return the registration of an application."""
    return f"""\
# Lets the platform read the Workload file of {wish.name}.
# It reaches an environment when this commit of main is promoted there.
{_API}
kind: WorkloadRegistration
metadata:
  name: {wish.name}
  labels:
    type: application
spec:
  workload:
    repo: {wish.source}
    branch: main
    path: workload/
  # The team. Policies select by it, and namespaces are named after it.
  workspace: {wish.workspace}
"""


def policy_file(wish: Wish, target: WishedTarget) -> str:
    """Return the policy that schedules a target."""
    selected = {"workload": wish.name, **target.labels}
    lines = [
        f"# Runs {target.name} of {wish.name} on every cluster type that has all labels below.",
        "# A cluster type that gets these labels later also gets the application.",
        _API,
        "kind: SchedulingPolicy",
        "metadata:",
        f"  name: {wish.name}-{target.name}",
        "spec:",
        "  # Which targets. Nobody else can claim the labels `workload` and `workspace`.",
        "  deploymentTargetSelector:",
        f"    workspace: {wish.workspace}",
        "    labelSelector:",
        "      matchLabels:",
        *_labels(selected, 8),
        "  # On which cluster types.",
        "  clusterTypeSelector:",
    ]
    if target.clusters:
        lines += ["    labelSelector:", "      matchLabels:", *_labels(target.clusters, 8)]
    else:
        lines.append("    labelSelector: {}  # all of them")
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str], indent: int) -> Iterator[str]:
    return (f"{' ' * indent}{key}: {to_json(value)}" for key, value in labels.items())
