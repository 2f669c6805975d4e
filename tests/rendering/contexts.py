"""Templates of one manifest or several, and assignments to render them for."""

from __future__ import annotations

from typing import Any

from kalypso.model import Assignment, ClusterType, DeploymentTarget, TargetName, Template
from kalypso.model.origin import Origin
from kalypso.rendering.context import Context, TargetData
from kalypso.rendering.functions import functions, refused
from kalypso.rendering.kinds import KindRule
from kalypso.rendering.manifests import CompiledTemplate
from kalypso.rendering.memo import Memo
from kalypso.rendering.rules import Rules

ANY = KindRule("reconciler", frozenset({"*"}))
VALUES: dict[str, Any] = {"SIZE": "small", "PORTS": {"http": 80}}


def template(*manifests: Any, content_type: str = "") -> CompiledTemplate:  # text, or a mapping
    memo = Memo()
    rules = Rules(functions=functions(memo), memo=memo, refused=refused(frozenset()))
    return CompiledTemplate(
        Template(
            name="rec",
            labels={},
            origin=Origin("base/templates.yaml", "kind: Template\n", 0, 1),
            type="reconciler",
            content_type=content_type,
            manifests=manifests,
        ),
        rules,
    )


def target(workload: str, **manifests: str) -> TargetData:
    body = "spec:\n  deploymentTargets:\n  - name: test\n    manifests: {}\n"
    return TargetData(
        DeploymentTarget(
            name=TargetName(f"{workload}-test"),
            short_name="test",
            environment="dev",
            workload=workload,
            workspace="team-a",
            labels={"workload": workload, "workspace": "team-a"},
            manifests=manifests,
            config_schemas=(),
            origin=Origin("workload.yaml", body, 0, 1),
            index=0,
        )
    )


def on(cluster: str, own: TargetData, values: dict[str, Any], namespace: str = "") -> Context:
    cluster_type = ClusterType(
        name=cluster,
        labels={},
        origin=own.target.origin,
        reconciler="rec",
        namespace_service="ns",
        config_type="",
    )
    namespace = namespace or f"dev-{cluster}-{own.target.name}"
    return Context(Assignment(cluster_type, own.target, ()), "dev", namespace, values, own)


def of(
    workload: str, *, cluster: str = "large", values: dict[str, Any] = VALUES, **manifests: str
) -> Context:
    return on(cluster, target(workload, **manifests), values)
