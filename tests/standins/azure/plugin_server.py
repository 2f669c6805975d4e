"""The stand-in for `pulumi-resource-azure-native`: the engine's calls, answered by a folder.

As the real one it flattens bodies, refuses to make what exists, tries again when Azure throttles,
and keeps a resource that Azure has begun and not finished.
"""

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from tests.standins.azure.arm import Azure, AzureError
from tests.standins.azure.kinds import KINDS, BadBodyError, Json, Kind
from tests.standins.plugin import (
    Context,
    Plugin,
    RefusedError,
    UnfinishedError,
    from_wire,
    kind_of,
    refusing,
    to_wire,
    unknown_in,
)

_CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials"
_TRIES = 4
_THROTTLED = 429


class AzureNative(Plugin):
    """One provider with its subscription."""

    version = "3.29.0"

    def __init__(self, folder: Path, subscription: str) -> None:
        """Serve an engine.

        Args:
            folder: Azure's.
            subscription: The one that the engine's environment names; empty if it names none.
        """
        self._azure = Azure(folder)
        self._given, self._subscription = subscription, ""

    def Configure(self, request: provider_pb2.ConfigureRequest, context: Context) -> object:
        del context
        given = from_wire(request.args).get("subscriptionId")
        self._subscription = given or self._given
        return provider_pb2.ConfigureResponse(supportsPreview=False, acceptSecrets=False)

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> object:
        kind, inputs = self._kind(request.urn, context), from_wire(request.news)
        if kind.named:
            inputs.setdefault(kind.named, str(uuid5(NAMESPACE_URL, request.urn)))
        failures = []
        if kind.owned and not unknown_in(inputs):
            try:
                kind.body_of(inputs)
            except BadBodyError as error:
                failures.append(provider_pb2.CheckFailure(reason=str(error)))
        given = to_wire(inputs) if kind.named else request.news
        return provider_pb2.CheckResponse(inputs=given, failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> object:
        kind = self._kind(request.urn, context)
        old, new = from_wire(request.old_inputs), from_wire(request.news)
        for path in request.ignoreChanges:
            _copy(path, old, new)
        differ = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
        replaced = [key for key in differ if key in kind.in_path or key in kind.replaced]
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(
            changes=some if differ else none, diffs=differ, replaces=replaced
        )

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> object:
        kind, inputs = self._kind(request.urn, context), from_wire(request.properties)
        with refusing(context):
            resource_id = self._id(kind, inputs)
            if self._tried(lambda: self._azure.get(resource_id)) is not None:
                raise RefusedError(f"cannot create already existing resource '{resource_id}'")
            outputs = self._put(kind, resource_id, inputs)
        return provider_pb2.CreateResponse(id=resource_id, properties=to_wire(outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> object:
        self._kind(request.urn, context)
        with refusing(context):
            found = self._tried(lambda: self._azure.get(request.id))
        if found is None:
            return provider_pb2.ReadResponse()
        inputs = from_wire(request.inputs)
        return provider_pb2.ReadResponse(
            id=request.id, properties=to_wire(_outputs(found, inputs)), inputs=request.inputs
        )

    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> object:
        kind, inputs = self._kind(request.urn, context), from_wire(request.news)
        with refusing(context):
            outputs = self._put(kind, request.id, inputs)
        return provider_pb2.UpdateResponse(properties=to_wire(outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        self._kind(request.urn, context)
        with refusing(context):
            self._tried(lambda: self._azure.delete(request.id))
        return Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: Context) -> object:
        if request.tok != _CREDENTIALS:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"there is no function {request.tok}")
        given = from_wire(request.args)
        kind = KINDS["azure-native:containerservice:ManagedCluster"]
        with refusing(context):
            resource_id = self._id(kind, given)
            text = self._tried(lambda: self._azure.credentials(resource_id))
        encoded = base64.b64encode(text.encode()).decode()
        found = {"kubeconfigs": [{"name": "clusterUser", "value": encoded}]}
        answer = provider_pb2.InvokeResponse()
        getattr(answer, "return").CopyFrom(to_wire(found))  # its name is a word of Python's
        return answer

    def _kind(self, urn: str, context: Context) -> Kind:
        kind = KINDS.get(kind_of(urn))
        if kind is None:
            reason = f"unknown resource type {kind_of(urn)}"
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, reason)
            raise AssertionError("unreachable: abort raises")
        return kind

    def _id(self, kind: Kind, inputs: Mapping[str, Any]) -> str:
        if not self._subscription:
            raise RefusedError("A Subscription ID must be configured when authenticating")
        try:
            return kind.id_of(inputs, self._subscription)
        except BadBodyError as error:
            raise RefusedError(str(error)) from None

    def _put(self, kind: Kind, resource_id: str, inputs: Json) -> Json:
        try:
            body = kind.body_of(inputs)
        except BadBodyError as error:
            raise RefusedError(str(error)) from None
        try:
            return _outputs(self._tried(lambda: self._azure.put(resource_id, body)), inputs)
        except _Begun as error:
            found = self._azure.get(resource_id) or {}
            outputs = _outputs(found, inputs)
            raise UnfinishedError(str(error), resource_id, outputs, inputs) from None

    @staticmethod
    def _tried(operation: Any) -> Any:
        """Do an operation, again if Azure throttles.

        Raises:
            RefusedError: Azure refuses it, or throttles too long.
        """
        for left in reversed(range(_TRIES)):
            try:
                return operation()
            except AzureError as error:
                if error.begun:
                    raise _Begun(str(error)) from None
                if error.status != _THROTTLED or not left:
                    raise RefusedError(str(error)) from None
        raise AssertionError("unreachable: the last try returns or raises")


class _Begun(Exception):
    pass


def _outputs(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> Json:
    """Return the answer with its properties on top, and the inputs that it does not repeat."""
    inner = {key: each for key, each in found.items() if key != "properties"}
    return {**inputs, **inner, **found.get("properties", {})}


def _copy(path: str, old: Json, new: Json) -> None:
    """Have one thing in new inputs as it was, as the engine's `ignoreChanges` asks."""
    steps = path.replace("[", ".").replace("]", "").split(".")
    source: Any = old
    target: Any = new
    for step in steps[:-1]:
        key: Any = int(step) if step.isdigit() else step
        try:
            source, target = source[key], target[key]
        except (KeyError, IndexError):
            return
    if steps[-1] in source:
        target[steps[-1]] = source[steps[-1]]
    else:
        target.pop(steps[-1], None)
