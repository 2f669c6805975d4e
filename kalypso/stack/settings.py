"""Settings of a stack, as `pulumi config set` names them, and what follows from them."""

import os
from typing import Literal

from pydantic import Field

from kalypso.forge import Forge, Place, Values, forge_of
from kalypso.git import Access
from kalypso.model import Convention
from kalypso.rendering import RenderSettings
from kalypso.stack.azure_id import AzureId, read_azure_id
from kalypso.stack.azure_settings import AzureSettings
from kalypso.stack.clusters import Cluster
from kalypso.stack.credentials import access_from
from kalypso.stack.keys import UNNAMED, Group, groups_of, settings_of
from kalypso.stack.operator_settings import OperatorSettings
from kalypso.stack.promotion_settings import PromotionSettings
from kalypso.stack.setting_groups import (
    CommitSettings,
    Environments,
    GitHubSettings,
    GitOpsSettings,
    InstallSettings,
    LimitSettings,
    ModelSettings,
    Name,
    ReaderSettings,
    RepositorySettings,
    ServerSettings,
    SourceSettings,
    TemplateSettings,
)
from kalypso.stack.starting_content import REPOSITORY_CONTENTS


class Settings(Group):
    """Settings of one stack; the names are those of `pulumi config set`."""

    environment: Name = Field(examples=["dev"])
    prefix: Name = Field(default="kalypso", examples=["acme"])
    conventions: Convention = Field(default="walkthrough", examples=["operator"])
    strict: bool = Field(default=False, examples=["true"])
    platform_stack: Name = Field(default="dev", alias="platformStack", examples=["dev"])
    server: ServerSettings = Field(default=UNNAMED, alias="forge")
    github: GitHubSettings = UNNAMED
    tokens: dict[str, str] = Field(default={}, repr=False, examples=['{"git.example.com": "..."}'])
    repositories: RepositorySettings = UNNAMED
    delivery: Literal["pull-request", "repository-files"] = Field(
        default="pull-request", examples=["pull-request"]
    )
    preview_files: bool = Field(default=True, alias="previewFiles", examples=["false"])
    issues: bool = Field(default=True, examples=["false"])
    model: ModelSettings = UNNAMED
    sources: SourceSettings = UNNAMED
    commit: CommitSettings = UNNAMED
    gitops: GitOpsSettings = UNNAMED
    environments: Environments = Field(default=[], examples=['["dev", "stage"]'])
    azure: AzureSettings = UNNAMED
    operator: OperatorSettings = Field(default=UNNAMED, alias="controlPlane")
    clusters: list[Cluster] = Field(default=[], examples=['[{"name": "drone"}]'])
    promotion: dict[Name, PromotionSettings] = Field(default={}, examples=['{"dev": {}}'])
    install: InstallSettings = UNNAMED
    reader: ReaderSettings = UNNAMED
    limits: LimitSettings = UNNAMED
    templates: TemplateSettings = UNNAMED

    @property
    def previews_only(self) -> bool:
        """Whether the model is read from a folder, which nobody can read again later."""
        return self.model.folder is not None or self.model.base is not None

    @property
    def rendering(self) -> RenderSettings:
        """What the stack chooses about rendering."""
        kinds = {kind: frozenset(names) for kind, names in self.templates.kinds.items()}
        return RenderSettings(
            convention=self.conventions,
            missing_key=self.templates.missing_key,
            allowed_functions=frozenset(self.templates.allow),
            allowed_kinds=kinds,
        )

    @property
    def values(self) -> Values:
        """Each setting as text by its whole key, as forges read their own."""
        found = {}
        for setting in SETTINGS:
            value: object = self
            for name in setting.names:
                value = getattr(value, name)
            if value is not None:
                found[setting.key] = str(value)
        return found

    @property
    def forge(self) -> Forge:
        """Where the platform's repositories are."""
        return forge_of(self.values)

    @property
    def access(self) -> Access:
        """How repositories of other machines are reached."""
        return access_from(os.environ, self.values, self.tokens)

    @property
    def makes_repositories(self) -> bool:
        """Whether the platform's stack makes the repositories; else they are people's own."""
        given, forge = self.repositories.control_plane, self.forge
        return not given or (forge.here and forge.place(given) is None)

    @property
    def control_plane_url(self) -> str:
        """Address of the control plane's repository."""
        given = self.repositories.control_plane
        return given or f"{self.forge.home}/{self.repository('control-plane')}"

    @property
    def resource_group(self) -> str:
        """Name of the resource group in which clusters of Azure are made."""
        return self.azure.resource_group or f"{self.prefix}-rg"

    @property
    def subscription(self) -> str:
        """Id of the subscription in which clusters are made; empty if nothing says so here."""
        found = self.azure.subscription or os.environ.get("ARM_SUBSCRIPTION_ID", "")
        return found.lower()

    def azure_id(self, cluster: Cluster) -> str:
        """Return the id of a cluster in Azure, also of one that has yet to be made.

        It is empty for a cluster of another provider, and if the subscription is not known.
        """
        if cluster.resource_id:
            return str(read_azure_id(cluster.resource_id) or cluster.resource_id)
        if cluster.provider != "azure" or not self.subscription:
            return ""
        return str(AzureId(self.subscription, self.resource_group, "aks", cluster.name))

    def repository(self, content: str) -> str:
        """Return the name of one of the platform's repositories."""
        return f"{self.prefix}-{content}"

    def place_here(self, address: str) -> Place | None:
        """Return the repository of an address if the forge has it, on this machine."""
        forge = self.forge
        return forge.place(address) if forge.here else None

    def content_of(self, address: str) -> str | None:
        """Return which of the repositories that the platform makes an address names, if any."""
        if not self.makes_repositories:
            return None
        name = self.forge.name_at_home(address) or ""
        content = name.removeprefix(f"{self.prefix}-")
        is_made = content in REPOSITORY_CONTENTS and name == self.repository(content)
        return content if is_made else None


SETTINGS = tuple(settings_of(Settings))
"""Every setting of a stack."""
GROUPS = groups_of(SETTINGS)
"""Beginnings of keys that may stand for an object with the rest of each."""
