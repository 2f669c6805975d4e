"""Names as Kubernetes accepts them: DNS labels and subdomains, label keys and label values."""

from __future__ import annotations

import re
from typing import Literal, get_args

NameKind = Literal["dns1123label", "dns1123subdomain", "labelkey", "labelvalue"]

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_QUALIFIED = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")

_DEVICES = frozenset(
    (
        *("con", "prn", "aux", "nul", "conin$", "conout$"),
        *(
            f"{port}{number}"
            for port in ("com", "lpt")
            for number in "0123456789\u00b9\u00b2\u00b3"
        ),
    )
)
"""Source: Microsoft, "Naming Files, Paths, and Namespaces"."""

MAX_LABEL = 63
"""Bytes in a DNS label, a label value, or the name part of a label key."""
MAX_SUBDOMAIN = 253
"""Bytes in a DNS subdomain, also in the prefix of a label key."""

_WHAT_LABEL = "lower-case letters, digits and '-', with a letter or digit at both ends"
_WHAT_SUBDOMAIN = (
    "lower-case letters, digits, '-' and '.', each part with a letter or digit at both ends"
)
_WHAT_QUALIFIED = "letters, digits, '-', '_' and '.', with a letter or digit at both ends"

_RULES = {
    "dns1123label": (_LABEL, MAX_LABEL, _WHAT_LABEL),
    "dns1123subdomain": (_SUBDOMAIN, MAX_SUBDOMAIN, _WHAT_SUBDOMAIN),
    "labelvalue": (_QUALIFIED, MAX_LABEL, _WHAT_QUALIFIED),
}


def valid(kind: str, text: str) -> bool:
    """Return whether a text is a valid name.

    Args:
        kind: One of ``dns1123label``, ``dns1123subdomain``, ``labelkey``, ``labelvalue``.
        text: The whole name; a final newline makes it invalid.

    Raises:
        ValueError: The kind is not one of the four.
    """
    if kind not in get_args(NameKind):
        raise ValueError(f"unknown kind of name: {kind!r}")
    return not fault(kind, text)  # type: ignore[arg-type]  # checked in the line above


def fault(kind: NameKind, text: str) -> str:
    """Return what is wrong with a name, as the end of a sentence; empty if nothing is."""
    if kind == "labelkey":
        return _label_key_fault(text)
    pattern, longest, what = _RULES[kind]
    if kind == "labelvalue" and not text:
        return ""
    return _plain_fault(text, pattern, longest, what)


def unportable(name: str) -> str:
    """Return why a folder of this name cannot be checked out everywhere; empty if it can.

    Windows takes some names for devices, whatever is behind their first dot, and drops dots at
    the end. Where case does not count, `readme.md` is the file `README.md` beside it.
    """
    if name.partition(".")[0].rstrip().lower() in _DEVICES:
        return "is the name of a device on Windows, which can have no folder of that name"
    if name.lower() == "readme.md":
        return "is that of the file README.md where case does not count"
    if name.endswith((".", " ")):
        return "ends with a dot or a blank, which Windows drops"
    return ""


def _plain_fault(text: str, pattern: re.Pattern[str], longest: int, what: str) -> str:
    if len(text) <= longest and pattern.fullmatch(text):
        return ""
    if not text:
        return "is empty"
    size = len(text.encode(errors="surrogatepass"))
    if size > longest:
        return f"has {size} characters, more than {longest}"
    return f"may hold only {what}"


def _label_key_fault(key: str) -> str:
    prefix, slash, name = key.rpartition("/")
    if "/" in prefix:
        return "may hold only one '/'"
    if slash:
        wrong = _plain_fault(prefix, _SUBDOMAIN, MAX_SUBDOMAIN, _WHAT_SUBDOMAIN)
        if wrong:
            return f"has a prefix that {wrong}"
    wrong = _plain_fault(name, _QUALIFIED, MAX_LABEL, _WHAT_QUALIFIED)
    return f"has a name part that {wrong}" if wrong and slash else wrong
