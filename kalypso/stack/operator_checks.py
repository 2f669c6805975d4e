"""Checks of a control plane that runs the program: a cluster for it, a repository, a state."""

from __future__ import annotations

from collections.abc import Iterator

from kalypso.stack.settings import Settings

KeyProblem = tuple[str, str, str]
"""A key of the settings, what is wrong with it, and a hint."""
_LONGEST = 42
"""Letters of a Stack's name; the operator adds more to the names of pods."""


def operator_problems(settings: Settings) -> Iterator[KeyProblem]:
    """Return what is wrong with the control plane, if one runs the program."""
    given = settings.operator
    if not given.cluster:
        return
    yield from _cluster(settings)
    for key, value, what in (
        ("repository", given.repository, "repository with the program"),
        ("backend", given.backend, "state that all runs share"),
    ):
        if not value:
            yield _problem("cluster", f"the operator needs a {what}", f"set controlPlane.{key}")
    if given.backend.startswith("file:"):
        message = "the state would be in a pod, and lost with it"
        hint = "name a state that all runs share, such as azblob://..., s3://... or gs://..."
        yield _problem("backend", message, hint)
    if not settings.environments:
        message = "the operator has a Stack for each environment, and nothing says which there are"
        yield _problem("cluster", message, "set environments")
    for name in settings.environments:
        if len(name) > _LONGEST:
            message = f"the operator allows {_LONGEST} letters in a name, and {name!r} has more"
            yield _problem("cluster", message, "give the environment a shorter name")


def _cluster(settings: Settings) -> Iterator[KeyProblem]:
    name = settings.operator.cluster
    known = {each.name: each for each in settings.clusters}
    cluster = known.get(name)
    if cluster is None:
        hint = f"clusters: {', '.join(known)}" if known else "list it under clusters"
        yield _problem("cluster", f"there is no cluster {name!r}", hint)
    elif cluster.role != "control-plane":
        message = f"the cluster {name!r} runs workloads, which could reach what the operator holds"
        yield _problem("cluster", message, "name a cluster with role: control-plane")
    elif cluster.provider not in {"azure", "existing"}:
        message = f"the cluster {name!r} is not reached: its provider is {cluster.provider!r}"
        yield _problem("cluster", message, "give it provider: azure, or existing with a context")


def _problem(key: str, message: str, hint: str) -> KeyProblem:
    return f"controlPlane.{key}", message, hint
