"""Settings of a stack, as `pulumi config set` names them, and what follows from them."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from kalypso.forge.github.place import GitHub
from kalypso.forge.local.folder import DEFAULT_FOLDER, DEFAULT_URL, LocalFolder
from kalypso.git.remote import Access
from kalypso.gitops.removals import Limits
from kalypso.model.objects import Convention
from kalypso.model.rendered import ManifestKind
from kalypso.rendering.render import RenderSettings
from kalypso.stack.access import access_from, app_from
from kalypso.stack.starting_content import CONTENTS

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+/?$")]
Owner = Annotated[str, StringConstraints(pattern=r"^(@[\w.-]+(/[\w.-]+)?|[^\s@]+@[^\s@]+)$")]


class Settings(BaseModel):
    """Settings of one stack; the names are those of `pulumi config set`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    environment: Name = Field(examples=["dev"])
    prefix: Name = Field("kalypso", examples=["acme"])
    conventions: Convention = Field("walkthrough", examples=["operator"])
    strict: bool = Field(default=False, examples=["true"])
    platform_stack: Name = Field("dev", alias="platformStack", examples=["dev"])
    forge: Literal["local", "github"] = Field("local", examples=["github"])
    forge_url: Url = Field(DEFAULT_URL, alias="forge.url", examples=["http://127.0.0.1:3180"])
    forge_folder: Path = Field(DEFAULT_FOLDER, alias="forge.folder", examples=["/srv/forge"])
    forge_api: str = Field(
        "", alias="forge.api", pattern=r"^(https?://\S+)?$", examples=["https://api.github.com"]
    )
    github_owner: Name | Literal[""] = Field("", alias="github.owner", examples=["acme"])
    github_token: str = Field("", alias="github.token", repr=False, examples=["ghp_..."])
    app_id: str = Field(
        "", alias="github.app.id", pattern=r"^[A-Za-z0-9.]*$", coerce_numbers_to_str=True,
        examples=["123456"],
    )  # fmt: skip
    app_key: str = Field("", alias="github.app.key", repr=False, examples=["the text of app.pem"])
    app_installation: int = Field(0, alias="github.app.installation", ge=0, examples=["7654321"])
    visibility: Literal["private", "internal", "public"] = Field(
        "private", alias="github.visibility", examples=["private"]
    )
    tokens: dict[str, str] = Field({}, repr=False, examples=['{"git.example.com": "..."}'])
    control_plane: str = Field(
        "", alias="repositories.control-plane", examples=["https://github.com/acme/control-plane"]
    )
    on_destroy: Literal["archive", "delete"] = Field(
        "archive", alias="repositories.onDestroy", examples=["archive"]
    )
    delivery: Literal["pull-request", "repository-files"] = Field(
        "pull-request", examples=["pull-request"]
    )
    issues: bool = Field(default=True, examples=["false"])
    model_folder: Path | None = Field(None, alias="model.folder", examples=["../control-plane"])
    model_base: Path | None = Field(None, alias="model.base", examples=["../control-plane-main"])
    author: str = Field(
        "",
        alias="commit.author",
        pattern=r"^([^<>\x00-\x1f]+ <[^<>\s\x00-\x1f]+>)?$",
        examples=["Kalypso <kalypso@example.com>"],
    )
    sign: bool = Field(default=False, alias="commit.sign", examples=["true"])
    mark_generated: bool = Field(default=False, alias="gitops.markGenerated", examples=["true"])
    owners: dict[str, list[Owner]] = Field(
        {}, alias="gitops.owners", examples=['{"*": ["@acme/platform"]}']
    )
    clusters: list[dict[str, str]] = Field([], examples=['[{"name": "drone"}]'])
    removals: int = Field(5, alias="limits.removals", ge=0, examples=["5"])
    share: float = Field(0.1, alias="limits.share", ge=0, le=1, examples=["0.1"])
    acknowledge: str = Field("", alias="limits.acknowledge", examples=["0a1b2c3d4e5f"])
    rollback: bool = Field(default=False, alias="limits.rollback", examples=["true"])
    missing_key: Literal["error", "default"] = Field(
        "error", alias="templates.missingKey", examples=["default"]
    )
    allowed_functions: list[str] = Field([], alias="templates.allow", examples=['["now"]'])
    allowed_kinds: dict[ManifestKind, list[str]] = Field(
        {}, alias="templates.kinds", examples=['{"namespace": ["Namespace"]}']
    )

    @property
    def limits(self) -> Limits:
        """How much one run may remove."""
        return Limits(removals=self.removals, share=self.share, acknowledge=self.acknowledge)

    @property
    def previews_only(self) -> bool:
        """Whether the model is read from a folder, which nobody can read again later."""
        return self.model_folder is not None or self.model_base is not None

    @property
    def rendering(self) -> RenderSettings:
        """What the stack chooses about rendering."""
        return RenderSettings(
            convention=self.conventions,
            missing_key=self.missing_key,
            allowed_functions=frozenset(self.allowed_functions),
            allowed_kinds={kind: frozenset(names) for kind, names in self.allowed_kinds.items()},
        )

    @property
    def local(self) -> LocalFolder:
        """The embedded forge."""
        return LocalFolder(self.forge_folder.expanduser(), self.forge_url)

    @property
    def github(self) -> GitHub:
        """GitHub, or the GitHub Enterprise Server, if that is the forge."""
        return GitHub(self.forge_url.rstrip("/"), self.forge_api)

    @property
    def access(self) -> Access:
        """How repositories of other machines are reached."""
        github = self.github if self.forge == "github" else GitHub()
        app = app_from(self.app_id, self.app_key, self.app_installation)
        return access_from(os.environ, github, self.github_token, self.tokens, app)

    @property
    def makes_repositories(self) -> bool:
        """Whether the platform's stack makes the repositories; else they are people's own."""
        return self.forge == "local" or not self.control_plane

    @property
    def repositories_url(self) -> str:
        """Address below which the platform's repositories are, as its files name it."""
        if self.forge == "local":
            return self.forge_url.rstrip("/")
        return f"{self.github.url}/{self.github_owner}"

    @property
    def control_plane_url(self) -> str:
        """Address of the control plane's repository."""
        return self.control_plane or f"{self.repositories_url}/{self.repository('control-plane')}"

    def repository(self, content: str) -> str:
        """Return the name of one of the platform's repositories."""
        return f"{self.prefix}-{content}"

    def local_name_of(self, address: str) -> str | None:
        """Return which repository of the embedded forge an address names, if that is the forge."""
        return self.local.name_of(address) if self.forge == "local" else None

    def content_of(self, address: str) -> str | None:
        """Return which of the repositories that the platform makes an address names, if any."""
        if not self.makes_repositories:
            return None
        name = self.local_name_of(address)
        if self.forge == "github":
            place = self.github.repository(address)
            ours = place is not None and place.owner.lower() == self.github_owner.lower()
            name = place.name if place and ours else None
        content = (name or "").removeprefix(f"{self.prefix}-")
        return content if content in CONTENTS and name == self.repository(content) else None
