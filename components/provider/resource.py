"""What a custom resource of our provider can be asked."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Protocol, runtime_checkable

import msgspec

from .values import Properties, Value


class Kind(Enum):
    """How one property differs."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class Difference(msgspec.Struct, frozen=True):
    """What an update would change."""

    changed: bool
    details: Mapping[str, Kind] = msgspec.field(default_factory=dict)
    """By property path, for example ``files["drone/README.md"]``."""
    replaces: tuple[str, ...] = ()
    """Inputs that cannot change in place."""
    new_first: bool = False
    """Whether the one that replaces it is made before it goes."""
    of_outputs: bool = False
    """Whether the engine shows the state, and not the old inputs, as what was there."""


class Present(msgspec.Struct, frozen=True):
    """A resource as it really is."""

    resource_id: str
    """Empty if it is gone."""
    state: Properties = msgspec.field(default_factory=dict)
    inputs: Properties = msgspec.field(default_factory=dict)


Report = Callable[[str], None]
"""Shows a line to whoever runs the engine."""


class Resource(Protocol):
    """A type of custom resource. Methods raise `KalypsoError` for what a user can fix."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that must be given."""
        ...

    def create(self, inputs: Properties, report: Report) -> Present:
        """Make it so; making it again after a run was killed gives the same."""
        ...

    def read(self, resource_id: str, state: Properties, inputs: Properties) -> Present:
        """Look at what is really there."""
        ...

    def diff(self, state: Properties, old: Properties, inputs: Properties) -> Difference:
        """Compare what is wanted with what is there.

        Args:
            state: What the last `read`, `create` or `update` gave as state.
            old: The inputs that came with it; a preview shows how they differ.
            inputs: What is wanted.
        """
        ...

    def update(self, state: Properties, inputs: Properties, report: Report) -> Properties:
        """Change it in place and return the whole state."""
        ...

    def delete(self, state: Properties) -> None:
        """Remove it; nothing to remove is not an error."""
        ...


@runtime_checkable
class Guard(Protocol):
    """A resource that may refuse `pulumi destroy`, which runs no program that could."""

    def before_destroy(self, state: Properties) -> None:
        """Raise `KalypsoError` if the stack must not be destroyed yet."""
        ...


def property_path(name: str, key: str) -> str:
    """Return how the engine names one entry of a property: ``files["drone/README.md"]``.

    Raises:
        ValueError: The key ends with a backslash, which the engine cannot read.
    """
    if key.endswith("\\"):
        raise ValueError(key)
    quoted = key.replace('"', '\\"')
    return f'{name}["{quoted}"]'


def changed_inputs(
    state: Mapping[str, Value], inputs: Mapping[str, Value], names: tuple[str, ...]
) -> tuple[str, ...]:
    """Return which of these inputs differ from the state."""
    return tuple(name for name in names if state.get(name) != inputs.get(name))


def required_inputs(arguments: Any) -> tuple[str, ...]:  # noqa: ANN401 - any TypedDict
    """Return the names of the inputs that must be given, as they are declared."""
    return tuple(name for name in arguments.__annotations__ if name in arguments.__required_keys__)
