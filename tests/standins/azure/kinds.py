"""The kinds of resources that the stand-in knows: where they are, and which bodies they take."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

Json = dict[str, Any]
_GROUP = "/subscriptions/{subscription}/resourceGroups/{resourceGroupName}"
_ON_CLUSTER = (
    f"{_GROUP}/providers/{{clusterRp}}/{{clusterResourceName}}/{{clusterName}}"
    "/providers/Microsoft.KubernetesConfiguration"
)
_SCHEMAS = json.loads((Path(__file__).parent / "bodies.json").read_text())
_TAGS = {"type": "object", "additionalProperties": {"type": "string"}}
# The models of these are of an older make, which does not say as much. They were read in
# azure-mgmt-resource, azure-mgmt-msi 7.1.0 and azure-mgmt-authorization 4.0.0.
_SCHEMAS["ResourceGroup"] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["location"],
    "properties": {
        "location": {"type": "string"},
        "managedBy": {"type": "string"},
        "tags": _TAGS,
    },
}
_SCHEMAS["UserAssignedIdentity"] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["location"],
    "properties": {"location": {"type": "string"}, "tags": _TAGS},
}
_SCHEMAS["FederatedIdentityCredential"] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["properties"],
    "properties": {
        "properties": {
            "type": "object",
            "additionalProperties": False,
            "required": ["issuer", "subject", "audiences"],
            "properties": {
                # The stand-in GitHub of a test has no certificate.
                "issuer": {"type": "string", "pattern": r"^(https://|http://127\.0\.0\.1:)"},
                "subject": {"type": "string", "minLength": 1},
                "audiences": {"type": "array", "items": {"type": "string"}, "minItems": 1},
            },
        }
    },
}
_SCHEMAS["RoleAssignment"] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["properties"],
    "properties": {
        "properties": {
            "type": "object",
            "additionalProperties": False,
            "required": ["roleDefinitionId", "principalId"],
            "properties": {
                "roleDefinitionId": {
                    "type": "string",
                    "pattern": "/roleDefinitions/[0-9a-f-]{36}$",
                },
                "principalId": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
                "principalType": {
                    "enum": ["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]
                },
                "description": {"type": "string"},
                "condition": {"type": "string"},
                "conditionVersion": {"type": "string"},
                "delegatedManagedIdentityResourceId": {"type": "string"},
            },
        }
    },
}


class BadBodyError(Exception):
    """A body that Azure would not take."""


@dataclass(frozen=True)
class Kind:
    """One kind of resources."""

    model: str
    path: str
    """Its id, with the inputs that are parts of it in braces."""
    replaced: frozenset[str] = frozenset()
    """Other inputs that cannot change in place."""
    owned: bool = True
    """Whether it can be made; else only read."""
    named: str = ""
    """The input that is chosen for it if it is absent: a UUID."""

    @property
    def in_path(self) -> list[str]:
        return [name for name in re.findall(r"\{(\w+)\}", self.path) if name != "subscription"]

    def id_of(self, inputs: Mapping[str, Any], subscription: str) -> str:
        """Return the id of a resource with some inputs.

        Raises:
            BadBodyError: A part of it is missing.
        """
        missing = [name for name in self.in_path if not inputs.get(name)]
        if missing:
            raise BadBodyError(f"missing required property '{missing[0]}'")
        return self.path.format(subscription=subscription, **inputs)

    def body_of(self, inputs: Mapping[str, Any]) -> Json:
        """Return the body that the real plugin sends: what is not on top is a property.

        Raises:
            BadBodyError: Azure would not take it.
        """
        on_top = _SCHEMAS[self.model]["properties"].keys() - {"properties"}
        given = {key: each for key, each in inputs.items() if key not in self.in_path}
        body: Json = {key: each for key, each in given.items() if key in on_top}
        inner = {key: each for key, each in given.items() if key not in on_top}
        if inner:
            body["properties"] = inner
        problems = list(self._problems(body))
        if problems:
            raise BadBodyError("; ".join(problems))
        return body

    def _problems(self, body: Json) -> Iterator[str]:
        for error in _validator(self.model).iter_errors(body):
            yield f"{'/'.join(map(str, error.instance_path))}: {error.message}"


@cache
def _validator(model: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(_SCHEMAS[model])


KINDS: Mapping[str, Kind] = {
    "azure-native:resources:ResourceGroup": Kind(
        "ResourceGroup", _GROUP, replaced=frozenset({"location"})
    ),
    "azure-native:containerservice:ManagedCluster": Kind(
        "ManagedCluster",
        f"{_GROUP}/providers/Microsoft.ContainerService/managedClusters/{{resourceName}}",
        replaced=frozenset({"location", "dnsPrefix"}),
    ),
    "azure-native:kubernetes:ConnectedCluster": Kind(
        "ConnectedCluster",
        f"{_GROUP}/providers/Microsoft.Kubernetes/connectedClusters/{{clusterName}}",
        owned=False,
    ),
    "azure-native:kubernetesconfiguration:Extension": Kind(
        "Extension",
        f"{_ON_CLUSTER}/extensions/{{extensionName}}",
        replaced=frozenset({"extensionType", "scope"}),
    ),
    "azure-native:kubernetesconfiguration:FluxConfiguration": Kind(
        "FluxConfiguration",
        f"{_ON_CLUSTER}/fluxConfigurations/{{fluxConfigurationName}}",
        replaced=frozenset({"namespace", "scope"}),
    ),
    "azure-native:managedidentity:UserAssignedIdentity": Kind(
        "UserAssignedIdentity",
        f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}",
        replaced=frozenset({"location"}),
    ),
    "azure-native:managedidentity:FederatedIdentityCredential": Kind(
        "FederatedIdentityCredential",
        f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{{resourceName}}"
        "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}",
    ),
    "azure-native:authorization:RoleAssignment": Kind(
        "RoleAssignment",
        "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
        replaced=frozenset({"principalId", "principalType", "roleDefinitionId"}),
        named="roleAssignmentName",
    ),
}
