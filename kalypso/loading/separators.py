"""How kustomize cuts a file into documents before any of them is read as YAML.

It looks for lines that begin with ``---``. So a byte order mark may begin each document, nothing
but a comment may follow the dashes, and a directive is never in the same piece as its document.

Source: sigs.k8s.io/kustomize/kyaml v0.21, kio/byteio_reader.go.
"""

from __future__ import annotations

import re
from itertools import pairwise

from kalypso.errors import LoadError, Position

_SEPARATOR = re.compile(r"\n---(?P<rest>.*)\n")
_MARK = re.compile(r"^\ufeff", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?:\A|\n---.*\n)(?:[ \t]*(?:#.*)?\n)*%")


def without_marks(text: str) -> str:
    """Return a text without the byte order marks that begin its documents."""
    if "\ufeff" not in text:
        return text
    starts = [0, *(found.end() for found in _SEPARATOR.finditer(text)), len(text)]
    pieces = (text[start:end] for start, end in pairwise(starts))
    return "".join(piece.lstrip("\ufeff") for piece in pieces)


def check_separators(file: str, text: str) -> None:
    """Refuse documents that kustomize does not take, though they are YAML.

    Raises:
        LoadError: There is something behind the dashes, or a directive before them, or a byte order
            mark where no document begins.
    """
    if "\ufeff" in text and (mark := _MARK.search(text)):
        at = Position(file, text.count("\n", 0, mark.end()) + 1)
        sentence = "a byte order mark stands inside a document, where Flux takes it for text"
        raise LoadError(sentence, at, "remove it", code="yaml-syntax")
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
