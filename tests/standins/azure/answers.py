"""What Azure answers about a resource: what it was asked for but for secrets, and what it adds.

Spelling too: an id of AKS or of an identity has `resourcegroups` in it, and AKS calls its type
`ManagedClusters`. `published.yaml` has what Microsoft's examples say of each.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.standins.azure.kinds import Json

_WHEN = "2026-01-02T03:04:05Z"
_VERSION = "1.33.5"
_COMMIT = "0123456789abcdef0123456789abcdef01234567"
_SPELLED = {
    "Microsoft.ContainerService/managedClusters": "Microsoft.ContainerService/ManagedClusters"
}
_LOWER = ("Microsoft.ContainerService/", "Microsoft.ManagedIdentity/")


def answered(kept: Mapping[str, Any]) -> Json:
    """Return the answer about a resource.

    Args:
        kept: Its body, with its id, its name and the state that it is in.
    """
    answer: Json = deepcopy(dict(kept))
    path = str(answer["id"])
    kind = type_of(path)
    answer |= {"type": _SPELLED.get(kind, kind), "name": path.rpartition("/")[2]}
    if kind.startswith(_LOWER):
        answer["id"] = path.replace("/resourceGroups/", "/resourcegroups/", 1)
    properties = answer["properties"] = {
        "provisioningState": "Succeeded", **answer.get("properties", {}),
    }  # fmt: skip
    add = _ADDED.get(kind)
    if add:
        add(answer, properties)
    return answer


def type_of(path: str) -> str:
    """Return the type of a resource by its id: its namespace, and the kinds on the way to it."""
    _, found, inside = path.rpartition("/providers/")
    if not found:
        return "Microsoft.Resources/resourceGroups"
    namespace, *steps = inside.split("/")
    return "/".join([namespace, *steps[::2]])


def _made_up(answer: Json, name: str) -> str:
    """Return a UUID that is the same each time it is asked for."""
    return str(uuid5(NAMESPACE_URL, f"{answer['id']} {name}"))


def _flux_configuration(answer: Json, properties: Json) -> None:
    _extension_resource(answer, properties)
    source = properties.get("gitRepository")
    branch = "main"
    if source is not None:
        asked = source.get("repositoryRef") or {}
        branch = asked.get("branch") or branch
        source["repositoryRef"] = {**dict.fromkeys(("branch", "tag", "semver", "commit")), **asked}
    for name, each in (properties.get("kustomizations") or {}).items():
        each["name"] = name
    applied = [f"{answer['name']}-{name}" for name in properties.get("kustomizations") or {}]
    properties |= {
        "statuses": [
            _status(answer["name"], "GitRepository", "GitOperationSucceed"),
            *(_status(name, "Kustomization", "ReconciliationSucceeded") for name in applied),
        ],
        "repositoryPublicKey": "ssh-rsa AAAAB3NzaC1yc2E",
        "sourceSyncedCommitId": f"{branch}/{_COMMIT}",
        "sourceUpdatedAt": _WHEN,
        "statusUpdatedAt": _WHEN,
        "complianceState": "Compliant",
        "errorMessage": "",
    }


def _status(name: str, kind: str, reason: str) -> Json:
    ready = {
        "lastTransitionTime": _WHEN,
        "message": f"revision: {_COMMIT}",
        "reason": reason,
        "status": "True",
        "type": "Ready",
    }
    return {
        "name": name, "kind": kind, "complianceState": "Compliant", "appliedBy": None,
        "helmReleaseProperties": None, "statusConditions": [ready],
    }  # fmt: skip


def _extension(answer: Json, properties: Json) -> None:
    _extension_resource(answer, properties)
    properties |= {
        "releaseTrain": properties.get("releaseTrain") or "Stable",
        "version": "1.17.2",
        "currentVersion": "1.17.2",
        "statuses": [],
        "isSystemExtension": False,
    }


def _extension_resource(answer: Json, properties: Json) -> None:
    """Add what both kinds of Microsoft.KubernetesConfiguration have, and show no secret."""
    properties.pop("configurationProtectedSettings", None)
    answer["systemData"] = {
        "createdBy": "somebody", "createdByType": "Application", "createdAt": _WHEN,
        "lastModifiedBy": "somebody", "lastModifiedByType": "Application", "lastModifiedAt": _WHEN,
    }  # fmt: skip


def _cluster(answer: Json, properties: Json) -> None:
    for profile, secret in (
        ("windowsProfile", "adminPassword"),
        ("servicePrincipalProfile", "secret"),
    ):
        (properties.get(profile) or {}).pop(secret, None)
    state, version = (
        properties["provisioningState"],
        properties.get("kubernetesVersion") or _VERSION,
    )
    for pool in properties.get("agentPoolProfiles") or ():
        pool |= {
            "maxPods": pool.get("maxPods", 110),
            "provisioningState": state,
            "orchestratorVersion": version,
            "currentOrchestratorVersion": version,
            "nodeImageVersion": "AKSUbuntu-2204gen2containerd-2026.01.02",
        }
    group, prefix = str(answer["id"]).split("/")[4], properties.get("dnsPrefix", answer["name"])
    properties |= {
        "maxAgentPools": 100,
        "kubernetesVersion": version,
        "currentKubernetesVersion": version,
        "nodeResourceGroup": f"MC_{group}_{answer['name']}_{answer.get('location', '')}",
        "enableRBAC": True,
        "fqdn": f"{prefix}-a1b2c3d4.hcp.{answer.get('location', '')}.azmk8s.io",
        "networkProfile": {**_NETWORK, **(properties.get("networkProfile") or {})},
    }
    properties.setdefault("servicePrincipalProfile", {"clientId": "msi"})
    identity = answer.get("identity") or {}
    if identity.get("type") == "SystemAssigned":
        identity |= {name: _made_up(answer, name) for name in ("principalId", "tenantId")}
    for named in (identity.get("userAssignedIdentities") or {}).values():
        named |= {name: _made_up(answer, name) for name in ("principalId", "clientId")}


_NETWORK = {
    "loadBalancerSku": "standard", "networkPlugin": "kubenet", "podCidr": "10.244.0.0/16",
    "serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10", "outboundType": "loadBalancer",
    "podCidrs": ["10.244.0.0/16"], "serviceCidrs": ["10.0.0.0/16"], "ipFamilies": ["IPv4"],
}  # fmt: skip


def _identity(answer: Json, properties: Json) -> None:
    properties.pop("provisioningState", None)
    properties |= {name: _made_up(answer, name) for name in ("principalId", "clientId", "tenantId")}


def _credential(answer: Json, properties: Json) -> None:
    del answer
    properties.pop("provisioningState", None)


_ON_CLUSTERS = "Microsoft.KubernetesConfiguration"
_IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
_ADDED: Mapping[str, Callable[[Json, Json], None]] = {
    f"{_ON_CLUSTERS}/fluxConfigurations": _flux_configuration,
    f"{_ON_CLUSTERS}/extensions": _extension,
    "Microsoft.ContainerService/managedClusters": _cluster,
    _IDENTITIES: _identity,
    f"{_IDENTITIES}/federatedIdentityCredentials": _credential,
}
"""What is added to the answer and to its properties, by type."""
