"""An engine that ends a run early has said why: the program adds nothing to it.

Resources that are still waiting for their turn then fail with it. The SDK is silent about that for
most of them; for components that a provider makes, such as the objects of a file, it takes the same
news for a fault of the program, and prints a traceback below the real error. So it does for what
the program just asks a provider that is on its way out.
"""

import sys
from collections.abc import Callable
from typing import Any

import grpc
import pulumi
from pulumi.runtime import settings

ALREADY_REPORTED = 32
"""Exit code by which the language host knows that every error has been shown."""
_ENDED = ("resource monitor shut down", "grpc: the client connection is closing")
_INVOKE = "pulumi.runtime.invoke"
"""A module; the package has a function of that name."""


def say_nothing_of_an_early_end() -> None:
    """Let the SDK take every such message for what it is."""
    original: Callable[[grpc.RpcError], Exception] = settings.grpc_error_to_exception
    if not getattr(original, "quiet", False):
        settings.grpc_error_to_exception = _quiet(original)  # type: ignore[assignment]  # has the same parameter
        sys.modules[_INVOKE].grpc_error_to_exception = _raised_if_ended(original)  # type: ignore[attr-defined]  # a module of the SDK


def _quiet(original: Callable[[grpc.RpcError], Exception]) -> Callable[[grpc.RpcError], Exception]:
    def exception_of(error: grpc.RpcError) -> Exception:
        found: Any = error
        if any(ended in str(found.details()) for ended in _ENDED):
            return pulumi.RunError("the engine ended the run")
        return original(error)

    exception_of.quiet = True  # type: ignore[attr-defined]  # marks what was replaced already
    return exception_of


def _raised_if_ended(
    original: Callable[[grpc.RpcError], Exception],
) -> Callable[[grpc.RpcError], Exception]:
    """Return what tells an ended run by raising it: what is returned, the SDK makes a fault of."""
    quiet = _quiet(original)

    def exception_of(error: grpc.RpcError) -> Exception:
        found = quiet(error)
        if isinstance(found, pulumi.RunError):
            raise found
        return found

    return exception_of
