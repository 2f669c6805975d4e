"""The groups of a stack's settings: one model for each beginning of their keys."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from kalypso.errors import SourceError
from kalypso.forge import FORGES
from kalypso.git import check_repository
from kalypso.gitops import Limits
from kalypso.model import ManifestKind
from kalypso.stack.keys import UNNAMED, Group

EVERY_ENVIRONMENT = "*"
"""Stands for every environment that is not named."""
_SECRET_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")


def _known_forge(kind: object) -> str:
    if isinstance(kind, str) and kind in FORGES:
        return kind
    *names, last = (repr(known) for known in FORGES)
    known = f"{', '.join(names)} or {last}"
    raise PydanticCustomError("literal_error", "Input should be {known}", {"known": known})


def _allowed_address(address: str) -> str:
    """Refuse what git may not be given; the message shows no secret of it."""
    try:
        if address:
            check_repository(address)
    except SourceError as error:
        given = {"message": error.problem.message}
        raise PydanticCustomError("bad_address", "{message}", given) from None
    return address


def _without_doubles(values: list[str]) -> list[str]:
    doubles = sorted({value for value in values if values.count(value) > 1})
    if doubles:
        named = {"named": ", ".join(map(repr, doubles))}
        raise PydanticCustomError("doubles", "listed more than once: {named}", named)
    return values


def _secret_name(name: str) -> str:
    """Refuse a name that GitHub refuses, or keeps in another spelling."""
    if _SECRET_NAME.fullmatch(name) is None or name.startswith("GITHUB_"):
        message = (
            "{name} cannot name a secret: capitals, digits and _, not GITHUB_ at its beginning"
        )
        raise PydanticCustomError("secret_name", message, {"name": repr(name)})
    return name


def _by_environment(given: object) -> object:
    """Return a value that is the same in all environments as one for every environment."""
    return {EVERY_ENVIRONMENT: given} if isinstance(given, str) else given


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
Unique = AfterValidator(_without_doubles)
Environments = Annotated[list[Name], Unique]
"""Names of environments, each once."""
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/@]+/?$")]
Address = Annotated[str, AfterValidator(_allowed_address)]
Owner = Annotated[str, StringConstraints(pattern=r"^(@[\w.-]+(/[\w.-]+)?|[^\s@]+@[^\s@]+)$")]
Bypass = Annotated[
    str,
    StringConstraints(
        pattern=r"^(organization-admins|repository-admins|maintainers|(app|team|user):[1-9]\d*)$"
    ),
]
"""Somebody whom rules for branches do not concern; GitHub takes numbers and no names."""
ForgeKind = Annotated[str, BeforeValidator(_known_forge)]
SecretName = Annotated[str, AfterValidator(_secret_name)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=49_152)]
"""GitHub takes 48 KB."""
SecretValues = Annotated[
    dict[Name | Literal["*"], Secret], BeforeValidator(_by_environment), Field(min_length=1)
]
"""A secret by environment; `*` stands for those that are not named."""
Manifests = Annotated[str, StringConstraints(pattern=r"^(https://[^\s@]+|[^\s:]+)$")]
"""A file of manifests: an address, or a path from the project's folder."""


class ServerSettings(Group):
    """`forge` and `forge.*`: which forge has the repositories, and where it is."""

    kind: ForgeKind = Field(default="local", alias="itself", examples=["github"])
    url: Url | None = Field(default=None, examples=["http://127.0.0.1:3180"])
    folder: Path | None = Field(default=None, examples=["/srv/forge"])
    api: str = Field(
        default="", pattern=r"^(https?://[^\s@?#]+)?$", examples=["https://api.github.com"]
    )


class AppSettings(Group):
    """`github.app.*`: a GitHub App that asks in place of a person."""

    id: str = Field(
        default="", pattern=r"^[A-Za-z0-9.]*$", coerce_numbers_to_str=True, examples=["123456"]
    )
    key: str = Field(default="", repr=False, examples=["the text of app.pem"])
    installation: int = Field(default=0, ge=0, examples=["7654321"])


class GitHubSettings(Group):
    """`github.*`: whose the repositories on GitHub are, and who asks there."""

    owner: Name | Literal[""] = Field(default="", examples=["acme"])
    token: str = Field(default="", repr=False, examples=["ghp_..."])
    app: AppSettings = UNNAMED
    visibility: Literal["private", "internal", "public"] = Field(
        default="private", examples=["private"]
    )


