"""From the clusters of a stack to what is declared: arguments, package, and the platform itself."""

import re
import sys
from pathlib import Path

import pulumi
import pytest
from msgspec.structs import replace

from components.arguments import platform_args
from components.fleet_arguments import check_packages, fleet_args
from components.platform import Platform
from kalypso.errors import SettingsError
from kalypso.stack.cluster_address import Address
from kalypso.stack.fleet import Fleet
from kalypso.stack.fleet_cluster import FleetCluster, FleetHub
from kalypso.stack.schedule import make_schedule
from tests.components.kubernetes_types import plain
from tests.components.mocks import Seen
from tests.stack.forge import settings_for

EDGE = FleetCluster(
    name="edge",
    context="edge-7",
    cluster_type="drone",
    reconciler="flux",
    install="flux.yaml",
    branches={"dev": "dev"},
    prune=True,
)
FLEET = Fleet(
    clusters=(EDGE,),
    repository="https://git.example.com/gitops",
    sources=("https://git.example.com/app",),
    warnings=(),
)


def test_arguments_say_what_the_settings_say(tmp_path: Path) -> None:
    assert fleet_args(FLEET, settings_for(tmp_path)) == {
        "clusters": [
            {
                "name": "edge",
                "context": "edge-7",
                "cluster_type": "drone",
                "reconciler": "flux",
                "install": "flux.yaml",
                "branches": {"dev": "dev"},
                "prune": True,
            }
        ],
        "url": "https://git.example.com/gitops",
        "sources": ("https://git.example.com/app",),
    }


WEST = replace(EDGE, name="west", context="west-7", hub=FleetHub(context="hub", namespace="edge"))
ADDRESS = Address(server="https://west.example.com:6443", authority="Q0E=", name="west.local")


@pytest.mark.parametrize(
    ("address", "more"),
    [
        (ADDRESS, {"authority": "Q0E=", "server_name": "west.local"}),
        (Address(server="https://west.example.com:6443"), {}),
    ],
)
def test_a_hub_is_told_where_the_cluster_is(
    tmp_path: Path, address: Address, more: dict[str, str]
) -> None:
    given = fleet_args(
        replace(FLEET, clusters=(WEST,)), settings_for(tmp_path), {"west-7": address}
    )
    (cluster,) = given["clusters"]
    assert cluster["hub"] == {
        "context": "hub",
        "namespace": "edge",
        "server": "https://west.example.com:6443",
        **more,
    }


def test_a_platforms_clusters_are_part_of_it_and_read_with_the_readers_token(
    seen: Seen, tmp_path: Path
) -> None:
    settings = settings_for(tmp_path / "forge", **{"reader.token": "t0ken"})
    there = replace(FLEET, clusters=(replace(EDGE, install=""),))

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, make_schedule(settings), owns_repositories=True)
        return Platform("kalypso", {**args, "fleet": fleet_args(there, settings)}).urn

    program()
    assert seen.names("Fleet") == ["kalypso"]
    assert seen.names("FluxBootstrap") == ["edge"]
    secret = plain(seen.inputs["Secret edge-repo-secret"])
    assert secret["stringData"] == {"username": "git", "password": "t0ken"}


def test_a_platform_without_clusters_declares_none(seen: Seen, tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "forge")

    @pulumi.runtime.test
    def program() -> pulumi.Output[str]:
        args = platform_args(settings, make_schedule(settings), owns_repositories=True)
        return Platform("kalypso", args).urn

    program()
    assert seen.names("Fleet") == []


def test_without_the_package_it_says_what_to_install(
    seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    del seen
    check_packages(FLEET)
    monkeypatch.setitem(sys.modules, "pulumi_kubernetes", None)
    with pytest.raises(SettingsError, match=re.escape("kalypso-on-pulumi[kubernetes]")) as caught:
        check_packages(FLEET)
    assert caught.value.problem.code == "no-library"
