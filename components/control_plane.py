"""A control plane: the Pulumi Kubernetes Operator on a cluster, with a Stack for each environment.

Owns the namespace, the service account of the runs, the Stacks, and the installation if it makes
one. Leaves alone the secret with the variables of the runs, which people make so that it is in no
state, and everything that the runs make: a Stack that goes destroys nothing.
"""

from collections.abc import Sequence
from typing import Any, NotRequired, TypedDict

import pulumi

from .reconcilers import declare_manifests, owned

ACCOUNT = "kalypso"
API = "pulumi.com/v1"
_DELEGATOR = "system:auth-delegator"
_RETRY_SECONDS = 600
"""The longest wait after failures; the operator's own is a day."""
_GRACE_SECONDS = 600
"""What a run has to come to its end when its pod goes; killed, it leaves the stack locked."""
_KUBECONFIG = "/etc/kalypso/kubeconfig"


class ControlPlaneArgs(TypedDict):
    """What `ControlPlane` needs."""

    namespace: str
    """Namespace of the Stacks, which is made."""

    project: str
    """Name of the Pulumi project, the first part of the stacks' full names."""

    environments: Sequence[str]
    """Environments; each is a stack of the project."""

    repository: str
    """Address of the Git repository with the program."""

    branch: str
    """Its branch."""

    folder: NotRequired[str]
    """Folder with the project in the repository; its root if absent."""

    git_key: NotRequired[str]
    """Key of the secret whose token reads the repository; absent if everybody may."""

    backend: str
    """Where the state of all stacks is."""

    secrets_provider: NotRequired[str]
    """What encrypts secrets in the state; a passphrase if absent."""

    secret: str
    """Name of the secret with the variables of the runs."""

    variables: Sequence[str]
    """Its keys that the runs get as variables."""

    kubeconfig: NotRequired[str]
    """Name of a secret with the kubeconfig of the runs in its key `config`."""

    image: str
    """Image in which the program runs."""

    seconds: int
    """Seconds between two runs of a stack; at least 60."""

    install: NotRequired[str]
    """Address or file of the manifests that install the operator; absent if it is there."""


class ControlPlane(pulumi.ComponentResource):
    """The operator, and a Stack for each environment."""

    def __init__(
        self, name: str, args: ControlPlaneArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:ControlPlane", name, {}, opts)
        self._name, self._args = name, args
        after = [*self._install(), *self._account()]
        for environment in args["environments"]:
            self._stack(environment, after)
        self.register_outputs({})

    def _install(self) -> list[pulumi.Resource]:
        if "install" not in self._args:
            return []
        opts = pulumi.ResourceOptions(parent=self)
        return declare_manifests(f"{self._name}-operator", self._args["install"], opts)

    def _account(self) -> list[pulumi.Resource]:
        """Declare whom the runs are; the operator asks the API server who calls its pods."""
        from pulumi_kubernetes.core.v1 import Namespace, ServiceAccount
        from pulumi_kubernetes.rbac.v1 import ClusterRoleBinding

        space, inside = self._args["namespace"], pulumi.ResourceOptions(parent=self)
        namespace = Namespace(f"{self._name}-{space}", metadata=owned(space), opts=inside)
        later = pulumi.ResourceOptions(parent=self, depends_on=[namespace])
        account = ServiceAccount(
            f"{self._name}-{ACCOUNT}", metadata=owned(ACCOUNT, space), opts=later
        )
        binding = ClusterRoleBinding(
            f"{self._name}-auth-delegator",
            metadata=owned(f"{space}-{ACCOUNT}-auth-delegator"),
            role_ref={
                "api_group": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": _DELEGATOR,
            },
            subjects=[{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": space}],
            opts=later,
        )
        return [namespace, account, binding]

    def _stack(self, environment: str, after: list[pulumi.Resource]) -> None:
        from pulumi_kubernetes.apiextensions import CustomResource

        CustomResource(
            f"{self._name}-{environment}",
            api_version=API,
            kind="Stack",
            metadata=owned(environment.lower(), self._args["namespace"]),
            spec=stack_spec(self._args, environment),
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )


def stack_spec(args: ControlPlaneArgs, environment: str) -> dict[str, Any]:
    """Return what the operator is asked to do for an environment."""
    variables = {name: _from_secret(args["secret"], name) for name in args["variables"]}
    if "kubeconfig" in args:
        path = {"value": f"{_KUBECONFIG}/config"}
        variables["KUBECONFIG"] = {"type": "Literal", "literal": path}
    spec: dict[str, Any] = {
        "serviceAccountName": ACCOUNT,
        "projectRepo": args["repository"],
        "branch": args["branch"],
        "stack": f"organization/{args['project']}/{environment}",
        "backend": args["backend"],
        "envRefs": variables,
        # A commit of a workload's repository is not one of this branch.
        "continueResyncOnCommitMatch": True,
        "resyncFrequencySeconds": args["seconds"],
        "retryMaxBackoffDurationSeconds": _RETRY_SECONDS,
        "destroyOnFinalize": False,
        "workspaceTemplate": {"spec": _workspace(args)},
    }
    if "folder" in args:
        spec["repoDir"] = args["folder"]
    if "secrets_provider" in args:
        spec["secretsProvider"] = args["secrets_provider"]
    if "git_key" in args:
        spec["gitAuth"] = {"accessToken": _from_secret(args["secret"], args["git_key"])}
    return spec


def _from_secret(secret: str, key: str) -> dict[str, Any]:
    return {"type": "Secret", "secret": {"name": secret, "key": key}}


def _workspace(args: ControlPlaneArgs) -> dict[str, Any]:
    pod: dict[str, Any] = {"terminationGracePeriodSeconds": _GRACE_SECONDS}
    if "kubeconfig" in args:
        mount = {"name": "kubeconfig", "mountPath": _KUBECONFIG, "readOnly": True}
        pod["containers"] = [{"name": "pulumi", "volumeMounts": [mount]}]
        pod["volumes"] = [{"name": "kubeconfig", "secret": {"secretName": args["kubeconfig"]}}]
    return {
        "image": args["image"],
        "securityProfile": "restricted",
        "podTemplate": {"spec": pod},
    }
