"""The library that GitHub needs, loaded when a repository turns out to be there."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

from kalypso.errors import DeliveryError, Position

_COMMAND_LINE = "httpx._main"
"""A command that httpx loads wherever rich is installed too: a fifth of what GitHub needs."""


@contextmanager
def library(where: str) -> Iterator[None]:
    """Say what to install if an import in this block fails.

    Imports of what uses the library are in such a block, inside the function that needs
    them: who has no repository on GitHub needs no library, and waits for none.

    Args:
        where: What was opened, for the message.

    Raises:
        DeliveryError: The library is not installed.
    """
    try:
        with _without_command_line():
            yield
    except ImportError:
        raise DeliveryError(
            "GitHub needs a library that is not installed",
            Position(where),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None


@contextmanager
def _without_command_line() -> Iterator[None]:
    """Let httpx go without its command, as it does where rich is not installed."""
    loaded = cast("dict[str, ModuleType | None]", sys.modules)
    if _COMMAND_LINE in loaded:
        yield
        return
    loaded[_COMMAND_LINE] = None  # for Python there is no such module then
    try:
        yield
    finally:
        loaded.pop(_COMMAND_LINE, None)
