"""Files of a model with something wrong in them: a value of another type, a key, or bytes."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import yaml

from tests.fuzz.seeds import CORPUS, lines

ODD: list[Any] = [
    *(None, True, False, 0, -1, 5, 1.5, 10**30, float("inf"), "", " ", "~", "x" * 300),
    *([], {}, [[]], [None], [5], {"a": 5}, [{}], [{"pairs": 5}], {"": None}, [{"name": []}]),
    *lines("texts.txt"),
]
"""Values that a field may not expect."""
KEYS = [*lines("keys.txt"), "", " ", "a b", "\n::error::", "metadata", "x" * 300]
TOKENS = [token.encode("utf-8", "surrogatepass") for token in lines("tokens.txt")] + [
    *(b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xed\xa0\x80")
]


TYPES: list[Any] = [5, True, [], {}, "text", None, 1.5, [5], {"a": 5}]
"""One value of each type."""


def swept(files: Mapping[str, bytes], number: int) -> dict[str, bytes]:
    """Return the files with one value replaced: by each type in turn, at every place in turn."""
    places = [
        (path, document, place)
        for path in sorted(files)
        if path.endswith((".yaml", ".yml"))
        for document, value in enumerate(yaml.safe_load_all(files[path]))
        for place in range(len(_places(value)))
    ]
    path, document, place = places[number % len(places)]
    documents = list(yaml.safe_load_all(files[path]))
    holder, key = _places(documents[document])[place]
    holder[key] = TYPES[number // len(places) % len(TYPES)]
    return {**files, path: yaml.safe_dump_all(documents).encode()}


def mutated_text(text: str, draw: Random) -> str:
    """Return a text with some characters cut out, doubled or put in."""
    start = draw.randint(0, len(text))
    end = min(len(text), start + draw.choice([0, 1, 1, 3, 10]))
    put: str = draw.choice(
        [*"@:/?#[]~-%\\.", "", "", "::", "://", " ", "\n", "\0", "x" * 400, "\udc80"]
    )
    return text[:start] + put * draw.choice([1, 1, 2]) + text[end:]


def mutated(files: Mapping[str, bytes], draw: Random) -> dict[str, bytes]:
    """Return the files with one to three changes, in the same way for the same seed."""
    found = dict(files)
    for _ in range(draw.randint(1, 3)):
        path = draw.choice(sorted(found))
        how = draw.random()
        changed = _structure(found[path], draw) if how < 0.7 else None
        found[path] = _bytes(found[path], draw) if changed is None else changed
    return found


def _structure(content: bytes, draw: Random) -> bytes | None:
    """Change one value of a YAML file; None if it is not one any more."""
    try:
        documents = list(yaml.safe_load_all(content))
        places = [place for document in documents for place in _places(document)]
        if not places:
            return None
        holder, key = draw.choice(places)
        match draw.randrange(5):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw.choice(KEYS)] = draw.choice(ODD)
            case 2:
                holder[key] = [holder[key], draw.choice(ODD)]
            case _:
                holder[key] = draw.choice(ODD)
        return yaml.safe_dump_all(documents, allow_unicode=draw.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError):
        return None


def _places(value: Any) -> list[tuple[Any, Any]]:
    """List every value inside another one, as what holds it and under which key."""
    found: list[tuple[Any, Any]] = []
    inside: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    for key, item in inside:
        found.append((value, key))
        found += _places(item)
    return found


def _bytes(content: bytes, draw: Random) -> bytes:
    """Cut something out of a file, or put something in."""
    start = draw.randint(0, len(content))
    end = min(len(content), start + draw.choice([0, 0, 1, 5, 20]))
    return content[:start] + draw.choice(TOKENS) * draw.choice([0, 1, 1, 3]) + content[end:]


def model() -> dict[str, bytes]:
    """Return the good model that is broken: every kind, kustomizations, ignore files."""
    from tests.platforms.case_file import read  # noqa: PLC0415 - reads files

    return dict(read(CORPUS / "model.txt").input())
