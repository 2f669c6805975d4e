"""Serves the engine: prints the port, answers, and ends with the engine."""

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto.provider_pb2_grpc import add_ResourceProviderServicer_to_server

from kalypso import __version__

from .resource import Resource
from .servicer import Servicer

if TYPE_CHECKING:
    from .construction import Components

_LARGEST_MESSAGE = 400 * 1024 * 1024
"""What the engine allows itself: a state of version 0.1 has all files of an environment in it."""
_WATCH_SECONDS = 0.2


def serve() -> None:
    """Serve until the engine ends. Its address is the first argument that is not an option."""
    engine = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    server = grpc.server(
        ThreadPoolExecutor(max_workers=8),
        options=[
            ("grpc.max_receive_message_length", _LARGEST_MESSAGE),
            ("grpc.max_send_message_length", _LARGEST_MESSAGE),
        ],
    )
    servicer = Servicer(_load, _components, __version__, engine)
    add_ResourceProviderServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    # A shell, and some CI systems, start what runs in the background with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        server.start()
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        server.wait_for_termination()
    except KeyboardInterrupt:  # how the engine ends its plugins
        _stop_git()
        server.stop(None)


def _load(variables: Mapping[str, str]) -> Mapping[str, Resource]:
    """Load the resources, which takes as long as all else that the server does."""
    from .catalog import resources

    return resources(variables)


def _components() -> "Components":
    """Load the components, which only programs in other languages ask for."""
    from .hosted import COMPONENTS

    return COMPONENTS


def _stop_git() -> None:
    """End every git that runs, for the resources have started some if they are loaded."""
    from kalypso.git import stop_all

    stop_all()


def _end_with_parent(parent: int) -> None:
    """End with the engine, also when it is killed and cannot say so; else we would go on."""
    while os.getppid() == parent:
        time.sleep(_WATCH_SECONDS)
    _stop_git()
    os._exit(1)
