"""What the SDK makes of an engine that ended the run."""

import sys
from collections.abc import Iterator
from typing import Any

import grpc
import pulumi
import pytest
from pulumi.runtime import settings

from components.early_end import say_nothing_of_an_early_end

INVOKE: Any = sys.modules["pulumi.runtime.invoke"]


class Failed(grpc.RpcError):
    """An answer of the engine."""

    def __init__(self, code: grpc.StatusCode, details: str | None) -> None:
        super().__init__()
        self._code, self._details = code, details

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str | None:
        return self._details


@pytest.fixture(autouse=True)
def _original() -> Iterator[None]:
    before, asked = settings.grpc_error_to_exception, INVOKE.grpc_error_to_exception
    yield
    settings.grpc_error_to_exception, INVOKE.grpc_error_to_exception = before, asked


ENDED = [
    "resource monitor shut down",
    "f returned an error: grpc: the client connection is closing",
]


@pytest.mark.parametrize("details", ENDED)
def test_an_ended_run_is_no_fault_of_the_program(details: str) -> None:
    ended = Failed(grpc.StatusCode.UNKNOWN, details)
    assert not isinstance(settings.grpc_error_to_exception(ended), pulumi.RunError)
    say_nothing_of_an_early_end()
    assert isinstance(settings.grpc_error_to_exception(ended), pulumi.RunError)


def test_what_a_provider_was_just_asked_is_no_fault_either() -> None:
    say_nothing_of_an_early_end()
    with pytest.raises(pulumi.RunError, match="the engine ended the run"):
        INVOKE.grpc_error_to_exception(Failed(grpc.StatusCode.UNKNOWN, ENDED[1]))
    found = INVOKE.grpc_error_to_exception(Failed(grpc.StatusCode.UNKNOWN, "no such function"))
    assert found.args == ("no such function",)


@pytest.mark.parametrize("details", ["no such resource type", "", None])
def test_every_other_error_stays_what_it_is(details: str | None) -> None:
    say_nothing_of_an_early_end()
    found = settings.grpc_error_to_exception(Failed(grpc.StatusCode.UNKNOWN, details))
    assert not isinstance(found, pulumi.RunError)
    assert found.args == (details,)


def test_doing_it_twice_is_doing_it_once() -> None:
    say_nothing_of_an_early_end()
    once = settings.grpc_error_to_exception
    say_nothing_of_an_early_end()
    assert settings.grpc_error_to_exception is once
