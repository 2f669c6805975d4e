"""One value under one verb of Go's fmt package, with its flags, width and precision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from kalypso.golang.bytestrings import to_bytes
from kalypso.golang.strconv import SHORTEST, can_backquote, format_float, quote, quote_rune
from kalypso.golang.values import (
    INTEGERS,
    GoObject,
    Missing,
    NilList,
    NilMap,
    NilStringMap,
    Struct,
    Uint8,
    Uint64,
    Value,
    sorted_items,
    type_name,
)

_UNSIGNED: Final = frozenset({Uint64, Uint8})
_STRING_VERBS: Final = frozenset("vsxXq")
_FLOAT_PRECISION: Final[Mapping[str, int]] = {
    **dict.fromkeys("bgGxX", SHORTEST),
    **dict.fromkeys("feEF", 6),
}
_BASES: Final[Mapping[str, str]] = {
    **dict.fromkeys("vd", "d"),
    **dict.fromkeys("oO", "o"),
    "b": "b",
    "x": "x",
    "X": "X",
}
_PREFIXES: Final[Mapping[str, str]] = {"d": "", "b": "0b", "x": "0x", "X": "0X", "o": ""}
_SHARP_DIGITS: Final = 6
_LAST_RUNE: Final = 0x10FFFF
_UINT64: Final = 1 << 64
_SURROGATES: Final = range(0xD800, 0xE000)


class Flags(msgspec.Struct):
    """What stands between ``%`` and the verb."""

    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    plus_v: bool = False
    sharp_v: bool = False
    width: int | None = None
    precision: int | None = None


class ValueWriter:
    """Writes values under one set of flags; elements of lists and maps get the same."""

    def __init__(self, flags: Flags) -> None:
        self.flags = flags
        self._erroring = False

    def argument(self, value: Value, verb: str) -> str:
        """Write an argument of ``printf``."""
        if value is None or isinstance(value, Missing):
            return self._pad("<nil>") if verb in "Tv" else f"%!{verb}(<nil>)"
        if verb == "T":
            return self._string(type_name(value), "s")
        if verb == "p":
            return self._pointer(value)
        return self._value(value, verb)

    def _value(self, value: Value, verb: str) -> str:
        kind = type(value)
        if kind is str:
            return self._string(value, verb)
        if kind is bool:
            return self._bool(value, verb)
        if kind in INTEGERS:
            return self._integer(value, verb)
        if kind is float:
            return self._float(value, verb)
        if kind is complex:
            return self._complex(value, verb)
        return self._composite(value, verb)

    def _composite(self, value: Value, verb: str) -> str:
        if verb == "w" and not self._erroring:
            return self._bad_verb(value, verb)
        if isinstance(value, list):
            return self._list(value, verb)
        if isinstance(value, dict):
            return self._map(value, verb)
        if isinstance(value, Struct):
            return self._struct(value.type_name, value.fields, verb)
        if isinstance(value, GoObject):
            return self._object(value, verb)
        return f"?{type_name(value)}?"

    def _element(self, value: Value, verb: str) -> str:
        """Write what an interface inside a list, map or struct holds."""
        if value is None:
            return "interface {}(nil)" if self.flags.sharp_v else "<nil>"
        return self._value(value, verb)

    def _list(self, value: list[Value], verb: str) -> str:
        items = [self._element(item, verb) for item in value]
        if not self.flags.sharp_v:
            return "[" + " ".join(items) + "]"
        if type(value) is NilList:
            return f"{type_name(value)}(nil)"
        return f"{type_name(value)}{{{', '.join(items)}}}"

    def _map(self, value: dict[Value, Value], verb: str) -> str:
        items = [
            f"{self._element(key, verb)}:{self._element(item, verb)}"
            for key, item in sorted_items(value)
        ]
        if not self.flags.sharp_v:
            return "map[" + " ".join(items) + "]"
        if type(value) in (NilMap, NilStringMap):
            return f"{type_name(value)}(nil)"
        return f"{type_name(value)}{{{', '.join(items)}}}"

    def _struct(self, name: str, fields: Mapping[str, Value], verb: str) -> str:
        named = self.flags.plus_v or self.flags.sharp_v
        items = [
            (f"{field}:" if named else "") + self._element(item, verb)
            for field, item in fields.items()
        ]
        if self.flags.sharp_v:
            return f"{name}{{{', '.join(items)}}}"
        return "{" + " ".join(items) + "}"

    def _object(self, value: GoObject, verb: str) -> str:
        if verb in _STRING_VERBS and not self.flags.sharp_v:
            return self._string(value.text(), verb)
        return self._bad_verb(value, verb) if not self.flags.sharp_v else value.text()

    def _bad_verb(self, value: Value, verb: str) -> str:
        self._erroring = True
        shown = self._value(value, "v")
        self._erroring = False
        return f"%!{verb}({type_name(value)}={shown})"

    def _pad(self, text: str, *, zeros: bool | None = None) -> str:
        width = self.flags.width
        if not width:
            return text
        if self.flags.minus:
            return text.ljust(width)
        zeros = self.flags.zero if zeros is None else zeros
        return text.rjust(width, "0" if zeros else " ")

    def _bool(self, value: Value, verb: str) -> str:
        if verb not in "tv":
            return self._bad_verb(value, verb)
        return self._pad("true" if value else "false")

    def _string(self, value: str, verb: str) -> str:
        if verb == "q" or (verb == "v" and self.flags.sharp_v):
            return self._quoted(value)
        if verb in "vs":
            return self._pad(value[: self.flags.precision])
        if verb in "xX":
            return self._hex_string(value, verb)
        return self._bad_verb(value, verb)

    def _quoted(self, value: str) -> str:
        value = value[: self.flags.precision]
        if self.flags.sharp and can_backquote(value):
            return self._pad(f"`{value}`")
        return self._pad(quote(value, ascii_only=self.flags.plus))

    def _hex_string(self, value: str, verb: str) -> str:
        data = to_bytes(value)[: self.flags.precision]
        if not data:
            return self._pad("")
        prefix = f"0{verb}" if self.flags.sharp else ""
        if self.flags.space:
            text = " ".join(f"{prefix}{byte:02{verb}}" for byte in data)
        else:
            text = prefix + (data.hex() if verb == "x" else data.hex().upper())
        return self._pad(text)

    def _integer(self, value: Value, verb: str) -> str:
        if verb in _BASES:
            unsigned_v = verb == "v" and self.flags.sharp_v and type(value) in _UNSIGNED
            return self._digits(int(value), "x" if unsigned_v else verb, sharp=unsigned_v)
        write = _RUNE_VERBS.get(verb)
        return write(self, int(value)) if write else self._bad_verb(value, verb)

    def _digits(self, value: int, verb: str, *, sharp: bool) -> str:
        flags = self.flags
        base = _BASES[verb]
        sharp = sharp or flags.sharp
        signed = value < 0 or flags.plus or flags.space
        length = 0
        if flags.precision is not None:
            length = flags.precision
            if length == 0 and value == 0:
                return " " * (flags.width or 0)
        elif flags.zero and not flags.minus and flags.width:
            length = flags.width - signed
        digits = f"{abs(value):{base}}".rjust(length, "0")
        if sharp:
            digits = _PREFIXES[base] + digits
            if base == "o" and not digits.startswith("0"):
                digits = "0" + digits
        if verb == "O":
            digits = "0o" + digits
        if signed:
            digits = ("-" if value < 0 else "+" if flags.plus else " ") + digits
        return self._pad(digits, zeros=False)

    def _char(self, value: int) -> str:
        return self._pad(_rune(value))

    def _quoted_char(self, value: int) -> str:
        code = ord(_rune(value))
        return self._pad(quote_rune(code, ascii_only=self.flags.plus))

    def _code_point(self, value: int) -> str:
        digits = f"{value % _UINT64:X}".rjust(max(self.flags.precision or 0, 4), "0")
        shown = ""
        if self.flags.sharp and 0 <= value <= _LAST_RUNE and chr(value).isprintable():
            shown = f" '{chr(value)}'"
        return self._pad(f"U+{digits}{shown}", zeros=False)

    def _float(self, value: float, verb: str) -> str:
        verb_used = "g" if verb == "v" else verb
        if verb_used not in _FLOAT_PRECISION:
            return self._bad_verb(value, verb)
        return self._number(value, verb_used)

    def _complex(self, value: complex, verb: str) -> str:
        verb_used = "g" if verb == "v" else verb
        if verb_used not in _FLOAT_PRECISION:
            return self._bad_verb(value, verb)
        real = self._number(value.real, verb_used)
        plus, self.flags.plus = self.flags.plus, True
        imaginary = self._number(value.imag, verb_used)
        self.flags.plus = plus
        return f"({real}{imaginary}i)"

    def _number(self, value: float, verb: str) -> str:
        flags = self.flags
        default = _FLOAT_PRECISION[verb]
        precision = default if flags.precision is None else flags.precision
        text = format_float(value, verb, precision)
        sign, text = (text[0], text[1:]) if text[0] in "+-" else ("+", text)
        if flags.space and sign == "+" and not flags.plus:
            sign = " "
        shown = flags.plus or sign != "+"
        if text in ("Inf", "NaN"):
            signed = text == "Inf" or flags.space or flags.plus
            return self._pad(sign + text if signed else text, zeros=False)
        if flags.sharp and verb != "b":
            text = _with_point(text, verb, precision)
        if not shown:
            return self._pad(text)
        if flags.zero and not flags.minus and flags.width and flags.width > len(text) + 1:
            return sign + text.rjust(flags.width - 1, "0")
        return self._pad(sign + text)

    def _pointer(self, value: Value) -> str:
        if isinstance(value, (list, dict)):
            return f"{'' if self.flags.sharp else '0x'}{id(value):x}"
        return self._bad_verb(value, "p")


def _rune(value: int) -> str:
    return chr(value) if 0 <= value <= _LAST_RUNE and value not in _SURROGATES else "\ufffd"


def _with_point(text: str, verb: str, precision: int) -> str:
    """Add what the ``#`` flag asks for: a decimal point, and the zeros that ``g`` cut."""
    wanted = 0
    if verb in "gGx":
        wanted = _SHARP_DIGITS if precision == SHORTEST else precision
    marks = "pP" if verb in "xX" else "eE"
    at = next((index for index, char in enumerate(text) if char in marks), len(text))
    number, tail = text[:at], text[at:]
    for char in number.replace(".", "").lstrip("0"):
        wanted -= char != ""
    if "." not in number:
        wanted -= number == "0"
        number += "."
    return number + "0" * max(wanted, 0) + tail


_RUNE_VERBS: Final[Mapping[str, Callable[[ValueWriter, int], str]]] = {
    "c": ValueWriter._char,
    "q": ValueWriter._quoted_char,
    "U": ValueWriter._code_point,
}
