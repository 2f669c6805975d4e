"""Keeps which bodies Azure's interface takes, as the models of Microsoft's own SDK for Python say.

Name on the wire, type, whether it is required, whether it is read-only, and the known values of
every property stand there. Run as ``python -m tests.oracles.record_azure`` where these are
installed: azure-mgmt-containerservice 41.8.0, azure-mgmt-kubernetesconfiguration-extensions 1.0.0
and azure-mgmt-kubernetesconfiguration-fluxconfigurations 1.0.0.
"""

import enum
import importlib
import json
import sys
import types
import typing
from pathlib import Path
from typing import Any, NotRequired, Required

from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict

KEPT = Path(__file__).parents[1] / "standins" / "azure" / "bodies.json"
MODELS = {
    "ManagedCluster": "azure.mgmt.containerservice",
    "Extension": "azure.mgmt.kubernetesconfiguration.extensions",
    "FluxConfiguration": "azure.mgmt.kubernetesconfiguration.fluxconfigurations",
}


class Models:
    """The models of one package, as types that pydantic describes."""

    def __init__(self, package: str) -> None:
        self._models = importlib.import_module(f"{package}.models")
        self._base = importlib.import_module(f"{package}._utils.model_base").Model
        self._made: dict[type, Any] = {}

    def schema(self, name: str) -> dict[str, Any]:
        """Return the JSON schema of the requests with a model."""
        return TypeAdapter(self._typed(getattr(self._models, name))).json_schema()

    def _typed(self, model: Any) -> Any:
        if model in self._made:
            return self._made[model]
        model({})  # fills the table of fields on first use
        make: Any = TypedDict  # whose name is known at run time only
        made = make(model.__name__, {})
        made.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
        self._made[model] = made
        hints, fields = self._hints(model), {}
        for key, field in model._attr_to_rest_field.items():  # noqa: SLF001 - the SDK's own name - nowhere else
            if field._visibility == ["read"]:  # noqa: SLF001 - the SDK's own name - as above
                continue  # no request may name it
            hint = self._plain(hints[key])
            optional = type(None) in typing.get_args(hint)
            fields[field._rest_name] = NotRequired[hint] if optional else Required[hint]  # noqa: SLF001 - the SDK's own name
        made.__annotations__ = fields
        required = {key for key, hint in fields.items() if typing.get_origin(hint) is Required}
        made.__required_keys__ = frozenset(required)
        made.__optional_keys__ = frozenset(fields.keys() - required)
        return made

    def _hints(self, model: Any) -> dict[str, Any]:
        scope = {**vars(sys.modules[model.__module__]), **vars(self._models)}
        scope |= {"_models": self._models, "datetime": importlib.import_module("datetime")}
        found: dict[str, Any] = {}
        for base in reversed(model.__mro__):
            for key, hint in vars(base).get("__annotations__", {}).items():
                one = types.SimpleNamespace(__annotations__={key: hint})
                found[key] = typing.get_type_hints(one, scope)[key]
        return found

    def _plain(self, hint: Any) -> Any:
        if isinstance(hint, type) and issubclass(hint, self._base):
            return self._typed(hint)
        if isinstance(hint, type) and issubclass(hint, enum.Enum):
            return typing.Literal[tuple(each.value for each in hint)]
        origin, args = typing.get_origin(hint), typing.get_args(hint)
        if origin in {typing.Union, types.UnionType}:
            if any(isinstance(each, type) and issubclass(each, enum.Enum) for each in args):
                args = tuple(each for each in args if each is not str)  # it would let all through
            return typing.Union[tuple(self._plain(each) for each in args)]  # noqa: UP007 - at run time
        if origin in {list, dict}:
            return origin[tuple(self._plain(each) for each in args)]
        return hint


def main() -> None:
    """Write the schemas."""
    found = {name: _short(Models(package).schema(name)) for name, package in MODELS.items()}
    KEPT.write_text(f"{json.dumps(found, indent=1, sort_keys=True)}\n")


def _short(schema: Any) -> Any:
    """Return a schema without the titles that only repeat names."""
    if isinstance(schema, dict):
        return {
            key: _short(each)
            for key, each in schema.items()
            if key != "title" or not isinstance(each, str)
        }
    return [_short(each) for each in schema] if isinstance(schema, list) else schema


if __name__ == "__main__":
    main()
