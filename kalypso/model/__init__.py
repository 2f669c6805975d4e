"""The platform model: its objects, and the records that pass between rooms."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from kalypso.model.excerpts import shown
from kalypso.model.held import HeldSource, SourceKey
from kalypso.model.names import MAX_LABEL, MAX_SUBDOMAIN, fault, unportable
from kalypso.model.nesting import MAX_DEPTH, too_deep_at
from kalypso.model.objects import (
    API_GROUP,
    API_VERSION,
    BaseRepo,
    ClusterType,
    ConfigMap,
    ConfigSchema,
    Convention,
    DeploymentTarget,
    Environment,
    GitOpsRepo,
    Labels,
    ModelObject,
    SchedulingPolicy,
    TargetName,
    Template,
    Workload,
    WorkloadRegistration,
)
from kalypso.model.origin import Origin
from kalypso.model.platform import Assignment, Evaluation, Platform
from kalypso.model.provenance import (
    CONTENT,
    ENVIRONMENT,
    TRACKING,
    HeldReading,
    Provenance,
    Reading,
    Unreadable,
    parse_provenance,
    trailer,
)
from kalypso.model.records import (
    Pointer,
    Prefetching,
    Repositories,
    Source,
    prefetch,
)
from kalypso.model.rendered import (
    MANIFEST_KINDS,
    ContentType,
    Manifest,
    ManifestKind,
    RenderedAssignment,
    template_name,
)
from kalypso.model.selector import (
    OPERATORS,
    Requirement,
    Selector,
    SelectorError,
    parse_selector,
)

__all__ = [
    "API_GROUP",
    "API_VERSION",
    "CONTENT",
    "ENVIRONMENT",
    "MANIFEST_KINDS",
    "MAX_DEPTH",
    "MAX_LABEL",
    "MAX_SUBDOMAIN",
    "OPERATORS",
    "TRACKING",
    "Assignment",
    "AssignmentDifference",
    "BaseRepo",
    "Cause",
    "CauseKind",
    "ChangeKind",
    "ClusterType",
    "Condition",
    "ConfigMap",
    "ConfigSchema",
    "ConfigurationExplanation",
    "ContentType",
    "Contribution",
    "Convention",
    "DeploymentTarget",
    "Detail",
    "Difference",
    "Environment",
    "Evaluation",
    "FileDifference",
    "GitOpsRepo",
    "HeldReading",
    "HeldSource",
    "Labels",
    "LeafTrace",
    "Manifest",
    "ManifestKind",
    "ModelObject",
    "Origin",
    "PairExplanation",
    "PassedOver",
    "Platform",
    "Pointer",
    "PolicyVerdict",
    "Prefetching",
    "Provenance",
    "Reading",
    "RenderedAssignment",
    "Repositories",
    "Requirement",
    "Role",
    "SchedulingPolicy",
    "SchemaVerdict",
    "Selector",
    "SelectorError",
    "Side",
    "Source",
    "SourceKey",
    "TargetName",
    "Template",
    "Unreadable",
    "ValueTrace",
    "Workload",
    "WorkloadRegistration",
    "fault",
    "parse_provenance",
    "parse_selector",
    "prefetch",
    "shown",
    "template_name",
    "too_deep_at",
    "trailer",
    "unportable",
]

if TYPE_CHECKING:
    from kalypso.model.difference import (
        AssignmentDifference,
        Cause,
        CauseKind,
        ChangeKind,
        Detail,
        Difference,
        FileDifference,
    )
    from kalypso.model.explanations import (
        Condition,
        ConfigurationExplanation,
        Contribution,
        LeafTrace,
        PairExplanation,
        PassedOver,
        PolicyVerdict,
        Role,
        SchemaVerdict,
        Side,
        ValueTrace,
    )
else:
    # Loaded when asked for: most commands do without, and they would cost each of them its start.
    _LATER = {
        "difference": (
            "AssignmentDifference",
            "Cause",
            "CauseKind",
            "ChangeKind",
            "Detail",
            "Difference",
            "FileDifference",
        ),
        "explanations": (
            "Condition",
            "ConfigurationExplanation",
            "Contribution",
            "LeafTrace",
            "PairExplanation",
            "PassedOver",
            "PolicyVerdict",
            "Role",
            "SchemaVerdict",
            "Side",
            "ValueTrace",
        ),
    }

    def __getattr__(name: str) -> object:
        for module, names in _LATER.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
