"""The library that GitHub needs, loaded when a repository turns out to be there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kalypso.errors import DeliveryError, Position


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
        yield
    except ImportError:
        raise DeliveryError(
            "GitHub needs a library that is not installed",
            Position(where),
            "pip install 'kalypso-on-pulumi[github]'",
            code="no-library",
        ) from None
