"""The engine's questions over gRPC, answered by our resources.

Built on the generated servicer, which is Pulumi's stable interface. Each call runs in a
thread of its own, so git may take its time. What a user can fix arrives as its message
only; a bug keeps its traceback.
"""

import traceback
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer

from kalypso.errors import KalypsoError

from .resource import Difference, Guard, Kind, Report, Resource
from .values import from_wire, secrets_in, to_wire

if TYPE_CHECKING:
    from .construction import Components

Context = grpc.ServicerContext
Answer = TypeVar("Answer")
_DiffKind = provider_pb2.PropertyDiff.Kind
_KINDS: Mapping[Kind, "_DiffKind.ValueType"] = {
    Kind.ADDED: provider_pb2.PropertyDiff.ADD,
    Kind.CHANGED: provider_pb2.PropertyDiff.UPDATE,
    Kind.REMOVED: provider_pb2.PropertyDiff.DELETE,
}


class Servicer(ResourceProviderServicer):
    """Hands each question to the resource of its type."""

    def __init__(
        self,
        load: Callable[[Mapping[str, str]], Mapping[str, Resource]],
        components: Callable[[], "Components"],
        version: str,
        engine: str,
    ) -> None:
        """Serve an engine.

        Args:
            load: Returns the resources by their tokens, for a configuration; asked when one of
                them is.
            components: Returns the components by their tokens, in the same way.
            version: Of the package.
            engine: Its address; empty if nothing shall be reported.
        """
        self._load, self._components, self._address = load, components, engine
        self._variables: Mapping[str, str] = {}
        self._program_runs = False
        """Whether a program declares resources: then this is no `pulumi destroy`."""
        self._version = version
        self._engine = engine_pb2_grpc.EngineStub(grpc.insecure_channel(engine)) if engine else None

    def Handshake(self, request: object, context: Context) -> object:
        """Decline: configuration comes later."""
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    def Parameterize(self, request: object, context: Context) -> object:
        """Decline: the package is always the same."""
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no parameters")

    def GetPluginInfo(self, request: Empty, context: Context) -> plugin_pb2.PluginInfo:
        """Tell our version."""
        del request, context
        return plugin_pb2.PluginInfo(version=self._version)

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Context
    ) -> provider_pb2.GetSchemaResponse:
        """Describe our resources and components to other languages."""
        del request, context
        from ..resources import RESOURCES
        from .schema import schema

        text = schema(self._version, RESOURCES, self._components())
        return provider_pb2.GetSchemaResponse(schema=text)

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: Context
    ) -> provider_pb2.ConstructResponse:
        """Declare a component for a program in another language."""
        import pulumi

        from .construction import RefusedError, construct

        try:
            return construct(self._components(), request, self._address)
        except RefusedError as error:
            context.abort_with_status(error.status)
        except pulumi.RunError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        raise AssertionError("unreachable: abort raises")

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        """Accept the provider's configuration: the program has checked the settings."""
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Context
    ) -> provider_pb2.DiffResponse:
        """Never replace the provider."""
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Context
    ) -> provider_pb2.ConfigureResponse:
        """Take the settings; say what we can: no previews of creations.

        The engine wants providers of components to know secrets and outputs on the wire.
        """
        del context
        self._variables = dict(request.variables)
        self.__dict__.pop("_resources", None)
        return provider_pb2.ConfigureResponse(
            supportsPreview=False, acceptSecrets=True, acceptOutputs=True
        )

    def Check(
        self, request: provider_pb2.CheckRequest, context: Context
    ) -> provider_pb2.CheckResponse:
        """Tell which inputs are missing."""
        self._program_runs = True
        resource = self._resource(request.urn, context)
        given = from_wire(request.news)
        failures = [
            provider_pb2.CheckFailure(property=name, reason=f"the input {name} is missing")
            for name in resource.inputs
            if name not in given
        ]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def Diff(
        self, request: provider_pb2.DiffRequest, context: Context
    ) -> provider_pb2.DiffResponse:
        """Compare with what is really there."""
        resource = self._resource(request.urn, context)
        state, old, new = map(from_wire, (request.olds, request.old_inputs, request.news))
        return _diff_response(_answered(context, lambda: resource.diff(state, old, new)))

    def Create(
        self, request: provider_pb2.CreateRequest, context: Context
    ) -> provider_pb2.CreateResponse:
        """Make a resource."""
        resource, report = self._resource(request.urn, context), self._report(request.urn)
        made = _answered(context, lambda: resource.create(from_wire(request.properties), report))
        return provider_pb2.CreateResponse(
            id=made.resource_id,
            properties=to_wire(made.state, secrets_in(request.properties)),
        )

    def Read(
        self, request: provider_pb2.ReadRequest, context: Context
    ) -> provider_pb2.ReadResponse:
        """Look at a resource; an empty id says that it is gone."""
        resource = self._resource(request.urn, context)
        state, inputs = from_wire(request.properties), from_wire(request.inputs)
        seen = _answered(context, lambda: resource.read(request.id, state, inputs))
        if not seen.resource_id:
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=seen.resource_id,
            properties=to_wire(seen.state, secrets_in(request.properties)),
            inputs=to_wire(seen.inputs, secrets_in(request.inputs)),
        )

    def Update(
        self, request: provider_pb2.UpdateRequest, context: Context
    ) -> provider_pb2.UpdateResponse:
        """Change a resource in place."""
        resource, report = self._resource(request.urn, context), self._report(request.urn)
        old, new = from_wire(request.olds), from_wire(request.news)
        state = _answered(context, lambda: resource.update(old, new, report))
        return provider_pb2.UpdateResponse(properties=to_wire(state, secrets_in(request.news)))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        """Remove a resource."""
        resource, state = self._resource(request.urn, context), from_wire(request.properties)
        if isinstance(resource, Guard) and not self._program_runs:
            guard: Guard = resource
            _answered(context, lambda: guard.before_destroy(state))
        _answered(context, lambda: resource.delete(state))
        return Empty()

    def Cancel(self, request: Empty, context: Context) -> Empty:
        """Let what runs come to its end: every step is short and whole."""
        del request, context
        return Empty()

    @cached_property
    def _resources(self) -> Mapping[str, Resource]:
        return self._load(self._variables)

    def _resource(self, urn: str, context: Context) -> Resource:
        kind = urn.split("::")[2].rpartition("$")[2]
        resource = self._resources.get(kind)
        if resource is None:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"there is no resource type {kind}")
            raise AssertionError("unreachable: abort raises")
        return resource

    def _report(self, urn: str) -> Report:
        def report(message: str) -> None:
            if self._engine is not None:
                request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=message, urn=urn)
                self._engine.Log(request)

        return report


def _answered(context: Context, work: Callable[[], Answer]) -> Answer:
    """Do the work; tell the engine in our own words why it could not be done."""
    try:
        return work()
    except KalypsoError as error:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, error.without_severity)
    except Exception:  # noqa: BLE001 - a bug: the engine shows where it is
        context.abort(grpc.StatusCode.UNKNOWN, traceback.format_exc())
    raise AssertionError("unreachable: abort raises")


def _diff_response(difference: Difference) -> provider_pb2.DiffResponse:
    details = {
        path: provider_pb2.PropertyDiff(kind=_KINDS[kind], inputDiff=not difference.of_outputs)
        for path, kind in difference.details.items()
    }
    replaced = {
        path: provider_pb2.PropertyDiff(
            kind=provider_pb2.PropertyDiff.UPDATE_REPLACE, inputDiff=True
        )
        for path in difference.replaces
    }
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=some if difference.changed else none,
        replaces=difference.replaces,
        deleteBeforeReplace=bool(difference.replaces) and not difference.new_first,
        diffs=sorted({path.partition("[")[0] for path in details} | set(difference.replaces)),
        detailedDiff={**details, **replaced},
        hasDetailedDiff=True,
    )
