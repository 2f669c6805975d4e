"""Functions that draw lots: random texts and numbers.

Source: Sprig v2.22.0 and v3.3.0, strings.go, crypto.go and functions.go.
"""

from __future__ import annotations

import base64
import secrets
import string

from kalypso.golang.bytestrings import replace_invalid
from kalypso.golang.signatures import FunctionError, Kind
from kalypso.golang.sizes import check_text
from kalypso.template.functions import Function, per_text

_PRINTABLE = "".join(map(chr, range(32, 127)))


def _random_text(alphabet: str) -> Function:
    def call(count: int) -> str:
        check_text(count)
        return "".join(secrets.choice(alphabet) for _ in range(count))

    return Function((Kind.INT,), call, cost=abs, repeats=False)


def shuffle(text: str) -> str:
    """Return the characters in random order."""
    chars = list(replace_invalid(text))
    secrets.SystemRandom().shuffle(chars)
    return "".join(chars)


def uuid4() -> str:
    """Return a random UUID."""
    import uuid  # noqa: PLC0415 - rarely needed

    return str(uuid.uuid4())


def random_integer(low: int, high: int) -> int:
    """Return an integer from low to before high."""
    if high <= low:
        raise FunctionError("invalid argument to Intn")
    return low + secrets.randbelow(high - low)


def random_bytes(count: int) -> str:
    """Return random bytes in base64."""
    if count < 0:
        raise FunctionError("runtime error: makeslice: len out of range")
    check_text(count * 4 // 3)
    return base64.b64encode(secrets.token_bytes(count)).decode()


FUNCTIONS: dict[str, Function] = {
    "randAlphaNum": _random_text(string.ascii_letters + string.digits),
    "randAlpha": _random_text(string.ascii_letters),
    "randNumeric": _random_text(string.digits),
    "randAscii": _random_text(_PRINTABLE),
    "shuffle": Function((Kind.STRING,), shuffle, repeats=False, cost=per_text(200)),
    "uuidv4": Function((), uuid4, repeats=False),
}
FUNCTIONS_V3: dict[str, Function] = {
    "randInt": Function((Kind.INT, Kind.INT), random_integer, repeats=False),
    "randBytes": Function((Kind.INT,), random_bytes, repeats=False),
}
