"""Inputs of resources in Azure, compared with the types of `pulumi-azure-native`."""

from collections.abc import Mapping
from typing import Any

import pulumi._types as sdk_types
import pulumi_azure_native as azure
import pulumi_azure_native.containerservice as containers
import pulumi_azure_native.kubernetesconfiguration as configuration
from pulumi_azure_native import authorization, managedidentity, resources

_ARGS: Mapping[str, type] = {
    "pulumi:providers:azure-native": azure.ProviderArgs,
    "azure-native:resources:ResourceGroup": resources.ResourceGroupArgs,
    "azure-native:containerservice:ManagedCluster": containers.ManagedClusterArgs,
    "azure-native:kubernetesconfiguration:Extension": configuration.ExtensionArgs,
    "azure-native:kubernetesconfiguration:FluxConfiguration": configuration.FluxConfigurationArgs,
    "azure-native:managedidentity:UserAssignedIdentity": managedidentity.UserAssignedIdentityArgs,
    "azure-native:managedidentity:FederatedIdentityCredential": (
        managedidentity.FederatedIdentityCredentialArgs
    ),
    "azure-native:authorization:RoleAssignment": authorization.RoleAssignmentArgs,
}
_INNER: Mapping[str, type] = {
    "agentPoolProfiles": containers.ManagedClusterAgentPoolProfileArgs,
    "autoUpgradeProfile": containers.ManagedClusterAutoUpgradeProfileArgs,
    "identity": containers.ManagedClusterIdentityArgs,
    "oidcIssuerProfile": containers.ManagedClusterOIDCIssuerProfileArgs,
    "securityProfile": containers.ManagedClusterSecurityProfileArgs,
    "sku": containers.ManagedClusterSKUArgs,
    "gitRepository": configuration.GitRepositoryDefinitionArgs,
    "kustomizations": configuration.KustomizationDefinitionArgs,
}
API_VERSIONS = {
    "ResourceGroup": (resources.ResourceGroup, "2024-03-01"),
    "ManagedCluster": (containers.ManagedCluster, "2025-09-01"),
    "Extension": (configuration.Extension, "2023-05-01"),
    "FluxConfiguration": (configuration.FluxConfiguration, "2023-05-01"),
    "UserAssignedIdentity": (managedidentity.UserAssignedIdentity, "2023-01-31"),
    "FederatedIdentityCredential": (managedidentity.FederatedIdentityCredential, "2023-01-31"),
    "RoleAssignment": (authorization.RoleAssignment, "2022-04-01"),
}
"""The class that declares each kind, and the version of Azure's interface that it speaks."""


def unknown_inputs(kind: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return the inputs that the package does not know for a type, also those inside of others."""
    found = _unknown(_ARGS[kind], inputs)
    for name, inner in _INNER.items():
        given = inputs.get(name)
        if name == "kustomizations" and given:
            several = list(given.values())
        else:
            several = given if isinstance(given, list) else [given] if given else []
        for each in several:
            found += [f"{name}.{key}" for key in _unknown(inner, each)]
    return found


def _unknown(args: type, inputs: Mapping[str, Any]) -> list[str]:
    known = set(sdk_types.input_type_py_to_pulumi_names(args).values())
    return sorted(inputs.keys() - known)
