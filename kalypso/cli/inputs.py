"""Options that name the model of an environment, shared by all commands that read one."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import click
from msgspec.structs import replace

from kalypso.cli.completion import environment_names
from kalypso.cli.form import say
from kalypso.cli.local_addresses import readable_address, readable_location
from kalypso.cli.problems import exit_code, print_problems
from kalypso.cli.settled import NAMES, Inputs, given_options, settled, settled_everywhere
from kalypso.errors import KalypsoError, Position, SettingsError
from kalypso.evaluation import Request
from kalypso.git import check_repository, checkout_of, is_remote, shown_address
from kalypso.loading import (
    ControlPlane,
    GivenBase,
    Location,
    NamedRepositories,
    WithBase,
    is_folder,
    parse_location,
    read_location,
)
from kalypso.model import ManifestKind, Pointer, Repositories, Source
from kalypso.rendering import AllowedKinds, RenderSettings

__all__ = [
    "Inputs",
    "ModelCommand",
    "environment_options",
    "existing_folder",
    "mapped_locations",
    "model_options",
    "request_of",
]

C = TypeVar("C", bound=Callable[..., Any])
_PLACE = "DIR|URL@BRANCH[:PATH]"
_TELLING = (0, 1, 3, 2)
"""Exit codes, the one last that says most of several runs."""


class ModelCommand(click.Command):
    """A command whose help shows its own options before those that name the model."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both lists."""
        shared = {*NAMES, "everywhere"}
        parts: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                parts[parameter.name in shared].append(record)
        for title, records in (("Options", parts[False]), ("What to read", parts[True])):
            with formatter.section(title):
                formatter.write_dl(records)


def model_options(command: C) -> C:
    """Add the options; the command gets them as ``inputs``, once for each environment."""
    return _reading(command, (_ENVIRONMENT, _EVERYWHERE, *_OPTIONS))


def environment_options(command: C) -> C:
    """Add the same options, to a command that is about one environment at a time."""
    return _reading(command, (_ENVIRONMENT, *_OPTIONS))


def _reading(command: C, added: Iterable[Callable[[Any], Any]]) -> C:
    @functools.wraps(command)
    def wrapped(**options: Any) -> object:  # noqa: ANN401 - whatever the command declares
        everywhere = options.pop("everywhere", False)
        inputs = Inputs(**{name: options.pop(name) for name in NAMES})
        if everywhere:
            _run_everywhere(settled_everywhere(inputs, given_options()), command, options)
            return None
        return command(inputs=settled(inputs, given_options()), **options)

    decorated: Any = wrapped
    for option in reversed(tuple(added)):
        decorated = option(decorated)
    return cast("C", decorated)


def _run_everywhere(
    environments: Mapping[str, Callable[[], Inputs]],
    command: Callable[..., object],
    options: Mapping[str, object],
) -> None:
    """Run a command for each environment; what is wrong with one hides none of the others.

    Ends with the exit code that says most: 2 before 3, which a retry may heal, before 1.
    """
    codes = [0]
    for name, settle in environments.items():
        say(f"==> {name}", err=True)
        try:
            command(inputs=settle(), **options)
        except SystemExit as stop:
            codes.append(stop.code if isinstance(stop.code, int) else 0)
        except KalypsoError as error:
            print_problems(error.problems)
            codes.append(exit_code(error.problems))
    worst = max(codes, key=_TELLING.index)
    if worst:
        sys.exit(worst)


_ENVIRONMENT = click.option(
    "--environment",
    "-e",
    default="",
    envvar="KALYPSO_ENVIRONMENT",
    shell_complete=environment_names,
    help="Environment to schedule. Default: the only one of this folder.",
)
_EVERYWHERE = click.option(
    "-A",
    "everywhere",
    is_flag=True,
    help="All environments, one after the other. Files go into a folder for each.",
)
_OPTIONS = (
    click.option(
        "--base",
        default="",
        metavar=_PLACE,
        envvar="KALYPSO_BASE",
        help="Control plane, branch main. Default: what the BaseRepo names.",
    ),
    click.option(
        "--control-plane",
        default="",
        metavar=_PLACE,
        envvar="KALYPSO_CONTROL_PLANE",
        help="Control plane, branch of the environment. Default: what the settings of this folder"
        " say, in Pulumi.<stack>.yaml or kalypso.yaml.",
    ),
    click.option(
        "--repositories",
        default="",
        metavar="DIR",
        envvar="KALYPSO_REPOSITORIES",
        help="Folder with a folder or git repository for each registered repository, named like"
        " the last part of its URL; a bare repository also ends in .git. Default: the URLs are"
        " read.",
    ),
    click.option(
        "--repo", multiple=True, metavar="URL=DIR", help="Read this URL from there. Repeatable."
    ),
    click.option(
        "--conventions",
        type=click.Choice(["walkthrough", "operator"]),
        envvar="KALYPSO_CONVENTIONS",
        default="walkthrough",
        show_default=True,
        help="How namespaces and config files are named.",
    ),
    click.option(
        "--missing-key",
        type=click.Choice(["error", "default", "zero"]),
        envvar="KALYPSO_MISSING_KEY",
        default="error",
        show_default=True,
        help="What printing a missing key in a template does.",
    ),
    click.option(
        "--allow-kind",
        multiple=True,
        metavar="TYPE=KIND",
        help="Manifests of this type (reconciler, namespace, config) may hold only the kinds that"
        " are named so; * stands for all. Repeatable. Default: those that the templates write"
        " literally, and Namespace for namespaces.",
    ),
    click.option(
        "--strict", is_flag=True, envvar="KALYPSO_STRICT", help="Unknown fields are errors."
    ),
)


