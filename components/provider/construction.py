"""Components for programs in other languages: the engine asks, and they are declared here.

The SDK knows how to talk to the engine as a program does. Each question has an event loop and
settings of its own, so several are answered side by side.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import grpc
import pulumi
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2

from kalypso.errors import KalypsoError

from .given import read_arguments
from .property_types import wire_name
from .schema import arguments_of, outputs_of

_EXTRAS = {
    "pulumi_azure_native": "azure",
    "pulumi_github": "github",
    "pulumi_kubernetes": "kubernetes",
}
"""What to install for each package that a component imports."""

Components = Mapping[str, type[pulumi.ComponentResource]]


class RefusedError(Exception):
    """The SDK's answer to inputs that are wrong: a status with their paths."""

    def __init__(self, status: grpc.Status) -> None:
        super().__init__(status)
        self.status = status


def construct(
    components: Components, request: provider_pb2.ConstructRequest, engine: str
) -> provider_pb2.ConstructResponse:
    """Declare a component with all that belongs to it.

    Args:
        components: By their type tokens.
        request: Which one, and its inputs.
        engine: Address of the engine.

    Raises:
        RefusedError: The inputs are wrong.
        RunError: The component says what a user has to change.
    """
    servicer = ProviderServicer(_Host(components), [], engine)
    answer: provider_pb2.ConstructResponse = asyncio.run(servicer.Construct(request, _Context()))
    return answer


class _Host(Provider):
    """Makes components for the SDK."""

    def __init__(self, components: Components) -> None:
        super().__init__("")
        self._components = components

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        kind: Any = self._components.get(resource_type)
        if kind is None:
            raise pulumi.RunError(f"the package has no component {resource_type}")
        arguments = read_arguments(arguments_of(kind), inputs)
        try:
            made = kind(name, arguments, options)
        except KalypsoError as error:
            raise pulumi.RunError(error.without_severity) from error
        except ModuleNotFoundError as error:
            extra = _EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            package = f"pip install 'kalypso-on-pulumi[{extra}]'"
            raise pulumi.RunError(
                f"{kind.__name__} declares resources of a package that is not installed where the"
                f" provider runs: {package}"
            ) from error
        found = {wire_name(each): getattr(made, each) for each, _ in outputs_of(kind)}
        return ConstructResult(
            made.urn, {key: value for key, value in found.items() if value is not None}
        )


class _Context:
    """Takes the SDK's refusal out of its event loop."""

    async def abort_with_status(self, status: grpc.Status) -> None:
        """Refuse."""
        raise RefusedError(status)
