"""Inputs of objects on clusters, compared with the types of `pulumi-kubernetes`."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi._types as sdk_types
import pulumi_kubernetes as kubernetes

SECRET = pulumi.runtime.rpc._special_sig_key  # noqa: SLF001 - how the SDK marks a secret
_ARGS: Mapping[str, type] = {
    "pulumi:providers:kubernetes": kubernetes.ProviderArgs,
    "kubernetes:core/v1:Secret": kubernetes.core.v1.SecretInitArgs,
    "kubernetes:core/v1:Namespace": kubernetes.core.v1.NamespaceInitArgs,
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": kubernetes.rbac.v1.ClusterRoleInitArgs,
}
_OF_CUSTOM_RESOURCES = {"apiVersion", "kind", "metadata", "spec"}


def unknown_inputs(kind: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return the inputs that the package does not know for a type."""
    if kind in _ARGS:
        known = set(sdk_types.input_type_py_to_pulumi_names(_ARGS[kind]).values())
        known |= {"apiVersion", "kind"}  # constants that the SDK adds
    else:
        known = _OF_CUSTOM_RESOURCES
    return sorted(inputs.keys() - known)


def is_secret(value: object) -> bool:
    return isinstance(value, dict) and SECRET in value


def plain(value: object) -> Any:
    """Return a value as it is, also where it or a part of it is secret."""
    if is_secret(value):
        return plain(value["value"])  # type: ignore[index]  # a dictionary, as `is_secret` says
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list) else value
