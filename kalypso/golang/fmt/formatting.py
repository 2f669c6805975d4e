"""Go's ``fmt.Sprintf``: directives, flags, widths, precisions, and what it prints of mistakes.

Follows Go's fmt package step by step, because its treatment of mistakes shows in
templates: ``%!d(string=x)``, ``%!s(<nil>)``, ``%!(EXTRA int=2)``, ``%!d(BADINDEX)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from kalypso.golang.fmt.verbs import Flags, ValueWriter
from kalypso.golang.signatures import FunctionError
from kalypso.golang.values import INTEGERS, Value, type_name

_LONGEST: Final = 1 << 21
_CACHED_FORMATS: Final = 512
_LARGEST_WIDTH: Final = 1_000_000
_FLAG_NAMES: Final = {"#": "sharp", "0": "zero", "+": "plus", "-": "minus", " ": "space"}


def sprintf(template: str, args: Sequence[Value]) -> str:
    """Format the arguments like Go's ``fmt.Sprintf``.

    Raises:
        FunctionError: The text gets longer than a rendering may; mistakes show in the text.
    """
    pieces = _plain_pieces(template)
    if pieces is not None and len(pieces) == len(args) + 1:
        for arg in args:
            if type(arg) is not str:
                break
        else:
            return _interleaved(pieces, args)
    return _Formatter(template, args).run()


@lru_cache(maxsize=_CACHED_FORMATS)
def _plain_pieces(template: str) -> list[str] | None:
    """Return what stands around the directives if all of them are ``%s`` or ``%v``."""
    if template.count("%") != template.count("%s") + template.count("%v"):
        return None
    return template.replace("%v", "%s").split("%s")


def _interleaved(pieces: list[str], args: Sequence[str]) -> str:
    text = pieces[0]
    for arg, piece in zip(args, pieces[1:], strict=True):
        text += arg + piece
    return text


class _Formatter:
    """The walk through one format string."""

    def __init__(self, template: str, args: Sequence[Value]) -> None:
        self.template = template
        self.args = args
        self.at = 0
        self.next_arg = 0
        self.reordered = False
        self.good_index = True
        self.after_index = False
        self.out: list[str] = []

    def run(self) -> str:
        """Return the formatted text."""
        template, out, room = self.template, self.out, _LONGEST
        while self.at < len(template):
            percent = template.find("%", self.at)
            if percent < 0:
                out.append(template[self.at :])
                break
            out.append(template[self.at : percent])
            self.at = percent + 1
            before = len(out)
            self._directive()
            room -= sum(map(len, out[before:]))
            if room < 0:
                raise FunctionError(f"result is longer than the limit of {_LONGEST} characters")
        if not self.reordered and self.next_arg < len(self.args):
            extra = ", ".join(_described(arg) for arg in self.args[self.next_arg :])
            out.append(f"%!(EXTRA {extra})")
        return "".join(out)

    def _peek(self) -> str:
        return self.template[self.at : self.at + 1]

    def _directive(self) -> None:
        self.good_index = True
        self.after_index = False
        flags = Flags()
        while name := _FLAG_NAMES.get(self._peek()):
            setattr(flags, name, True)
            self.at += 1
        self._index()
        self._width(flags)
        self._precision(flags)
        if not self.after_index:
            self._index()
        verb = self._peek()
        if not verb:
            self.out.append("%!(NOVERB)")
            return
        self.at += 1
        self.out.append(self._formatted(verb, flags))

    def _formatted(self, verb: str, flags: Flags) -> str:
        if verb == "%":
            return "%"
        if not self.good_index:
            return f"%!{verb}(BADINDEX)"
        if self.next_arg >= len(self.args):
            return f"%!{verb}(MISSING)"
        value = self.args[self.next_arg]
        self.next_arg += 1
        if verb in "vw":
            flags.sharp_v, flags.sharp = flags.sharp, False
            flags.plus_v, flags.plus = flags.plus, False
        return ValueWriter(flags).argument(value, verb)

    def _width(self, flags: Flags) -> None:
        if self._peek() == "*":
            self.at += 1
            flags.width = self._number_argument()
            if flags.width is None:
                self.out.append("%!(BADWIDTH)")
            elif flags.width < 0:
                flags.width = -flags.width
                flags.minus = True
                flags.zero = False
            self.after_index = False
            return
        flags.width = self._number()
        if self.after_index and flags.width is not None:
            self.good_index = False

    def _precision(self, flags: Flags) -> None:
        if self._peek() != "." or self.at + 1 >= len(self.template):
            return
        self.at += 1
        if self.after_index:
            self.good_index = False
        self._index()
        if self._peek() == "*":
            self.at += 1
            flags.precision = self._number_argument()
            if flags.precision is not None and flags.precision < 0:
                flags.precision = None
            if flags.precision is None:
                self.out.append("%!(BADPREC)")
            self.after_index = False
        else:
            flags.precision = self._number() or 0

    def _number(self) -> int | None:
        start = self.at
        number = 0
        while self._peek().isascii() and self._peek().isdigit():
            if number > _LARGEST_WIDTH:
                self.at = len(self.template)
                return None
            number = number * 10 + int(self._peek())
            self.at += 1
        return number if self.at > start else None

    def _number_argument(self) -> int | None:
        if self.next_arg >= len(self.args):
            return None
        value = self.args[self.next_arg]
        self.next_arg += 1
        if type(value) in INTEGERS and abs(value) <= _LARGEST_WIDTH:
            return int(value)
        return None

    def _index(self) -> None:
        """Read an explicit argument index such as ``[2]``, if there is one."""
        self.after_index = False
        if self._peek() != "[":
            return
        self.reordered = True
        index, length, found = _argument_index(self.template[self.at :])
        self.at += length
        self.after_index = found
        if found and 0 <= index < len(self.args):
            self.next_arg = index
        else:
            self.good_index = False


def _argument_index(text: str) -> tuple[int, int, bool]:
    """Return the index, the length of the bracket's text, and whether it is a number."""
    close = text.find("]", 1)
    if len(text) < len("[n]") or close < 0:
        return 0, 1, False
    digits = text[1:close]
    if digits.isascii() and digits.isdigit() and int(digits[:8]) <= _LARGEST_WIDTH * 10:
        return int(digits[:8]) - 1, close + 1, True
    return 0, close + 1, False


def _described(value: Value) -> str:
    if value is None:
        return "<nil>"
    return f"{type_name(value)}={ValueWriter(Flags()).argument(value, 'v')}"
