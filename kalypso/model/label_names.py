"""Labels, and one prefix of names, to which the platform model gives a meaning of their own."""

from typing import Final

CONFIG_LABEL: Final = "platform-config"
"""Marks a config map as platform configuration, or a schema for it, with the value ``true``."""
AZURE_CONFIG_PREFIX: Final = "azure-app-config"
"""A config map whose name begins so is written by Azure App Configuration, and needs no mark."""

CLUSTER_TYPE_LABEL: Final = "cluster-type"
TARGET_LABEL: Final = "deployment-target"
WORKLOAD_LABEL: Final = "workload"
WORKSPACE_LABEL: Final = "workspace"

NAMING_LABELS: Final = frozenset({CLUSTER_TYPE_LABEL, TARGET_LABEL, WORKLOAD_LABEL})
"""Labels of platform configuration that ask for an object by its name."""
OWNER_LABELS: Final = (WORKLOAD_LABEL, WORKSPACE_LABEL)
"""Labels of a deployment target that say what it belongs to; no application can set them."""
