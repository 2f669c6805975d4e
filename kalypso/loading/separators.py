"""How kustomize cuts a file into documents before any of them is read as YAML.

It looks for lines that begin with ``---``. So a byte order mark may begin each document, nothing
but a comment may follow the dashes, and a directive is never in the same piece as its document.

Source: sigs.k8s.io/kustomize/kyaml v0.21, kio/byteio_reader.go.
"""

from __future__ import annotations

import re

from kalypso.errors import LoadError, Position

_SEPARATOR = re.compile(r"\n---(?P<rest>.*)\n")
_MARKS = re.compile(r"(\A|\n---.*\n)\ufeff+")
_DIRECTIVE = re.compile(r"(?:\A|\n---.*\n)(?:[ \t]*(?:#.*)?\n)*%")


def without_marks(text: str) -> str:
    """Return a text without the byte order marks that begin its documents."""
    return _MARKS.sub(r"\1", text) if "\ufeff" in text else text


def check_separators(file: str, text: str) -> None:
    """Refuse documents that kustomize does not take, though they are YAML.

    Raises:
        LoadError: Something stands behind the dashes, or a directive before them.
    """
    if "--- " in text or "---\t" in text:
        for found in _SEPARATOR.finditer(text):
            rest = found["rest"].strip()
            if rest and not rest.startswith("#"):
                at = Position(file, text.count("\n", 0, found.start()) + 2, 5)
                sentence = "Flux takes nothing but a comment behind the '---' between documents"
                raise LoadError(
                    sentence, at, "begin the document on the next line", code="yaml-syntax"
                )
    if "%" in text and (directive := _DIRECTIVE.search(text)):
        at = Position(file, text.count("\n", 0, directive.end()) + 1)
        raise LoadError("Flux reads no YAML directives", at, "remove the line", code="yaml-syntax")
