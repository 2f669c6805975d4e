"""Stand-ins for the engine's plugins, served by the process that runs the tests.

The engine starts a plugin for each provider of each run: here a script that asks for one, and
ends it when it is ended. To start Python with gRPC for each takes longer than all that they do.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from threading import Thread

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from tests.standins.azure.plugin_server import AzureNative
from tests.standins.kubernetes_plugin import Kubernetes
from tests.standins.plugin import Plugin

FOLDER = Path(__file__).with_name("plugins")
"""Where the scripts are that the engine starts: one script, by the name of each plugin."""
PLUGINS: Mapping[str, Callable[[Path, str], Plugin]] = {
    "azure-native": AzureNative,
    "kubernetes": lambda folder, _: Kubernetes(folder),
}
_LOOPBACK = "127.0.0.1"


@cache
def plugin_variables() -> Mapping[str, str]:
    """Return the environment that the scripts need; starts the one host of this process."""
    listener = socket.create_server((_LOOPBACK, 0))
    Thread(target=_listen, args=(listener,), daemon=True).start()
    return {"KALYPSO_TEST_PLUGINS": str(listener.getsockname()[1])}


def _listen(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    """Serve one plugin for as long as its script runs.

    The script says which, in which folder, and for which subscription; it hears the port.
    """
    with connection, connection.makefile("rw", encoding="utf-8") as script:
        name, folder, subscription = script.readline().rstrip("\n").split("\t")
        server = grpc.server(ThreadPoolExecutor(max_workers=8))
        add_ResourceProviderServicer_to_server(PLUGINS[name](Path(folder), subscription), server)
        port = server.add_insecure_port(f"{_LOOPBACK}:0")
        server.start()
        script.write(f"{port}\n")
        script.flush()
        script.readline()  # nothing comes but the end
        server.stop(None)
