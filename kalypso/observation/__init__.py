"""Observation: asking clusters, clouds and forges what runs, over the network.

What answers mean is the business of `kalypso.promotion`; this room only gets them, whole or not at
all. What cannot be asked is evidence too, and keeps a gate closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AzureReader",
    "AzureRequest",
    "Clocks",
    "ClusterReader",
    "Kubeconfig",
    "ManagementApi",
    "OwnCheck",
    "Reply",
    "Server",
    "StatusReader",
    "Unreachable",
    "Way",
    "ask_check",
    "azure_tokens",
    "find_object",
]

if TYPE_CHECKING:
    from kalypso.observation.azure_api import ManagementApi, azure_tokens
    from kalypso.observation.cluster_reader import ClusterReader, Way
    from kalypso.observation.cluster_state import Clocks
    from kalypso.observation.conversation import Reply, Server, Unreachable
    from kalypso.observation.kubernetes_api import Kubeconfig
    from kalypso.observation.own_checks import OwnCheck, ask_check
    from kalypso.observation.resource_graph import AzureReader, AzureRequest
    from kalypso.observation.single_object import find_object
    from kalypso.observation.status_reader import StatusReader
else:
    __getattr__ = door(
        __name__,
        {
            "azure_api": ("ManagementApi", "azure_tokens"),
            "cluster_reader": ("ClusterReader", "Way"),
            "cluster_state": ("Clocks",),
            "conversation": ("Reply", "Server", "Unreachable"),
            "kubernetes_api": ("Kubeconfig",),
            "own_checks": ("OwnCheck", "ask_check"),
            "resource_graph": ("AzureReader", "AzureRequest"),
            "single_object": ("find_object",),
            "status_reader": ("StatusReader",),
        },
    )
