"""The account by which a reconciler on a hub applies to a cluster.

Owns, on the cluster: a service account in `kube-system`, its token and its rights. These are
Kubernetes' own role `admin` in every namespace, and a role of ours for the namespaces themselves.
Nobody's kubeconfig is copied, and no right to change rights of the whole cluster is given. A
workload that needs a kind which `admin` lacks needs a ClusterRole with the label
`rbac.authorization.k8s.io/aggregate-to-admin`, as its operator brings it.
"""

import base64
from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi

from kalypso.stack import ACCOUNT, ACCOUNT_ADMIN, ACCOUNT_NAMESPACE

from .ownership import owned

_RBAC = "rbac.authorization.k8s.io"
_CHANGES = ["get", "list", "watch", "create", "update", "patch", "delete"]


class HubAccountArgs(TypedDict):
    """What `HubAccount` needs."""

    reads_everything: NotRequired[bool]
    """Whether it reads every kind, as Argo CD does to compare what there is."""


class HubAccount(pulumi.ComponentResource):
    """A service account with its token, for a hub."""

    token: pulumi.Output[str]
    """Token of the account; a secret."""

    rights: list[pulumi.Resource]
    """What has to be there before the token is of use, and as long as it is used."""

    def __init__(
        self, name: str, args: HubAccountArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:HubAccount", name, {}, opts)
        from pulumi_kubernetes.core.v1 import Secret, ServiceAccount

        self._name = name
        inside = pulumi.ResourceOptions(parent=self)
        account = ServiceAccount(
            f"{name}-account", metadata=owned(ACCOUNT, ACCOUNT_NAMESPACE), opts=inside
        )
        self.rights = self._rights(bool(args.get("reads_everything")), account)
        metadata = owned(ACCOUNT, ACCOUNT_NAMESPACE)
        metadata["annotations"]["kubernetes.io/service-account.name"] = ACCOUNT
        secret = Secret(
            f"{name}-token",
            metadata=metadata,
            type="kubernetes.io/service-account-token",
            opts=pulumi.ResourceOptions(parent=self, depends_on=[account]),
        )
        self.token = pulumi.Output.secret(secret.data).apply(_token)
        self.register_outputs({})

    def _rights(self, reads_everything: bool, account: pulumi.Resource) -> list[pulumi.Resource]:  # noqa: FBT001 - of an argument
        from pulumi_kubernetes.rbac.v1 import (
            ClusterRole,
            ClusterRoleBinding,
        )

        inside = pulumi.ResourceOptions(parent=self)
        own = ["namespaces", "limitranges", "resourcequotas"]
        rules: list[dict[str, list[str]]] = [
            {"api_groups": [""], "resources": own, "verbs": _CHANGES}
        ]
        if reads_everything:
            rules.append({"api_groups": ["*"], "resources": ["*"], "verbs": _CHANGES[:3]})
        role = ClusterRole(f"{self._name}-role", metadata=owned(ACCOUNT), rules=rules, opts=inside)
        subject = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": ACCOUNT_NAMESPACE}
        after = pulumi.ResourceOptions(parent=self, depends_on=[account, role])
        return [
            ClusterRoleBinding(
                f"{self._name}-{given}",
                metadata=owned(binding),
                role_ref={"api_group": _RBAC, "kind": "ClusterRole", "name": given},
                subjects=[subject],
                opts=after,
            )
            for binding, given in ((ACCOUNT, ACCOUNT), (ACCOUNT_ADMIN, "admin"))
        ]


def _token(data: Mapping[str, str] | None) -> str:
    """Return the token that the cluster wrote into the secret.

    Raises:
        RuntimeError: There is none; the provider waits for it, so nobody makes them there.
    """
    found = (data or {}).get("token", "")
    if not found and not pulumi.runtime.is_dry_run():
        raise RuntimeError("the cluster made no token for the service account kalypso-hub")
    return base64.b64decode(found).decode()
