"""What a command reads: its options, and what the settings of the folder say in their absence."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from click.core import ParameterSource
from msgspec.structs import replace

from kalypso.model import Convention
from kalypso.template import MissingKey

if TYPE_CHECKING:
    from kalypso.stack import Settings


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """The options as given."""

    environment: str
    base: str
    control_plane: str
    repositories: str
    repo: tuple[str, ...]
    conventions: Convention
    missing_key: MissingKey
    strict: bool
    allow_kind: tuple[str, ...] = ()
    settings: Settings | None = None
    """Those of the environment's stack, where they say what is read."""
    apart: bool = False
    """Whether other environments are asked about too."""

    def own_folder(self, folder: Path) -> Path:
        """Return where in a folder files of the environment go: apart from those of others."""
        return folder / self.environment if self.apart else folder


NAMES = tuple(name for name in Inputs.__struct_fields__ if name not in {"settings", "apart"})
"""Of the options."""


def given_options() -> frozenset[str]:
    """Return the names of the options that a user gave, also by a variable."""
    context = click.get_current_context()
    return frozenset(
        name for name in NAMES if context.get_parameter_source(name) is not ParameterSource.DEFAULT
    )


def settled(inputs: Inputs, given: frozenset[str]) -> Inputs:
    """Return the inputs with what the settings say of what no option says.

    Args:
        inputs: The options.
        given: Names of those that a user gave; the settings are not asked for them.

    Raises:
        SettingsError: The settings do not say which environment is meant.
        click.UsageError: Neither an option nor a setting says what to read.
    """
    if inputs.control_plane and inputs.environment and not inputs.apart:
        return inputs
    from kalypso.stack import find_settings

    found = find_settings(_settings_folder(given), inputs.environment, os.environ)
    return _with_settings(inputs, given, found.settings)


def settled_everywhere(inputs: Inputs, given: frozenset[str]) -> Mapping[str, Callable[[], Inputs]]:
    """Return what settles the inputs of each environment that the settings have, by its name.

    Args:
        inputs: The options.
        given: Names of those that a user gave.

    Raises:
        SettingsError: The settings cannot be read.
        click.UsageError: There are no settings.
    """
    from kalypso.stack import environments_in

    return {
        name: partial(settled, replace(inputs, environment=name, apart=True), given)
        for name in environments_in(_settings_folder(given))
    }


def _settings_folder(given: frozenset[str]) -> Path:
    from kalypso.stack import settings_folder

    folder = settings_folder(Path.cwd())
    if folder is None:
        raise _missing([name for name in ("environment", "control_plane") if name not in given])
    return folder


def named_inputs(environment: str) -> Inputs | None:
    """Return the inputs of an environment as the settings of this folder have them, if any do.

    Raises:
        KalypsoError: The settings are wrong, or do not say which environment is meant.
    """
    from kalypso.stack import (
        find_settings,
        settings_folder,
    )

    folder = settings_folder(Path.cwd())
    if folder is None:
        return None
    found = find_settings(folder, environment, os.environ).settings
    options = Inputs(
        environment=environment,
        base="",
        control_plane="",
        repositories="",
        repo=(),
        conventions="walkthrough",
        missing_key="error",
        strict=False,
    )
    return _with_settings(options, frozenset(), found)


def _missing(names: Sequence[str]) -> click.UsageError:
    options = " and ".join(f"'--{name.replace('_', '-')}'" for name in names)
    word = "options" if len(names) > 1 else "option"
    return click.UsageError(
        f"Missing {word} {options}: this folder has no Pulumi.<stack>.yaml and no kalypso.yaml"
        " that say it.",
        click.get_current_context(),
    )


def _kinds(found: Settings) -> Iterator[str]:
    for manifest, names in found.templates.kinds.items():
        yield from (f"{manifest}={name}" for name in names)


def _with_settings(inputs: Inputs, given: frozenset[str], found: Settings) -> Inputs:
    """Fill in what a user did not say."""
    own = replace(
        inputs,
        environment=found.environment,
        conventions=inputs.conventions if "conventions" in given else found.conventions,
        missing_key=inputs.missing_key if "missing_key" in given else found.templates.missing_key,
        strict=inputs.strict if "strict" in given else found.strict,
        allow_kind=inputs.allow_kind if "allow_kind" in given else tuple(_kinds(found)),
    )
    if inputs.control_plane:
        return own
    place = found.forge.place(found.control_plane_url)
    address = place.git_address if place else found.control_plane_url
    here = found.model.folder
    return replace(
        own,
        control_plane=str(here) if here else f"{address}@{found.environment}",
        base=inputs.base or str(found.model.base or ""),
        settings=None if inputs.base or inputs.repositories or inputs.repo else found,
    )
