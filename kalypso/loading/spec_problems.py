"""What pydantic found in a spec, told in the words of the platform model and with a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kalypso.errors import Collector, LoadError, Position, Problem, Problems
from kalypso.loading.raw import QUOTE, RawObject
from kalypso.loading.specs import Spec
from kalypso.model import shown
from kalypso.spelling import nearest

S = TypeVar("S", bound=Spec)
_BRANCHES = (("str",), ("dict[str,any]",))
"""What pydantic adds to a path for the branches of ``str | dict[str, Any]``."""
_TOP = ("apiVersion", "kind", "metadata", "spec", "status")
_WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def check_spec(kind: type[S], raw: RawObject, problems: Collector, *, strict: bool = False) -> S:
    """Check the spec of an object.

    Unknown fields are warnings with the nearest known name, errors if ``strict``; in a selector
    they are errors always, since a typo there would select everything.

    Raises:
        Problems: The spec is wrong: all its problems, each with its line.
    """
    try:
        spec = kind.model_validate(raw.body.get("spec") or {})
    except ValidationError as error:
        raise Problems(_problem(raw, details) for details in _without_branches(error)) from None
    unknown = [*_unknown_at_top(raw), *_unknown_fields(spec, raw, ("spec",))]
    errors = [problem for problem in unknown if strict or problem.code == "unknown-selector-field"]
    if errors:
        raise Problems(errors)
    for problem in unknown:
        problems.warn(problem.code, problem.message, problem.at, problem.hint)
    return spec


def place(raw: RawObject, *path: str | int) -> Position:
    """Return where a field of the object stands."""
    return raw.origin.at(*path)


def _without_branches(error: ValidationError) -> Iterator[ErrorDetails]:
    """Pass over all but the first branch of a union: nobody wrote two things there."""
    branched: set[tuple[int | str, ...]] = set()
    for details in error.errors():
        parent = details["loc"][:-1]
        if details["type"] in ("string_type", "dict_type") and details["loc"][-1:] in _BRANCHES:
            if parent in branched:
                continue
            branched.add(parent)
        yield details


def _problem(raw: RawObject, details: ErrorDetails) -> Problem:
    # A union adds its branches to the path: only steps that are in the document count.
    path = _existing(raw.body, ("spec", *details["loc"]))
    field = ".".join(map(str, path))
    kind = details["type"]
    hint = ""
    if kind == "missing":
        name = ".".join(map(str, ("spec", *details["loc"])))
        sentence = f"the {raw.kind} {shown(raw.name)} lacks {name}"
        code = "missing-field"
        near = nearest(str(details["loc"][-1]), details["input"])
        hint = f"it has {near!r}: is that what is meant?" if near else ""
    elif kind in _WANTED:
        sentence = f"{field} is not {_WANTED[kind]} but {shown(details['input'])}"
        hint = QUOTE if kind == "string_type" and _is_scalar(details["input"]) else ""
        code = "not-text" if hint else "wrong-type"
    elif kind == "string_too_short":
        sentence, code = f"{field} is empty", "missing-field"
    else:
        sentence, code = f"{field}: {details['msg']}", "wrong-type"
    return LoadError(sentence, place(raw, *path), hint, code=code).problem


def _existing(body: object, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    found: list[str | int] = []
    for step in path:
        if isinstance(body, list) and isinstance(step, int):
            body = dict(enumerate(body))
        if not isinstance(body, Mapping) or step not in body:
            break
        body = body[step]
        found.append(step)
    return tuple(found)


def _is_scalar(value: object) -> bool:
    return isinstance(value, bool | int | float)


def _unknown_at_top(raw: RawObject) -> Iterator[Problem]:
    for name in raw.body:
        if name not in _TOP:
            yield _unknown(raw, (name,), _TOP)


def _unknown_fields(spec: Spec, raw: RawObject, path: tuple[str | int, ...]) -> Iterator[Problem]:
    known = [field.alias or name for name, field in type(spec).model_fields.items()]
    in_selector = any("Selector" in str(step) for step in path)
    for name in spec.model_extra or {}:
        code = "unknown-selector-field" if in_selector else "unknown-field"
        yield _unknown(raw, (*path, name), known, code)
    for name, field_info in type(spec).model_fields.items():
        alias = field_info.alias or name
        yield from _unknown_in(getattr(spec, name), raw, (*path, alias))


def _unknown(
    raw: RawObject, path: tuple[str | int, ...], known: Sequence[str], code: str = "unknown-field"
) -> Problem:
    near = nearest(str(path[-1]), known)
    return Problem(
        code,
        f"the {raw.kind} {shown(raw.name)} has an unknown field {'.'.join(map(str, path))}",
        place(raw, *path),
        f"did you mean {near!r}?" if near else f"known fields are {', '.join(known)}",
    )


def _unknown_in(value: Any, raw: RawObject, path: tuple[str | int, ...]) -> Iterator[Problem]:  # noqa: ANN401 - a field of any spec
    if isinstance(value, Spec):
        yield from _unknown_fields(value, raw, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, Spec):
                yield from _unknown_fields(item, raw, (*path, index))
