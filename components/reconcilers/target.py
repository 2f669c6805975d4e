"""The cluster that a hub applies to: where it is, and as whom the hub signs in there."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi


class TargetArgs(TypedDict):
    """A cluster, as a hub reaches it."""

    name: str
    """Name of the cluster."""

    server: pulumi.Input[str]
    """URL of its API server."""

    token: pulumi.Input[str]
    """Token of an account there; a secret."""

    authority: NotRequired[str]
    """Certificates that vouch for the server, PEM in base64; absent if machines know them."""

    server_name: NotRequired[str]
    """Name that the server's certificate has; absent if it is that of the URL."""

    rights: NotRequired[Sequence[pulumi.Resource]]
    """What has to be there as long as the token is used."""


def kubeconfig(target: TargetArgs) -> pulumi.Output[str]:
    """Return a kubeconfig with this cluster only, as JSON, which is YAML too; a secret."""
    cluster: dict[str, pulumi.Input[str]] = {"server": target["server"]}
    if "authority" in target:
        cluster["certificate-authority-data"] = target["authority"]
    if "server_name" in target:
        cluster["tls-server-name"] = target["server_name"]
    name = target["name"]
    return pulumi.Output.json_dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": name, "cluster": cluster}],
            "users": [{"name": name, "user": {"token": pulumi.Output.secret(target["token"])}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
        }
    )


def argo_cd_cluster(target: TargetArgs) -> dict[str, pulumi.Input[str]]:
    """Return what Argo CD's secret says of a cluster."""
    tls: dict[str, str] = {}
    if "authority" in target:
        tls["caData"] = target["authority"]
    if "server_name" in target:
        tls["serverName"] = target["server_name"]
    config = {"bearerToken": pulumi.Output.secret(target["token"]), "tlsClientConfig": tls}
    return {
        "name": target["name"],
        "server": target["server"],
        "config": pulumi.Output.json_dumps(config),
    }
