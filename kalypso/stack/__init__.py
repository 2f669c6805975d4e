"""What a stack is and does, without Pulumi: its settings, sources, schedule, clusters and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalypso.doors import door

__all__ = [
    "ACCOUNT",
    "ACCOUNT_ADMIN",
    "ACCOUNT_NAMESPACE",
    "ARGO_CD_NAMESPACE",
    "ARGO_CD_PROJECT",
    "EVERY_ENVIRONMENT",
    "FLUX_KEY",
    "FLUX_NAMESPACE",
    "FLUX_SECRET",
    "NO_FLEET",
    "OWNER",
    "OWNER_LABEL",
    "REPOSITORY_CONTENTS",
    "Address",
    "AzureId",
    "Cluster",
    "ControlPlane",
    "DeployKeys",
    "EnvironmentGate",
    "Fleet",
    "FleetAzure",
    "FleetCluster",
    "FleetHub",
    "KeptState",
    "Login",
    "Manifests",
    "Outcome",
    "PlatformRepositories",
    "Preview",
    "Promoted",
    "ProviderConfiguration",
    "PulumiEngine",
    "Schedule",
    "Settings",
    "StartingBranch",
    "Summary",
    "addresses_of",
    "ahead_of",
    "announce",
    "announce_promotion",
    "changed_files",
    "check_contexts",
    "check_owners",
    "check_repositories",
    "check_state",
    "check_way_back",
    "checks_of",
    "cluster_exists",
    "cluster_secret",
    "connecting_objects",
    "control_plane_of",
    "default_branch",
    "difference_of_step",
    "environment_object",
    "environments_in",
    "find_settings",
    "findings_against",
    "gate_before",
    "go_back",
    "held_output",
    "hold_at",
    "is_made",
    "keep_wording",
    "key_lines",
    "kubeconfig_files",
    "kubeconfig_secret",
    "kubernetes_name",
    "listed_assignments",
    "made_soon",
    "make_fleet",
    "make_schedule",
    "make_wording",
    "next_steps",
    "open_control_plane",
    "outputs_of_clusters",
    "parse_settings",
    "platform_object",
    "platform_project",
    "project_name",
    "read_aks_kubeconfig",
    "read_azure_id",
    "read_kept_wording",
    "read_manifests",
    "read_settings",
    "read_texts",
    "readers_of",
    "reconcilers_account",
    "reconcilers_object",
    "reconcilers_project",
    "recover",
    "request_for",
    "settings_folder",
    "settle_after_failure",
    "settle_after_success",
    "shares_clusters",
    "stacks_in_order",
    "staging_of",
    "starting_branches",
    "state_folder",
    "step_to",
    "take_approvals",
    "take_step",
    "tear_down",
    "ways_to_argo_cd",
]

if TYPE_CHECKING:
    from kalypso.stack.access import ProviderConfiguration
    from kalypso.stack.ahead import ahead_of
    from kalypso.stack.aks_kubeconfig import read_aks_kubeconfig
    from kalypso.stack.announcing import announce, announce_promotion, take_approvals
    from kalypso.stack.azure_checks import is_made
    from kalypso.stack.azure_id import AzureId, read_azure_id
    from kalypso.stack.azure_presence import cluster_exists
    from kalypso.stack.azure_settings import Login
    from kalypso.stack.base_commit import control_plane_of, open_control_plane, step_to
    from kalypso.stack.cluster_address import Address, addresses_of
    from kalypso.stack.cluster_objects import (
        ARGO_CD_NAMESPACE,
        ARGO_CD_PROJECT,
        FLUX_KEY,
        FLUX_NAMESPACE,
        FLUX_SECRET,
        OWNER,
        OWNER_LABEL,
        environment_object,
    )
    from kalypso.stack.cluster_outputs import next_steps, outputs_of_clusters, ways_to_argo_cd
    from kalypso.stack.cluster_owners import check_owners
    from kalypso.stack.clusters import Cluster
    from kalypso.stack.connecting import connecting_objects
    from kalypso.stack.fleet import NO_FLEET, Fleet, make_fleet
    from kalypso.stack.fleet_cluster import ControlPlane, FleetAzure, FleetCluster, FleetHub
    from kalypso.stack.found_settings import environments_in, find_settings, settings_folder
    from kalypso.stack.gates import EnvironmentGate, Promoted
    from kalypso.stack.gitops_tree import Manifests, read_texts, staging_of
    from kalypso.stack.going_back import check_way_back, go_back, hold_at
    from kalypso.stack.holding import held_output
    from kalypso.stack.hub_objects import (
        ACCOUNT,
        ACCOUNT_ADMIN,
        ACCOUNT_NAMESPACE,
        cluster_secret,
        kubeconfig_secret,
        kubernetes_name,
        platform_object,
        platform_project,
        reconcilers_account,
        reconcilers_object,
        reconcilers_project,
    )
    from kalypso.stack.install_manifests import read_manifests
    from kalypso.stack.issues import Outcome, settle_after_failure, settle_after_success
    from kalypso.stack.kept_wording import keep_wording, read_kept_wording
    from kalypso.stack.kubeconfig import check_contexts, kubeconfig_files
    from kalypso.stack.lost_state import check_state, made_soon
    from kalypso.stack.previews import Preview, changed_files
    from kalypso.stack.promoting import difference_of_step, findings_against, gate_before, take_step
    from kalypso.stack.readers import checks_of, readers_of
    from kalypso.stack.reading import DeployKeys
    from kalypso.stack.recovery import KeptState, recover, state_folder
    from kalypso.stack.repository_checks import check_repositories
    from kalypso.stack.schedule import Schedule, make_schedule
    from kalypso.stack.setting_groups import EVERY_ENVIRONMENT
    from kalypso.stack.settings import Settings
    from kalypso.stack.sharing import shares_clusters
    from kalypso.stack.sources import PlatformRepositories
    from kalypso.stack.stack_file import key_lines, parse_settings, project_name, read_settings
    from kalypso.stack.stack_model import request_for
    from kalypso.stack.starting_content import (
        REPOSITORY_CONTENTS,
        StartingBranch,
        default_branch,
        starting_branches,
    )
    from kalypso.stack.summary import Summary, listed_assignments
    from kalypso.stack.teardown import PulumiEngine, stacks_in_order, tear_down
    from kalypso.stack.wording import make_wording
else:
    __getattr__ = door(
        __name__,
        {
            "access": ("ProviderConfiguration",),
            "ahead": ("ahead_of",),
            "aks_kubeconfig": ("read_aks_kubeconfig",),
            "announcing": ("announce", "announce_promotion", "take_approvals"),
            "azure_checks": ("is_made",),
            "azure_id": ("AzureId", "read_azure_id"),
            "azure_presence": ("cluster_exists",),
            "azure_settings": ("Login",),
            "base_commit": ("control_plane_of", "open_control_plane", "step_to"),
            "cluster_address": ("Address", "addresses_of"),
            "cluster_objects": (
                "ARGO_CD_NAMESPACE",
                "ARGO_CD_PROJECT",
                "FLUX_KEY",
                "FLUX_NAMESPACE",
                "FLUX_SECRET",
                "OWNER",
                "OWNER_LABEL",
                "environment_object",
            ),
            "cluster_outputs": ("next_steps", "outputs_of_clusters", "ways_to_argo_cd"),
            "cluster_owners": ("check_owners",),
            "clusters": ("Cluster",),
            "connecting": ("connecting_objects",),
            "fleet": ("NO_FLEET", "Fleet", "make_fleet"),
            "fleet_cluster": ("ControlPlane", "FleetAzure", "FleetCluster", "FleetHub"),
            "found_settings": ("environments_in", "find_settings", "settings_folder"),
            "gates": ("EnvironmentGate", "Promoted"),
            "gitops_tree": ("Manifests", "read_texts", "staging_of"),
            "going_back": ("check_way_back", "go_back", "hold_at"),
            "holding": ("held_output",),
            "hub_objects": (
                "ACCOUNT",
                "ACCOUNT_ADMIN",
                "ACCOUNT_NAMESPACE",
                "cluster_secret",
                "kubeconfig_secret",
                "kubernetes_name",
                "platform_object",
                "platform_project",
                "reconcilers_account",
                "reconcilers_object",
                "reconcilers_project",
            ),
            "install_manifests": ("read_manifests",),
            "issues": ("Outcome", "settle_after_failure", "settle_after_success"),
            "kept_wording": ("keep_wording", "read_kept_wording"),
            "kubeconfig": ("check_contexts", "kubeconfig_files"),
            "lost_state": ("check_state", "made_soon"),
            "previews": ("Preview", "changed_files"),
            "promoting": ("difference_of_step", "findings_against", "gate_before", "take_step"),
            "readers": ("checks_of", "readers_of"),
            "reading": ("DeployKeys",),
            "recovery": ("KeptState", "recover", "state_folder"),
            "repository_checks": ("check_repositories",),
            "schedule": ("Schedule", "make_schedule"),
            "setting_groups": ("EVERY_ENVIRONMENT",),
            "settings": ("Settings",),
            "sharing": ("shares_clusters",),
            "sources": ("PlatformRepositories",),
            "stack_file": ("key_lines", "parse_settings", "project_name", "read_settings"),
            "stack_model": ("request_for",),
            "starting_content": (
                "REPOSITORY_CONTENTS",
                "StartingBranch",
                "default_branch",
                "starting_branches",
            ),
            "summary": ("Summary", "listed_assignments"),
            "teardown": ("PulumiEngine", "stacks_in_order", "tear_down"),
            "wording": ("make_wording",),
        },
    )
