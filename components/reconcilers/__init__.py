"""What makes a cluster apply its folder of the GitOps repository: Flux, or Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "AppArgs",
    "ArgoCdBootstrap",
    "ArgoCdOnHub",
    "FluxBootstrap",
    "FluxExtension",
    "FluxExtensionArgs",
    "FluxOnHub",
    "HubAccount",
    "KeyArgs",
    "ReaderArgs",
    "TargetArgs",
    "declare_manifests",
    "owned",
]

if TYPE_CHECKING:
    from .argocd import ArgoCdBootstrap
    from .argocd_on_hub import ArgoCdOnHub
    from .credentials import AppArgs, KeyArgs, ReaderArgs
    from .flux import FluxBootstrap
    from .flux_extension import FluxExtension, FluxExtensionArgs
    from .flux_on_hub import FluxOnHub
    from .hub_account import HubAccount
    from .manifests import declare_manifests
    from .ownership import owned
    from .target import TargetArgs
else:
    __getattr__ = door(
        __name__,
        {
            "argocd": ("ArgoCdBootstrap",),
            "argocd_on_hub": ("ArgoCdOnHub",),
            "credentials": ("AppArgs", "KeyArgs", "ReaderArgs"),
            "flux": ("FluxBootstrap",),
            "flux_extension": ("FluxExtension", "FluxExtensionArgs"),
            "flux_on_hub": ("FluxOnHub",),
            "hub_account": ("HubAccount",),
            "manifests": ("declare_manifests",),
            "ownership": ("owned",),
            "target": ("TargetArgs",),
        },
    )
