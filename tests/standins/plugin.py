"""What plugins of the engine have in common: they refuse in one sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as Packed
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer
from pulumi.runtime.proto.status_pb2 import Status

Json = dict[str, Any]
Context = grpc.ServicerContext
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine sends for a value that is not known yet."""


class RefusedError(Exception):
    """An operation that failed; one sentence for whoever runs the engine."""


class UnfinishedError(RefusedError):
    """A resource that is there and not ready: the engine keeps it in its state."""

    def __init__(self, message: str, resource_id: str, outputs: Json, inputs: Json) -> None:
        super().__init__(message)
        self.resource_id, self.outputs, self.inputs = resource_id, outputs, inputs


class Plugin(ResourceProviderServicer):
    """The calls that are the same for all plugins."""

    version = ""

    def Handshake(self, request: object, context: Context) -> object:
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no handshake")

    def Parameterize(self, request: object, context: Context) -> object:
        del request
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "no parameters")

    def GetPluginInfo(self, request: Empty, context: Context) -> object:
        del request, context
        return plugin_pb2.PluginInfo(version=self.version)

    def CheckConfig(self, request: provider_pb2.CheckRequest, context: Context) -> object:
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: object, context: Context) -> object:
        del request, context
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Cancel(self, request: Empty, context: Context) -> Empty:
        del request, context
        return Empty()


@contextmanager
def refusing(context: Context) -> Iterator[None]:
    """Let an operation end with its own sentence."""
    try:
        yield
    except UnfinishedError as error:
        detail = Packed()
        detail.Pack(
            provider_pb2.ErrorResourceInitFailed(
                id=error.resource_id,
                properties=to_wire(error.outputs),
                inputs=to_wire(error.inputs),
                reasons=[str(error)],
            )
        )
        whole = Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
        whole.details.append(detail)
        context.set_trailing_metadata((("grpc-status-details-bin", whole.SerializeToString()),))
        context.abort(grpc.StatusCode.UNKNOWN, str(error))
    except RefusedError as error:
        context.abort(grpc.StatusCode.UNKNOWN, str(error))


def from_wire(struct: Struct) -> Json:
    """Return properties as plain values; whole numbers become integers."""
    return {key: _plain(value) for key, value in json_format.MessageToDict(struct).items()}


def to_wire(properties: Mapping[str, Any]) -> Struct:
    struct = Struct()
    struct.update(dict(properties))
    return struct


def unknown_in(value: object) -> bool:
    """Return whether a value or a part of it is not known yet."""
    if isinstance(value, dict):
        return any(map(unknown_in, value.values()))
    return any(map(unknown_in, value)) if isinstance(value, list) else value == UNKNOWN


def kind_of(urn: str) -> str:
    """Return the type token of a resource."""
    return urn.split("::")[2].rpartition("$")[2]


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value
