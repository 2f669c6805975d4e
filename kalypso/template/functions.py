"""What a template function is: its signature, the Python for it, and its properties.

The compiler, the limits and the memo of the renderer read the properties; there is no other list.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Literal

import msgspec

from kalypso.golang.signatures import Kind
from kalypso.golang.values import Value


def per_text(rate: int) -> Callable[..., int]:
    """Return the cost of a function that is slow for long texts.

    Args:
        rate: Steps for 64 characters; a step takes about a microsecond.
    """

    def cost(*arguments: Value) -> int:
        return rate * sum(map(_length, arguments)) // 64

    return cost


def _length(value: Value) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(len(item) for item in value if isinstance(item, str))
    return 0


class Memory(Enum):
    """Which results of a function may be kept for later calls with the same arguments."""

    NONE = auto()
    VALUE = auto()
    """Its only argument is a value; worth keeping while nobody changes that value."""
    YAML = auto()
    """As ``VALUE``, and the result is the value as a YAML document, like that of ``toYaml``."""
    TEXT = auto()
    """Its arguments are a number and a text; worth keeping for a long text."""


class Outsiders(Enum):
    """What a function makes of outsiders' text; see :mod:`kalypso.template.twins`."""

    MIXED = auto()
    """The result may hold it beside other text."""
    DECODED = auto()
    """The result is another text of theirs, with characters that the first one need not hold."""
    HIDDEN = auto()
    """Nobody can choose the result by choosing the text: a checksum."""


class Absence(Enum):
    """What a function makes of a missing key where printing one is an error."""

    REFUSED = auto()
    """Getting one is an error, as printing one is."""
    TAKEN = auto()
    """It gets what Go gives it: nil, or an empty map or list."""
    PASSED = auto()
    """It chooses among its arguments, and what it returns may be the missing key."""


class Function(msgspec.Struct, frozen=True):
    """One function: its parameters are checked and converted before ``call`` sees them."""

    params: tuple[Kind, ...]
    call: Callable[..., Any]
    """Gets Python values by the table in :mod:`kalypso.golang.values.types`, returns one.

    For a missing argument or nil, :attr:`Kind.ANY` gets ``None``, :attr:`Kind.MAP`, ``LIST``
    and ``STRINGS`` get a nil map or list (empty, a subclass of ``dict`` or ``list``).
    """
    variadic: bool = False
    """The last kind may come any number of times, also never."""
    walks: bool = False
    """``call`` visits all leaves of its arguments; a value too big for that is refused before."""
    price: int = 0
    """Steps that a call counts besides its result, for what is slow by design."""
    cost: Callable[..., int] | None = None
    """Steps that a call counts for its arguments, which it gets; see :func:`per_text`."""
    known: Callable[[Value], bool] | None = None
    """Arguments of which nothing is counted, since the result is kept for them."""
    memory: Memory = Memory.NONE
    repeats: bool = True
    """The same arguments give the same result; it reads no clock and draws no lots."""
    changes: bool = False
    """``call`` changes a map that it is given."""
    absence: Absence = Absence.REFUSED
    """Whether it is about what may be missing, like ``default``."""
    outsiders: Outsiders = Outsiders.MIXED
    selects: slice | None = None
    """Which arguments only choose among the others, like the keys of ``index``."""
    refused: str = ""
    """Why no template may call it; empty if templates may."""
    control: Literal["", "and", "or", "call"] = ""
    """The compiler evaluates it itself, in this way, and never uses ``call``."""

    @property
    def lazy(self) -> bool:
        """Whether an argument is evaluated only if those before it do not decide."""
        return self.control in ("and", "or")
