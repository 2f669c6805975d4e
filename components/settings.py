"""Settings of a stack: what `pulumi config` holds, checked whole before anything happens."""

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from kalypso.delivery.github_place import DEFAULT_URL as GITHUB_URL
from kalypso.delivery.github_place import GitHub
from kalypso.delivery.local_folder import DEFAULT_FOLDER, DEFAULT_URL, LocalFolder
from kalypso.errors import Position, Problem, Problems
from kalypso.git.remote import Access
from kalypso.gitops.removals import Limits
from kalypso.model.objects import Convention
from kalypso.model.rendered import ManifestKind
from kalypso.rendering.render import RenderSettings

from .access import access_from, app_from
from .starting_content import CONTENTS

NAMESPACE = "kalypso"
_GROUPS = ("commit", "github", "gitops", "limits", "model", "repositories", "templates")
"""Keys that may also be given as an object: `limits: {removals: 3}`."""

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

    def content_of(self, address: str) -> str | None:
        """Return which of the repositories that the platform makes an address names, if any."""
        if not self.makes_repositories:
            return None
        if self.forge == "local":
            name = self.local.name_of(address)
        else:
            place = self.github.repository(address)
            ours = place is not None and place.owner.lower() == self.github_owner.lower()
            name = place.name if place and ours else None
        content = (name or "").removeprefix(f"{self.prefix}-")
        return content if content in CONTENTS and name == self.repository(content) else None


def known_keys() -> list[str]:
    """Return every key that a stack may set, sorted."""
    return sorted(field.alias or name for name, field in Settings.model_fields.items())


def parse_settings(
    config: Mapping[str, str], stack: str, lines: Mapping[str, int] | None = None
) -> Settings:
    """Read the settings of a stack.

    Args:
        config: All configuration of the stack, `namespace:key` to text or JSON text.
        stack: Name of the stack; the default of `environment`.
        lines: Where keys stand in the stack's file, for messages.

    Raises:
        Problems: Everything that is wrong with them.
    """
    values: dict[str, object] = {"environment": stack}
    values.update(_ours(config))
    if values.get("forge") == "github":
        values.setdefault("forge.url", GITHUB_URL)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        wrong = [_problem(str(e["loc"][0]), e["msg"], e["type"]) for e in error.errors()]
        raise Problems(_placed(key, each, stack, lines or {}) for key, each in wrong) from None
    missing = [*_not_yet(settings), *_incomplete(settings)]
    if missing:
        raise Problems(_placed(key, each, stack, lines or {}) for key, each in missing)
    return settings


def key_lines(text: str) -> dict[str, int]:
    """Find in which line of a stack's file each of our keys stands."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        key = line.strip().strip("\"'").removeprefix(f"{NAMESPACE}:")
        if line.strip().strip("\"'").startswith(f"{NAMESPACE}:"):
            lines.setdefault(key.partition(":")[0].strip("\"' "), number)
    return lines


def _ours(config: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, text in config.items():
        namespace, _, key = name.partition(":")
        if namespace != NAMESPACE:
            continue
        value = _value(text)
        if key in _GROUPS and isinstance(value, dict):
            yield from _flat(key, value)
        else:
            yield key, value


def _flat(key: str, value: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for inner, item in value.items():
        name = f"{key}.{inner}"
        if isinstance(item, dict) and any(known.startswith(f"{name}.") for known in known_keys()):
            yield from _flat(name, item)
        else:
            yield name, item


def _value(text: str) -> object:
    if text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _problem(key: str, message: str, kind: str) -> tuple[str, Problem]:
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(key, known_keys(), 1, 0.6)
        hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known_keys())}"
        told, code = f"there is no setting {key!r}", "unknown-setting"
    else:
        # A pattern says less to people than an example does.
        why = "" if kind == "string_pattern_mismatch" else f": {message[:1].lower()}{message[1:]}"
        told, code = f"the setting {key!r} is wrong{why}", "setting"
        hint = f"for example {_example(key)}; see docs/reference/settings.md"
    return key, Problem(code, told, Position(""), hint)


def _example(key: str) -> str:
    for name, field in Settings.model_fields.items():
        if key in {name, field.alias} and field.examples:
            return str(field.examples[0])
    return "the default, by leaving it out"


def _not_yet(settings: Settings) -> Iterator[tuple[str, Problem]]:
    for cluster in settings.clusters:
        provider = cluster.get("provider", "none")
        if provider != "none":
            message = f"clusters with provider {provider!r} are not in this version"
            hint = "leave clusters out: any cluster may reconcile its folder of the branch"
            yield "clusters", Problem("not-yet", message, Position(""), hint)


def _incomplete(settings: Settings) -> Iterator[tuple[str, Problem]]:
    if settings.forge == "github" and not (settings.github_owner or settings.control_plane):
        message = "the forge is GitHub, and nothing says where the control plane is"
        hint = "`pulumi config set github.owner NAME`, or repositories.control-plane with its URL"
        yield "forge", Problem("no-owner", message, Position(""), hint)
    if bool(settings.app_id) != bool(settings.app_key):
        has, lacks = ("id", "key") if settings.app_id else ("key", "id")
        message = f"github.app.{has} is set, and github.app.{lacks} is not"
        hint = "a GitHub App needs both: its number, and the text of its .pem file as a secret"
        yield f"github.app.{has}", Problem("github-app", message, Position(""), hint)
    if settings.app_id and settings.github_token:
        message = "both a token and a GitHub App are set"
        hint = "remove github.token, or github.app.id and github.app.key"
        yield "github.token", Problem("github-app", message, Position(""), hint)
    if settings.delivery == "repository-files" and settings.forge != "github":
        message = "delivery 'repository-files' is GitHub's: the embedded forge has pull requests"
        hint = "use delivery: pull-request, or set forge to github"
        yield "delivery", Problem("setting", message, Position(""), hint)


def _placed(key: str, problem: Problem, stack: str, lines: Mapping[str, int]) -> Problem:
    group = key.partition(".")[0]
    at = Position(f"Pulumi.{stack}.yaml", lines.get(key) or lines.get(group) or 1)
    return Problem(problem.code, problem.message, at, problem.hint)
