"""What functions of cryptography share: their price, and the error without their libraries."""

from __future__ import annotations

from typing import Final, NoReturn

from kalypso.golang.signatures import FunctionError

SLOW: Final = 150_000
"""Steps of a call that is slow by design: a derived key, a salted hash, a new private key."""


def not_available() -> NoReturn:
    """Complain that the libraries of the extra ``crypto`` are missing."""
    raise FunctionError("not available: install kalypso-on-pulumi[crypto]")
