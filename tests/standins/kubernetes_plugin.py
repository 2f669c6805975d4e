"""A stand-in for `pulumi-resource-kubernetes` that notes objects in a folder, for tests of Azure.

What the real one does is tested with the real one on real API servers, in `tests/clusters`. This
one only has to know through which kubeconfig an object is made, and that an API server that does
not exist answers nobody.
"""

import hashlib
import json
from pathlib import Path

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import provider_pb2

from tests.standins import documents
from tests.standins.plugin import (
    Context,
    Json,
    Plugin,
    RefusedError,
    from_wire,
    kind_of,
    refusing,
    to_wire,
)


class Kubernetes(Plugin):
    """One provider with its kubeconfig."""

    version = "4.34.2"

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "objects"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._cluster = ""

    def Configure(self, request: provider_pb2.ConfigureRequest, context: Context) -> object:
        del context
        given = from_wire(request.args)
        text = given.get("kubeconfig")
        if isinstance(text, dict):  # a secret arrives with its value inside
            text = text["value"]
        try:
            self._cluster = json.loads(str(text))["current-context"] if text else given["context"]
        except ValueError:
            self._cluster = ""  # a preview does not know it
        return provider_pb2.ConfigureResponse(supportsPreview=False, acceptSecrets=False)

    def Check(self, request: provider_pb2.CheckRequest, context: Context) -> object:
        del context
        return provider_pb2.CheckResponse(inputs=request.news)

    def Diff(self, request: provider_pb2.DiffRequest, context: Context) -> object:
        del context
        old, new = from_wire(request.old_inputs), from_wire(request.news)
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=none if old == new else some)

    def Create(self, request: provider_pb2.CreateRequest, context: Context) -> object:
        inputs = from_wire(request.properties)
        with refusing(context):
            self._write(request.urn, inputs)
        metadata = inputs["metadata"]
        name = f"{metadata.get('namespace', '')}/{metadata['name']}"
        return provider_pb2.CreateResponse(id=name, properties=to_wire(inputs))

    def Update(self, request: provider_pb2.UpdateRequest, context: Context) -> object:
        inputs = from_wire(request.news)
        with refusing(context):
            self._write(request.urn, inputs)
        return provider_pb2.UpdateResponse(properties=to_wire(inputs))

    def Read(self, request: provider_pb2.ReadRequest, context: Context) -> object:
        del context
        there = self._file(request.urn).exists()
        return provider_pb2.ReadResponse(
            id=request.id if there else "", properties=request.properties, inputs=request.inputs
        )

    def Delete(self, request: provider_pb2.DeleteRequest, context: Context) -> Empty:
        del context
        self._file(request.urn).unlink(missing_ok=True)
        return Empty()

    def _write(self, urn: str, inputs: Json) -> None:
        if not self._cluster:
            raise RefusedError("configured Kubernetes cluster is unreachable")
        kept = {"cluster": self._cluster, "type": kind_of(urn), "object": inputs}
        documents.write(self._file(urn), kept)

    def _file(self, urn: str) -> Path:
        return self._folder / f"{hashlib.sha256(urn.encode()).hexdigest()[:16]}.json"
