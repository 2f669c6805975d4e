"""What a hostile template cannot pass: bounds on output, work and depth of one rendering."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import Final

import msgspec

from kalypso.golang.values import Struct, Value
from kalypso.template.failures import Failure
from kalypso.template.twins import Marks

LIMIT_CODE: Final = "template-limit"
"""Code of the errors about limits."""
LARGE: Final = 2048
"""Results of functions up to this many characters or items count as one step."""
_CHARS_PER_STEP: Final = 64
_STEPS_PER_LOOK: Final = 5_000
"""Steps between two looks at the clock."""
_TEXTS: Final = 4
"""How many texts of the greatest length one function may be given."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on one rendering; passing one is a :class:`~kalypso.errors.TemplateError`."""

    output: int = 1 << 20
    """Characters that a rendering, or a part of it, may yield."""
    steps: int = 1_000_000
    """Actions that loops may run in all; long results of functions count as many."""
    depth: int = 100
    """How deep ``template`` may call itself. Go stops at 100,000."""
    length: int = 1 << 20
    """Characters or items that one function may yield."""
    leaves: int = 1_000_000
    """Values inside one list or map that is printed, written or compared as a whole."""
    value_depth: int = 100
    """How deep such a value may nest; one that holds itself nests forever."""
    nesting: int = 100
    """How deep parentheses and blocks may nest in the source."""
    seconds: float = 60.0
    """Of the clock: a net below the count of steps, which an ordinary rendering never touches."""


class LimitError(Exception):
    """A rendering passed one of its limits; the message says which."""


class Run:
    """The state of one rendering: how much of the limits is left."""

    __slots__ = ("depth", "ends", "limits", "look", "marks", "output", "steps")

    def __init__(self, limits: Limits, marks: Marks | None = None) -> None:
        self.limits = limits
        self.marks = marks
        """Where a traced rendering notes what it prints of outsiders' texts."""
        self.steps = limits.steps
        self.look = max(0, limits.steps - _STEPS_PER_LOOK)
        """With fewer steps left, the clock is looked at; none may be left by then."""
        self.ends = monotonic() + limits.seconds
        self.output = limits.output
        self.depth = 0

    def check(self, at: int) -> None:
        """Look at what is left, and from now on after as many steps again.

        Raises:
            Failure: There are no steps left, or no time.
        """
        try:
            self._check()
        except LimitError as error:
            raise Failure(str(error), at, code=LIMIT_CODE) from None

    def _check(self) -> None:
        if self.steps < 0:
            raise LimitError(f"more than {self.limits.steps} steps")
        if monotonic() > self.ends:
            raise LimitError(f"it takes more than {self.limits.seconds:g} seconds")
        self.look = max(0, self.steps - _STEPS_PER_LOOK)

    def out_of_room(self, at: int) -> Failure:
        """Return the failure about too long an output."""
        message = f"output is longer than {self.limits.output} characters"
        return Failure(message, at, code=LIMIT_CODE)

    def charge(self, result: Value) -> None:
        """Count a function's long result as steps.

        Raises:
            LimitError: The text is longer than one function may return, or no steps are left.
        """
        if not isinstance(result, (str, list, dict)):
            return
        length = len(result)
        if length <= LARGE:
            return
        if length > self.limits.length:
            noun = "characters" if isinstance(result, str) else "items"
            raise LimitError(f"result is longer than {self.limits.length} {noun}")
        self.charge_price(length // _CHARS_PER_STEP)

    def charge_price(self, price: int) -> None:
        """Count a function that takes long as steps.

        Raises:
            LimitError: No steps are left, or no time.
        """
        self.steps -= price
        if self.steps < self.look:
            self._check()

    def charge_input(self, text: str, times: int = 1) -> None:
        """Count a long text that a function will read as steps, or as so many times as many.

        Raises:
            LimitError: No steps are left.
        """
        self.charge_price(times * len(text) // _CHARS_PER_STEP)

    def weigh(self, values: Iterable[Value]) -> None:
        """Count values that are walked to their leaves; refuse what is too big for that.

        Raises:
            LimitError: The values hold too much or nest too deep, or no steps are left.
        """
        limits = self.limits
        steps = weigh(values, limits.leaves, _TEXTS * limits.length, limits.value_depth)
        self.charge_price(steps)


def weigh(values: Iterable[Value], leaves: int, length: int, depth: int) -> int:
    """Walk values to their leaves; return how many steps writing them counts.

    Raises:
        LimitError: There are more than ``leaves``, or they lie deeper than ``depth``, or their
            texts have more than ``length`` characters in all.
    """
    level: Iterable[Value] = values
    seen = characters = 0
    for _ in range(depth + 1):
        below: list[Value] = []
        for item in level:
            if type(item) is str:
                characters += len(item)
            elif isinstance(item, (list, dict, Struct)):
                members = _members(item)
                seen += len(members)
                if seen > leaves:
                    raise LimitError(f"value holds more than {leaves} values")
                below.extend(members)
        if characters > length:
            raise LimitError(f"texts are longer than {length} characters")
        if not below:
            return seen + characters // _CHARS_PER_STEP
        level = below
    raise LimitError(f"value nests deeper than {depth} levels (does it hold itself?)")


def _members(value: list[Value] | dict[Value, Value] | Struct) -> list[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return list(value.fields.values())
