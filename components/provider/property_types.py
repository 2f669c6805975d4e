"""Types and descriptions of the schema's properties, from annotated fields and their docstrings.

A field that takes `pulumi.Input` may be known later; any other has to be known when the program
runs, and is called plain in the schema. A field that takes resources is for programs in Python
only: the order of resources is an option in every language.
"""

import ast
import inspect
import sys
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

import msgspec
import pulumi

SIMPLE: Mapping[object, str] = {str: "string", bool: "boolean", int: "integer"}
SDK = {"pulumi": pulumi, "Output": pulumi.Output, "T": Any}
"""What `Input` names in quotes, ours or the SDK's; of a union only the first member counts."""

Described = dict[str, object]
"""What the schema says of one type or property."""
NamedTypes = dict[str, Described]
"""The types that properties refer to, by their tokens."""


class Field(msgspec.Struct, frozen=True):
    """One key of a TypedDict, as other languages give it."""

    name: str
    """In Python."""
    wire_name: str
    """In the schema."""
    hint: object
    required: bool


def fields_of(arguments: Any) -> Iterator[Field]:  # noqa: ANN401 - any TypedDict
    """Return the fields that other languages can give, those of its bases first."""
    for name, hint in get_type_hints(arguments, localns=SDK).items():
        if not _takes_resources(hint):
            yield Field(name, wire_name(name), hint, name in arguments.__required_keys__)


def wire_name(name: str) -> str:
    """Return how the schema names a field: `cluster_type` is `clusterType`."""
    first, *others = name.split("_")
    return "".join([first, *(word.capitalize() for word in others)])


def inputs_of(arguments: type, named: NamedTypes) -> Described:
    """Return the properties that a TypedDict describes.

    Args:
        arguments: The TypedDict.
        named: Gets the types that the properties refer to.

    Raises:
        KeyError: A field has no docstring, or a type that the schema does not know.
    """
    texts = attribute_docstrings(arguments)
    return {
        field.wire_name: {
            **type_of(field.hint, named),
            "description": texts[field.name] + _choices(field.hint),
        }
        for field in fields_of(arguments)
    }


def type_of(hint: object, named: NamedTypes) -> Described:
    """Return a type of the schema.

    Args:
        hint: The annotation; of ``pulumi.Input[str]`` and ``str | None``, that of ``str`` counts.
        named: Gets the types that this one refers to.

    Raises:
        KeyError: The schema does not know the type.
    """
    plain: Described = {} if takes_later(hint) else {"plain": True}
    bare = inner(hint)
    if is_typeddict(bare):
        return {"$ref": f"#/types/{_name(bare, named)}"} | ({} if _waits(bare) else plain)
    match get_origin(bare), get_args(bare):
        case (origin, (_, value)) if origin in {dict, Mapping}:
            return {"type": "object", "additionalProperties": type_of(value, named), **plain}
        case (origin, (item,)) if origin in {list, Sequence}:
            return {"type": "array", "items": type_of(item, named), **plain}
        case (origin, choices) if origin is Literal:
            return {"type": SIMPLE[type(choices[0])], **plain}
    return {"type": SIMPLE[bare], **plain}


def inner(hint: object) -> Any:  # noqa: ANN401 - any annotation
    """Return what an optional or an input annotation is about."""
    while get_origin(hint) in {Union, UnionType}:
        hint = next(each for each in get_args(hint) if each is not NoneType)
    return hint


def takes_later(hint: object) -> bool:
    """Return whether a field takes values that are known only later."""
    return get_origin(hint) is Union and any(
        get_origin(each) is Awaitable for each in get_args(hint)
    )


def attribute_docstrings(owner: Any) -> dict[str, str]:  # noqa: ANN401 - any class
    """Return the text below each attribute of a class and its bases; only the source has it.

    A TypedDict forgets its bases, so these are found through its source too.
    """
    module = sys.modules[owner.__module__]
    tree = ast.parse(inspect.getsource(module))
    (node,) = (
        each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == owner.__name__
    )
    found: dict[str, str] = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and is_typeddict(vars(module).get(base.id)):
            found |= attribute_docstrings(vars(module)[base.id])
    for field, text in pairwise(node.body):
        match field, text:
            case (
                ast.AnnAssign(target=ast.Name(id=attribute)),
                ast.Expr(value=ast.Constant(value=str(docstring))),
            ):
                found[attribute] = inspect.cleandoc(docstring)
            case _:
                pass
    return found


def _name(arguments: Any, named: NamedTypes) -> str:  # noqa: ANN401 - any TypedDict
    token = f"kalypso:index:{arguments.__name__.removesuffix('Args')}"
    if token not in named:
        named[token] = {}  # a type may refer to itself
        named[token] |= {
            "description": inspect.getdoc(arguments),
            "type": "object",
            "properties": inputs_of(arguments, named),
            "required": sorted(f.wire_name for f in fields_of(arguments) if f.required),
        }
    return token


def _waits(arguments: Any) -> bool:  # noqa: ANN401 - any TypedDict
    """Return whether something in it may be known only later."""
    return any(takes_later(each) or _within(each) for each in _hints(arguments))


def _within(hint: object) -> bool:
    bare = inner(hint)
    if is_typeddict(bare):
        return _waits(bare)
    return any(takes_later(each) or _within(each) for each in get_args(bare))


def _hints(arguments: Any) -> list[object]:  # noqa: ANN401 - any TypedDict
    return [field.hint for field in fields_of(arguments)]


def _choices(hint: object) -> str:
    bare = inner(hint)
    if get_origin(bare) is not Literal:
        return ""
    return f" One of {', '.join(f'`{choice}`' for choice in get_args(bare))}."


def _takes_resources(hint: object) -> bool:
    bare = inner(hint)
    if isinstance(bare, type) and issubclass(bare, pulumi.Resource):
        return True
    return get_origin(bare) in {list, Sequence} and any(map(_takes_resources, get_args(bare)))