def request_of(inputs: Inputs) -> Request:
    """Read the control plane and make the request.

    Raises:
        KalypsoError: An option is wrong, or the control plane cannot be read.
    """
    if inputs.settings is not None:
        from kalypso.stack import request_for

        request = request_for(inputs.settings)
        rendering = replace(
            request.settings, convention=inputs.conventions, missing_key=inputs.missing_key
        )
        return replace(request, settings=rendering, strict=inputs.strict)
    place = parse_location(inputs.control_plane)
    source = read_location(readable_location(inputs.control_plane))
    return Request(
        start=ControlPlane(
            environment=inputs.environment,
            source=source,
            path=place.path,
            pointer=_pointer(place),
            checkout=None if place.branch else checkout_of(Path(place.repository)),
            base=_given_base(inputs.base),
        ),
        repositories=_repositories(inputs),
        settings=RenderSettings(
            convention=inputs.conventions,
            missing_key=inputs.missing_key,
            allowed_kinds=_allowed_kinds(inputs.allow_kind),
        ),
        strict=inputs.strict,
    )


def _allowed_kinds(entries: tuple[str, ...]) -> AllowedKinds:
    allowed: dict[ManifestKind, frozenset[str]] = {}
    for entry in entries:
        name, _, kind = entry.partition("=")
        manifest = next((known for known in get_args(ManifestKind) if known == name), None)
        if manifest is None or not kind:
            raise SettingsError(
                f"--allow-kind {entry!r} is not of the form TYPE=KIND",
                Position("--allow-kind"),
                f"types are {', '.join(get_args(ManifestKind))}",
                code="option",
            )
        allowed[manifest] = allowed.get(manifest, frozenset()) | {kind}
    return allowed


def _given_base(text: str) -> GivenBase | None:
    """Return the repository and branch of a base that is given, as far as they are known."""
    if not text:
        return None
    place = parse_location(text)
    if is_remote(place.repository):
        return GivenBase(f"--base {text}", place.repository, place.branch)
    checkout = checkout_of(Path(place.repository))  # the name of a folder says nothing
    if checkout is None:
        return GivenBase(f"--base {text}", "", place.branch) if place.branch else None
    return GivenBase(f"--base {text}", checkout.origin(), place.branch or checkout.branch)


def _pointer(place: Location) -> Pointer | None:
    if not place.branch:
        return None
    # A clone on this machine says nothing about the address that objects name.
    repository = place.repository if is_remote(place.repository) else ""
    return Pointer(repo=repository, branch=place.branch, path=place.path)


def _repositories(inputs: Inputs) -> Repositories:
    folder, mapped = existing_folder(inputs.repositories), mapped_locations(inputs.repo)
    named = NamedRepositories(folder=folder, mapped=mapped, address_of=readable_address)
    if not inputs.base:
        return named
    base = readable_location(inputs.base)
    return WithBase(named, lambda: _folder_of(base))


def _folder_of(base: Location) -> Source:
    """Read a location; a path in it becomes the root."""
    source = read_location(base)
    return source if base.path == "." else source.below(base.path)


def existing_folder(text: str) -> Path | None:
    """Return the folder that ``--repositories`` names; None without the option.

    Raises:
        SettingsError: There is no such folder.
    """
    if text and not is_folder(text):
        raise SettingsError("there is no such folder", Position(text), code="option")
    return Path(text) if text else None


def mapped_locations(entries: tuple[str, ...]) -> dict[str, Location]:
    """Return the places of the URLs that ``--repo`` maps.

    Raises:
        SettingsError: An entry is not of the form ``URL=DIR``.
        SourceError: There is no such folder.
    """
    mapped: dict[str, Location] = {}
    for entry in entries:
        url, equals, place = entry.rpartition("=")
        if not equals or not url:
            raise SettingsError(
                f"--repo {shown_address(entry)!r} is not of the form URL=DIR",
                Position("--repo"),
                code="option",
            )
        check_repository(url, Position("--repo"))
        mapped[url] = readable_location(place)
    return mapped
