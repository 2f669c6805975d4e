"""A cluster that is already there, reached by a context of a kubeconfig.

Owns nothing on the cluster: it is the way there. The credentials stay in the kubeconfig unless one
is given; the state then keeps it as a secret.
"""

from typing import NotRequired, TypedDict

import pulumi


class ExistingClusterArgs(TypedDict):
    """What `ExistingCluster` needs."""

    context: pulumi.Input[str]
    """Context of the kubeconfig."""

    kubeconfig: NotRequired[pulumi.Input[str]]
    """Text of a kubeconfig, or its path; what kubectl reads if absent."""

    identity: NotRequired[pulumi.Input[str]]
    """Under which objects on it are known; its name if absent. Another one replaces them all."""

    namespace: NotRequired[pulumi.Input[str]]
    """Namespace of objects that name none; that of the context if absent."""


class ExistingCluster(pulumi.ComponentResource):
    """A way to a cluster, for resources that name its provider."""

    provider: pulumi.ProviderResource
    """Provider of everything that is declared on the cluster."""

    def __init__(
        self, name: str, args: ExistingClusterArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("kalypso:index:ExistingCluster", name, {}, opts)
        import pulumi_kubernetes

        kubeconfig = args.get("kubeconfig")
        self.provider = pulumi_kubernetes.Provider(
            name,
            context=args["context"],
            kubeconfig=None if kubeconfig is None else pulumi.Output.secret(kubeconfig),
            namespace=args.get("namespace"),
            # Without it, other credentials for the same cluster would replace every object on it.
            cluster_identifier=args.get("identity", name),
            # A changed ConfigMap of an installation is an update, as kubectl does it.
            enable_config_map_mutable=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
