"""An engine that ends a run early has said why: the program adds nothing to it.

Resources that are still waiting for their turn then fail with it. The SDK is silent about that for
most of them; for components that a provider makes, such as the objects of a file, it takes the same
news for a fault of the program, and prints a traceback below the real error.
"""

from collections.abc import Callable
from typing import Any

import grpc
import pulumi
from pulumi.runtime import settings

_ENDED = "resource monitor shut down"


def say_nothing_of_an_early_end() -> None:
    """Let the SDK take every such message for what it is."""
    original: Callable[[grpc.RpcError], Exception] = settings.grpc_error_to_exception
    if not getattr(original, "quiet", False):
        settings.grpc_error_to_exception = _quiet(original)  # type: ignore[assignment]  # has the same parameter


def _quiet(original: Callable[[grpc.RpcError], Exception]) -> Callable[[grpc.RpcError], Exception]:
    def exception_of(error: grpc.RpcError) -> Exception:
        found: Any = error
        if _ENDED in str(found.details()):
            return pulumi.RunError("the engine ended the run")
        return original(error)

    exception_of.quiet = True  # type: ignore[attr-defined]  # marks what was replaced already
    return exception_of
