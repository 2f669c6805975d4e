"""What ``format`` asks for, as gojsonschema checks it: laxer than the standard in many places.

Source: github.com/xeipuuv/gojsonschema v1.2.0, format_checkers.go.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Final

from kalypso.golang import url
from kalypso.golang.regexp import Pattern, PatternError
from kalypso.golang.signatures import FunctionError
from kalypso.golang.time import parses

_CLOCK, _ZONED_CLOCK, _DATE = "15:04:05", "15:04:05Z07:00", "2006-01-02"
_RFC_3339 = "2006-01-02T15:04:05Z07:00"
_LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_HOSTNAME = 255
_UUID = re.compile("[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")
_POINTER = "(?:/(?:[^~/]|~0|~1)*)*"
_JSON_POINTER = re.compile(_POINTER, re.DOTALL)
_RELATIVE_POINTER = re.compile(f"(?:0|[1-9][0-9]*)(?:#|{_POINTER})", re.DOTALL)
_TEMPLATE = re.compile(r"[^{]*(?:\{[^}]*\}[^{]*)*")


def _is_any(_text: str) -> bool:
    return True


def _is_time(*layouts: str) -> Callable[[str], bool]:
    return lambda text: any(parses(layout, text) for layout in layouts)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _parsed(text: str) -> url.URL | None:
    try:
        return None if "\\" in text else url.parse(text)
    except FunctionError:
        return None


def _is_uri(text: str) -> bool:
    found = _parsed(text)
    return found is not None and bool(found.scheme)


def _is_reference(text: str) -> bool:
    return _parsed(text) is not None


def _is_template(text: str) -> bool:
    found = _parsed(text)
    return found is not None and _TEMPLATE.fullmatch(found.path) is not None


def _is_pattern(text: str) -> bool:
    try:
        Pattern(text)
    except PatternError:
        return False
    return True


def _is_hostname(text: str) -> bool:
    return _HOSTNAME.fullmatch(text) is not None and len(text) <= _LONGEST_HOSTNAME


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "date": _is_time(_DATE),
    "time": _is_time(_ZONED_CLOCK, _CLOCK),
    "date-time": _is_time(_CLOCK, _ZONED_CLOCK, _DATE, _RFC_3339),
    "hostname": _is_hostname,
    "ipv4": lambda text: "." in text and _is_address(text),
    "ipv6": lambda text: ":" in text and _is_address(text),
    "uri": _is_uri,
    "iri": _is_uri,
    "uri-reference": _is_reference,
    "iri-reference": _is_reference,
    "uri-template": _is_template,
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "regex": _is_pattern,
    "json-pointer": lambda text: _JSON_POINTER.fullmatch(text) is not None,
    "relative-json-pointer": lambda text: _RELATIVE_POINTER.fullmatch(text) is not None,
    "idn-hostname": _is_any,
    "duration": _is_any,
}
"""By name. E-mail addresses are left to the validator; other formats are not checked."""
NOT_OF_NUMBERS: Final = {*FORMATS, "email", "idn-email"} - {"idn-hostname", "duration"}
"""Formats that no number has."""
