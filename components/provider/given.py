"""What another language gives a component, as the arguments that the component takes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args, get_origin, is_typeddict

import pulumi
from pulumi.errors import InputPropertyErrorDetails
from pulumi.output import Unknown

from .property_types import SIMPLE, fields_of, inner, takes_later

Problems = list[InputPropertyErrorDetails]


def read_arguments(
    arguments: Any,  # noqa: ANN401 - any TypedDict
    given: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the arguments of a component.

    Args:
        arguments: The TypedDict that it takes.
        given: Values by the names of the schema. Those that are known later are outputs.

    Raises:
        InputPropertiesError: A value is missing, not known, of a wrong type, or known only later
            where it is needed now; with all that is wrong.
    """
    problems: Problems = []
    found = _object(arguments, given, "", problems)
    if problems:
        raise pulumi.InputPropertiesError("the inputs are wrong", problems)
    return found


def _object(
    arguments: Any,  # noqa: ANN401 - any TypedDict
    given: Mapping[str, Any],
    path: str,
    problems: Problems,
) -> dict[str, Any]:
    known = {field.wire_name: field for field in fields_of(arguments)}
    _complain_of_unknown(given, list(known), path, problems)
    found: dict[str, Any] = {}
    for name, field in known.items():
        if given.get(name) is not None:
            found[field.name] = _value(field.hint, given[name], _below(path, name), problems)
        elif field.required:
            problems.append(_problem(_below(path, name), "the input is missing"))
    return found


def _complain_of_unknown(
    given: Mapping[str, Any], known: Sequence[str], path: str, problems: Problems
) -> None:
    for name in sorted(set(given) - set(known)):
        text = f"the input does not exist; there are {', '.join(known)}"
        problems.append(_problem(_below(path, name), text))


def _value(hint: object, value: Any, path: str, problems: Problems) -> Any:  # noqa: ANN401 - as given
    if isinstance(value, pulumi.Output | Unknown):
        if not takes_later(hint):
            text = "the value is needed when the program runs, and is not known before `pulumi up`"
            problems.append(_problem(path, text))
        return value
    bare = inner(hint)
    if is_typeddict(bare) and isinstance(value, Mapping):
        return _object(bare, value, path, problems)
    match get_origin(bare), value:
        case (origin, dict()) if origin in {dict, Mapping}:
            kind = get_args(bare)[1]
            return {
                key: _value(kind, each, f'{path}["{key}"]', problems) for key, each in value.items()
            }
        case (origin, list()) if origin in {list, Sequence}:
            (kind,) = get_args(bare)
            return [_value(kind, each, f"{path}[{n}]", problems) for n, each in enumerate(value)]
    return _scalar(bare, value, path, problems)


def _scalar(bare: Any, value: Any, path: str, problems: Problems) -> Any:  # noqa: ANN401 - as given
    if bare is int and isinstance(value, float) and value.is_integer():
        return int(value)  # the wire knows no other numbers
    if get_origin(bare) is Literal:
        choices = get_args(bare)
        if value not in choices:
            problems.append(_problem(path, f"the value is not one of {', '.join(choices)}"))
    elif bare not in SIMPLE or type(value) is not bare:
        problems.append(_problem(path, f"the value is not {_kind(bare)}"))
    return value


def _kind(bare: Any) -> str:  # noqa: ANN401 - any annotation
    if get_origin(bare) in {list, Sequence}:
        return "a list"
    return {str: "text", bool: "true or false", int: "a whole number"}.get(bare, "an object")


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _problem(path: str, reason: str) -> InputPropertyErrorDetails:
    return {"property_path": path, "reason": reason}
