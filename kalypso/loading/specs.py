"""The spec of each kind, checked with pydantic; also what `kalypso schema` is made from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Spec(BaseModel):
    """Fields are strict: ``1`` is not text. Unknown ones are kept, so that they can be named."""

    model_config = ConfigDict(
        strict=True, extra="allow", frozen=True, populate_by_name=True, defer_build=True
    )

    @model_validator(mode="before")
    @classmethod
    def _drop_nulls(cls, body: object) -> object:
        if isinstance(body, dict) and None in body.values():
            return {key: value for key, value in body.items() if value is not None}
        return body


class PointerSpec(Spec):
    """A place in a Git repository."""

    repo: str = Field(description="URL of the repository.", min_length=1)
    branch: str = Field(description="Branch to read.", min_length=1)
    path: str = Field(".", description="Folder in the repository.")


class BaseRepoSpec(PointerSpec):
    """Where templates and registrations are read from."""

    commit: str = Field("", description="The promoted commit; the branch's head if absent.")


class GitOpsRepoSpec(PointerSpec):
    """Where manifests are delivered to."""


class EnvironmentSpec(Spec):
    """An environment's configuration in the control plane."""

    control_plane: PointerSpec = Field(alias="controlPlane", description="Its branch.")


class TemplateSpec(Spec):
    """Manifests written for Go's text/template."""

    type: str = Field("", description="reconciler, namespace or config.")
    content_type: str = Field("", alias="contentType", description="sh, or YAML.")
    manifests: list[str | dict[str, Any]] = Field(description="Text of each manifest.")


class WorkloadRegistrationSpec(Spec):
    """An onboarded application."""

    workload: PointerSpec = Field(description="Where its Workload file is.")
    workspace: str = Field("", description="Group of applications of one team.")


class ClusterTypeSpec(Spec):
    """A class of clusters."""

    reconciler: str = Field(description="Name of a Template.")
    namespace_service: str = Field(alias="namespaceService", description="Name of a Template.")
    config_type: str = Field(
        "", alias="configType", description="Name of a Template, or configMap or envFile."
    )


class TargetSelectorSpec(Spec):
    """Which deployment targets."""

    workspace: str | None = Field(None, description="Only targets of this workspace.")
    label_selector: Any = Field(None, alias="labelSelector", description="A label selector.")


class ClusterTypeSelectorSpec(Spec):
    """Which cluster types."""

    label_selector: Any = Field(None, alias="labelSelector", description="A label selector.")


class SchedulingPolicySpec(Spec):
    """Which deployment targets run on which cluster types."""

    target_selector: TargetSelectorSpec = Field(alias="deploymentTargetSelector")
    cluster_type_selector: ClusterTypeSelectorSpec = Field(alias="clusterTypeSelector")


class ConfigSchemaSpec(Spec):
    """What the merged values must satisfy."""

    schema_text: str | dict[str, Any] = Field(alias="schema", description="A JSON Schema.")


class DeploymentTargetSpec(Spec):
    """One place in which a workload wants to run."""

    name: str = Field(description="Name of the target in its workload.")
    labels: dict[str, Any] = Field(default_factory=dict, description="What policies select by.")
    environment: str = Field(description="The environment it is for.")
    manifests: dict[str, str] = Field(
        default_factory=dict, description="What templates get; usually repo, branch and path."
    )
    config_schemas: list[str] = Field(
        default_factory=list, alias="configSchemas", description="JSON Schemas of its values."
    )


class WorkloadSpec(Spec):
    """An application as its team describes it."""

    deployment_targets: list[DeploymentTargetSpec] = Field(
        default_factory=list,
        alias="deploymentTargets",
        description="Places in which it wants to run, each for one environment.",
    )
    config_schemas: list[str] = Field(
        default_factory=list, alias="configSchemas", description="JSON Schemas of its values."
    )
