"""A target as a process of this machine: exactly what its container would get, without a cluster.

The manifests and the platform's values are those that were delivered. Which command an image stands
for is said by the user, never by the application's repository.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from kalypso.application.images import Image, parse_image
from kalypso.application.manifests import Manifest, mapping, mappings, named
from kalypso.errors import Collector, ModelError, Position, SettingsError

_REFERENCE = re.compile(r"\$(\$)?\(([A-Za-z_][A-Za-z0-9_.-]*)\)")
_PLAIN_PORT = 8080


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What is started."""

    command: tuple[str, ...]
    variables: Mapping[str, str]
    """Of the container; those of the user's shell are not among them."""
    mounts: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    """Files of config maps, by the folder that they are mounted at in the container."""
    port: int
    """Port of the service, where a person finds it."""


def commands_named(options: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Read options of the form ``IMAGE=COMMAND``.

    Raises:
        SettingsError: An entry is not of the form.
    """
    commands: dict[str, tuple[str, ...]] = {}
    for option in options:
        name, _, command = option.partition("=")
        try:
            words = tuple(shlex.split(command))
        except ValueError:
            words = ()
        if not name or not words:
            raise SettingsError(
                f"--run {option!r} is not of the form IMAGE=COMMAND",
                Position("--run"),
                "for example --run 'hello-world=python3 -m hello_world'",
                code="option",
            )
        commands[name] = words
    return commands


def run_of(
    manifests: Sequence[Manifest],
    platform: Sequence[Manifest],
    commands: Mapping[str, tuple[str, ...]],
    place: str,
) -> Run:
    """Return what a target's container would be started with.

    Args:
        manifests: Of the application.
        platform: Of the platform, in the same namespace.
        commands: Command by the name of its image.
        place: How messages name the manifests.

    Raises:
        Problems: There is nothing to start, or the container would not start.
    """
    maps = {
        name: {key: str(value) for key, value in mapping(each.get("data")).items()}
        for name, each in named([*manifests, *platform], "ConfigMap").items()
    }
    found = Collector()
    pod, container, command = _container(manifests, commands, place)
    variables = _variables(container, maps, found, place)
    mounts = _mounts(pod, container, maps, found, place)
    found.raise_errors()
    arguments = container.get("args")
    return Run(
        command=(*command, *map(str, arguments if isinstance(arguments, list) else ())),
        variables=variables,
        mounts=mounts,
        port=_port(manifests),
    )


def _container(
    manifests: Sequence[Manifest], commands: Mapping[str, tuple[str, ...]], place: str
) -> tuple[Mapping[str, Any], Mapping[str, Any], tuple[str, ...]]:
    images: list[str] = []
    for deployment in named(list(manifests), "Deployment").values():
        template = mapping(mapping(deployment.get("spec")).get("template"))
        pod = mapping(template.get("spec"))
        for container in mappings(pod.get("containers")):
            image = parse_image(str(container.get("image", "")))
            images.append(image.repository)
            if command := _command(image, commands):
                return pod, container, command
    if not images:
        raise ModelError(
            "there is no Deployment to start",
            Position(place),
            "deliver the application first: `kalypso app propose`",
            code="nothing-to-run",
        )
    name = images[0].rpartition("/")[2]
    raise ModelError(
        f"nothing says which command the image {images[0]!r} stands for",
        Position(place),
        f"say it with --run '{name}=COMMAND'",
        code="no-command",
    )


def _command(image: Image, commands: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    names = (image.repository, image.repository.rpartition("/")[2])
    return next((commands[name] for name in names if name in commands), ())


def _variables(
    container: Mapping[str, Any],
    maps: Mapping[str, Mapping[str, str]],
    problems: Collector,
    place: str,
) -> dict[str, str]:
    variables: dict[str, str] = {}
    for each in mappings(container.get("envFrom")):
        name, optional = _reference(each.get("configMapRef"))
        if name in maps:
            prefix = each.get("prefix", "")
            variables |= {f"{prefix}{key}": value for key, value in maps[name].items()}
        elif not optional:
            problems.error(_missing(name or "of a secret", place))
    for each in mappings(container.get("env")):
        source, own = mapping(each.get("valueFrom")), str(each.get("name", ""))
        if not source:
            variables[own] = _expanded(str(each.get("value", "")), variables)
            continue
        wanted = mapping(source.get("configMapKeyRef"))
        name, optional = _reference(wanted)
        key = str(wanted.get("key", ""))
        if key in maps.get(name, {}):
            variables[own] = maps[name][key]
        elif not optional:
            what = f"{key!r} of {name}" if wanted else f"for {own}"
            problems.error(_missing(what, place))
    return variables


def _reference(body: object) -> tuple[str, bool]:
    if not isinstance(body, Mapping):
        return "", False
    return str(body.get("name", "")), bool(body.get("optional"))


def _missing(what: str, place: str) -> ModelError:
    return ModelError(
        f"the container would not start: there is no configuration {what}",
        Position(place),
        "only values of config maps are known here; those of the platform arrive when its pull"
        " request is merged",
        code="no-configuration",
    )


def _expanded(value: str, variables: Mapping[str, str]) -> str:
    """Replace ``$(NAME)`` as Kubernetes does; what is not known stays as it is."""

    def known(found: re.Match[str]) -> str:
        if found[1]:
            return f"$({found[2]})"
        return variables.get(found[2], found[0])

    return _REFERENCE.sub(known, value)


def _mounts(
    pod: Mapping[str, Any],
    container: Mapping[str, Any],
    maps: Mapping[str, Mapping[str, str]],
    problems: Collector,
    place: str,
) -> dict[str, Mapping[str, str]]:
    volumes = {each.get("name"): each.get("configMap") for each in mappings(pod.get("volumes"))}
    mounts: dict[str, Mapping[str, str]] = {}
    for each in mappings(container.get("volumeMounts")):
        body = volumes.get(each.get("name"))
        if body is None:
            continue
        name, optional = _reference(body)
        if name in maps:
            mounts[str(each.get("mountPath"))] = maps[name]
        elif not optional:
            problems.error(_missing(name, place))
    return mounts


def _port(manifests: Sequence[Manifest]) -> int:
    for service in named(list(manifests), "Service").values():
        for each in mappings(mapping(service.get("spec")).get("ports")):
            if isinstance(each.get("port"), int):
                return int(each["port"])
    return _PLAIN_PORT
