"""The clusters of a platform: what is known about each, whoever made it.

One record serves everything that deals with clusters: what sets them up, and what waits for them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kalypso.stack.keys import Group, settings_of
from kalypso.stack.setting_groups import Environments, Name, Unique

Text = Annotated[str, StringConstraints(min_length=1)]
Reconciler = Literal["flux", "argocd"]
Channel = Literal["azure", "cluster", "statuses", "reports"]
"""A way of learning what a cluster runs."""


class Hub(Group):
    """Argo CD or Flux that runs elsewhere and applies to a cluster."""

    context: Text = Field(examples=["hub"])
    namespace: Text = Field(examples=["argocd"])


class Cluster(Group):
    """One cluster; two of a stack never have the same name."""

    name: Name = Field(examples=["drone"])
    cluster_type: Name = Field(
        default_factory=lambda known: known.get("name", ""),
        alias="clusterType",
        examples=["drone"],
    )
    """As the model names it; the cluster's name if it is absent."""
    formerly: Annotated[list[Name], Unique] = Field(default=[], examples=['["drone"]'])
    """The names that it had before, the first one first: the state knows it by them."""
    environments: Annotated[Environments, Field(min_length=1)] | None = Field(
        default=None, examples=['["dev", "stage"]']
    )
    """Whose workloads it runs; None for all environments."""
    role: Literal["workload", "control-plane"] = Field(default="workload", examples=["workload"])
    """A control plane runs no workloads."""
    provider: Literal["azure", "arc", "existing", "none"] = Field(
        default="none", examples=["existing"]
    )
    """Who has it; one of `none` is known and expected, and never touched."""
    resource_id: str = Field(
        default="", alias="resourceId", examples=["/subscriptions/0000/resourceGroups/rg/..."]
    )
    """Of an AKS cluster that is adopted, or of a cluster that Arc connects."""
    context: str = Field(default="", examples=["edge-7"])
    """Of a kubeconfig, for a cluster that exists."""
    reconciler: Reconciler | None = Field(default=None, examples=["flux"])
    """None for the one that the cluster type's template writes for."""
    install: Literal["extension", "manifests", "none"] | None = Field(
        default=None, examples=["manifests"]
    )
    """How the reconciler gets there; None for the provider's way."""
    evidence: Annotated[list[Channel], Unique, Field(min_length=1)] | None = Field(
        default=None, examples=['["reports"]']
    )
    """How a gate learns what it runs; None for the provider's way. All of them have to agree."""
    reporters: list[str] = Field(default=[], examples=['["ops-bot"]'])
    """Whose reports and commit statuses about it count."""
    signers: list[Text] = Field(default=[], examples=['["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5..."]'])
    """Public keys for SSH; a report that one of them has signed counts, whoever brings it."""
    statuses: list[Text] = Field(default=[], examples=['["kustomization/dev-drone/0c9c2e41"]'])
    """Contexts of the commit statuses that it writes."""
    required: bool = Field(default=True, examples=["false"])
    """Otherwise a gate shows it and does not wait for it."""
    hub: Hub | None = Field(default=None, examples=['{"context": "hub", "namespace": "argocd"}'])
    on_destroy: Literal["keep", "prune"] = Field(
        default="keep", alias="onDestroy", examples=["keep"]
    )
    """What becomes of the workloads of an existing cluster when its reconciler's objects go."""

    @property
    def read_by(self) -> tuple[Channel, ...]:
        """How a gate learns what it runs."""
        if self.evidence is not None:
            return tuple(self.evidence)
        match self.provider:
            case "azure" | "arc" if self.reconciler != "argocd" and self.install != "manifests":
                return ("azure",)
            case "azure" | "arc":  # Azure knows only what its own extension applied
                return ("cluster",) if self.context else ("reports",)
            case "existing":
                return ("cluster",)
            case "none":
                return ("reports",)


FIELDS = {
    **{setting.key: setting.field for setting in settings_of(Cluster)},
    **{f"hub.{setting.key}": setting.field for setting in settings_of(Hub)},
}
"""Every key of a cluster."""