class RepositorySettings(Group):
    """`repositories.*`: repositories of one's own, and what becomes of those that are made."""

    control_plane: Address = Field(
        default="", alias="control-plane", examples=["https://github.com/acme/control-plane"]
    )
    link_local: bool = Field(default=False, alias="linkLocal", examples=["true"])
    on_destroy: Literal["archive", "delete"] = Field(
        default="archive", alias="onDestroy", examples=["archive"]
    )
    environments: bool = Field(default=False, examples=["true"])
    """Whether the forge has the environments, with variables of workflows."""
    secrets: dict[SecretName, SecretValues] = Field(
        default={}, repr=False, examples=['{"KALYPSO_TOKEN": "github_pat_..."}']
    )
    """What jobs in these environments read as secrets."""
    rulesets: bool = Field(default=False, examples=["true"])
    """Whether rules on the forge keep the environments' branches."""
    bypass: list[Bypass] = Field(default=[], examples=['["team:4567"]'])
    """Whom the rules do not concern."""


class ModelSettings(Group):
    """`model.*`: folders that stand for branches of the control plane, for previews."""

    folder: Path | None = Field(default=None, examples=["../control-plane"])
    base: Path | None = Field(default=None, examples=["../control-plane-main"])


class SourceSettings(Group):
    """`sources.*`: what a faulty source of an application means for the others."""

    on_error: Literal["hold", "stop"] = Field(default="hold", alias="onError", examples=["hold"])


class CommitSettings(Group):
    """`commit.*`: how the commits of pull requests are written."""

    author: str = Field(
        default="",
        pattern=r"^([^<>\x00-\x1f]+ <[^<>\s\x00-\x1f]+>)?$",
        examples=["Kalypso <kalypso@example.com>"],
    )
    sign: bool = Field(default=False, examples=["true"])


class GitOpsSettings(Group):
    """`gitops.*`: what the GitOps branch tells its forge about the folders."""

    mark_generated: bool = Field(default=False, alias="markGenerated", examples=["true"])
    owners: dict[str, list[Owner]] = Field(default={}, examples=['{"*": ["@acme/platform"]}'])


class LimitSettings(Group):
    """`limits.*`: what one run may take away."""

    removals: int = Field(default=5, ge=0, examples=["5"])
    share: float = Field(default=0.1, ge=0, le=1, examples=["0.1"])
    acknowledge: str = Field(default="", examples=["0a1b2c3d4e5f"])
    rollback: bool = Field(default=False, examples=["true"])
    take_over: Name | Literal[""] = Field(default="", alias="takeOver", examples=["qa"])

    @property
    def of_removals(self) -> Limits:
        """How much one run may remove."""
        return Limits(removals=self.removals, share=self.share, acknowledge=self.acknowledge)


class InstallSettings(Group):
    """`install.*`: what installs a reconciler on a cluster that exists."""

    flux: Manifests = Field(
        default="https://github.com/fluxcd/flux2/releases/download/v2.9.5/install.yaml",
        examples=["install/flux.yaml"],
    )
    flux_lockdown: bool = Field(default=False, alias="fluxLockdown", examples=["true"])
    """Whether Flux gets its options for tenants that do not trust each other."""
    argocd: Manifests = Field(
        default="https://raw.githubusercontent.com/argoproj/argo-cd/v3.2.11/manifests/install.yaml",
        examples=["install/argocd.yaml"],
    )
    operator: Manifests = Field(
        default="https://raw.githubusercontent.com/pulumi/pulumi-kubernetes-operator/v2.9.0/deploy"
        "/quickstart/install.yaml",
        examples=["install/operator.yaml"],
    )


class ReaderAppSettings(AppSettings):
    """`reader.app.*`: a GitHub App that reads for clusters; they know it by its number."""

    id: str = Field(
        default="", pattern=r"^[0-9]*$", coerce_numbers_to_str=True, examples=["234567"]
    )


class ReaderSettings(Group):
    """`reader.*`: the credentials with which clusters read repositories."""

    username: str = Field(default="git", pattern=r"^[^\s:]+$", examples=["git"])
    token: str = Field(default="", repr=False, examples=["github_pat_..."])
    deploy_keys: bool = Field(default=False, alias="deployKeys", examples=["true"])
    """Whether each cluster has a key of its own for the GitOps repository."""
    app: ReaderAppSettings = UNNAMED
    rotation: str = Field(default="", max_length=64, examples=["2026-12"])
    """Any text; another one makes other keys."""
    host_keys: str = Field(
        default="", alias="hostKeys", examples=["github.example.com ssh-ed25519 AAAAC3..."]
    )
    """What `ssh-keyscan` says of the forge's host, if Kalypso does not know it."""


class TemplateSettings(Group):
    """`templates.*`: what templates may do, and what they may make."""

    missing_key: Literal["error", "default"] = Field(
        default="error", alias="missingKey", examples=["default"]
    )
    allow: list[str] = Field(default=[], examples=['["now"]'])
    kinds: dict[ManifestKind, list[str]] = Field(
        default={}, examples=['{"namespace": ["Namespace"]}']
    )
