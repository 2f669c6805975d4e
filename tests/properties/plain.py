"""What a model means, written down as plainly as its documentation: slow, and obviously right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.properties.models import Model, Object


def selects(selector: Object, own: Mapping[str, str]) -> bool:
    """The definition of a label selector."""
    for key, value in selector.get("matchLabels", {}).items():
        if own.get(key) != value:
            return False
    for each in selector.get("matchExpressions", []):
        there = each["key"] in own
        one_of = there and own[each["key"]] in each.get("values", [])
        holds = {"In": one_of, "NotIn": not one_of, "Exists": there, "DoesNotExist": not there}
        if not holds[each["operator"]]:
            return False
    return True


def of_kind(objects: Sequence[Object], kind: str) -> list[Object]:
    return [body for body in objects if body["kind"] == kind]


def targets(model: Model) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Full name, workspace and labels of each deployment target in dev."""
    for registration in of_kind(model.base, "WorkloadRegistration"):
        workspace = registration["spec"]["workspace"]
        for body in model.workloads[registration["spec"]["workload"]["repo"].rpartition("/")[2]]:
            name = body["metadata"]["name"]
            for target in body["spec"]["deploymentTargets"]:
                if target["environment"] == "dev":
                    own = {**target["labels"], **body["metadata"]["labels"]}
                    own |= {"workload": name, "workspace": workspace}
                    yield f"{name}-{target['name']}", workspace, own


def assignments(model: Model) -> dict[tuple[str, str], set[str]]:
    """Names of the policies of each pair of cluster type and deployment target."""
    found: dict[tuple[str, str], set[str]] = {}
    for policy in of_kind(model.environment, "SchedulingPolicy"):
        side, other = (
            policy["spec"][f"{which}Selector"] for which in ("deploymentTarget", "clusterType")
        )
        for name, workspace, own in targets(model):
            if side.get("workspace", workspace) != workspace:
                continue
            for cluster in of_kind(model.environment, "ClusterType"):
                if selects(side["labelSelector"], own) and selects(
                    other["labelSelector"], cluster["metadata"]["labels"]
                ):
                    pair = (cluster["metadata"]["name"], name)
                    found.setdefault(pair, set()).add(policy["metadata"]["name"])
    return found


def applying(model: Model, cluster_name: str, target_name: str) -> list[str]:
    """Names of the config maps that apply to a pair, in the order in which they are merged."""
    [cluster] = [
        body
        for body in of_kind(model.environment, "ClusterType")
        if body["metadata"]["name"] == cluster_name
    ]
    [own] = [labels for name, _, labels in targets(model) if name == target_name]
    return [
        body["metadata"]["name"]
        for body in sorted(
            of_kind(model.environment, "ConfigMap"), key=lambda body: str(body["metadata"]["name"])
        )
        if all(
            key == "platform-config"
            or cluster["metadata"]["labels"].get(key) == value
            or own.get(key) == value
            for key, value in body["metadata"]["labels"].items()
        )
    ]
